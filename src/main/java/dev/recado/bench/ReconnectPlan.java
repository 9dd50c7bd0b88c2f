package dev.recado.bench;

import dev.recado.base.BackOff;

/** When to try to connect again: from 20 ms doubling to 500 ms, and for how long altogether. One owner. */
final class ReconnectPlan {

    private static final long FIRST_NANOS = 20_000_000;
    private static final long LAST_NANOS = 500_000_000;

    private final long limitNanos;
    private int failures;
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
            failures = 0;
        }
        return nowNanos + BackOff.step(FIRST_NANOS, LAST_NANOS, ++failures);
    }

    /** Whether it was tried for too long. */
    boolean isOver(long nowNanos) {
        return trying && nowNanos - sinceNanos > limitNanos;
    }

    void onConnected() {
        trying = false;
    }
}
