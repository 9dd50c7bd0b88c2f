package dev.recado.core.topic;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.message.HeaderValue;
import dev.recado.core.topic.CatalogChange.AlterGroup;
import dev.recado.core.topic.CatalogChange.AlterTopic;
import dev.recado.core.topic.CatalogChange.Bind;
import dev.recado.core.topic.CatalogChange.ChangeUsers;
import dev.recado.core.topic.CatalogChange.CreateExchange;
import dev.recado.core.topic.CatalogChange.CreateGroup;
import dev.recado.core.topic.CatalogChange.CreateNamespace;
import dev.recado.core.topic.CatalogChange.CreateTopic;
import dev.recado.core.topic.CatalogChange.DeleteExchange;
import dev.recado.core.topic.CatalogChange.DeleteGroup;
import dev.recado.core.topic.CatalogChange.DeleteNamespace;
import dev.recado.core.topic.CatalogChange.DeleteTopic;
import dev.recado.core.topic.CatalogChange.EndTransientExchanges;
import dev.recado.core.topic.CatalogChange.Target;
import dev.recado.core.topic.CatalogChange.Unbind;
import dev.recado.security.UserChange;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a {@link CatalogChange}: version, type, fields; drawn in {@code src/site/markdown/format/catalog.md}.
 *
 * <p>It reads whatever it can write: bounds of names and counts are judged when a change is applied, never here, so
 * that a committed entry stays readable.
 */
final class ChangeCodec {

    static final int VERSION = 2;
    /** Read, not written. */
    static final int VERSION_1 = 1;
    // Bits behind the settings of a new topic; the first was a flag before the second came.
    private static final int IF_ABSENT = 1;
    private static final int WITH_GROUP = 2;

    private final ByteReader in;
    private final int version;

    private ChangeCodec(ByteReader in, int version) {
        this.in = in;
        this.version = version;
    }

    static void encode(CatalogChange change, ByteWriter out) {
        out.put(VERSION);
        if (change instanceof CreateTopic create) {
            create.name().encode(out.put(1));
            Decoding.putUuid(out, create.uuid());
            create.settings().encode(out);
            GroupSettings group = create.group();
            out.put((create.ifAbsent() ? IF_ABSENT : 0) | (group == null ? 0 : WITH_GROUP));
            if (group != null) {
                group.encode(out);
            }
        } else if (change instanceof AlterTopic alter) {
            Decoding.putUuid(out.put(2), alter.topic());
            alter.settings().encode(out);
        } else if (change instanceof DeleteTopic delete) {
            Decoding.putUuid(out.put(3), delete.topic());
        } else if (change instanceof CreateGroup create) {
            Decoding.putUuid(out.put(4), create.topic());
            out.putString(create.group()).put(create.kind().number());
            create.settings().encode(out);
            create.from().encode(out);
            Decoding.putFlag(out.putVarLong(create.createdMs()), create.ifAbsent());
        } else if (change instanceof AlterGroup alter) {
            alter.settings().encode(out.put(5).putVarLong(alter.groupId()));
        } else if (change instanceof DeleteGroup delete) {
            out.put(6).putVarLong(delete.groupId());
        } else {
            encodeRouting(change, out);
        }
    }

    private static void encodeRouting(CatalogChange change, ByteWriter out) {
        if (change instanceof CreateExchange create) {
            create.name().encode(out.put(7));
            create.settings().encode(out.put(create.type().number()));
            Decoding.putFlag(out, create.ifAbsent());
        } else if (change instanceof DeleteExchange delete) {
            delete.name().encode(out.put(8));
        } else if (change instanceof Bind bind) {
            putBinding(out.put(9), bind.exchange(), bind.target(), bind.key(), bind.headers());
        } else if (change instanceof Unbind unbind) {
            putBinding(out.put(10), unbind.exchange(), unbind.target(), unbind.key(), unbind.headers());
        } else if (change instanceof EndTransientExchanges) {
            out.put(11);
        } else if (change instanceof CreateNamespace create) {
            out.put(12).putString(create.name());
        } else if (change instanceof DeleteNamespace delete) {
            Decoding.putFlag(out.put(13).putString(delete.name()), delete.withTopics());
        } else if (change instanceof ChangeUsers users) {
            users.change().encode(out.put(14));
        } else {
            throw new AssertionError("change without a number: " + change.getClass());
        }
    }

    private static void putBinding(
            ByteWriter out, TopicName exchange, Target target, String key, Map<String, HeaderValue> headers) {
        exchange.encode(out);
        if (target instanceof Target.ToExchange to) {
            to.exchange().encode(out.put(1));
        } else if (target instanceof Target.ToTopic to) {
            Decoding.putUuid(out.put(0), to.topic());
        }
        Decoding.putHeaders(out.putString(key), new TreeMap<>(headers));
    }

    static @Nullable CatalogChange decode(ByteReader in) {
        int version = in.readByte();
        CatalogChange change = version < VERSION_1 || version > VERSION ? null : new ChangeCodec(in, version).read();
        return in.consumed() ? change : null;
    }

    private TopicSettings topicSettings() {
        return version == VERSION_1 ? TopicSettings.decodeVersion1(in) : TopicSettings.decode(in);
    }

    private GroupSettings groupSettings() {
        return version == VERSION_1 ? GroupSettings.decodeVersion1(in) : GroupSettings.decode(in);
    }

    /** Evaluation order is the order of the fields. */
    private @Nullable CatalogChange read() {
        return switch (in.readByte()) {
            case 1 -> createTopic();
            case 2 -> new AlterTopic(Decoding.readUuid(in), topicSettings());
            case 3 -> new DeleteTopic(Decoding.readUuid(in));
            case 4 ->
                new CreateGroup(
                        Decoding.readUuid(in),
                        in.readString(),
                        GroupKind.stored(in.readVarInt(GroupKind.storedMax())),
                        groupSettings(),
                        StartPosition.decode(in),
                        Decoding.readCount(in),
                        Decoding.readFlag(in));
            case 5 -> new AlterGroup(in.readVarInt(Integer.MAX_VALUE), groupSettings());
            case 6 -> new DeleteGroup(in.readVarInt(Integer.MAX_VALUE));
            case 7 -> createExchange();
            case 8 -> new DeleteExchange(TopicName.decode(in));
            case 9 -> new Bind(TopicName.decode(in), target(), in.readString(), headers());
            case 10 -> new Unbind(TopicName.decode(in), target(), in.readString(), headers());
            case 11 -> new EndTransientExchanges();
            case 12 -> new CreateNamespace(in.readString());
            case 13 -> new DeleteNamespace(in.readString(), Decoding.readFlag(in));
            case 14 -> changeUsers();
            default -> null;
        };
    }

    private @Nullable CatalogChange changeUsers() {
        UserChange change = UserChange.decode(in);
        return change == null ? null : new ChangeUsers(change);
    }

    private CatalogChange createTopic() {
        TopicName name = TopicName.decode(in);
        UUID uuid = Decoding.readUuid(in);
        TopicSettings settings = topicSettings();
        int bits = in.readVarInt(version == VERSION_1 ? IF_ABSENT : IF_ABSENT | WITH_GROUP);
        GroupSettings group = (bits & WITH_GROUP) == 0 ? null : groupSettings();
        return new CreateTopic(name, uuid, settings, group, (bits & IF_ABSENT) != 0);
    }

    private CatalogChange createExchange() {
        TopicName name = TopicName.decode(in);
        ExchangeType type = ExchangeType.stored(in.readVarInt(ExchangeType.storedMax()));
        return version == VERSION_1
                ? new CreateExchange(name, type)
                : new CreateExchange(name, type, ExchangeSettings.decode(in), Decoding.readFlag(in));
    }

    private Target target() {
        return version != VERSION_1 && Decoding.readFlag(in)
                ? new Target.ToExchange(TopicName.decode(in))
                : new Target.ToTopic(Decoding.readUuid(in));
    }

    private Map<String, HeaderValue> headers() {
        return version == VERSION_1 ? Decoding.readTexts(in, in.remaining()) : Decoding.readHeaders(in, in.remaining());
    }
}
