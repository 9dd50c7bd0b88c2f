package dev.recado.base;

/**
 * Which ticks of a timer count: those that were missed while its thread stood still come all at once, and one of them
 * is enough. Not thread-safe.
 */
public final class Beat {

    private final long leastMs;
    private long lastMs;

    /** Of a timer that ticks every {@code periodMs}, begun at {@code nowMs}. */
    public Beat(long periodMs, long nowMs) {
        leastMs = periodMs / 2;
        lastMs = nowMs;
    }

    /** Whether the tick that comes at {@code nowMs} is no missed one. */
    public boolean counts(long nowMs) {
        if (nowMs - lastMs < leastMs) {
            return false;
        }
        lastMs = nowMs;
        return true;
    }
}
