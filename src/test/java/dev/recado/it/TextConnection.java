package dev.recado.it;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One raw connection of the text protocol. Writes are buffered until {@link #flush}; reading sorts pushes from replies.
 * Used by one thread. A wait that takes too long is an {@link AssertionError}, a connection that ends an {@link
 * IOException}.
 */
final class TextConnection implements AutoCloseable {

    /** How long one answer may take where nothing else is said. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int BUFFER_BYTES = 64 << 10;

    private final Socket socket;
    private final OutputStream output;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream(BUFFER_BYTES);
    private final byte[] input = new byte[BUFFER_BYTES];
    private int position;
    private int limit;
    private final Deque<Delivery> deliveries = new ArrayDeque<>();
    private final Deque<String> notices = new ArrayDeque<>();

    /** One {@code MSG}; key and headers are empty where the frame has none. */
    record Delivery(int sid, String id, int attempt, String key, String headers, byte[] bytes) {

        /** The bytes as UTF-8. */
        String payload() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private TextConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.output = socket.getOutputStream();
    }

    static TextConnection open(int port) throws IOException {
        return open(port, 0);
    }

    /**
     * As {@link #open(int)} with a receive buffer of about {@code receiveBytes}, for a consumer that soon stops the
     * flow.
     */
    static TextConnection open(int port, int receiveBytes) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        if (receiveBytes > 0) {
            socket.setReceiveBufferSize(receiveBytes);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
        return new TextConnection(socket);
    }

    /** Buffers text; bytes above 127 go as UTF-8. */
    TextConnection write(String text) {
        return write(text.getBytes(StandardCharsets.UTF_8));
    }

    TextConnection write(byte[] bytes) {
        pending.write(bytes, 0, bytes.length);
        return this;
    }

    /** Buffers a whole {@code PUB}. */
    TextConnection writePub(String topic, String payload) {
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        return write("PUB:" + topic + ":" + bytes.length + "\n").write(bytes).write("\n");
    }

    TextConnection flush() throws IOException {
        pending.writeTo(output);
        pending.reset();
        return this;
    }

    /** Sends what is pending and then {@code bytes}, of which no copy is made. */
    TextConnection send(byte[] bytes) throws IOException {
        flush();
        output.write(bytes);
        return this;
    }

    /** Sends one line without waiting for an answer. */
    TextConnection send(String line) throws IOException {
        return write(line + "\n").flush();
    }

    /** Sends one line and returns the reply to it. */
    String ask(String line) throws IOException {
        send(line);
        return reply();
    }

    /** Publishes and returns the reply. */
    String pub(String topic, String payload) throws IOException {
        writePub(topic, payload).flush();
        return reply();
    }

    /** Publishes with key and headers and returns the reply. */
    String pub(String topic, String key, String headers, String payload) throws IOException {
        int bytes = payload.getBytes(StandardCharsets.UTF_8).length;
        return ask("PUB:" + topic + ":" + key + ":" + headers + ":" + bytes + "\n" + payload);
    }

    /** Publishes through an exchange and returns the reply. */
    String xpub(String exchange, String key, String headers, String payload) throws IOException {
        int bytes = payload.getBytes(StandardCharsets.UTF_8).length;
        return ask("XPUB:" + exchange + ":" + key + ":" + headers + ":" + bytes + "\n" + payload);
    }

    /** The next reply; pushes before it are kept. A {@code REP} comes back as {@code REP:} and its body. */
    String reply() throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            String line = line(deadline);
            if (line == null) {
                throw new AssertionError("no reply within " + PATIENCE.toSeconds() + " s");
            }
            if (!isPush(line, deadline)) {
                return line.startsWith("REP:") ? "REP:" + answer(line, deadline) : line;
            }
        }
    }

    /** Sends a command whose answer is lines ended by {@code .}, and returns them without the end. */
    List<String> list(String command) throws IOException {
        List<String> lines = new ArrayList<>();
        String line = ask(command);
        while (!line.equals(".")) {
            if (line.startsWith("ERROR:")) {
                throw new AssertionError(command + " answered " + line);
            }
            lines.add(line);
            line = reply();
        }
        return lines;
    }

    /** The next message; fails where none comes. */
    Delivery delivery() throws IOException {
        Delivery delivery = deliveryWithin(PATIENCE);
        if (delivery == null) {
            throw new AssertionError("no message within " + PATIENCE.toSeconds() + " s");
        }
        return delivery;
    }

    /** The next {@code count} messages. */
    List<Delivery> deliveries(int count) throws IOException {
        List<Delivery> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(delivery());
        }
        return all;
    }

    /** The next message, or null where none comes within {@code patience}. */
    @Nullable
    Delivery deliveryWithin(Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (deliveries.isEmpty()) {
            String line = line(deadline);
            if (line == null) {
                return null;
            }
            if (!isPush(line, deadline)) {
                throw new AssertionError("a reply where a message was expected: " + line);
            }
        }
        return deliveries.poll();
    }

    /** The next {@code NOTIFY}, {@code END}, {@code BLOCKED} or {@code UNBLOCKED}; fails where none comes. */
    String notice() throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (notices.isEmpty()) {
            String line = line(deadline);
            if (line == null || !isPush(line, deadline)) {
                throw new AssertionError("expected a notice within " + PATIENCE.toSeconds() + " s, but got " + line);
            }
        }
        return notices.remove();
    }

    /** Whether a message or bytes of one are here already, so that acknowledgements may still wait for company. */
    boolean hasInput() throws IOException {
        return !deliveries.isEmpty()
                || position < limit
                || socket.getInputStream().available() > 0;
    }

    /** Acknowledges now. */
    void ack(Delivery delivery) throws IOException {
        send("ACK:" + delivery.sid() + ":" + delivery.id());
    }

    /** Reads and drops everything until the peer has closed the connection; returns the last line that came. */
    String lastLineBeforeClose() throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String last = "";
        while (true) {
            try {
                String line = line(deadline);
                if (line == null) {
                    throw new AssertionError("still open after " + PATIENCE.toSeconds() + " s; last line: " + last);
                }
                last = line;
            } catch (IOException closed) {
                return last;
            }
        }
    }

    /** Says that nothing more will be written, as a half-closing client does. */
    void finishWriting() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes with a reset, as a crashed peer does: nothing in flight is acknowledged. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private boolean isPush(String line, long deadline) throws IOException {
        if (line.startsWith("MSG:")) {
            deliveries.add(parse(line, deadline));
            return true;
        }
        if (line.matches("(NOTIFY|END|BLOCKED):.*|UNBLOCKED")) {
            notices.add(line);
            return true;
        }
        return false;
    }

    private Delivery parse(String line, long deadline) throws IOException {
        String[] field = line.split(":", -1);
        boolean plain = field.length == 5;
        if (!plain && field.length != 7) {
            throw new AssertionError("not a message: " + line);
        }
        byte[] bytes = body(Integer.parseInt(field[field.length - 1]), deadline);
        int attempt = Integer.parseInt(field[3]);
        return new Delivery(
                Integer.parseInt(field[1]), field[2], attempt, plain ? "" : field[4], plain ? "" : field[5], bytes);
    }

    private String answer(String line, long deadline) throws IOException {
        return new String(body(Integer.parseInt(line.substring(4)), deadline), StandardCharsets.UTF_8);
    }

    private byte[] body(int bytes, long deadline) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream(Math.max(bytes, 32));
        while (body.size() < bytes) {
            if (position == limit && !fill(deadline)) {
                throw new AssertionError("a body stopped at byte " + body.size() + " of " + bytes);
            }
            int count = Math.min(limit - position, bytes - body.size());
            body.write(input, position, count);
            position += count;
        }
        if (position == limit && !fill(deadline)) {
            throw new AssertionError("no line end after a body");
        }
        if (input[position++] != '\n') {
            throw new AssertionError("a body of " + bytes + " bytes is not followed by a line end");
        }
        return body.toByteArray();
    }

    private @Nullable String line(long deadline) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(80);
        while (true) {
            if (position == limit && !fill(deadline)) {
                if (line.size() > 0) {
                    throw new AssertionError("a line stopped at " + line.toString(StandardCharsets.UTF_8));
                }
                return null;
            }
            byte next = input[position++];
            if (next == '\n') {
                return line.toString(StandardCharsets.UTF_8);
            }
            line.write(next);
        }
    }

    /** False once the deadline has passed; throws where the connection has ended. */
    private boolean fill(long deadline) throws IOException {
        long leftMs = (deadline - System.nanoTime()) / 1_000_000;
        socket.setSoTimeout((int) Math.max(1, leftMs));
        try {
            int count = socket.getInputStream().read(input, 0, input.length);
            if (count < 0) {
                throw new EOFException("closed by the broker");
            }
            position = 0;
            limit = count;
            return true;
        } catch (SocketTimeoutException late) {
            return false;
        }
    }
}
