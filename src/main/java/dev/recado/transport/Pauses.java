package dev.recado.transport;

/** Why nothing of a connection, or of one of its conversations, is read now: empty where nothing speaks against it. */
public final class Pauses {

    /** A reason not to read. */
    public enum Reason {
        /** A command waits for its answer, and none behind it may overtake it. */
        ANSWER(1),
        /** There is no memory for a large message that comes. */
        MEMORY(2),
        /** Too many publishes are not confirmed. */
        UNCONFIRMED(4),
        /** Commands of conversations that are held up take as much memory as they may. */
        HELD(8);

        private final int bit;

        Reason(int bit) {
            this.bit = bit;
        }
    }

    private int bits;

    void add(Reason reason) {
        bits |= reason.bit;
    }

    void remove(Reason reason) {
        bits &= ~reason.bit;
    }

    public boolean has(Reason reason) {
        return (bits & reason.bit) != 0;
    }

    public boolean isEmpty() {
        return bits == 0;
    }
}
