package dev.recado.base;

import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: a first step that doubles up to a last one. Each wait of an object of this
 * class is shortened by chance by up to a half, so that many clients of a broker that came back do not come at once.
 * Not thread-safe: one owner.
 */
public final class BackOff {

    private static final int DOUBLINGS_MAX = 62;

    private final long firstMs;
    private final long maxMs;
    private final RandomGenerator chance;
    private int attempt;

    /** Waits of {@code firstMs}, from 1, to {@code maxMs} milliseconds. */
    public BackOff(long firstMs, long maxMs, RandomGenerator chance) {
        this.firstMs = firstMs;
        this.maxMs = maxMs;
        this.chance = chance;
    }

    /**
     * The step after {@code attempt} attempts, counted from 1: {@code first}, doubled with each, at most {@code max}
     * but never less than {@code first}; 0 where {@code first} is. In whatever unit both are given.
     */
    public static long step(long first, long max, int attempt) {
        int doublings = Math.min(Math.max(attempt, 1) - 1, DOUBLINGS_MAX);
        long last = Math.max(first, max);
        return first > last >> doublings ? last : first << doublings;
    }

    /** Milliseconds to wait now, from half of the step to all of it. */
    public long nextDelayMs() {
        attempt = Math.min(attempt + 1, DOUBLINGS_MAX);
        long step = step(firstMs, maxMs, attempt);
        return step - chance.nextLong(step / 2 + 1);
    }

    /**
     * As {@link #nextDelayMs()}, of what has worked for {@code workedMs} and then failed. Where that was no longer than
     * the last step it counts as one more failure: what fails as soon as it has begun is not begun without a wait.
     */
    public long nextDelayMs(long workedMs) {
        if (workedMs > maxMs) {
            reset();
        }
        return nextDelayMs();
    }

    /** Starts again from the first step. */
    public void reset() {
        attempt = 0;
    }
}
