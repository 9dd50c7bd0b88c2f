package dev.recado.core.topic;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.ErrorCode;
import dev.recado.base.Outcome;
import dev.recado.base.Refusal;
import dev.recado.base.Setting;
import dev.recado.base.SettingKey;
import dev.recado.base.SettingSet;
import dev.recado.base.StoredSettings;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What can be set about a topic. Immutable. Each setting is declared here once, in {@link #KEYS}; what reads, writes,
 * stores, compares or explains settings goes by that table.
 */
public final class TopicSettings {

    public static final int PARTITIONS_MAX = 1_024;
    public static final int MESSAGE_BYTES_MAX = 1 << 30;
    public static final int PRIORITIES_MAX = 255;
    /** The largest duration in ms, size in bytes and count: far beyond use, far from overflow. */
    public static final long QUANTITY_MAX = 1L << 60;
    // What can be set is bounded more closely; stored settings of before may be larger.
    private static final long DAY_MS = 24L * 3_600_000;
    private static final long DURATION_SET_MAX_MS = 36_500 * DAY_MS;
    private static final long SIZE_SET_MAX_BYTES = 1L << 50;
    private static final long MESSAGES_SET_MAX = 1_000_000_000_000L;
    private static final int MESSAGE_SET_MAX_BYTES = 256 << 20;
    /** Values of settings that are always stored. */
    private static final int STORED_FROM_THE_START = 12;

    public static final SettingKey<TopicKind> KIND = SettingKey.ofChoice(
                    "kind",
                    TopicKind.LOG,
                    TopicKind.values(),
                    "A log keeps messages for a time, for any number of groups; a queue has the one group `queue` and"
                            + " keeps a message until that has finished it")
            .fixed();

    public static final SettingKey<Durability> DURABILITY = SettingKey.ofChoice(
            "durability",
            Durability.FSYNC,
            Durability.values(),
            "Where a message must be before it is confirmed: on the disk, with the operating system, or in memory"
                    + " only; `memory` cannot be changed to another, nor another to it");

    public static final SettingKey<Integer> PARTITIONS = SettingKey.ofInt(
                    Setting.integer(
                            "partitions",
                            1,
                            1,
                            PARTITIONS_MAX,
                            "In how many parts the messages are dealt, by their key; of a queue 1"),
                    1)
            .fixed();

    /** How long a log keeps what no group wants, -1 for ever. */
    public static final SettingKey<Long> RETENTION_TIME = duration(
            "retention.time",
            0,
            7 * DAY_MS,
            "How long a log keeps what its groups have finished, or what no group is there for");

    /** How much of that a log keeps in all, -1 without bound. */
    public static final SettingKey<Long> RETENTION_BYTES = SettingKey.ofLong(
                    Setting.bytes(
                                    "retention.bytes",
                                    0,
                                    0,
                                    SIZE_SET_MAX_BYTES,
                                    "How many bytes of what its groups have finished a log keeps, shared by its"
                                            + " partitions")
                            .orNone(-1),
                    1L << 30)
            .stored(-1, QUANTITY_MAX);

    public static final SettingKey<Boolean> RETENTION_FORCE = SettingKey.ofFlag(
            "retention.force", false, "Whether `retention.time` and `retention.bytes` remove unfinished messages too");

    /** Backlog limit in messages, 0 for none. */
    public static final SettingKey<Long> LIMIT_MESSAGES = SettingKey.ofLong(
                    Setting.integer(
                                    "limit.messages",
                                    0,
                                    1,
                                    MESSAGES_SET_MAX,
                                    "Unfinished messages at which a topic is full, shared by its partitions")
                            .orNone(0),
                    0)
            .stored(0, QUANTITY_MAX);

    /** Backlog limit in bytes, 0 for none. */
    public static final SettingKey<Long> LIMIT_BYTES = SettingKey.ofLong(
                    Setting.bytes(
                                    "limit.bytes",
                                    0,
                                    1,
                                    SIZE_SET_MAX_BYTES,
                                    "Unfinished bytes at which a topic is full, shared by its partitions")
                            .orNone(0),
                    0)
            .stored(0, QUANTITY_MAX);

    /** The largest message; the broker's own limit holds besides, so that the largest value is none. */
    public static final SettingKey<Integer> LIMIT_MESSAGE_BYTES = SettingKey.ofInt(
                    Setting.bytes(
                                    "limit.message-bytes",
                                    0,
                                    1,
                                    MESSAGE_SET_MAX_BYTES,
                                    "Largest message: key, headers and payload; `message.bytes-max` holds besides")
                            .orNone(MESSAGE_SET_MAX_BYTES),
                    16 << 20)
            .stored(1, MESSAGE_BYTES_MAX);

    public static final SettingKey<Overflow> OVERFLOW = SettingKey.ofChoice(
            "overflow",
            Overflow.BLOCK,
            Overflow.values(),
            "What becomes of a publish to a full topic: it waits up to `publish.block-timeout`, is refused, or the"
                    + " oldest messages that nobody holds make room; with `reject-dead-letter` it is refused and"
                    + " goes on through `dead-letter.exchange`");

    /** How long an unfinished message lives, -1 for ever. */
    public static final SettingKey<Long> TTL =
            duration("ttl", 1, -1, "Age at which a message expires: it is not delivered any more");

    /** The highest priority that counts, 0 for none. */
    public static final SettingKey<Integer> PRIORITIES = SettingKey.ofInt(
                    Setting.integer(
                            "priorities",
                            0,
                            0,
                            PRIORITIES_MAX,
                            "Highest priority of messages in a queue: of what waits the highest goes first, of these"
                                    + " the oldest; a message above it counts as that. 0: all are equal"),
                    0)
            .stored(0, PRIORITIES_MAX)
            .fixed();

    /** Whether it ends when the node starts. */
    public static final SettingKey<Boolean> TRANSIENT = SettingKey.ofFlag(
                    "transient", false, "Whether the topic, with its messages, ends when the broker is started again")
            .fixed();

    /** Whether it ends with its last member. */
    public static final SettingKey<Boolean> AUTO_DELETE = SettingKey.ofFlag(
                    "auto-delete",
                    false,
                    "Whether the topic ends when its last member has left, once it had one that messages are handed to"
                            + " unasked")
            .fixed();

    /** How long it stays while nobody uses it, -1 for ever. */
    public static final SettingKey<Long> EXPIRES = duration(
            "expires",
            1,
            -1,
            "How long the topic stays without a member, counted anew from the broker's start and whenever somebody"
                    + " creates it again as it is; publishing to it counts as no use");

    /** Whether it is only for those who made it. */
    public static final SettingKey<Boolean> EXCLUSIVE = SettingKey.ofFlag(
                    "exclusive",
                    false,
                    "Whether the topic is only for the connection that creates it and ends with that: others may"
                            + " publish to it and nothing else")
            .fixed();

    /** Those that came later, in the order in which they are stored and read: what is new goes to the end. */
    private static final List<SettingKey<?>> LATER = List.of(
            TRANSIENT,
            AUTO_DELETE,
            EXPIRES,
            EXCLUSIVE,
            DeadLetterRoute.EXCHANGE,
            DeadLetterRoute.KEY,
            HandOver.KEY,
            Spilling.KEY,
            TopicNote.KEY);

    /** All, in the order in which people read them. */
    public static final List<SettingKey<?>> KEYS = withLater(
            KIND,
            DURABILITY,
            PARTITIONS,
            RETENTION_TIME,
            RETENTION_BYTES,
            RETENTION_FORCE,
            LIMIT_MESSAGES,
            LIMIT_BYTES,
            LIMIT_MESSAGE_BYTES,
            OVERFLOW,
            TTL,
            PRIORITIES);

    /** All, in the order in which they are stored, which never changes. */
    private static final StoredSettings STORED = new StoredSettings(
            STORED_FROM_THE_START,
            withLater(
                    KIND,
                    DURABILITY,
                    OVERFLOW,
                    RETENTION_FORCE,
                    PARTITIONS,
                    RETENTION_TIME,
                    RETENTION_BYTES,
                    LIMIT_MESSAGES,
                    LIMIT_BYTES,
                    LIMIT_MESSAGE_BYTES,
                    TTL,
                    PRIORITIES));

    public static final TopicSettings DEFAULT = new TopicSettings(SettingSet.standard(KEYS));

    private final SettingSet values;
    // What is asked for with each message or turn is at hand.
    private final TopicKind kind;
    private final Durability durability;
    private final int partitions;
    private final long retentionTimeMs;
    private final long retentionBytes;
    private final boolean retentionForce;
    private final long limitMessages;
    private final long limitBytes;
    private final int limitMessageBytes;
    private final Overflow overflow;
    private final long ttlMs;
    private final boolean autoDelete;
    private final long expiresMs;
    private final @Nullable DeadLetterRoute deadLetters;

    private TopicSettings(SettingSet values) {
        this.values = values;
        kind = values.get(KIND);
        durability = values.get(DURABILITY);
        partitions = values.get(PARTITIONS);
        retentionTimeMs = values.get(RETENTION_TIME);
        retentionBytes = values.get(RETENTION_BYTES);
        retentionForce = values.get(RETENTION_FORCE);
        limitMessages = values.get(LIMIT_MESSAGES);
        limitBytes = values.get(LIMIT_BYTES);
        limitMessageBytes = values.get(LIMIT_MESSAGE_BYTES);
        overflow = values.get(OVERFLOW);
        ttlMs = values.get(TTL);
        autoDelete = values.get(AUTO_DELETE);
        expiresMs = values.get(EXPIRES);
        deadLetters = DeadLetterRoute.of(values);
    }

    private static List<SettingKey<?>> withLater(SettingKey<?>... first) {
        return Stream.concat(Stream.of(first), LATER.stream()).toList();
    }

    private static SettingKey<Long> duration(String key, long minMs, long standardMs, String description) {
        Setting row = Setting.duration(key, 0, minMs, DURATION_SET_MAX_MS, description);
        return SettingKey.ofLong(row.orNone(-1), standardMs).stored(-1, QUANTITY_MAX);
    }

    /** {@code base} changed by names and values, or a refusal that names key, value and what is allowed. */
    public static Outcome<TopicSettings> parse(TopicSettings base, Map<String, String> given) {
        Outcome<SettingSet> parsed = base.values.parsed(given);
        if (parsed instanceof Outcome.Granted<SettingSet> granted) {
            TopicSettings settings = new TopicSettings(granted.value());
            Refusal problem = settings.problem();
            return problem == null ? Outcome.of(settings) : new Outcome.Refused<>(problem);
        }
        return new Outcome.Refused<>(((Outcome.Refused<SettingSet>) parsed).refusal());
    }

    /** Settings with the values of {@code set}, at their defaults where it has none. */
    public static TopicSettings of(SettingSet set) {
        return new TopicSettings(DEFAULT.values.withAll(set));
    }

    /** The same with another value of one setting, which is within the bounds of what may be stored. */
    public <T> TopicSettings with(SettingKey<T> key, T value) {
        return new TopicSettings(values.with(key, value));
    }

    /** The same with another quantity. */
    public TopicSettings with(SettingKey<Long> key, long value) {
        return new TopicSettings(values.with(key, value));
    }

    /** What these alter of {@code seen}, altered of {@code now}. */
    public TopicSettings onto(TopicSettings now, TopicSettings seen) {
        return new TopicSettings(values.onto(now.values, seen.values));
    }

    /** Says why no topic can have these settings, or null. */
    public @Nullable Refusal problem() {
        if (kind == TopicKind.QUEUE && partitions != 1) {
            return Refusal.of(
                    ErrorCode.INVALID_ARGUMENT, "a queue has one partition, key=partitions value=" + partitions);
        }
        if (kind != TopicKind.QUEUE && priorities() != 0) {
            return Refusal.of(
                    ErrorCode.INVALID_ARGUMENT,
                    "only a queue has priorities, key=" + PRIORITIES.name() + " value=" + priorities());
        }
        Refusal spilling = Spilling.problem(this);
        return spilling == null ? HandOver.problem(this) : spilling;
    }

    /** Says why a topic with these settings cannot be altered to {@code next}, or null. */
    public @Nullable Refusal alterationProblem(TopicSettings next) {
        SettingKey<?> changed = values.fixedDifference(next.values);
        if (changed != null) {
            return fixed("fixed when the topic is created", changed, next, "");
        }
        if (durability != Durability.MEMORY && next.durability == Durability.MEMORY) {
            return fixed("a stored topic stays stored", DURABILITY, next, " allowed=fsync, os");
        }
        if (durability == Durability.MEMORY && next.durability != Durability.MEMORY) {
            return fixed("a topic in memory stays there", DURABILITY, next, " allowed=memory");
        }
        return next.problem();
    }

    private Refusal fixed(String why, SettingKey<?> key, TopicSettings next, String allowed) {
        return Refusal.of(
                ErrorCode.INVALID_ARGUMENT,
                why + ", key=" + key.name() + " now=" + values.text(key) + " value=" + next.values.text(key) + allowed);
    }

    /** Version-less: the record that holds it carries the version. */
    public void encode(ByteWriter out) {
        STORED.encode(values, out);
    }

    /** Reads what {@link #encode} wrote; values out of bounds turn {@code in.failed()} on. */
    public static TopicSettings decode(ByteReader in) {
        return decoded(STORED.decode(DEFAULT.values, in), in);
    }

    /** Reads what version 1 of the catalog's format has: the first values without their count. */
    static TopicSettings decodeVersion1(ByteReader in) {
        return decoded(STORED.decode(DEFAULT.values, STORED_FROM_THE_START, in), in);
    }

    private static TopicSettings decoded(SettingSet read, ByteReader in) {
        // Most topics have these: one object for all of them.
        return in.failed() || read.equals(DEFAULT.values) ? DEFAULT : new TopicSettings(read);
    }

    /** The value of every key of {@link #KEYS}. */
    public SettingSet values() {
        return values;
    }

    public TopicKind kind() {
        return kind;
    }

    public Durability durability() {
        return durability;
    }

    public int partitions() {
        return partitions;
    }

    public long retentionTimeMs() {
        return retentionTimeMs;
    }

    public long retentionBytes() {
        return retentionBytes;
    }

    public boolean retentionForce() {
        return retentionForce;
    }

    public long limitMessages() {
        return limitMessages;
    }

    public long limitBytes() {
        return limitBytes;
    }

    public int limitMessageBytes() {
        return limitMessageBytes;
    }

    public Overflow overflow() {
        return overflow;
    }

    public long ttlMs() {
        return ttlMs;
    }

    /** The highest priority of its messages, 0 where all are equal. */
    public int priorities() {
        return values.get(PRIORITIES);
    }

    public boolean isTransient() {
        return values.get(TRANSIENT);
    }

    public boolean isExclusive() {
        return values.get(EXCLUSIVE);
    }

    public boolean isAutoDelete() {
        return autoDelete;
    }

    public long expiresMs() {
        return expiresMs;
    }

    /** The way of what dies on the topic, or null where its groups say where that goes. */
    public @Nullable DeadLetterRoute deadLetters() {
        return deadLetters;
    }

    /** Whether it may end by itself while the node runs: see {@link Lifespan}. */
    public boolean isMortal() {
        return autoDelete || expiresMs >= 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TopicSettings settings && values.equals(settings.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
