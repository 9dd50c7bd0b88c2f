package dev.recado.transport;

import dev.recado.base.ByteWriter;
import org.jspecify.annotations.Nullable;

/** A socket that takes everything and says nothing. */
final class IdleWire implements Wire {

    boolean reading = true;
    boolean closed;

    @Override
    public void write(ByteWriter out) {}

    @Override
    public boolean isFull() {
        return false;
    }

    @Override
    public boolean isBlocked() {
        return false;
    }

    @Override
    public int sliceBytes() {
        return SLICE_BYTES;
    }

    @Override
    public void soon() {}

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public @Nullable TcpFigures tcpFigures() {
        return null;
    }

    @Override
    public String peer() {
        return "";
    }

    @Override
    public void reading(boolean on) {
        reading = on;
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public void abort() {
        closed = true;
    }
}
