package dev.recado.bench;

import dev.recado.base.ByteWriter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

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

    private LoadSocket(SocketChannel channel, int inputBytes) {
        this.channel = channel;
        input = new byte[inputBytes];
        inputView = ByteBuffer.wrap(input);
    }

    /** Connects; blocks for at most {@link #CONNECT_MS}. */
    static LoadSocket connect(LoadPlan.Address broker, int inputBytes) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.socket().connect(new InetSocketAddress(broker.host(), broker.port()), CONNECT_MS);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            return new LoadSocket(channel, inputBytes);
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
        inputView.limit(input.length).position(inputSize);
        int count = channel.read(inputView);
        inputSize += Math.max(0, count);
        return count;
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
            input = Arrays.copyOf(input, Math.max(wanted, 2 * input.length));
            inputView = ByteBuffer.wrap(input);
        }
    }

    /** Writes as much of {@code out} as the socket takes; answers whether that was all, and then clears it. */
    boolean write(ByteWriter out) throws IOException {
        if (outputView.array() != out.array()) {
            outputView = ByteBuffer.wrap(out.array());
        }
        outputView.limit(out.size()).position(outputAt);
        while (outputView.hasRemaining()) {
            if (channel.write(outputView) == 0) {
                outputAt = outputView.position();
                return false;
            }
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
