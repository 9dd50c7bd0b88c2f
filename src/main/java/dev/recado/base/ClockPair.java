package dev.recado.base;

/**
 * Both clocks of the machine, read as of one moment. Read one after the other, they tell of moments that lie as far
 * apart as the thread that reads them was kept from its core in between. Owned by one thread.
 */
public final class ClockPair {

    /** How far apart the two may be read. */
    static final long APART_NANOS_MAX = 100_000;
    /** So often they are read where they always lie further apart; then the closest two count. */
    static final int READINGS_MAX = 16;

    private final TimeSource time;
    private long wallMs;
    private long monotonicMs;

    public ClockPair(TimeSource time) {
        this.time = time;
    }

    /** Reads both anew, and answers this. */
    public ClockPair now() {
        long apartNanos = Long.MAX_VALUE;
        for (int i = 0; i < READINGS_MAX && apartNanos > APART_NANOS_MAX; i++) {
            long beforeNanos = time.monotonicNanos();
            long beforeMs = time.monotonicMs();
            long wallNowMs = time.wallMs();
            long nanos = time.monotonicNanos() - beforeNanos;
            if (nanos < apartNanos) {
                apartNanos = nanos;
                wallMs = wallNowMs;
                monotonicMs = beforeMs;
            }
        }
        return this;
    }

    /** As {@link TimeSource#wallMs} when both were read. */
    public long wallMs() {
        return wallMs;
    }

    /** As {@link TimeSource#monotonicMs} when both were read. */
    public long monotonicMs() {
        return monotonicMs;
    }
}
