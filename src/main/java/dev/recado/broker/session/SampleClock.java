package dev.recado.broker.session;

/**
 * When what sessions of one loop count was sampled: every 10 s. Each session takes its samples when it counts next, so
 * that those which do nothing cost nothing. Owned by the loop.
 */
final class SampleClock {

    private static final long EVERY_MS = 10_000;

    private int number;
    private long newerMs;
    private long olderMs;

    /** Called now and then, with a monotonic clock. */
    void onTick(long nowMs) {
        if (number == 0) {
            olderMs = nowMs;
            newerMs = nowMs;
            number = 1;
        } else if (nowMs - newerMs >= EVERY_MS) {
            olderMs = newerMs;
            newerMs = nowMs;
            number++;
        }
    }

    /** Of the last sample. */
    int number() {
        return number;
    }

    /** When the sample before the last was due. */
    long olderMs() {
        return olderMs;
    }
}
