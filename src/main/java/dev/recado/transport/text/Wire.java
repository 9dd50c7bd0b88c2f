package dev.recado.transport.text;

import dev.recado.base.ByteWriter;

/** Port to a session's socket. Called on the session's loop only. */
interface Wire {

    /** Takes a copy of what was written; once the socket took it, {@link TextSession#onWritten} is called. */
    void write(ByteWriter out);

    /** Whether enough waits for the socket; {@link TextSession#onWritable} is called when that changes. */
    boolean isFull();

    /** Whether the client itself does not take what it was given. */
    boolean isBlocked();

    /**
     * About how much to write at once, at most {@link TextSession#SLICE_BYTES}. Where it is less, memory for output is
     * short, and the push of a longer message has to wait for {@link TextSession#onWritable}.
     */
    int sliceBytes();

    /** Stops or resumes the calls of {@link TextSession#onBytes}. */
    void reading(boolean on);

    /** Closes once everything written before has left; then {@link TextSession#onClosed} is called. */
    void close();
}
