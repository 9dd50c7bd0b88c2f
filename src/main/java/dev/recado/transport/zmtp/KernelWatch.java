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
    private boolean isProbed;
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
        isProbed = figures.backoff() > 0;
        tookAllMs = figures.tookAll() ? nowMs : tookAllMs;
    }

    /** Whether there is anything to judge by. */
    boolean isKnown() {
        return known;
    }

    /**
     * Whether it has what was written before {@code sinceMs} and has room now. It had everything at a look since; at
     * each single look a steady feed may have something under way.
     */
    boolean took(long sinceMs) {
        return !isProbed && tookAllMs >= sinceMs;
    }

    /** For how long it has left questions unanswered, 0 where it has not. */
    long silentMs(long nowMs) {
        return known && unanswered >= UNANSWERED_MIN ? nowMs - ackedMs : 0;
    }
}
