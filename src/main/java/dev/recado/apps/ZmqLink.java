package dev.recado.apps;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.zeromq.ZMQ;

/** One ZeroMQ socket; see {@link ZmqLinks} for whose it is. */
public final class ZmqLink {

    /** A limit that is never reached, in milliseconds. */
    public static final long FOR_EVER_MS = Long.MAX_VALUE;

    /** How long a wait lasts before it looks whether to stop, in milliseconds. */
    static final int SLICE_MS = 50;

    /** Frames of a message beyond this are read and dropped. */
    private static final int FRAMES_MAX = 64;

    private final ZMQ.Socket socket;
    private final Stop stop;

    ZmqLink(ZMQ.Socket socket, Stop stop) {
        this.socket = socket;
        this.stop = stop;
        socket.setReceiveTimeOut(SLICE_MS);
        socket.setSendTimeOut(SLICE_MS);
    }

    /** The address where a socket is bound, with its port. */
    public String endpoint() {
        return socket.getLastEndpoint();
    }

    /** For a subscriber: takes every message whose first frame begins with {@code prefix}. */
    public void subscribe(byte[] prefix) {
        socket.subscribe(prefix);
    }

    /**
     * Gives one message to ZeroMQ, which may still wait until there is room for it. Answers whether it was taken: not
     * where a stop is requested or {@code limitMs} milliseconds are over before.
     */
    public boolean send(long limitMs, byte[]... frames) {
        long beginNanos = System.nanoTime();
        while (!socket.send(frames[0], frames.length > 1 ? ZMQ.SNDMORE : 0)) {
            if (stop.isRequested() || isOver(beginNanos, limitMs)) {
                return false;
            }
        }
        // Once the first frame is taken there is room for the others.
        for (int i = 1; i < frames.length; i++) {
            boolean isLast = i == frames.length - 1;
            if (!socket.send(frames[i], isLast ? 0 : ZMQ.SNDMORE)) {
                throw new IllegalStateException("a frame was refused in the middle of a message");
            }
        }
        return true;
    }

    /** Whether more than {@code limitMs} milliseconds, any number of them, have passed since {@code beginNanos}. */
    public static boolean isOver(long beginNanos, long limitMs) {
        return (System.nanoTime() - beginNanos) / 1_000_000 > limitMs;
    }

    /** The next message, or null where none came within {@value #SLICE_MS} ms. */
    public @Nullable List<byte[]> receive() {
        byte[] frame = socket.recv();
        if (frame == null) {
            return null;
        }
        List<byte[]> frames = new ArrayList<>();
        frames.add(frame);
        while (socket.hasReceiveMore()) {
            byte[] next = socket.recv();
            if (next != null && frames.size() < FRAMES_MAX) {
                frames.add(next);
            }
        }
        return frames;
    }
}
