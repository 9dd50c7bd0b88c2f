package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.transport.TcpFigures;
import dev.recado.transport.Wire;
import dev.recado.transport.zmtp.wire.FrameReader;
import dev.recado.transport.zmtp.wire.Greeting;
import dev.recado.transport.zmtp.wire.Recorded;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A socket that takes everything at once, or only when told to, and the program at its other end. */
final class ZmtpPeer implements Wire {

    final ByteWriter received = new ByteWriter(256);
    boolean full;
    /** While set, what is written is not reported as taken until {@link #take}. */
    boolean slow;

    boolean reading = true;
    boolean closed;
    int sliceBytes = SLICE_BYTES;
    int largestWrite;
    /** What the kernel tells. */
    @Nullable
    TcpFigures figures;

    private @Nullable ZmtpSession session;
    private final FrameReader frame = new FrameReader();
    private long sent;
    private int read;

    void open(ZmtpSession opened) {
        session = opened;
    }

    ZmtpSession session() {
        return Objects.requireNonNull(session);
    }

    @Override
    public void write(ByteWriter out) {
        assertThat(full).as("written to a full socket").isFalse();
        received.put(out.array(), 0, out.size());
        sent += out.size();
        largestWrite = Math.max(largestWrite, out.size());
        if (slow) {
            full = true;
        } else if (session != null) {
            session.onWritten(sent);
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
    public boolean isFull() {
        return full;
    }

    @Override
    public int sliceBytes() {
        return sliceBytes;
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
        return figures;
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

    /** The program is gone. */
    void hangUp() {
        closed = true;
        session().onClosed();
    }

    void send(byte[] bytes) {
        byte[] socket = bytes.clone();
        session().onBytes(socket, 0, socket.length);
        Arrays.fill(socket, (byte) 0xEE);
    }

    /** Sends a message or a command, see {@link Frame}. */
    void send(String text) {
        send(Frame.wire(text));
    }

    /** Greets with a version, waits for the greeting, and says what it is. */
    void greet(String type, String identity, int minor) {
        byte[] greeting = Arrays.copyOf(Recorded.PUSH, Greeting.BYTES);
        greeting[Greeting.MAJOR_AT + 1] = (byte) minor;
        send(greeting);
        assertThat(received.size()).isEqualTo(Greeting.BYTES);
        read = Greeting.BYTES;
        String id = identity.isEmpty() ? "" : "\\x08Identity" + length(Frame.bytes(identity).length) + identity;
        send("/READY \\x0bSocket-Type" + length(type.length()) + type + id);
    }

    /** Does not read so many bytes that come first. */
    void passOver(int bytes) {
        read = bytes;
    }

    private static String length(int bytes) {
        return String.format("\\x00\\x00\\x00\\x%02x", bytes);
    }

    /** The body of the next frame behind the greeting. */
    byte[] nextBody() {
        read = Math.max(read, Greeting.BYTES);
        assertThat(frame.read(received.array(), read, received.size(), Integer.MAX_VALUE - 16))
                .isEqualTo(FrameReader.Outcome.FRAME);
        read = frame.end();
        return Arrays.copyOfRange(received.array(), frame.bodyStart(), frame.end());
    }

    /** What comes next, as {@link Frame} writes it (data of a command behind a blank), or null. */
    @Nullable
    String next() {
        StringBuilder text = new StringBuilder();
        int at = read;
        boolean more = true;
        while (more) {
            if (frame.read(received.array(), at, received.size(), Integer.MAX_VALUE - 16)
                    != FrameReader.Outcome.FRAME) {
                return null;
            }
            if (frame.command()) {
                int name = received.array()[frame.bodyStart()];
                int data = frame.bodyStart() + 1 + name;
                // The reason of an ERROR stands behind its length.
                boolean error = name == 5 && received.array()[frame.bodyStart() + 1] == 'E';
                text.append('/').append(Frame.text(received.array(), frame.bodyStart() + 1, name));
                data += error ? 1 : 0;
                text.append(data < frame.end() ? " " : "");
                text.append(Frame.text(received.array(), data, frame.end() - data));
            } else {
                text.append('[')
                        .append(Frame.text(received.array(), frame.bodyStart(), frame.bodyLength()))
                        .append(']');
            }
            at = frame.end();
            more = frame.more();
        }
        read = at;
        return text.toString();
    }
}
