package dev.recado.apps;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * The ZeroMQ sockets of one part of an example. One thread makes, uses and closes them; a socket lives until all are
 * closed. Wherever one waits, a requested {@link Stop} is noticed within {@value ZmqLink#SLICE_MS} ms.
 */
public final class ZmqLinks implements AutoCloseable {

    private static final int MESSAGE_BYTES_MAX = 1 << 20;

    /**
     * After so long ZeroMQ gives up a greeting and connects anew, in milliseconds. Its default is 30 s, and of JeroMQ's
     * greetings one in a hundred stays without an end.
     */
    private static final int GREETING_LIMIT_MS = 1_000;

    private static final long STOPPED_FLUSH_MS = 500;

    private final ZContext context = new ZContext(1);
    private final Stop stop;
    private final long connectTimeoutMs;
    private final Consumer<String> told;
    private boolean flushing;

    /**
     * No sockets yet.
     *
     * @param connectTimeoutMs how long {@link #connect} waits, in milliseconds; 0 for ever
     * @param told hears in words of connections that break and that are made again, on threads of ZeroMQ's
     */
    public ZmqLinks(Stop stop, long connectTimeoutMs, Consumer<String> told) {
        this.stop = stop;
        this.connectTimeoutMs = connectTimeoutMs;
        this.told = told;
    }

    /**
     * A socket that is connected to {@code endpoint}, or that still tries where a stop was requested meanwhile. ZeroMQ
     * connects again by itself whenever the connection breaks.
     *
     * @throws UnreachableException if no ZMTP 3 peer answers in time
     */
    public ZmqLink connect(SocketType type, String endpoint) throws UnreachableException {
        ZMQ.Socket socket = socket(type);
        LinkWatch watch = new LinkWatch(endpoint, told);
        socket.setEventHook(watch, LinkWatch.EVENTS);
        socket.connect(endpoint);
        long beginNanos = System.nanoTime();
        while (!watch.awaitUp(ZmqLink.SLICE_MS) && !stop.isRequested()) {
            long waitedMs = (System.nanoTime() - beginNanos) / 1_000_000;
            if (connectTimeoutMs > 0 && waitedMs >= connectTimeoutMs) {
                throw new UnreachableException(endpoint, connectTimeoutMs);
            }
        }
        return new ZmqLink(socket, stop);
    }

    /**
     * A socket to which others connect, at {@code endpoint}.
     *
     * @throws IOException if it cannot listen there
     */
    public ZmqLink bind(SocketType type, String endpoint) throws IOException {
        ZMQ.Socket socket = socket(type);
        try {
            socket.bind(endpoint);
        } catch (ZMQException | IllegalArgumentException e) {
            throw new IOException("cannot listen at " + endpoint + ": " + e.getMessage(), e);
        }
        return new ZmqLink(socket, stop);
    }

    private ZMQ.Socket socket(SocketType type) {
        ZMQ.Socket socket = context.createSocket(type);
        socket.setMaxMsgSize(MESSAGE_BYTES_MAX);
        socket.setHandshakeIvl(GREETING_LIMIT_MS);
        // What is still to be sent is lost with the process, unless it is flushed.
        socket.setLinger(0);
        return socket;
    }

    /**
     * Closes all sockets after everything that they took has left for the network. Answers whether it has: not where
     * {@code limitMs} milliseconds are over before, or {@value #STOPPED_FLUSH_MS} ms once a stop is requested.
     */
    public boolean flush(long limitMs) {
        flushing = true;
        context.getSockets().forEach(socket -> socket.setLinger(-1));
        CountDownLatch flushed = new CountDownLatch(1);
        // Closing blocks until all has left and cannot be broken off, so where it takes too long it is left alone.
        Thread closer = new Thread(
                () -> {
                    context.close();
                    flushed.countDown();
                },
                "example-flush");
        closer.setDaemon(true);
        closer.start();
        return awaitFlushed(flushed, limitMs);
    }

    private boolean awaitFlushed(CountDownLatch flushed, long limitMs) {
        long beginNanos = System.nanoTime();
        try {
            while (!flushed.await(ZmqLink.SLICE_MS, TimeUnit.MILLISECONDS)) {
                long elapsedMs = (System.nanoTime() - beginNanos) / 1_000_000;
                if (elapsedMs > (stop.isRequested() ? Math.min(limitMs, STOPPED_FLUSH_MS) : limitMs)) {
                    return false;
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Closes all sockets; what they have not sent is dropped, unless it is being flushed. */
    @Override
    public void close() {
        if (!flushing) {
            context.close();
        }
    }
}
