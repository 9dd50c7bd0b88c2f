package dev.recado.client;

import dev.recado.client.RecadoException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * How far a session is, over which of its connections, and why it ended. Guarded by the session's lock, except that
 * everybody may read the {@link #epoch}.
 */
final class SessionPhase {

    private enum State {
        /** No connection; the reader thread is after one. */
        WAITING,
        /** Connected; the first commands are not answered yet. */
        HANDSHAKE,
        READY,
        CLOSED
    }

    private State state = State.WAITING;
    private volatile int epoch;
    private boolean closing;
    private @Nullable RecadoException closedBy;

    boolean isReady() {
        return state == State.READY;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    /** Changes with each connection and with each loss of one: what came before means nothing after. */
    int epoch() {
        return epoch;
    }

    void onConnected() {
        nextEpoch();
        state = State.HANDSHAKE;
    }

    void onReady() {
        state = State.READY;
    }

    void onLost() {
        if (state != State.CLOSED) {
            state = State.WAITING;
        }
        nextEpoch();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // the lock is held; others only read
    private void nextEpoch() {
        ++epoch;
    }

    /** What is under way is finished; nothing more is published. */
    void onClosing() {
        closing = true;
    }

    /** It is over for good, and by whose will. */
    void onClosed(RecadoException why) {
        state = State.CLOSED;
        closedBy = why;
    }

    /** Why it ended, unless its owner closed it. */
    @Nullable
    RecadoException failure() {
        RecadoException why = closedBy;
        return why == null || why.kind() == Kind.CLOSED ? null : why;
    }

    void throwIfClosed() {
        throwIf(state == State.CLOSED);
    }

    void throwIfClosing() {
        throwIf(closing || state == State.CLOSED);
    }

    private void throwIf(boolean over) {
        if (over) {
            RecadoException why = closedBy;
            throw why == null
                    ? new RecadoException(Kind.CLOSED, "the client is closed")
                    : new RecadoException(why.kind(), why.text(), why);
        }
    }
}
