package dev.recado.transport.zmtp;

import dev.recado.transport.TcpFigures;
import org.jspecify.annotations.Nullable;

/**
 * Whether a peer's machine lives, as the kernels tell each other, whatever its program does. A kernel acknowledges only
 * what it is sent, and one that has no room is asked less and less often, after some time every two minutes: so an old
 * acknowledgement alone says nothing, and one lost packet little. One owner.
 */
final class KernelWatch {

    /** So many questions without an answer prove something. */
    private static final int UNANSWERED_MIN = 2;
    /** The two clocks do not tick together. */
    private static final long SLACK_MS = 20;

    private boolean known;
    /** It had no room at a look, and not everything at any since. */
    private boolean isFull;

    /** When, at a look, it had everything last. */
    private long tookAllMs = Long.MIN_VALUE;

    private long ackedMs = Long.MIN_VALUE;
    private long resentBefore;
    private long unanswered;

    /** Takes note of {@code figures}, null where the system has none. */
    void look(@Nullable TcpFigures figures, long nowMs) {
        known = figures != null;
        if (figures == null) {
            return;
        }
        long acked = nowMs - figures.ackedAgoMs();
        if (ackedMs == Long.MIN_VALUE || acked > ackedMs + SLACK_MS) {
            ackedMs = acked;
            resentBefore = figures.resent();
        }
        unanswered = Math.max(figures.probes(), figures.resent() - resentBefore);
        if (figures.tookAll()) {
            isFull = false;
            tookAllMs = nowMs;
        } else {
            isFull |= figures.backoff() > 0;
        }
    }

    /** Whether there is anything to judge by. */
    boolean isKnown() {
        return known;
    }

    /**
     * Whether it has what was written by {@code sinceMs} and has room. It had everything at a look since, when at each
     * single look a steady feed may have something under way; and it was not full at any look behind that.
     */
    boolean took(long sinceMs) {
        return !isFull && tookAllMs > sinceMs;
    }

    /** For how long it has left questions unanswered, 0 where it has not. */
    long silentMs(long nowMs) {
        return known && unanswered >= UNANSWERED_MIN ? nowMs - ackedMs : 0;
    }
}
