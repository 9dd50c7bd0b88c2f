package dev.recado.apps.monitor;

/**
 * How often a dead node is started again. Pure; one owner. Each attempt waits twice as long as the one before; after
 * {@link Limits#attemptsMax} of them the node is given up, until somebody else has started it. Attempts are forgotten
 * once the node has been up for a while, so that one that comes up only to die is given up as well.
 */
final class Revivals {

    /**
     * Bounds of it.
     *
     * @param attemptsMax attempts before the node is given up, 1 or more
     * @param backOffMs from the first attempt to the second, at least; doubles up to {@link #BACK_OFF_MS_MAX}
     * @param forgetMs up for so long, a node is as one that never died
     */
    record Limits(int attemptsMax, long backOffMs, long forgetMs) {}

    static final long BACK_OFF_MS_MAX = 60_000;
    private static final int DOUBLINGS_MAX = 30;
    private static final long NEVER = Long.MAX_VALUE;

    private final Limits limits;
    private int attempts;
    private long notBeforeMs = Long.MIN_VALUE;
    private long upSinceMs = NEVER;
    private boolean givenUp;

    Revivals(Limits limits) {
        this.limits = limits;
    }

    /** The node is down: whether to start it now. */
    boolean attempts(long nowMs) {
        upSinceMs = NEVER;
        if (attempts >= limits.attemptsMax() || nowMs < notBeforeMs) {
            return false;
        }
        long wait = Math.min(BACK_OFF_MS_MAX, limits.backOffMs() << Math.min(attempts, DOUBLINGS_MAX));
        notBeforeMs = nowMs + Math.max(wait, 0);
        attempts++;
        return true;
    }

    /** The node is down, and nothing more is tried; true once. */
    boolean givesUp() {
        boolean now = attempts >= limits.attemptsMax() && !givenUp;
        givenUp |= now;
        return now;
    }

    /** The node is up. */
    void onUp(long nowMs) {
        if (givenUp) {
            // Somebody else did it.
            reset();
        }
        if (upSinceMs == NEVER) {
            upSinceMs = nowMs;
        } else if (nowMs - upSinceMs >= limits.forgetMs()) {
            reset();
        }
    }

    private void reset() {
        attempts = 0;
        givenUp = false;
        notBeforeMs = Long.MIN_VALUE;
    }

    int attempts() {
        return attempts;
    }
}
