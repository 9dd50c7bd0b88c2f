package dev.recado.apps.monitor;

/**
 * What the answers of one node to health checks say of it. Pure; one owner. A check that is not answered in time is a
 * failure; so many one behind the other mean that the node is down, one answer that it is up.
 */
final class HealthJudge {

    /**
     * When is what.
     *
     * @param everyMs from one check to the next
     * @param timeoutMs how long an answer may take; less than {@code everyMs}
     * @param failuresMax so many failures one behind the other mean down
     */
    record Times(long everyMs, long timeoutMs, int failuresMax) {}

    /** What an event has changed. */
    enum Change {
        NOTHING,
        /** A check failed; there may be more of them before it is down. */
        FAILED,
        /** It is down, and was found so just now or is so still. */
        DOWN,
        /** It answers again, or for the first time. */
        UP
    }

    private final Times times;
    private long nextMs;
    private long askedMs;
    private long tickedMs;
    private boolean open;
    private int failures;
    private boolean up;

    HealthJudge(Times times, long nowMs) {
        this.times = times;
        nextMs = nowMs;
    }

    /** Whether to ask now; who is told so asks. */
    boolean asks(long nowMs) {
        if (nowMs < nextMs) {
            return false;
        }
        askedMs = nowMs;
        tickedMs = nowMs;
        nextMs = nowMs + times.everyMs();
        open = true;
        return true;
    }

    /** An answer came, in time or late. */
    Change onAnswer() {
        open = false;
        failures = 0;
        boolean was = up;
        up = true;
        return was ? Change.NOTHING : Change.UP;
    }

    /**
     * To be called often: who was held up for as long as an answer may take has not listened, and that check does not
     * count.
     */
    Change onTick(long nowMs) {
        boolean heldUp = nowMs - tickedMs > times.timeoutMs();
        tickedMs = nowMs;
        if (open && heldUp) {
            open = false;
            nextMs = nowMs;
            return Change.NOTHING;
        }
        if (!open || nowMs - askedMs < times.timeoutMs()) {
            return Change.NOTHING;
        }
        open = false;
        failures = Math.min(failures + 1, times.failuresMax());
        if (failures < times.failuresMax()) {
            return Change.FAILED;
        }
        up = false;
        return Change.DOWN;
    }

    /** The node was begun anew: it has the time of all failures to come up. */
    void onBegun() {
        open = false;
        failures = 0;
        up = false;
    }

    int failures() {
        return failures;
    }

    boolean up() {
        return up;
    }
}
