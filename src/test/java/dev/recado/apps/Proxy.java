package dev.recado.apps;

import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** ZeroMQ's own proxy in place of a broker, on loopback. */
public final class Proxy implements AutoCloseable {

    private static final String ANY_PORT = "tcp://127.0.0.1:*";

    private final ZContext context = new ZContext();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final String front;
    private final String back;
    private final ZMQ.Socket control;

    private Proxy(SocketType frontType, SocketType backType, String frontAt, String backAt) {
        ZMQ.Socket frontend = context.createSocket(frontType);
        ZMQ.Socket backend = context.createSocket(backType);
        // A JeroMQ that never greets, on either side, has to connect again.
        frontend.setHandshakeIvl(500);
        backend.setHandshakeIvl(500);
        frontend.bind(frontAt);
        backend.bind(backAt);
        front = frontend.getLastEndpoint();
        back = backend.getLastEndpoint();
        control = context.createSocket(SocketType.PAIR);
        control.bind("inproc://control");
        ZMQ.Socket controlled = context.createSocket(SocketType.PAIR);
        controlled.connect("inproc://control");
        Thread thread = new Thread(
                () -> {
                    ZMQ.proxy(frontend, backend, null, controlled);
                    ended.countDown();
                },
                "test-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    /** PULL in front, PUSH behind. */
    public static Proxy pipeline() {
        return new Proxy(SocketType.PULL, SocketType.PUSH, ANY_PORT, ANY_PORT);
    }

    /** XSUB in front, XPUB behind. */
    public static Proxy pubSub() {
        return new Proxy(SocketType.XSUB, SocketType.XPUB, ANY_PORT, ANY_PORT);
    }

    /** Another at the addresses of one that was closed. */
    public Proxy pubSubAgain() {
        return new Proxy(SocketType.XSUB, SocketType.XPUB, front, back);
    }

    /** Where those connect that send. */
    public String front() {
        return front;
    }

    /** Where those connect that receive. */
    public String back() {
        return back;
    }

    @Override
    public void close() {
        control.send("TERMINATE");
        await().atMost(10, TimeUnit.SECONDS).until(() -> ended.getCount() == 0);
        context.close();
    }
}
