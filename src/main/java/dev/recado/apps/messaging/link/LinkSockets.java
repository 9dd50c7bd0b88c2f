package dev.recado.apps.messaging.link;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * The ZeroMQ sockets of one process. One thread makes, uses and closes them, and waits for all at once; none of them
 * ever blocks it.
 */
public final class LinkSockets implements AutoCloseable {

    private static final int MESSAGE_BYTES_MAX = 1 << 20;
    /** Of JeroMQ 0.6.0's greetings one in a hundred stays without an end (jeromq#1022); then it connects anew. */
    private static final int GREETING_LIMIT_MS = 1_000;
    /** What was sent last has so long to leave when all is closed. */
    private static final int LINGER_MS = 300;

    private static final int RECONNECT_MS = 100;

    private final ZContext context = new ZContext(1);
    private final List<LinkSocket> open = new ArrayList<>();

    /** A socket that connects to {@code endpoint} and goes on trying. */
    public LinkSocket connect(SocketType type, String endpoint) {
        ZMQ.Socket socket = socket(type);
        socket.connect(endpoint);
        return opened(socket);
    }

    /** As {@link #connect}, for questions that are worth nothing later: one is taken only while it is connected. */
    public LinkSocket connectForNow(SocketType type, String endpoint) {
        ZMQ.Socket socket = socket(type);
        socket.setImmediate(false);
        socket.connect(endpoint);
        return opened(socket);
    }

    /**
     * A socket to which others connect.
     *
     * @throws IOException if it cannot listen there
     */
    public LinkSocket bind(SocketType type, String endpoint) throws IOException {
        ZMQ.Socket socket = socket(type);
        try {
            socket.bind(endpoint);
        } catch (ZMQException | IllegalArgumentException e) {
            throw new IOException("cannot listen at " + endpoint + ": " + e.getMessage(), e);
        }
        return opened(socket);
    }

    private ZMQ.Socket socket(SocketType type) {
        ZMQ.Socket socket = context.createSocket(type);
        socket.setMaxMsgSize(MESSAGE_BYTES_MAX);
        socket.setHandshakeIvl(GREETING_LIMIT_MS);
        socket.setReconnectIVL(RECONNECT_MS);
        socket.setLinger(LINGER_MS);
        return socket;
    }

    private LinkSocket opened(ZMQ.Socket socket) {
        LinkSocket link = new LinkSocket(socket);
        open.add(link);
        return link;
    }

    /** Closes one of them; what it still had to send is dropped. */
    public void close(LinkSocket link) {
        open.remove(link);
        link.socket().setLinger(0);
        link.socket().close();
    }

    /** Waits until one of them has something to receive, or {@code waitMs} milliseconds have passed. */
    public void await(int waitMs) {
        ZMQ.Poller poller = context.createPoller(open.size());
        try {
            open.forEach(link -> poller.register(link.socket(), ZMQ.Poller.POLLIN));
            poller.poll(waitMs);
        } finally {
            poller.close();
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
