package dev.recado.core.group;

import dev.recado.base.BackOff;
import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.Names;
import dev.recado.base.Setting;
import dev.recado.base.SettingKey;
import dev.recado.base.SettingSet;
import dev.recado.base.StoredSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be set about a group. Immutable. Each setting is declared here once, in {@link #KEYS}; what reads, writes,
 * compares or explains settings goes by that table.
 */
public final class GroupSettings {

    /** 12 hours: the longest lease, extension, delay and back-off. */
    public static final int DURATION_MAX_MS = 12 * 60 * 60 * 1000;

    /**
     * The shortest lease that can be set, but for 0: two ticks of the owner that ends leases. A shorter one would end
     * later than it says.
     */
    public static final int LEASE_MIN_MS = 100;

    public static final int MAX_DELIVERIES_MAX = 1_000_000;
    public static final int MAX_MEMBERS_MAX = 1_000_000;

    /** The value of {@link #DEAD_LETTER} that leaves the name to the topic. */
    public static final String DEAD_LETTER_OF_TOPIC = "<topic>.dead";

    public static final SettingKey<Strategy> STRATEGY = SettingKey.ofChoice(
            "strategy",
            Strategy.ROUND_ROBIN,
            Strategy.values(),
            "To whom the next message goes: each member in turn, the one that holds least, the one that has its key, or"
                    + " one member until it goes");

    /** How long a delivery may stay unsettled, 0 for as long as its holder stays. */
    public static final SettingKey<Long> LEASE_MS = duration(
            "lease-ms",
            LEASE_MIN_MS,
            30_000,
            "How long a delivery may stay unsettled before it goes to others; none: as long as its holder stays");

    /** After how many deliveries a message that comes back is dead-lettered, 0 for never. */
    public static final SettingKey<Integer> MAX_DELIVERIES = SettingKey.ofInt(
            Setting.integer(
                            "max-deliveries",
                            0,
                            1,
                            MAX_DELIVERIES_MAX,
                            "Deliveries after which a message that comes back is a dead letter; none: it comes back for"
                                    + " ever")
                    .orNone(0),
            16);

    /** Wait after the first nack or expired lease, doubling with each delivery; 0 for none. */
    public static final SettingKey<Long> BACK_OFF_MS = duration(
            "back-off-ms", 1, 100, "Wait before the first redelivery of what comes back; it doubles with each");

    /** Where the doubling ends. */
    public static final SettingKey<Long> BACK_OFF_MAX_MS = duration(
            "back-off-max-ms",
            1,
            10_000,
            "Where the doubling of `back-off-ms` ends, which stays as it is where it is longer");

    /** Whether a nack counts towards {@link #MAX_DELIVERIES}; an expiry and a vanished holder always do. */
    public static final SettingKey<Boolean> NACK_COUNTS = SettingKey.ofFlag(
            "nack-counts", true, "Whether a message that its member gives back counts towards `max-deliveries`");

    /** How many members the group takes, 0 for no limit; the caller who admits members enforces it. */
    public static final SettingKey<Integer> MAX_MEMBERS = SettingKey.ofInt(
            Setting.integer("max-members", 0, 1, MAX_MEMBERS_MAX, "Members that the group takes; none: any number")
                    .orNone(0),
            0);

    /** Topic for dead letters, {@link #DEAD_LETTER_OF_TOPIC}, or empty for none. */
    public static final SettingKey<String> DEAD_LETTER = SettingKey.ofString(
                    Setting.text(
                            "dead-letter",
                            DEAD_LETTER_OF_TOPIC,
                            0,
                            Names.BYTES_MAX,
                            "Where dead letters go, not the group's own topic; empty: nowhere, they are finished and"
                                    + " counted"),
                    DEAD_LETTER_OF_TOPIC,
                    text -> text.isEmpty() || Names.problem("topic", text) == null ? text : null)
            .allowing("the name of a topic (1 to 255 bytes, no $ in front), " + DEAD_LETTER_OF_TOPIC + " or empty");

    /** All, in the order in which people read them. */
    public static final List<SettingKey<?>> KEYS = List.of(
            STRATEGY, LEASE_MS, MAX_DELIVERIES, BACK_OFF_MS, BACK_OFF_MAX_MS, NACK_COUNTS, DEAD_LETTER, MAX_MEMBERS);

    /** Those that version 1 stores as numbers, in an order that never changes. */
    private static final List<SettingKey<?>> NUMBERS =
            List.of(LEASE_MS, MAX_DELIVERIES, BACK_OFF_MS, BACK_OFF_MAX_MS, MAX_MEMBERS);

    /** All, in the order in which they are stored, which never changes; those of the start are always stored. */
    private static final StoredSettings STORED = new StoredSettings(
            8,
            List.of(
                    STRATEGY,
                    NACK_COUNTS,
                    LEASE_MS,
                    MAX_DELIVERIES,
                    BACK_OFF_MS,
                    BACK_OFF_MAX_MS,
                    MAX_MEMBERS,
                    DEAD_LETTER));

    public static final GroupSettings DEFAULT = new GroupSettings(SettingSet.standard(KEYS));

    private static final int NACK_COUNTS_BIT = 1;
    private static final int DEAD_LETTER_BIT = 2;

    private final SettingSet values;
    // What is asked for with each message is at hand.
    private final Strategy strategy;
    private final long leaseMs;
    private final int maxDeliveries;
    private final long backOffMs;
    private final long backOffMaxMs;
    private final boolean nackCounts;
    private final int maxMembers;
    private final @Nullable String deadLetter;

    private GroupSettings(SettingSet values) {
        this.values = values;
        strategy = values.get(STRATEGY);
        leaseMs = values.get(LEASE_MS);
        maxDeliveries = values.get(MAX_DELIVERIES);
        backOffMs = values.get(BACK_OFF_MS);
        backOffMaxMs = values.get(BACK_OFF_MAX_MS);
        nackCounts = values.get(NACK_COUNTS);
        maxMembers = values.get(MAX_MEMBERS);
        String topic = values.get(DEAD_LETTER);
        deadLetter = topic.equals(DEAD_LETTER_OF_TOPIC) ? null : topic;
    }

    private static SettingKey<Long> duration(String key, long minMs, long standardMs, String description) {
        return SettingKey.ofLong(
                Setting.duration(key, 0, minMs, DURATION_MAX_MS, description).orNone(0), standardMs);
    }

    /** Settings with the values of {@code set}, at their defaults where it has none. */
    public static GroupSettings of(SettingSet set) {
        return new GroupSettings(DEFAULT.values.withAll(set));
    }

    /** The same with another value of one setting, which is within its bounds. */
    public <T> GroupSettings with(SettingKey<T> key, T value) {
        return new GroupSettings(values.with(key, value));
    }

    /** The same with another quantity. */
    public GroupSettings with(SettingKey<Long> key, long value) {
        return new GroupSettings(values.with(key, value));
    }

    /** Version-less: the record that holds it carries the version. */
    public void encode(ByteWriter out) {
        STORED.encode(values, out);
    }

    /** Reads what {@link #encode} wrote; values out of bounds turn {@code in.failed()} on. */
    public static GroupSettings decode(ByteReader in) {
        return shared(STORED.decode(DEFAULT.values, in));
    }

    /** Reads what version 1 of the catalog's format has. */
    public static GroupSettings decodeVersion1(ByteReader in) {
        Strategy strategy = Strategy.ofNumber(in.readByte());
        if (strategy == null) {
            in.skip(-1);
        }
        int flags = in.readVarInt(NACK_COUNTS_BIT | DEAD_LETTER_BIT);
        SettingSet read = DEFAULT.values
                .with(STRATEGY, strategy == null ? Strategy.ROUND_ROBIN : strategy)
                .with(NACK_COUNTS, (flags & NACK_COUNTS_BIT) != 0);
        for (SettingKey<?> key : NUMBERS) {
            read = decoded(read, in, key);
        }
        return shared((flags & DEAD_LETTER_BIT) == 0 ? read : read.with(DEAD_LETTER, in.readString()));
    }

    private static GroupSettings shared(SettingSet read) {
        // Most groups have these: one object for all of them.
        return read.equals(DEFAULT.values) ? DEFAULT : new GroupSettings(read);
    }

    private static <T> SettingSet decoded(SettingSet read, ByteReader in, SettingKey<T> key) {
        return read.with(key, key.decode(in));
    }

    /** What these alter of {@code seen}, altered of {@code now}. */
    public GroupSettings onto(GroupSettings now, GroupSettings seen) {
        return new GroupSettings(values.onto(now.values, seen.values));
    }

    /** The value of every key of {@link #KEYS}. */
    public SettingSet values() {
        return values;
    }

    public Strategy strategy() {
        return strategy;
    }

    /** 0 for as long as its holder stays. */
    public long leaseMs() {
        return leaseMs;
    }

    /** 0 for never. */
    public int maxDeliveries() {
        return maxDeliveries;
    }

    public long backOffMs() {
        return backOffMs;
    }

    public long backOffMaxMs() {
        return backOffMaxMs;
    }

    public boolean nackCounts() {
        return nackCounts;
    }

    /** 0 for any number. */
    public int maxMembers() {
        return maxMembers;
    }

    /** Null for {@code <topic>.dead}, empty for none. */
    public @Nullable String deadLetter() {
        return deadLetter;
    }

    /** Wait in ms after {@code attempt} deliveries (from 1). */
    long backOffMs(int attempt) {
        return BackOff.step(backOffMs, backOffMaxMs, attempt);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GroupSettings settings && values.equals(settings.values);
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
