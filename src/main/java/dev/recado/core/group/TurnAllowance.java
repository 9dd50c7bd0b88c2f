package dev.recado.core.group;

/**
 * How long a group may wait for a full member whose turn it is: {@value #MS_MAX} ms at a time, in the long run one
 * {@value #PART}th of the time, and {@value #SAVED_MS_MAX} ms of that at once. So equal members get equal shares though
 * one was held up for a moment, and unequal ones lose next to nothing.
 */
final class TurnAllowance {

    static final int MS_MAX = 20;
    static final int PART = 16;
    static final int SAVED_MS_MAX = 250;

    private static final long SAVED_MAX = (long) SAVED_MS_MAX * PART;

    /** In parts of a millisecond: a millisecond of waiting costs {@link #PART}, any other one gives 1. */
    private long saved = SAVED_MAX;

    private long lookedAtMs = Long.MIN_VALUE;
    private long endsMs;

    /** Counts the time since the last look, which was spent on waiting or not. */
    void look(long nowMs, boolean waited) {
        long passedMs = lookedAtMs == Long.MIN_VALUE ? 0 : Math.min(nowMs - lookedAtMs, SAVED_MAX);
        lookedAtMs = nowMs;
        saved = waited ? Math.max(0, saved - passedMs * PART) : Math.min(SAVED_MAX, saved + passedMs);
    }

    /** Somebody joins: nothing is known yet of how the members are now. */
    void renew() {
        saved = SAVED_MAX;
    }

    /** Begins to wait as of the last look, where there is anything left for that; answers whether. */
    boolean begin() {
        endsMs = lookedAtMs + Math.min(MS_MAX, saved / PART);
        return endsMs > lookedAtMs;
    }

    /** When the wait that began last is over. */
    long endsMs() {
        return endsMs;
    }
}
