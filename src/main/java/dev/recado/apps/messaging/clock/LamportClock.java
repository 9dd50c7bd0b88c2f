package dev.recado.apps.messaging.clock;

/**
 * Lamport's logical clock: one more at each send, and above what was sent at each receipt. Who keeps the clock across
 * restarts gives each number away only once a larger bound is durable, see {@link #boundToKeep}. Not thread-safe.
 */
public final class LamportClock {

    /** A request that is further ahead is a lie: this far would take a million events a second a fortnight. */
    public static final long AHEAD_MAX = 1L << 40;

    /** Above this a request is taken only where it is nearly as late here: requests alone fill no more of the range. */
    static final long ASKED_MAX = 1L << 51;

    /** The same for what servers tell, of a range that ends at 2^53. */
    static final long TOLD_MAX = 1L << 52;

    /** How far ahead is near. */
    private static final long NEAR = 1L << 20;

    /** How many numbers one durable bound makes room for. */
    private static final long BLOCK = 1_000;

    private long value;
    private long keptBound;

    /** Starts at a number that was never given away: the durable bound of the last run, or 0. */
    public LamportClock(long start) {
        value = start;
        keptBound = start;
    }

    /** The time of an event here, such as a send. */
    public long tick() {
        return ++value;
    }

    /** Whether what a server tells can be believed: however far ahead it is, or who begins at 0 could never join. */
    public boolean isCredible(long clock) {
        return clock >= 0 && (clock <= TOLD_MAX || clock <= value + NEAR);
    }

    /** Whether the clock of a request can be believed, which anybody may have sent. */
    public boolean isCredibleOfAnybody(long clock) {
        return clock >= 0 && clock <= value + (clock <= ASKED_MAX ? AHEAD_MAX : NEAR);
    }

    /** The time of the receipt of a message that was sent at {@code clock}. */
    public long receive(long clock) {
        value = Math.max(value, clock) + 1;
        return value;
    }

    /** The last number given away. */
    public long value() {
        return value;
    }

    /** Where the last number is above the durable bound: the bound to make durable before it leaves; else 0. */
    public long boundToKeep() {
        return value > keptBound ? value + BLOCK : 0;
    }

    /** A bound that is durable now. */
    public void onKept(long bound) {
        keptBound = bound;
    }
}
