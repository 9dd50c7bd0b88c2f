package dev.recado.transport;

/**
 * What the conversations of one connection have in common: the connection that they write to, and the bound of what is
 * kept for those that are held up. Once {@link #HELD_BYTES_MAX} are kept nothing of the connection is read, until half
 * of that was performed: one that is held up and sent on for long enough holds up the others. One owner.
 */
public final class Conversations {

    /** Bytes that are kept for all of them before the connection is not read; one command may be longer. */
    public static final int HELD_BYTES_MAX = 64 * 1024;

    private final SessionFrame frame;
    private long heldBytes;
    private boolean isFull;

    public Conversations(SessionFrame frame) {
        this.frame = frame;
    }

    /** Bytes that are kept. */
    public long heldBytes() {
        return heldBytes;
    }

    void onHeld(long bytes) {
        heldBytes += bytes;
        if (!isFull && heldBytes >= HELD_BYTES_MAX) {
            isFull = true;
            frame.pause(Pauses.Reason.HELD);
        } else if (isFull && heldBytes <= HELD_BYTES_MAX / 2) {
            isFull = false;
            frame.lift(Pauses.Reason.HELD);
            frame.flushSoon();
        }
    }

    void flush() {
        frame.flush();
    }
}
