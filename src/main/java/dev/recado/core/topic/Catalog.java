package dev.recado.core.topic;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import dev.recado.base.PersistentMap;
import dev.recado.security.Users;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All namespaces, topics, groups, exchanges, bindings and users at one version: the state of the shard {@code $meta}.
 * Immutable, read by every thread; a change makes a new one that shares most of the old, at the cost of a few hundred
 * references.
 *
 * <p>Deterministic: numbers come from counters in the catalog, so that every node that applies the same changes in the
 * same order has the same catalog and the same bytes.
 */
public final class Catalog {

    public static final int SHARDS_MAX = 1_024;
    public static final int TOPICS_MAX = 100_000;
    public static final int PARTITIONS_MAX = 200_000;
    public static final int GROUPS_MAX = 200_000;
    public static final int GROUPS_PER_TOPIC_MAX = 10_000;
    /** With {@code /}. */
    public static final int NAMESPACES_MAX = 1_000;

    public static final int EXCHANGES_MAX = 10_000;
    public static final int BINDINGS_MAX = 200_000;
    public static final int BINDINGS_PER_EXCHANGE_MAX = 100_000;
    /** Of all bindings those that lead to exchanges: what a publish follows at most. */
    public static final int EXCHANGE_BINDINGS_MAX = 10_000;

    final int shards;
    final long version;
    final NextIds nextIds;
    final PersistentMap<Integer, Topic> topics;
    final PersistentMap<TopicName, Integer> topicIdsByName;
    final PersistentMap<UUID, Integer> topicIdsByUuid;
    final PersistentMap<Integer, Partition> partitions;
    final PersistentMap<Integer, GroupDef> groups;
    final PersistentMap<TopicName, ExchangeDef> exchanges;
    final PersistentMap<Integer, TopicName> exchangeNamesById;
    /** All but {@code /}, each under itself. */
    final PersistentMap<String, String> namespaces;

    final Users users;

    final int bindingCount;
    /** Of these the ones that lead to exchanges. */
    final int exchangeBindingCount;

    /** The numbers that the next things get; from 1, never reused. */
    record NextIds(int topic, int partition, int group, int exchange) {}

    Catalog(CatalogDraft draft) {
        shards = draft.shards;
        version = draft.version;
        nextIds = new NextIds(draft.nextTopicId, draft.nextPartitionId, draft.nextGroupId, draft.nextExchangeId);
        topics = draft.topics;
        topicIdsByName = draft.topicIdsByName;
        topicIdsByUuid = draft.topicIdsByUuid;
        partitions = draft.partitions;
        groups = draft.groups;
        exchanges = draft.exchanges;
        exchangeNamesById = draft.exchangeNamesById;
        namespaces = draft.namespaces;
        users = draft.users;
        bindingCount = draft.bindingCount;
        exchangeBindingCount = draft.exchangeBindingCount;
    }

    /** A catalog of nothing, whose partitions will lie in {@code shards} shards of data, 1 to {@link #SHARDS_MAX}. */
    public static Catalog empty(int shards) {
        Check.that(shards >= 1 && shards <= SHARDS_MAX, "shards out of bounds", shards);
        return new CatalogDraft(shards).build();
    }

    /** Shards of data; {@code $meta} is not counted. */
    public int shards() {
        return shards;
    }

    /** Granted changes so far. */
    public long version() {
        return version;
    }

    public @Nullable Topic topic(TopicName name) {
        Integer id = topicIdsByName.get(name);
        return id == null ? null : topics.get(id);
    }

    public @Nullable Topic topic(int id) {
        return topics.get(id);
    }

    public @Nullable Topic topic(UUID uuid) {
        Integer id = topicIdsByUuid.get(uuid);
        return id == null ? null : topics.get(id);
    }

    public @Nullable Partition partition(int id) {
        return partitions.get(id);
    }

    public @Nullable GroupDef group(int id) {
        return groups.get(id);
    }

    /** The exchange of that name; the default exchange (the empty name) is implicit and never found here. */
    public @Nullable ExchangeDef exchange(TopicName name) {
        return exchanges.get(name);
    }

    public @Nullable ExchangeDef exchange(int id) {
        TopicName name = exchangeNamesById.get(id);
        return name == null ? null : exchanges.get(name);
    }

    /** The namespace of that name, {@code /} among them, as the catalog's own string; null where there is none. */
    public @Nullable String namespace(String name) {
        return name.equals(TopicName.DEFAULT_NAMESPACE) ? TopicName.DEFAULT_NAMESPACE : namespaces.get(name);
    }

    /** A new list of all namespaces, {@code /} first, then by name; costs a sort. */
    public List<String> namespaces() {
        List<String> sorted = namespaces.values();
        sorted.sort(Comparator.naturalOrder());
        sorted.add(0, TopicName.DEFAULT_NAMESPACE);
        return sorted;
    }

    public Users users() {
        return users;
    }

    /** A new list of all topics by name; costs a sort. */
    public Collection<Topic> topics() {
        List<Topic> sorted = topics.values();
        sorted.sort(Comparator.comparing(Topic::name));
        return sorted;
    }

    /** A new list of all exchanges by name; costs a sort. */
    public Collection<ExchangeDef> exchanges() {
        List<ExchangeDef> sorted = exchanges.values();
        sorted.sort(Comparator.comparing(ExchangeDef::name));
        return sorted;
    }

    /** A new list of all partitions by number; costs a sort. */
    public Collection<Partition> partitions() {
        List<Partition> sorted = partitions.values();
        sorted.sort(Comparator.comparingInt(Partition::id));
        return Collections.unmodifiableList(sorted);
    }

    public int topicCount() {
        return topics.size();
    }

    public int groupCount() {
        return groups.size();
    }

    public int partitionCount() {
        return partitions.size();
    }

    /** Applies a change, which proposers may try on their own snapshot first to hear of a refusal early. */
    public CatalogResult apply(CatalogChange change) {
        return new CatalogRules(this).apply(change);
    }

    /** Writes everything in a canonical order: equal catalogs have equal bytes; see the format page. */
    public void encode(ByteWriter out) {
        CatalogCodec.encode(this, out);
    }

    /** Reads what {@link #encode} wrote and nothing behind it; null where the bytes do not hold together. */
    public static @Nullable Catalog decode(ByteReader in) {
        return CatalogCodec.decode(in);
    }
}
