package dev.recado.transport.amqp;

import dev.recado.base.ByteWriter;
import dev.recado.transport.FakeSocket;
import dev.recado.transport.amqp.wire.TableBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An AMQP client. */
final class AmqpPeer extends FakeSocket<AmqpSession> {

    static final byte[] HEADER = "AMQP\0\0\11\1".getBytes(StandardCharsets.ISO_8859_1);

    final ServerFrames frames = new ServerFrames();
    /** Frames that it sends have so many bytes at most. */
    int frameBytesMax = 4096;

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

    @Override
    public void soon() {
        tasks.add(() -> session().onWritable());
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
