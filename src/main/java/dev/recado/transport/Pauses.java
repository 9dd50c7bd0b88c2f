package dev.recado.transport;

/** Why nothing of a connection, or of one of its conversations, is read now: empty where nothing speaks against it. */
public final class Pauses {

    /** A reason not to read. */
    public enum Reason {
        /** A command waits for its answer, and none behind it may overtake it. */
        ANSWER,
        /** There is no memory for a large message that comes. */
        MEMORY,
        /** Too many publishes are not confirmed. */
        UNCONFIRMED,
        /** Commands of conversations that are held up take as much memory as they may. */
        HELD
    }

    private int bits;

    void add(Reason reason) {
        bits |= 1 << reason.ordinal();
    }

    void remove(Reason reason) {
        bits &= ~(1 << reason.ordinal());
    }

    public boolean has(Reason reason) {
        return (bits & 1 << reason.ordinal()) != 0;
    }

    public boolean isEmpty() {
        return bits == 0;
    }
}
