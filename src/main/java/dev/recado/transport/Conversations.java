package dev.recado.transport;

/**
 * What the conversations of one connection have in common: the connection that they write to, and the bound of what is
 * kept for those that are held up. Once {@link #HELD_BYTES_MAX} are kept nothing of the connection is read, until half
 * of that was performed: one that is held up and sent on for long enough holds up the others. What a peer sent before
 * it ended its side is performed before its end is heard of. One owner.
 */
public final class Conversations {

    /** Bytes that are kept for all of them before the connection is not read; one command may be longer. */
    public static final int HELD_BYTES_MAX = 64 * 1024;
    /** What a command that is kept costs beside its bytes. */
    static final int COMMAND_BYTES = 64;

    private final SessionFrame frame;
    private long heldBytes;
    private int paused;
    private boolean isFull;

    /** Those of the connection {@code frame}, which has no others. */
    public Conversations(SessionFrame frame) {
        this.frame = frame;
        frame.carries(this);
    }

    /** What is kept, 64 bytes a command beside its own. */
    public long heldBytes() {
        return heldBytes;
    }

    /** Whether none of them is held up, and everything that came was performed. */
    boolean isIdle() {
        return heldBytes == 0 && paused == 0;
    }

    /** Whether the connection goes on. */
    boolean isOpen() {
        return frame.isOpen();
    }

    void onHeld(int bytes) {
        heldBytes += bytes + COMMAND_BYTES;
        if (!isFull && heldBytes >= HELD_BYTES_MAX) {
            isFull = true;
            frame.pause(Pauses.Reason.HELD);
        }
    }

    void onPerformed(int bytes) {
        heldBytes -= bytes + COMMAND_BYTES;
        if (isFull && heldBytes <= HELD_BYTES_MAX / 2) {
            isFull = false;
            frame.lift(Pauses.Reason.HELD);
            frame.proceed();
        } else {
            goOn();
        }
    }

    void onPaused(int change) {
        paused += change;
        goOn();
    }

    /** An end of the peer's side may have waited for it. */
    private void goOn() {
        if (isIdle()) {
            frame.proceed();
        }
    }

    void flush() {
        frame.flush();
    }
}
