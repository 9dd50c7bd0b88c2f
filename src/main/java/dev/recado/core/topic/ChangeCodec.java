package dev.recado.core.topic;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.CatalogChange.AlterGroup;
import dev.recado.core.topic.CatalogChange.AlterTopic;
import dev.recado.core.topic.CatalogChange.Bind;
import dev.recado.core.topic.CatalogChange.CreateExchange;
import dev.recado.core.topic.CatalogChange.CreateGroup;
import dev.recado.core.topic.CatalogChange.CreateTopic;
import dev.recado.core.topic.CatalogChange.DeleteExchange;
import dev.recado.core.topic.CatalogChange.DeleteGroup;
import dev.recado.core.topic.CatalogChange.DeleteTopic;
import dev.recado.core.topic.CatalogChange.Unbind;
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

    static final int VERSION = 1;

    private ChangeCodec() {}

    static void encode(CatalogChange change, ByteWriter out) {
        out.put(VERSION);
        if (change instanceof CreateTopic create) {
            create.name().encode(out.put(1));
            Decoding.putUuid(out, create.uuid());
            create.settings().encode(out);
            putFlag(out, create.ifAbsent());
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
            putFlag(out.putVarLong(create.createdMs()), create.ifAbsent());
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
            out.put(create.type().number());
        } else if (change instanceof DeleteExchange delete) {
            delete.name().encode(out.put(8));
        } else if (change instanceof Bind bind) {
            putBinding(out.put(9), bind.exchange(), bind.topic(), bind.key(), bind.headers());
        } else if (change instanceof Unbind unbind) {
            putBinding(out.put(10), unbind.exchange(), unbind.topic(), unbind.key(), unbind.headers());
        } else {
            throw new AssertionError("change without a number: " + change.getClass());
        }
    }

    private static void putBinding(
            ByteWriter out, TopicName exchange, UUID topic, String key, Map<String, String> headers) {
        exchange.encode(out);
        Decoding.putUuid(out, topic);
        Decoding.putMap(out.putString(key), new TreeMap<>(headers));
    }

    private static void putFlag(ByteWriter out, boolean flag) {
        out.put(flag ? 1 : 0);
    }

    static @Nullable CatalogChange decode(ByteReader in) {
        CatalogChange change = in.readByte() == VERSION ? read(in) : null;
        return in.consumed() ? change : null;
    }

    /** Evaluation order is the order of the fields. */
    private static @Nullable CatalogChange read(ByteReader in) {
        return switch (in.readByte()) {
            case 1 ->
                new CreateTopic(
                        TopicName.decode(in), Decoding.readUuid(in), TopicSettings.decode(in), Decoding.readFlag(in));
            case 2 -> new AlterTopic(Decoding.readUuid(in), TopicSettings.decode(in));
            case 3 -> new DeleteTopic(Decoding.readUuid(in));
            case 4 ->
                new CreateGroup(
                        Decoding.readUuid(in),
                        in.readString(),
                        GroupKind.stored(in.readVarInt(GroupKind.storedMax())),
                        GroupSettings.decode(in),
                        StartPosition.decode(in),
                        Decoding.readCount(in),
                        Decoding.readFlag(in));
            case 5 -> new AlterGroup(in.readVarInt(Integer.MAX_VALUE), GroupSettings.decode(in));
            case 6 -> new DeleteGroup(in.readVarInt(Integer.MAX_VALUE));
            case 7 ->
                new CreateExchange(TopicName.decode(in), ExchangeType.stored(in.readVarInt(ExchangeType.storedMax())));
            case 8 -> new DeleteExchange(TopicName.decode(in));
            case 9 ->
                new Bind(
                        TopicName.decode(in),
                        Decoding.readUuid(in),
                        in.readString(),
                        Decoding.readMap(in, in.remaining()));
            case 10 ->
                new Unbind(
                        TopicName.decode(in),
                        Decoding.readUuid(in),
                        in.readString(),
                        Decoding.readMap(in, in.remaining()));
            default -> null;
        };
    }
}
