package dev.recado.it;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/**
 * A JeroMQ socket, which has a context of its own. Of its fresh connections some in a hundred never say a word (a race
 * in its poller, whoever listens: https://github.com/zeromq/jeromq/pull/1022), until its own limit for the handshake
 * makes it connect again: by default 30 s, here a short one.
 */
final class JeroSocket implements ZmqSocket {

    private static final int SEND_PATIENCE_MS = 200;
    private static final int HANDSHAKE_MS = 500;
    private static final int LINGER_MS = 10_000;

    private final String name;
    private final ZMQ.Context context = ZMQ.context(1);
    private final ZMQ.Socket socket;

    private JeroSocket(String type) {
        name = "jeromq " + type;
        socket = context.socket(SocketType.valueOf(type));
    }

    static JeroSocket connect(ZmqSpec spec, String endpoint) {
        JeroSocket made = new JeroSocket(spec.type());
        made.socket.setSendTimeOut(SEND_PATIENCE_MS);
        made.socket.setHandshakeIvl(HANDSHAKE_MS);
        made.socket.setLinger(LINGER_MS);
        spec.options().forEach(made::set);
        made.socket.connect(endpoint);
        return made;
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
        socket.setReceiveTimeOut((int) patience.toMillis());
        byte[] frame = socket.recv();
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
