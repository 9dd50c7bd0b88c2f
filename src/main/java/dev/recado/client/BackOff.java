package dev.recado.client;

import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: doubling from {@code minMs} to {@code maxMs}, each shortened by chance by
 * up to a half, so that many clients of a broker that came back do not come at once. Not thread-safe: one owner.
 */
final class BackOff {

    private final long minMs;
    private final long maxMs;
    private final RandomGenerator chance;
    private long nextMs;

    BackOff(long minMs, long maxMs, RandomGenerator chance) {
        this.minMs = minMs;
        this.maxMs = maxMs;
        this.chance = chance;
        nextMs = minMs;
    }

    /** Milliseconds to wait now, from half of the step to all of it. */
    long nextDelayMs() {
        long step = nextMs;
        nextMs = Math.min(maxMs, nextMs * 2);
        return step - chance.nextLong(step / 2 + 1);
    }

    /** Starts again from {@code minMs}. */
    void reset() {
        nextMs = minMs;
    }
}
