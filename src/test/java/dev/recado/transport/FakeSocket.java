package dev.recado.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A socket that takes everything at once, or only when told to, with the program at its other end.
 *
 * @param <S> the protocol's session
 */
public abstract class FakeSocket<S extends WireSession> implements Wire {

    public final ByteWriter received = new ByteWriter(256);
    public boolean full;
    /** While set, what is written is not reported as taken until {@link #take}. */
    public boolean slow;

    public boolean reading = true;
    public boolean closed;
    public int sliceBytes = SLICE_BYTES;
    public int writes;
    public int largestWrite;
    /** What the kernel tells. */
    public @Nullable TcpFigures figures;

    private @Nullable S session;
    private long sent;

    public final void open(S opened) {
        session = opened;
    }

    public final S session() {
        return Objects.requireNonNull(session);
    }

    @Override
    public final void write(ByteWriter out) {
        assertThat(full).as("written to a full socket").isFalse();
        received.put(out.array(), 0, out.size());
        sent += out.size();
        writes++;
        largestWrite = Math.max(largestWrite, out.size());
        if (slow) {
            full = true;
        } else if (session != null) {
            session.onWritten(sent);
        }
    }

    /** The socket takes everything that was written. */
    public final void take() {
        full = false;
        session().onWritten(sent);
        session().onWritable();
    }

    @Override
    public final boolean isBlocked() {
        return full;
    }

    @Override
    public final boolean isFull() {
        return full;
    }

    @Override
    public final int sliceBytes() {
        return sliceBytes;
    }

    @Override
    public void soon() {
        session().onWritable();
    }

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public final String peer() {
        return "127.0.0.1:51234";
    }

    @Override
    public final @Nullable TcpFigures tcpFigures() {
        return figures;
    }

    @Override
    public final void reading(boolean on) {
        reading = on;
    }

    @Override
    public final void abort() {
        close();
    }

    @Override
    public final void close() {
        closed = true;
        session().onClosed();
    }

    /** Sends from an array that is used for something else afterwards. */
    public final void send(byte[] bytes) {
        byte[] socket = bytes.clone();
        session().onBytes(socket, 0, socket.length);
        Arrays.fill(socket, (byte) 0xEE);
    }
}
