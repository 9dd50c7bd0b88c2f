package dev.recado.core.group;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import org.jspecify.annotations.Nullable;

/**
 * What can be set about a group.
 *
 * @param leaseMs how long a delivery may stay unsettled, 0 for as long as its holder stays, at most 12 h
 * @param maxDeliveries after how many deliveries a message that comes back is dead-lettered, 0 for never
 * @param backOffMs wait after the first nack or expired lease, doubling with each delivery; 0 for none; at most 12 h
 * @param backOffMaxMs where the doubling ends, at most 12 h
 * @param nackCounts whether a nack counts towards {@code maxDeliveries}; an expiry and a vanished holder always do
 * @param maxMembers how many members the group takes, 0 for no limit; the caller who admits members enforces it
 * @param deadLetter topic for dead letters, null for {@code <topic>.dead}, empty for none
 */
public record GroupSettings(
        Strategy strategy,
        long leaseMs,
        int maxDeliveries,
        long backOffMs,
        long backOffMaxMs,
        boolean nackCounts,
        int maxMembers,
        @Nullable String deadLetter) {

    /** 12 hours: the longest lease, extension, delay and back-off. */
    public static final int DURATION_MAX_MS = 12 * 60 * 60 * 1000;

    /**
     * The shortest lease that can be set, but for 0: two ticks of the owner that ends leases. A shorter one would end
     * later than it says.
     */
    public static final int LEASE_MIN_MS = 100;

    public static final int MAX_DELIVERIES_MAX = 1_000_000;
    public static final int MAX_MEMBERS_MAX = 1_000_000;

    public static final GroupSettings DEFAULT =
            new GroupSettings(Strategy.ROUND_ROBIN, 30_000, 16, 100, 10_000, true, 0, null);

    private static final int NACK_COUNTS = 1;
    private static final int DEAD_LETTER_NAMED = 2;

    public GroupSettings {
        Check.that(leaseMs >= 0 && leaseMs <= DURATION_MAX_MS, "lease-ms out of bounds", leaseMs);
        Check.that(
                maxDeliveries >= 0 && maxDeliveries <= MAX_DELIVERIES_MAX,
                "max-deliveries out of bounds",
                maxDeliveries);
        Check.that(backOffMs >= 0 && backOffMs <= DURATION_MAX_MS, "back-off-ms out of bounds", backOffMs);
        Check.that(backOffMaxMs >= 0 && backOffMaxMs <= DURATION_MAX_MS, "back-off-max-ms out of bounds", backOffMaxMs);
        Check.that(maxMembers >= 0 && maxMembers <= MAX_MEMBERS_MAX, "max-members out of bounds", maxMembers);
    }

    /** Version-less: the record that holds it carries the version. */
    public void encode(ByteWriter out) {
        out.put(strategy.number())
                .put((nackCounts ? NACK_COUNTS : 0) | (deadLetter != null ? DEAD_LETTER_NAMED : 0))
                .putVarLong(leaseMs)
                .putVarLong(maxDeliveries)
                .putVarLong(backOffMs)
                .putVarLong(backOffMaxMs)
                .putVarLong(maxMembers);
        if (deadLetter != null) {
            out.putString(deadLetter);
        }
    }

    /** Reads what {@link #encode} wrote; values out of bounds turn {@code in.failed()} on. */
    public static GroupSettings decode(ByteReader in) {
        Strategy strategy = Strategy.ofNumber(in.readByte());
        if (strategy == null) {
            in.skip(-1);
        }
        int flags = in.readVarInt(NACK_COUNTS | DEAD_LETTER_NAMED);
        int leaseMs = in.readVarInt(DURATION_MAX_MS);
        int maxDeliveries = in.readVarInt(MAX_DELIVERIES_MAX);
        int backOffMs = in.readVarInt(DURATION_MAX_MS);
        int backOffMaxMs = in.readVarInt(DURATION_MAX_MS);
        int maxMembers = in.readVarInt(MAX_MEMBERS_MAX);
        String deadLetter = (flags & DEAD_LETTER_NAMED) != 0 ? in.readString() : null;
        return new GroupSettings(
                strategy == null ? Strategy.ROUND_ROBIN : strategy,
                leaseMs,
                maxDeliveries,
                backOffMs,
                backOffMaxMs,
                (flags & NACK_COUNTS) != 0,
                maxMembers,
                deadLetter);
    }

    /** Wait in ms after {@code attempt} deliveries (from 1). */
    long backOffMs(int attempt) {
        return backOff(backOffMs, backOffMaxMs, attempt);
    }

    static long backOff(long firstMs, long maxMs, int attempt) {
        int doublings = Math.min(Math.max(attempt, 1) - 1, 30);
        return Math.min(Math.max(maxMs, firstMs), firstMs << doublings);
    }
}
