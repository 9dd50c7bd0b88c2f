package dev.recado.transport.text;

import dev.recado.base.ByteWriter;
import dev.recado.transport.TcpFigures;
import dev.recado.transport.Wire;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A socket that takes everything at once, or holds it while {@link #full}. */
final class FakeWire implements Wire {

    final ByteWriter received = new ByteWriter(256);
    boolean full;
    /** While set, what is written is not reported as taken until {@link #take}. */
    boolean slow;

    boolean reading = true;
    boolean closed;
    int writes;
    int largestWrite;

    @Nullable
    TextSession session;

    private long sent;
    private int read;

    TextSession session() {
        return Objects.requireNonNull(session);
    }

    @Override
    public void write(ByteWriter out) {
        received.put(out.array(), 0, out.size());
        sent += out.size();
        writes++;
        largestWrite = Math.max(largestWrite, out.size());
        if (slow) {
            full = true;
        } else {
            session().onWritten(sent);
        }
    }

    /** The socket takes everything that was written. */
    void take() {
        full = false;
        session().onWritten(sent);
        session().onWritable();
    }

    @Override
    public boolean isBlocked() {
        return full;
    }

    @Override
    public int sliceBytes() {
        return SLICE_BYTES;
    }

    @Override
    public boolean isFull() {
        return full;
    }

    @Override
    public void soon() {
        session().onWritable();
    }

    @Override
    public String peer() {
        return "127.0.0.1:51234";
    }

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public @Nullable TcpFigures tcpFigures() {
        return null;
    }

    @Override
    public void reading(boolean on) {
        reading = on;
    }

    @Override
    public void abort() {
        close();
    }

    @Override
    public void close() {
        closed = true;
        session().onClosed();
    }

    /** The next line that was written, or null. */
    @Nullable
    String nextLine() {
        for (int at = read; at < received.size(); at++) {
            if (received.array()[at] == '\n') {
                String line = new String(received.array(), read, at - read, StandardCharsets.UTF_8);
                read = at + 1;
                return line;
            }
        }
        return null;
    }

    /** Everything written and not read as lines. */
    String rest() {
        String rest = new String(received.array(), read, received.size() - read, StandardCharsets.UTF_8);
        read = received.size();
        return rest;
    }
}
