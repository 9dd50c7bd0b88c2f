package dev.recado.transport;

import dev.recado.base.ByteWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Port to a session's socket. Called on the session's loop only. */
public interface Wire {

    /** Output is encoded in slices of about this size, so that a slow reader costs one slice and not its backlog. */
    int SLICE_BYTES = 256 * 1024;

    /** Takes a copy of what was written; once the socket took it, {@link WireSession#onWritten} is called. */
    void write(ByteWriter out);

    /** Whether enough waits for the socket; {@link WireSession#onWritable} is called when that changes. */
    boolean isFull();

    /** Whether the client itself does not take what it was given. */
    boolean isBlocked();

    /**
     * About how much to write at once, at most {@link #SLICE_BYTES}. Where it is less, memory for output is short, and
     * the push of a longer message, unless it {@link #isLarge}, has to wait for {@link WireSession#onWritable}.
     */
    int sliceBytes();

    /** Whether a message is written in several slices, which never hold anything else between them. */
    static boolean isLarge(int messageBytes) {
        return messageBytes > SLICE_BYTES;
    }

    /** Whether a message has to wait because a slice of {@code sliceBytes} is small and the message is longer. */
    static boolean hasToWait(int messageBytes, int sliceBytes) {
        return sliceBytes < SLICE_BYTES && messageBytes > sliceBytes;
    }

    /** Has {@link WireSession#onWritable} called in another turn: there is more to write, and others want the loop. */
    void soon();

    /** Runs code of the session in another turn of its loop, as its calls are run; not once the socket is closed. */
    void execute(Runnable task);

    /** What the kernel knows of the other end, asked anew; null where the system does not tell. */
    @Nullable
    TcpFigures tcpFigures();

    /** Address at the other end, as in {@code 127.0.0.1:51234}; empty where it has gone already. */
    String peer();

    /**
     * For whom the certificate of the client stands that the listener has verified, as {@link
     * dev.recado.tls.Handshakes.Outcome#onSecured} tells; empty where it has none.
     */
    default List<String> clientNames() {
        return List.of();
    }

    /** Stops or resumes the calls of {@link WireSession#onBytes}. */
    void reading(boolean on);

    /** Closes once everything written before has left; then {@link WireSession#onClosed} is called. */
    void close();

    /** Closes at once, whatever was not written. */
    void abort();
}
