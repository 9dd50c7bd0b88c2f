package dev.recado.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.transport.TcpFigures;
import dev.recado.transport.Wire;
import dev.recado.transport.amqp.wire.TableBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A socket that takes everything at once, or only when told to, and the program at its other end. */
final class AmqpPeer implements Wire {

    static final byte[] HEADER = "AMQP\0\0\11\1".getBytes(StandardCharsets.ISO_8859_1);

    final ByteWriter received = new ByteWriter(256);
    final ServerFrames frames = new ServerFrames();
    boolean full;
    boolean reading = true;
    boolean closed;
    /** Frames that it sends have so many bytes at most. */
    int frameBytesMax = 4096;

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private @Nullable AmqpSession session;
    private long sent;

    void open(AmqpSession opened) {
        session = opened;
    }

    AmqpSession session() {
        return Objects.requireNonNull(session);
    }

    @Override
    public void write(ByteWriter out) {
        assertThat(full).as("written to a full socket").isFalse();
        received.put(out.array(), 0, out.size());
        sent += out.size();
        if (session != null) {
            session.onWritten(sent);
        }
    }

    /** The socket takes something again. */
    void take() {
        full = false;
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
        return SLICE_BYTES;
    }

    @Override
    public void soon() {
        tasks.add(() -> session().onWritable());
    }

    @Override
    public String peer() {
        return "127.0.0.1:51234";
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** Runs what is to be done in another turn; answers whether there was anything. */
    boolean work() {
        boolean any = !tasks.isEmpty();
        for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
            next.run();
        }
        return any;
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

    void send(byte[] bytes) {
        byte[] socket = bytes.clone();
        session().onBytes(socket, 0, socket.length);
        Arrays.fill(socket, (byte) 0xEE);
    }

    /** Sends what the lines say, see {@link ClientFrames}, at once. */
    void send(String... lines) {
        ByteWriter all = new ByteWriter(256);
        for (String line : lines) {
            all.put(ClientFrames.of(line, frameBytesMax));
        }
        send(all.toByteArray());
    }

    /** {@code connection.start-ok} of a client that announces capabilities. */
    void startOk(String mechanism, byte[] response, String... capabilities) {
        send(ClientFrames.startOk(mechanism, response, capabilities));
    }

    /** What {@code PLAIN} wants. */
    static byte[] plain(String user, String password) {
        return ("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8);
    }

    /** What {@code AMQPLAIN} wants: a table without its length. */
    static byte[] amqPlain(String user, String password) {
        ByteWriter out = new ByteWriter(64);
        new TableBuilder().text("LOGIN", user).text("PASSWORD", password).put(out);
        return Arrays.copyOfRange(out.array(), Integer.BYTES, out.size());
    }

    /** What comes next, as {@link ServerFrames} writes it, or null. */
    @Nullable
    String next() {
        return frames.next(received.array(), received.size());
    }
}
