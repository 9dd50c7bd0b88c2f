package dev.recado.apps.messaging.link;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.zeromq.ZMQ;

/** One ZeroMQ socket; see {@link LinkSockets} for whose it is. */
public final class LinkSocket {

    /** Frames of a message beyond this are read and dropped. */
    private static final int FRAMES_MAX = 16;

    private final ZMQ.Socket socket;

    LinkSocket(ZMQ.Socket socket) {
        this.socket = socket;
    }

    ZMQ.Socket socket() {
        return socket;
    }

    /** The address where a socket is bound, with its port. */
    public String endpoint() {
        return socket.getLastEndpoint();
    }

    /** For a subscriber: takes every message whose first frame begins with {@code prefix}. */
    public void subscribe(String prefix) {
        socket.subscribe(prefix);
    }

    /** For a subscriber: the end of one {@link #subscribe}. */
    public void unsubscribe(String prefix) {
        socket.unsubscribe(prefix);
    }

    /** Gives one message to ZeroMQ; answers whether it was taken, which it is not where there is no room. */
    public boolean send(byte[]... frames) {
        for (int i = 0; i < frames.length; i++) {
            boolean isLast = i == frames.length - 1;
            if (!socket.send(frames[i], ZMQ.DONTWAIT | (isLast ? 0 : ZMQ.SNDMORE))) {
                // Once the first frame is taken there is room for the others.
                return false;
            }
        }
        return true;
    }

    /** The next message, or null where none is there. */
    public @Nullable List<byte[]> receive() {
        byte[] frame = socket.recv(ZMQ.DONTWAIT);
        if (frame == null) {
            return null;
        }
        List<byte[]> frames = new ArrayList<>();
        frames.add(frame);
        while (socket.hasReceiveMore()) {
            byte[] next = socket.recv(ZMQ.DONTWAIT);
            if (next != null && frames.size() < FRAMES_MAX) {
                frames.add(next);
            }
        }
        return frames;
    }
}
