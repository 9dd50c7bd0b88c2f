package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.transport.text.wire.ReplyDecoder;
import dev.recado.transport.text.wire.ReplyKind;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A blocking client of the text protocol that counts what it is told. Used by one thread. */
final class TextPeer implements AutoCloseable {

    private static final int TIMEOUT_MS = 20_000;
    private static final int LINE_BYTES_MAX = 1024;
    private static final int PAYLOAD_BYTES_MAX = 1024;

    private final Socket socket;
    private final ReplyDecoder decoder = new ReplyDecoder(LINE_BYTES_MAX, PAYLOAD_BYTES_MAX);
    private final byte[] input = new byte[64 * 1024];
    private int from;
    private int to;

    TextPeer(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MS);
        socket.setTcpNoDelay(true);
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Sends one command and expects OK. */
    void ask(String command) throws IOException {
        send((command + "\n").getBytes(StandardCharsets.US_ASCII));
        next();
        assertThat(decoder.kind()).as(command).isEqualTo(ReplyKind.OK);
    }

    /** Sends commands and expects OK for each. */
    void ask(List<String> commands) throws IOException {
        send((String.join("\n", commands) + "\n").getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < commands.size(); i++) {
            expect(ReplyKind.OK);
        }
    }

    /** Reads until {@code count} publishes are confirmed. */
    void awaitConfirmed(int count) throws IOException {
        long left = count;
        while (left > 0) {
            expect(ReplyKind.STORED);
            left -= decoder.lastOffset() - decoder.firstOffset() + 1;
        }
    }

    /** Reads {@code count} deliveries and answers the offset of the first; they come in order. */
    long awaitDelivered(int count) throws IOException {
        expect(ReplyKind.MSG);
        long first = decoder.firstOffset();
        for (int i = 1; i < count; i++) {
            expect(ReplyKind.MSG);
            assertThat(decoder.firstOffset() == first + i)
                    .as("deliveries in order")
                    .isTrue();
        }
        return first;
    }

    private void expect(ReplyKind kind) throws IOException {
        next();
        if (decoder.kind() != kind) {
            throw new AssertionError("expected " + kind + ", read " + decoder.kind() + " " + decoder.text());
        }
    }

    private void next() throws IOException {
        while (decoder.decode(input, from, to) != ReplyDecoder.Outcome.FRAME) {
            if (from > 0) {
                System.arraycopy(input, from, input, 0, to - from);
                to -= from;
                from = 0;
            }
            int read = socket.getInputStream().read(input, to, input.length - to);
            if (read < 0) {
                throw new EOFException("the broker hung up: " + decoder.malformed());
            }
            to += read;
        }
        from = decoder.end();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
