package dev.recado.core.topic;

/**
 * How fast a counter rises, over the last 10 to 20 s: two samples of it, looked at now and then. Costs nothing where
 * the counter rises. One owner.
 */
public final class RateMeter {

    private static final long SAMPLE_MS = 10_000;

    private long olderCount;
    private long olderMs;
    private long newerCount;
    private long newerMs;
    private boolean begun;

    /** Called at least every few seconds, with a monotonic clock; the first call begins. */
    public void onTick(long count, long nowMs) {
        if (!begun) {
            begun = true;
            olderCount = count;
            newerCount = count;
            olderMs = nowMs;
            newerMs = nowMs;
        } else if (nowMs - newerMs >= SAMPLE_MS) {
            olderCount = newerCount;
            olderMs = newerMs;
            newerCount = count;
            newerMs = nowMs;
        }
    }

    /** A second, since the older sample. */
    public double perSecond(long count, long nowMs) {
        return !begun || nowMs <= olderMs ? 0 : Math.max(0, count - olderCount) * 1_000.0 / (nowMs - olderMs);
    }
}
