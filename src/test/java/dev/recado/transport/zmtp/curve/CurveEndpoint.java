package dev.recado.transport.zmtp.curve;

import dev.recado.base.ByteWriter;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * As little of ZMTP 3.1 as real ZeroMQ clients need: one connection with mechanism CURVE over a plain socket, of which
 * every wait is bounded. It reads the first message, answers one and reads on until the client leaves.
 */
final class CurveEndpoint implements AutoCloseable {

    /** A frame as it came out of its MESSAGE; {@code outer} are the flags of the ZMTP frame around that. */
    record Frame(int outer, int flags, byte[] data) {
        boolean isCommand() {
            return (flags & CurveServer.COMMAND) != 0;
        }

        String text() {
            return new String(data, StandardCharsets.ISO_8859_1);
        }
    }

    private static final int WAIT_MS = 10_000;
    private static final int GREETING_BYTES = 64;

    private static final int BODY_BYTES_MAX = 1 << 20;

    private final ServerSocket listener;
    private final CurveServer curve;
    private final String socketType;
    private final List<byte[]> answer;
    private final ByteWriter out = new ByteWriter(512);
    private final List<Frame> frames = new ArrayList<>();
    private final CompletableFuture<List<Frame>> received = new CompletableFuture<>();
    private final CompletableFuture<CurveStep> refused = new CompletableFuture<>();
    private final CompletableFuture<String> metadata = new CompletableFuture<>();
    private final CompletableFuture<Boolean> greeted = new CompletableFuture<>();

    CurveEndpoint(CurveKeys keys, Predicate<byte[]> clients, String socketType, List<byte[]> answer)
            throws IOException {
        this.listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        this.listener.setSoTimeout(WAIT_MS);
        this.curve = new CurveServer(keys, clients, new SecureRandom()::nextBytes);
        this.socketType = socketType;
        this.answer = answer;
        Thread thread = new Thread(this::serve, "curve-endpoint");
        thread.setDaemon(true);
        thread.start();
    }

    String address() {
        return "tcp://127.0.0.1:" + listener.getLocalPort();
    }

    /** That the client sent its greeting. */
    CompletableFuture<Boolean> greeted() {
        return greeted;
    }

    /** What came up to the end of the first message, commands included. */
    CompletableFuture<List<Frame>> received() {
        return received;
    }

    CompletableFuture<String> metadata() {
        return metadata;
    }

    /** The step at which the client was turned away. */
    CompletableFuture<CurveStep> refused() {
        return refused;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void serve() {
        try (Socket socket = listener.accept()) {
            serve(socket);
        } catch (IOException e) {
            received.completeExceptionally(e);
            refused.completeExceptionally(e);
            metadata.completeExceptionally(e);
        } finally {
            curve.close();
        }
    }

    private void serve(Socket socket) throws IOException {
        socket.setSoTimeout(WAIT_MS);
        socket.setTcpNoDelay(true);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        greet(in, socket.getOutputStream());
        greeted.complete(true);
        while (onFrame(in, socket.getOutputStream())) {
            out.clear();
        }
    }

    private void greet(DataInputStream in, OutputStream to) throws IOException {
        byte[] greeting = new byte[GREETING_BYTES];
        greeting[0] = (byte) 0xff;
        greeting[9] = 0x7f;
        greeting[10] = 3;
        greeting[11] = 1;
        System.arraycopy("CURVE".getBytes(StandardCharsets.US_ASCII), 0, greeting, 12, 5);
        greeting[32] = 1;
        to.write(greeting);
        to.flush();
        byte[] theirs = new byte[GREETING_BYTES];
        in.readFully(theirs);
        if (!"CURVE".equals(new String(theirs, 12, 5, StandardCharsets.US_ASCII)) || theirs[32] != 0) {
            throw new IOException("not a CURVE client");
        }
    }

    private boolean onFrame(DataInputStream in, OutputStream to) throws IOException {
        int outer = in.readUnsignedByte();
        long length = (outer & 2) != 0 ? in.readLong() : in.readUnsignedByte();
        if (length < 0 || length > BODY_BYTES_MAX) {
            throw new IOException("frame too long");
        }
        byte[] body = new byte[(int) length];
        in.readFully(body);
        CurveStep step = curve.onCommand(body, 0, body.length, out);
        switch (step) {
            case WELCOME -> sendCommand(to);
            case INITIATED -> {
                metadata.complete(payload(body));
                byte[] ours = ("\u000bSocket-Type\0\0\0" + (char) socketType.length() + socketType)
                        .getBytes(StandardCharsets.ISO_8859_1);
                curve.ready(ours, 0, ours.length, out);
                sendCommand(to);
            }
            case MESSAGE -> onMessage(outer, body, to);
            case DENIED -> {
                sendCommand(to);
                refused.complete(step);
            }
            case REFUSED -> refused.complete(step);
        }
        return step != CurveStep.DENIED && step != CurveStep.REFUSED;
    }

    private void onMessage(int outer, byte[] body, OutputStream to) throws IOException {
        Frame frame = new Frame(outer, curve.flags(), payload(body).getBytes(StandardCharsets.ISO_8859_1));
        if (received.isDone()) {
            return;
        }
        frames.add(frame);
        boolean subscribes = frame.isCommand() && frame.text().startsWith("\u0009SUBSCRIBE");
        if (subscribes || !frame.isCommand() && (frame.flags() & CurveServer.MORE) == 0) {
            received.complete(List.copyOf(frames));
            for (int i = 0; i < answer.size(); i++) {
                byte[] data = answer.get(i);
                curve.seal(i < answer.size() - 1 ? CurveServer.MORE : 0, data, 0, data.length, out);
            }
            to.write(out.array(), 0, out.size());
            to.flush();
        }
    }

    private void sendCommand(OutputStream to) throws IOException {
        ByteWriter frame = new ByteWriter(300);
        frame.put(6).putLong(out.size()).put(out.array(), 0, out.size());
        to.write(frame.array(), 0, frame.size());
        to.flush();
    }

    private String payload(byte[] body) {
        return new String(body, curve.payloadFrom(), curve.payloadLength(), StandardCharsets.ISO_8859_1);
    }
}
