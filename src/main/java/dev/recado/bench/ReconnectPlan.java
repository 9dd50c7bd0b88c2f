package dev.recado.bench;

/** When to try to connect again: from 20 ms doubling to 500 ms, and for how long altogether. One owner. */
final class ReconnectPlan {

    private static final long FIRST_NANOS = 20_000_000;
    private static final long LAST_NANOS = 500_000_000;

    private final long limitNanos;
    private long stepNanos = FIRST_NANOS;
    private long sinceNanos;
    private boolean trying;

    ReconnectPlan(long limitMs) {
        limitNanos = limitMs * 1_000_000;
    }

    /** An attempt failed, or a connection was lost; answers when to try again. */
    long onFailure(long nowNanos) {
        if (!trying) {
            trying = true;
            sinceNanos = nowNanos;
            stepNanos = FIRST_NANOS;
        }
        long step = stepNanos;
        stepNanos = Math.min(LAST_NANOS, 2 * step);
        return nowNanos + step;
    }

    /** Whether it was tried for too long. */
    boolean isOver(long nowNanos) {
        return trying && nowNanos - sinceNanos > limitNanos;
    }

    void onConnected() {
        trying = false;
    }
}
