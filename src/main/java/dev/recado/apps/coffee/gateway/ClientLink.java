package dev.recado.apps.coffee.gateway;

import dev.recado.apps.coffee.wire.FrameSplitter;
import dev.recado.apps.coffee.wire.GatewayCodec;
import dev.recado.apps.coffee.wire.GatewayFrame;
import dev.recado.apps.coffee.wire.GatewayFrame.Refused;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** Frames over a socket, either side's. One thread reads; writing is for any, a frame at a time. */
public final class ClientLink implements AutoCloseable {

    private static final int READ_BYTES = 1 << 16;
    private static final int FRAMES_A_TURN = 64;
    /** So much is read in one turn at most, beside the rest of a frame that began before. */
    private static final int BYTES_A_TURN = 1 << 20;

    /** So long one that is refused may go on sending before its connection is closed under it. */
    private static final int REFUSED_MS = 2_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final FrameSplitter splitter = new FrameSplitter(GatewayCodec.LENGTH_MAX);
    private final byte[] buffer = new byte[READ_BYTES];
    private final long openedNanos = System.nanoTime();
    private volatile boolean isGreeted;
    /** Came with the first frame; the reading thread's. */
    private final List<GatewayFrame> early = new ArrayList<>();

    private volatile long writingSinceNanos;
    private volatile boolean isWriting;

    /** @param silenceMs how long the other side may say nothing */
    public ClientLink(Socket socket, int silenceMs) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(silenceMs);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    public void send(GatewayFrame frame) throws IOException {
        byte[] bytes = GatewayCodec.encode(frame);
        synchronized (out) {
            writingSinceNanos = System.nanoTime();
            isWriting = true;
            try {
                out.write(bytes);
                out.flush();
            } finally {
                isWriting = false;
            }
        }
    }

    /**
     * Says why the other side is refused, and ends the connection so that it hears that: what it has on its way is read
     * and dropped, for 2 s at most. A socket that is closed with unread bytes is reset, and what was said last is lost.
     */
    void refuse(Refused why) throws IOException {
        send(why);
        socket.shutdownOutput();
        long endNanos = System.nanoTime() + REFUSED_MS * 1_000_000L;
        socket.setSoTimeout(REFUSED_MS);
        try {
            while (in.read(buffer) >= 0 && System.nanoTime() - endNanos < 0) {
                // Dropped.
            }
        } catch (SocketTimeoutException late) {
            // It neither sends nor closes: it has had its time.
            return;
        }
    }

    /** For how long the other side has not taken what is being written to it, in milliseconds; for any thread. */
    long stalledMs() {
        long sinceNanos = writingSinceNanos;
        return isWriting ? (System.nanoTime() - sinceNanos) / 1_000_000 : 0;
    }

    /** For how long the other side is there and has not said who it is, in milliseconds; for any thread. */
    long silentMs() {
        return isGreeted ? 0 : (System.nanoTime() - openedNanos) / 1_000_000;
    }

    /** Whether it has not said who it is. */
    boolean isSilent() {
        return !isGreeted;
    }

    /** When it was opened, as of {@link System#nanoTime}. */
    long openedNanos() {
        return openedNanos;
    }

    /** Waits for the first frame, a Hello: nobody is to be believed, or to be kept room for, before it. */
    GatewayFrame receiveHello() throws IOException {
        GatewayFrame first = splitter.next(GatewayCodec.HELLO_BYTES);
        while (first == null) {
            if (splitter.isMalformed()) {
                throw new MalformedFrameException();
            }
            read();
            first = splitter.next(GatewayCodec.HELLO_BYTES);
        }
        isGreeted = true;
        return first;
    }

    /** Waits for a frame and takes it alone: those that have come with it are for {@link #receive}. */
    public GatewayFrame receiveFirst() throws IOException {
        List<GatewayFrame> frames = receive();
        early.addAll(frames.subList(1, frames.size()));
        return frames.get(0);
    }

    /** Waits for a frame and takes all that have come with it, at most 64, and not many more bytes than 1 MiB. */
    public List<GatewayFrame> receive() throws IOException {
        List<GatewayFrame> frames = new ArrayList<>(early);
        early.clear();
        take(frames);
        int bytes = 0;
        while (frames.isEmpty()
                || !splitter.isMalformed()
                        && frames.size() < FRAMES_A_TURN
                        && bytes < BYTES_A_TURN
                        && in.available() > 0) {
            bytes += read();
            take(frames);
        }
        return frames;
    }

    private int read() throws IOException {
        int read = in.read(buffer);
        if (read < 0) {
            throw new EOFException("the other side closed the connection");
        }
        splitter.feed(buffer, 0, read);
        return read;
    }

    private void take(List<GatewayFrame> frames) throws MalformedFrameException {
        while (frames.size() < FRAMES_A_TURN) {
            GatewayFrame frame = splitter.next();
            if (frame == null) {
                break;
            }
            frames.add(frame);
        }
        if (splitter.isMalformed() && frames.isEmpty()) {
            throw new MalformedFrameException();
        }
    }

    /** Who is at the other side, for the log. */
    SocketAddress peer() {
        return socket.getRemoteSocketAddress();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
