package dev.recado.transport.text;

import dev.recado.base.ByteWriter;

/** Port to a session's socket. Called on the session's loop only. */
interface Wire {

    /** Takes a copy of what was written; once the socket took it, {@link TextSession#onWritten} is called. */
    void write(ByteWriter out);

    /** Whether enough waits for the socket; {@link TextSession#onWritable} is called when that changes. */
    boolean isFull();

    /** Stops or resumes the calls of {@link TextSession#onBytes}. */
    void reading(boolean on);

    /** Closes once everything written before has left; then {@link TextSession#onClosed} is called. */
    void close();
}
