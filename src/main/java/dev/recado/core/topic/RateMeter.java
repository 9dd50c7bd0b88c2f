package dev.recado.core.topic;

/**
 * How fast a counter rises, over the last 10 to 20 s: two samples of it, looked at now and then. Costs nothing where
 * the counter rises, and nothing at all while it stands. One owner.
 */
public final class RateMeter {

    private static final long SAMPLE_MS = 10_000;

    private long olderCount;
    private long olderMs;
    private long newerCount;
    private long newerMs;
    private boolean begun;

    /**
     * Called within a moment of each rise and when it is {@link #dueMs due}, with a monotonic clock; the first call
     * begins.
     */
    public void onTick(long count, long nowMs) {
        if (!begun) {
            begun = true;
            olderCount = count;
            newerCount = count;
            olderMs = nowMs;
            newerMs = nowMs;
        } else if (isResting(newerCount) && nowMs - newerMs >= 2 * SAMPLE_MS) {
            // The samples that were left out: until a moment ago all of them would have shown the same.
            newerMs += (nowMs - newerMs) / SAMPLE_MS * SAMPLE_MS;
            olderMs = newerMs - SAMPLE_MS;
        } else if (nowMs - newerMs >= SAMPLE_MS) {
            olderCount = newerCount;
            olderMs = newerMs;
            newerCount = count;
            newerMs = nowMs;
        }
    }

    /** When the next sample is to be taken; {@link Long#MAX_VALUE} while it would change nothing. */
    public long dueMs(long count) {
        return !begun || isResting(count) ? Long.MAX_VALUE : newerMs + SAMPLE_MS;
    }

    private boolean isResting(long count) {
        return count == newerCount && newerCount == olderCount;
    }

    /** A second, since the older sample. */
    public double perSecond(long count, long nowMs) {
        return !begun || nowMs <= olderMs ? 0 : Math.max(0, count - olderCount) * 1_000.0 / (nowMs - olderMs);
    }
}
