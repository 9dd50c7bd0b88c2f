package dev.recado.apps.messaging.clock;

/**
 * Lamport's logical clock: one more at each send, and above what was sent at each receipt. Who keeps the clock across
 * restarts gives each number away only once a larger bound is durable, see {@link #boundToKeep}. Not thread-safe.
 */
public final class LamportClock {

    /** A message that is further ahead is a lie: this far would take a million events a second a fortnight. */
    public static final long AHEAD_MAX = 1L << 40;

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

    /** Whether a peer's clock can be believed. */
    public boolean isCredible(long clock) {
        return clock >= 0 && clock <= value + AHEAD_MAX;
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
