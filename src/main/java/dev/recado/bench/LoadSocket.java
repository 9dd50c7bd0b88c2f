package dev.recado.bench;

import dev.recado.base.ByteWriter;
import dev.recado.base.ClientTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One connection without blocking. One thread may read while another writes; each side has one owner.
 *
 * <p>The input grows to the largest frame that the reader asks for; what is written lies in the writer's own buffer.
 */
final class LoadSocket {

    private static final int CONNECT_MS = 5_000;

    private final SocketChannel channel;

    private byte[] input;
    private ByteBuffer inputView;
    private int inputSize;

    private ByteBuffer outputView = ByteBuffer.allocate(0);
    private int outputAt;
    private final @Nullable LoadTls tls;

    private LoadSocket(SocketChannel channel, @Nullable LoadTls tls, int inputBytes) {
        this.channel = channel;
        this.tls = tls;
        input = new byte[inputBytes];
        inputView = ByteBuffer.wrap(input);
    }

    /** Connects; blocks for at most {@link #CONNECT_MS}. */
    static LoadSocket connect(LoadPlan.Address broker, int inputBytes) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.socket().connect(new InetSocketAddress(broker.host(), broker.port()), CONNECT_MS);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            ClientTls wanted = broker.tls();
            LoadTls tls =
                    wanted == null ? null : LoadTls.handshake(channel, wanted.engine(broker.host(), broker.port()));
            channel.configureBlocking(false);
            return new LoadSocket(channel, tls, inputBytes);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    SocketChannel channel() {
        return channel;
    }

    byte[] input() {
        return input;
    }

    int inputSize() {
        return inputSize;
    }

    /** Reads what is there behind what is kept; answers the bytes read, -1 at the end. */
    int read() throws IOException {
        return tls == null ? readPlain() : readSecured(tls);
    }

    private int readPlain() throws IOException {
        inputView.limit(input.length).position(inputSize);
        int count = channel.read(inputView);
        inputSize += Math.max(0, count);
        return count;
    }

    /** Everything that one read of the socket brought, so that nothing waits where no selector sees it. */
    private int readSecured(LoadTls secured) throws IOException {
        boolean open = secured.fill(channel);
        int before = inputSize;
        boolean more = true;
        while (more) {
            if (input.length - inputSize < secured.plainBytesMax()) {
                grow(Math.max(inputSize + secured.plainBytesMax(), 2 * input.length));
            }
            inputView.limit(input.length).position(inputSize);
            more = secured.next(inputView);
            inputSize = inputView.position();
        }
        return open || inputSize > before ? inputSize - before : -1;
    }

    private void grow(int bytes) {
        input = Arrays.copyOf(input, bytes);
        inputView = ByteBuffer.wrap(input);
    }

    /** Forgets the input up to {@code at}; what stays has room for a frame of {@code neededBytes}. */
    void consumed(int at, int neededBytes) {
        int kept = inputSize - at;
        if (at > 0 && kept > 0) {
            System.arraycopy(input, at, input, 0, kept);
        }
        inputSize = kept;
        int wanted = Math.max(neededBytes, kept + 1);
        if (wanted > input.length) {
            grow(Math.max(wanted, 2 * input.length));
        }
    }

    /** Writes as much of {@code out} as the socket takes; answers whether that was all, and then clears it. */
    boolean write(ByteWriter out) throws IOException {
        if (outputView.array() != out.array()) {
            outputView = ByteBuffer.wrap(out.array());
        }
        outputView.limit(out.size()).position(outputAt);
        while (outputView.hasRemaining()) {
            if (tls == null ? channel.write(outputView) == 0 : !tls.write(channel, outputView)) {
                outputAt = outputView.position();
                return false;
            }
        }
        if (tls != null && !tls.flush(channel)) {
            outputAt = outputView.position();
            return false;
        }
        outputAt = 0;
        out.clear();
        return true;
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing is left to be saved on a connection that is given up.
            return;
        }
    }
}
