package dev.recado.it;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;
import org.zeromq.ZEvent;
import org.zeromq.ZMQ;
import org.zeromq.ZMonitor;

/**
 * A JeroMQ socket, which has a context of its own. Some in a hundred of its connections never say a word after TCP's
 * part, whoever listens, and stay so (a race in its poller: https://github.com/zeromq/jeromq/pull/1022). Its monitor
 * shows them, and the socket is made to connect once more.
 */
final class JeroSocket implements ZmqSocket {

    private static final int SEND_PATIENCE_MS = 200;
    private static final int LINGER_MS = 1_000;
    private static final int RECEIVE_SLICE_MS = 100;
    private static final long SILENCE_NANOS_MAX = 500_000_000;
    private static final String MONITOR = "inproc://monitor";

    private final String name;
    private final String endpoint;
    private final ZMQ.Context context = ZMQ.context(1);
    private final ZMQ.Socket socket;
    private final ZMQ.Socket monitor;
    private boolean greeted;
    /** Since when there is a connection that the peer's greeting has not come on. */
    private long silentSinceNanos;

    private boolean silent;

    private JeroSocket(ZmqSpec spec, String endpoint) {
        name = "jeromq " + spec.type();
        this.endpoint = endpoint;
        socket = context.socket(SocketType.valueOf(spec.type()));
        socket.setSendTimeOut(SEND_PATIENCE_MS);
        socket.setLinger(LINGER_MS);
        spec.options().forEach(this::set);
        socket.monitor(MONITOR, ZMQ.EVENT_CONNECTED | ZMQ.EVENT_HANDSHAKE_PROTOCOL | ZMQ.EVENT_DISCONNECTED);
        monitor = context.socket(SocketType.PAIR);
        monitor.connect(MONITOR);
        socket.connect(endpoint);
    }

    static JeroSocket connect(ZmqSpec spec, String endpoint) {
        JeroSocket made = new JeroSocket(spec, endpoint);
        Waiting.until(made + " hears a greeting", ZmqScene.PATIENCE, () -> {
            made.nudge();
            return made.greeted;
        });
        return made;
    }

    /** Connects again where a connection stands without a greeting. */
    private void nudge() {
        ZEvent event = ZEvent.recv(monitor, ZMQ.DONTWAIT);
        while (event != null) {
            silent = event.getEvent() == ZMonitor.Event.CONNECTED;
            greeted = event.getEvent() == ZMonitor.Event.HANDSHAKE_PROTOCOL;
            silentSinceNanos = System.nanoTime();
            event = ZEvent.recv(monitor, ZMQ.DONTWAIT);
        }
        if (silent && System.nanoTime() - silentSinceNanos > SILENCE_NANOS_MAX) {
            silent = false;
            socket.disconnect(endpoint);
            socket.connect(endpoint);
        }
    }

    private void set(String option, String value) {
        switch (option) {
            case "routing-id" -> socket.setIdentity(value.getBytes(StandardCharsets.UTF_8));
            case "plain-username" -> socket.setPlainUsername(value);
            case "plain-password" -> socket.setPlainPassword(value);
            case "sndhwm" -> socket.setSndHWM(Integer.parseInt(value));
            case "rcvhwm" -> socket.setRcvHWM(Integer.parseInt(value));
            case "heartbeat-ivl" -> socket.setHeartbeatIvl(Integer.parseInt(value));
            case "immediate" -> socket.setImmediate(value.equals("1"));
            case "req-correlate" -> socket.setReqCorrelate(value.equals("1"));
            case "req-relaxed" -> socket.setReqRelaxed(value.equals("1"));
            default -> throw new IllegalArgumentException(option);
        }
    }

    @Override
    public boolean send(String... frames) {
        nudge();
        for (int i = 0; i < frames.length; i++) {
            byte[] bytes = frames[i].getBytes(StandardCharsets.ISO_8859_1);
            if (!socket.send(bytes, i + 1 < frames.length ? ZMQ.SNDMORE : 0)) {
                if (socket.errno() == zmq.ZError.EAGAIN) {
                    return false;
                }
                throw new AssertionError(name + " refused to send, errno=" + socket.errno());
            }
        }
        return true;
    }

    @Override
    public @Nullable List<String> receive(Duration patience) {
        socket.setReceiveTimeOut((int) Math.min(RECEIVE_SLICE_MS, patience.toMillis()));
        long deadline = System.nanoTime() + patience.toNanos();
        byte[] frame;
        do {
            nudge();
            frame = socket.recv();
        } while (frame == null && System.nanoTime() - deadline < 0);
        if (frame == null) {
            return null;
        }
        List<String> frames = new ArrayList<>();
        frames.add(new String(frame, StandardCharsets.ISO_8859_1));
        while (socket.hasReceiveMore()) {
            frames.add(new String(socket.recv(), StandardCharsets.ISO_8859_1));
        }
        return frames;
    }

    @Override
    public void subscribe(String prefix) {
        socket.subscribe(prefix.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void unsubscribe(String prefix) {
        socket.unsubscribe(prefix.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() {
        monitor.close();
        socket.close();
        context.term();
    }

    /** As near as a socket inside this process comes to it: nothing that waits is sent. */
    @Override
    public void kill() {
        socket.setLinger(0);
        close();
    }

    @Override
    public String toString() {
        return name;
    }
}
