package dev.recado.core.topic;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.Names;
import dev.recado.security.Users;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a whole {@link Catalog}, drawn in {@code src/site/markdown/format/catalog.md}. The decoder believes
 * nothing: counts are bounded before anything is made, and what {@link CatalogRules} would not have let in is
 * malformed.
 */
final class CatalogCodec {

    static final int VERSION = 2;
    /** Read, not written. */
    static final int VERSION_1 = 1;

    private final ByteReader in;
    private final CatalogDraft draft;
    private final int version;
    private final Repeats<TopicSettings> topicSettings;

    private CatalogCodec(ByteReader in, CatalogDraft draft, int version) {
        this.in = in;
        this.draft = draft;
        this.version = version;
        topicSettings = new Repeats<>(version == VERSION_1 ? TopicSettings::decodeVersion1 : TopicSettings::decode);
    }

    static void encode(Catalog catalog, ByteWriter out) {
        out.put(VERSION)
                .putVarLong(catalog.shards)
                .putVarLong(catalog.version)
                .putVarLong(catalog.nextIds.topic())
                .putVarLong(catalog.nextIds.partition())
                .putVarLong(catalog.nextIds.group())
                .putVarLong(catalog.nextIds.exchange());
        List<Topic> topics = catalog.topics.values();
        topics.sort(Comparator.comparingInt(Topic::id));
        out.putVarLong(topics.size());
        for (Topic topic : topics) {
            encode(topic, out);
        }
        List<ExchangeDef> exchanges = catalog.exchanges.values();
        exchanges.sort(Comparator.comparingInt(ExchangeDef::id));
        out.putVarLong(exchanges.size());
        for (ExchangeDef exchange : exchanges) {
            encode(exchange, out);
        }
        encodeNamespaces(catalog, out);
        if (!catalog.users.isEmpty()) {
            catalog.users.encode(out);
        }
    }

    /** Nothing where there is none but {@code /} and no user follows, as before there were others. */
    private static void encodeNamespaces(Catalog catalog, ByteWriter out) {
        List<String> namespaces = catalog.namespaces.values();
        if (!namespaces.isEmpty() || !catalog.users.isEmpty()) {
            namespaces.sort(Comparator.naturalOrder());
            out.putVarLong(namespaces.size());
            namespaces.forEach(out::putString);
        }
    }

    private static void encode(Topic topic, ByteWriter out) {
        out.putVarLong(topic.id());
        Decoding.putUuid(out, topic.uuid());
        topic.name().encode(out);
        topic.settings().encode(out);
        out.putVarLong(topic.partition(0).id()).putVarLong(topic.groupCount());
        for (GroupDef group : topic.groups()) {
            group.encode(out);
        }
    }

    private static void encode(ExchangeDef exchange, ByteWriter out) {
        out.putVarLong(exchange.id());
        exchange.name().encode(out);
        exchange.settings().encode(out.put(exchange.type().number()));
        out.putVarLong(exchange.bindingCount());
        for (Binding binding : exchange.bindings()) {
            binding.encode(out);
        }
    }

    static @Nullable Catalog decode(ByteReader in) {
        int version = in.readByte();
        int shards = in.readVarInt(Catalog.SHARDS_MAX);
        if (version < VERSION_1 || version > VERSION || shards < 1) {
            return null;
        }
        CatalogCodec codec = new CatalogCodec(in, new CatalogDraft(shards), version);
        codec.readAll();
        codec.readNamespaces();
        codec.readUsers();
        return in.consumed() ? codec.draft.build() : null;
    }

    private void readAll() {
        draft.version = Decoding.readCount(in);
        draft.nextTopicId = readNextId();
        draft.nextPartitionId = readNextId();
        draft.nextGroupId = readNextId();
        draft.nextExchangeId = readNextId();
        int topicCount = in.readVarInt(Catalog.TOPICS_MAX);
        int lastId = 0;
        for (int i = 0; i < topicCount && !in.failed(); i++) {
            lastId = readId(lastId, draft.nextTopicId);
            readTopic(lastId);
        }
        int exchangeCount = in.readVarInt(Catalog.EXCHANGES_MAX);
        lastId = 0;
        for (int i = 0; i < exchangeCount && !in.failed(); i++) {
            lastId = readId(lastId, draft.nextExchangeId);
            readExchange(lastId);
        }
        draft.exchanges.forEach((name, exchange) -> exchange.forEachExchange(id -> {
            TopicName target = draft.exchangeNamesById.get(id);
            require(target != null && target.namespace().equals(name.namespace()));
        }));
    }

    private void readUsers() {
        if (in.remaining() > 0 && !in.failed()) {
            Users users = Users.decode(in);
            require(!users.isEmpty());
            draft.users = users;
        }
    }

    private void readNamespaces() {
        boolean given = version != VERSION_1 && in.remaining() > 0;
        int count = given ? in.readVarInt(Catalog.NAMESPACES_MAX - 1) : 0;
        require(!given || count > 0 || in.remaining() > 0);
        String last = "";
        for (int i = 0; i < count && !in.failed(); i++) {
            String name = in.readString();
            require(name.compareTo(last) > 0
                    && !name.equals(TopicName.DEFAULT_NAMESPACE)
                    && Names.problem("namespace", name) == null);
            draft.putNamespace(name);
            last = name;
        }
        draft.topicIdsByName.forEach((name, id) -> require(isKnown(name.namespace())));
        draft.exchanges.forEach((name, exchange) -> require(isKnown(name.namespace())));
    }

    private boolean isKnown(String namespace) {
        return namespace.equals(TopicName.DEFAULT_NAMESPACE) || draft.namespaces.contains(namespace);
    }

    private int readNextId() {
        int id = in.readVarInt(Integer.MAX_VALUE);
        require(id >= 1);
        return id;
    }

    private int readId(int last, int next) {
        int id = in.readVarInt(Integer.MAX_VALUE);
        require(id > last && id < next);
        return id;
    }

    private void readTopic(int id) {
        UUID uuid = Decoding.readUuid(in);
        TopicName name = TopicName.decode(in);
        TopicSettings settings = topicSettings.read(in);
        int firstPartitionId = in.readVarInt(Integer.MAX_VALUE);
        int partitionCount = draft.partitions.size() + settings.partitions();
        require(name.problem("topic") == null
                && settings.problem() == null
                && !draft.topicIdsByName.contains(name)
                && !draft.topicIdsByUuid.contains(uuid)
                && firstPartitionId >= 1
                && firstPartitionId <= draft.nextPartitionId - settings.partitions()
                && partitionCount <= Catalog.PARTITIONS_MAX);
        if (in.failed()) {
            return;
        }
        Topic topic = draft.addTopic(id, uuid, name, settings, firstPartitionId);
        require(draft.partitions.size() == partitionCount);
        readGroups(topic);
    }

    private void readGroups(Topic topic) {
        int count = in.readVarInt(Catalog.GROUPS_PER_TOPIC_MAX);
        require(!topic.isQueue() || count == 1);
        require(draft.groups.size() + count <= Catalog.GROUPS_MAX);
        Topic changed = topic;
        int lastId = 0;
        for (int i = 0; i < count && !in.failed(); i++) {
            GroupDef group = GroupDef.decode(in, topic.id(), version);
            String name = group.name();
            require(group.id() > lastId
                    && group.id() < draft.nextGroupId
                    && !draft.groups.contains(group.id())
                    && changed.group(name) == null
                    && !name.equals(GroupDef.TAP)
                    && Names.problemOfAny("group", name) == null
                    && (!topic.isQueue() || name.equals(GroupDef.QUEUE)));
            if (!in.failed()) {
                lastId = group.id();
                changed = draft.putGroup(changed, group);
            }
        }
    }

    private void readExchange(int id) {
        TopicName name = TopicName.decode(in);
        ExchangeType type = ExchangeType.stored(in.readVarInt(ExchangeType.storedMax()));
        ExchangeSettings settings = version == VERSION_1 ? ExchangeSettings.DEFAULT : ExchangeSettings.decode(in);
        int count = in.readVarInt(Catalog.BINDINGS_PER_EXCHANGE_MAX);
        require(name.problem("exchange") == null && draft.exchanges.get(name) == null);
        require(draft.bindingCount + count <= Catalog.BINDINGS_MAX);
        ExchangeDef exchange = ExchangeDef.create(id, name, type, settings);
        for (int i = 0; i < count && !in.failed(); i++) {
            Binding binding = version == VERSION_1 ? Binding.decodeVersion1(in) : Binding.decode(in);
            Topic topic = draft.topics.get(binding.topicId());
            require((binding.leadsToExchange()
                            || topic != null && topic.name().namespace().equals(name.namespace()))
                    && Binding.problem(binding.key(), binding.headers()) == null
                    && !exchange.has(binding));
            if (!in.failed()) {
                exchange = exchange.with(binding);
            }
        }
        draft.putExchange(exchange);
        require(draft.exchangeBindingCount <= Catalog.EXCHANGE_BINDINGS_MAX);
    }

    private void require(boolean condition) {
        Decoding.require(in, condition);
    }
}
