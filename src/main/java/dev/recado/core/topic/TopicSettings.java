package dev.recado.core.topic;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import dev.recado.base.ErrorCode;
import dev.recado.base.Outcome;
import dev.recado.base.Refusal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What can be set about a topic. Immutable.
 *
 * @param partitions 1 to {@link #PARTITIONS_MAX}; a queue has 1
 * @param retentionTimeMs how long a log keeps what no group wants, -1 for ever
 * @param retentionBytes how much of that a log keeps in all, -1 without bound
 * @param retentionForce whether the two limits cut unfinished messages too
 * @param limitMessages backlog limit in messages, 0 for none
 * @param limitBytes backlog limit in bytes, 0 for none
 * @param limitMessageBytes the largest message, 1 to {@link #MESSAGE_BYTES_MAX}; the broker's own limit holds besides
 * @param ttlMs how long an unfinished message lives, -1 for ever
 * @param priorities the highest priority that counts, 0 for none
 */
public record TopicSettings(
        TopicKind kind,
        Durability durability,
        int partitions,
        long retentionTimeMs,
        long retentionBytes,
        boolean retentionForce,
        long limitMessages,
        long limitBytes,
        int limitMessageBytes,
        Overflow overflow,
        long ttlMs,
        int priorities) {

    public static final int PARTITIONS_MAX = 1_024;
    public static final int MESSAGE_BYTES_MAX = 1 << 30;
    public static final int PRIORITIES_MAX = 255;
    /**
     * The highest that may be set: priorities are stored and not served yet, and a setting without effect is refused.
     */
    public static final int PRIORITIES_SERVED = 0;
    /** The largest duration in ms, size in bytes and count: far beyond use, far from overflow. */
    public static final long QUANTITY_MAX = 1L << 60;
    // What can be set is bounded as the configuration's defaults are; stored settings of before may be larger.
    /** The longest duration that can be set: 36,500 days. */
    public static final long DURATION_SET_MAX_MS = 36_500L * 24 * 3_600_000;
    /** The largest size of a topic that can be set: 1 PiB. */
    public static final long SIZE_SET_MAX_BYTES = 1L << 50;
    /** The highest limit of messages that can be set. */
    public static final long MESSAGES_SET_MAX = 1_000_000_000_000L;
    /** The largest limit of a message's bytes that can be set: 256 MiB. */
    public static final int MESSAGE_SET_MAX_BYTES = 256 << 20;

    public static final TopicSettings DEFAULT = new TopicSettings(
            TopicKind.LOG,
            Durability.FSYNC,
            1,
            7L * 24 * 3_600_000,
            1L << 30,
            false,
            0,
            0,
            16 << 20,
            Overflow.BLOCK,
            -1,
            0);

    public TopicSettings {
        Check.that(partitions >= 1 && partitions <= PARTITIONS_MAX, "partitions out of bounds", partitions);
        Check.that(isQuantity(retentionTimeMs, -1), "retention.time out of bounds", retentionTimeMs);
        Check.that(isQuantity(retentionBytes, -1), "retention.bytes out of bounds", retentionBytes);
        Check.that(isQuantity(limitMessages, 0), "limit.messages out of bounds", limitMessages);
        Check.that(isQuantity(limitBytes, 0), "limit.bytes out of bounds", limitBytes);
        Check.that(
                limitMessageBytes >= 1 && limitMessageBytes <= MESSAGE_BYTES_MAX,
                "limit.message-bytes out of bounds",
                limitMessageBytes);
        Check.that(isQuantity(ttlMs, -1), "ttl out of bounds", ttlMs);
        Check.that(priorities >= 0 && priorities <= PRIORITIES_MAX, "priorities out of bounds", priorities);
    }

    private static boolean isQuantity(long value, long min) {
        return value >= min && value <= QUANTITY_MAX;
    }

    /**
     * {@code base} changed by the text protocol's keys and values, or a refusal that names key, value and what is
     * allowed.
     */
    public static Outcome<TopicSettings> parse(TopicSettings base, Map<String, String> given) {
        return SettingsText.topic(base, given);
    }

    /** Says why no topic can have these settings, or null. */
    public @Nullable Refusal problem() {
        if (kind == TopicKind.QUEUE && partitions != 1) {
            return Refusal.of(
                    ErrorCode.INVALID_ARGUMENT, "a queue has one partition, key=partitions value=" + partitions);
        }
        return null;
    }

    /** The same with another {@link #ttlMs}. */
    public TopicSettings withTtl(long ms) {
        return new TopicSettings(
                kind,
                durability,
                partitions,
                retentionTimeMs,
                retentionBytes,
                retentionForce,
                limitMessages,
                limitBytes,
                limitMessageBytes,
                overflow,
                ms,
                priorities);
    }

    /** Says why a topic with these settings cannot be altered to {@code next}, or null. */
    public @Nullable Refusal alterationProblem(TopicSettings next) {
        if (kind != next.kind) {
            return fixed("kind", kind.wireName(), next.kind.wireName());
        }
        if (partitions != next.partitions) {
            return fixed("partitions", Integer.toString(partitions), Integer.toString(next.partitions));
        }
        if ((durability == Durability.MEMORY) != (next.durability == Durability.MEMORY)) {
            return fixed("durability", durability.wireName(), next.durability.wireName());
        }
        return next.problem();
    }

    private static Refusal fixed(String key, String now, String wanted) {
        return Refusal.of(
                ErrorCode.INVALID_ARGUMENT,
                "fixed when the topic is created, key=" + key + " now=" + now + " value=" + wanted);
    }

    /** Version-less: the record that holds it carries the version. */
    public void encode(ByteWriter out) {
        out.put(kind.number())
                .put(durability.number())
                .put(overflow.number())
                .put(retentionForce ? 1 : 0)
                .putVarLong(partitions)
                .putVarLong(retentionTimeMs + 1)
                .putVarLong(retentionBytes + 1)
                .putVarLong(limitMessages)
                .putVarLong(limitBytes)
                .putVarLong(limitMessageBytes)
                .putVarLong(ttlMs + 1)
                .putVarLong(priorities);
    }

    /** Reads what {@link #encode} wrote; values out of bounds turn {@code in.failed()} on. */
    public static TopicSettings decode(ByteReader in) {
        int kind = in.readVarInt(TopicKind.storedMax());
        int durability = in.readVarInt(Durability.storedMax());
        int overflow = in.readVarInt(Overflow.storedMax());
        boolean retentionForce = Decoding.readFlag(in);
        int partitions = in.readVarInt(PARTITIONS_MAX);
        long retentionTimeMs = readQuantity(in, -1);
        long retentionBytes = readQuantity(in, -1);
        long limitMessages = readQuantity(in, 0);
        long limitBytes = readQuantity(in, 0);
        int limitMessageBytes = in.readVarInt(MESSAGE_BYTES_MAX);
        long ttlMs = readQuantity(in, -1);
        int priorities = in.readVarInt(PRIORITIES_MAX);
        Decoding.require(in, partitions >= 1 && limitMessageBytes >= 1);
        if (in.failed()) {
            return DEFAULT;
        }
        return new TopicSettings(
                TopicKind.stored(kind),
                Durability.stored(durability),
                partitions,
                retentionTimeMs,
                retentionBytes,
                retentionForce,
                limitMessages,
                limitBytes,
                limitMessageBytes,
                Overflow.stored(overflow),
                ttlMs,
                priorities);
    }

    private static long readQuantity(ByteReader in, long min) {
        long value = Decoding.readCount(in) + min;
        Decoding.require(in, isQuantity(value, min));
        return value;
    }
}
