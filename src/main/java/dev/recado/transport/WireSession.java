package dev.recado.transport;

/**
 * One connection of any protocol, without I/O: it is told what its socket does and writes to its {@link Wire}. Every
 * call comes on the loop that accepted the connection; an implementation neither blocks nor throws for what its peer
 * sent. What it throws all the same is a bug and ends this session alone.
 */
public interface WireSession {

    /** How long a session that is ended may take to write what it owes. */
    long CLOSING_MS_MAX = 5_000;

    /** The socket had these bytes; the array is not used after the call. */
    void onBytes(byte[] bytes, int from, int length);

    /** The client will send nothing more, and may still read. */
    void onEndOfInput();

    /** The socket took the first {@code position} bytes of the session's output. */
    void onWritten(long position);

    /** The socket is no longer full. */
    void onWritable();

    /** The socket is closed: everything is released. Idempotent. */
    void onClosed();

    /** The broker stops: what is under way is written, then the session ends. */
    void drain();

    /** Deadlines; called about ten times a second. */
    void onTick();
}
