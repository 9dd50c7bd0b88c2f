package dev.recado.apps.process;

import dev.recado.base.BackOff;

/**
 * How often a dead process is started again. Pure; one owner. The first attempt is made at once, each later one waits
 * twice as long as the one before; after {@link Limits#attemptsMax} of them the process is given up, until somebody
 * else has started it. Attempts are forgotten once the process has been up for a while, so that one that comes up only
 * to die is given up as well.
 */
public final class Revivals {

    /**
     * Bounds of it.
     *
     * @param attemptsMax attempts before the process is given up, 1 or more
     * @param backOffMs from the first attempt to the second, at least; doubles up to {@link #BACK_OFF_MS_MAX}
     * @param forgetMs up for so long, a process is as one that never died
     */
    public record Limits(int attemptsMax, long backOffMs, long forgetMs) {}

    static final long BACK_OFF_MS_MAX = 60_000;
    private static final long NEVER = Long.MAX_VALUE;

    private final Limits limits;
    private int attempts;
    private long notBeforeMs = Long.MIN_VALUE;
    private long upSinceMs = NEVER;
    private boolean givenUp;

    public Revivals(Limits limits) {
        this.limits = limits;
    }

    /** The process is down: whether to start it now. */
    public boolean attempts(long nowMs) {
        upSinceMs = NEVER;
        if (attempts >= limits.attemptsMax() || nowMs < notBeforeMs) {
            return false;
        }
        attempts++;
        notBeforeMs = nowMs + Math.max(0, BackOff.step(limits.backOffMs(), BACK_OFF_MS_MAX, attempts));
        return true;
    }

    /** The process is down, and nothing more is tried; true once. */
    public boolean givesUp() {
        boolean now = attempts >= limits.attemptsMax() && !givenUp;
        givenUp |= now;
        return now;
    }

    /** The process is up. */
    public void onUp(long nowMs) {
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

    public boolean isGivenUp() {
        return givenUp;
    }

    /** Attempts since it was last up for long. */
    public int attempts() {
        return attempts;
    }

    public Limits limits() {
        return limits;
    }

    /** How long no attempt is made from now on; 0 where one may be made. */
    public long waitMs(long nowMs) {
        return notBeforeMs <= nowMs ? 0 : notBeforeMs - nowMs;
    }
}
