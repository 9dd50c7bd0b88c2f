package dev.recado.transport;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.tls.Handshakes;
import dev.recado.tls.TlsCertificates;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Accepts sessions on one event loop; all instances share the port. Everything in it is owned by that loop. */
final class SessionVerticle extends VerticleBase {

    private static final long TICK_MS = 100;
    /** Between two ticks of a loop that stood still. */
    private static final long LATE_MS = 10 * TICK_MS;

    private static final long CLOSING_TICKS_MAX = WireSession.CLOSING_MS_MAX / TICK_MS;

    /** TLS handshakes of a listener that are under way at once; each holds some 12 KiB. */
    private static final int ENGINES_MAX = 2_048;

    private final TransportContext transport;
    private final ListenerSettings address;
    private final int port;
    private final Supplier<Sessions> protocol;
    private final Secured secured;
    private final PeerLog log;
    private final Set<SocketWire> wires = new LinkedHashSet<>();
    private @Nullable Handshakes handshakes;
    private @Nullable Sessions sessions;
    private @Nullable SocketBuffers buffers;
    private @Nullable NetServer server;
    private @Nullable Context home;
    private @Nullable Promise<Void> drained;
    /** While there are connections, and for a tick behind the last. */
    private boolean ticking;

    private long tick;
    private long tickedMs;
    private boolean wasLate;
    private long lateUntilMs;

    /**
     * What TLS has to do with a listener.
     *
     * @param name of the listener
     * @param settings what makes it one of TLS, for a person; empty where nothing does
     * @param certificates null where it is none
     */
    record Secured(String name, String settings, @Nullable TlsCertificates certificates) {}

    /** {@code port} may be negative: a free one, the same for all instances with that number. */
    SessionVerticle(
            TransportContext transport,
            ListenerSettings address,
            int port,
            Supplier<Sessions> protocol,
            Secured secured) {
        this.secured = secured;
        log = new PeerLog("tls", secured.name());
        this.transport = transport;
        this.address = address;
        this.port = port;
        this.protocol = protocol;
    }

    @Override
    public Future<?> start() {
        home = context;
        buffers = transport.shared().sockets().of(context);
        sessions = protocol.get();
        TlsCertificates certificates = secured.certificates();
        if (certificates != null) {
            int engines = Math.max(1, ENGINES_MAX / transport.shared().loops());
            handshakes = new Handshakes(certificates, transport.time(), engines);
        }
        NetServerOptions options = new NetServerOptions()
                .setHost(address.host())
                .setPort(port)
                .setAcceptBacklog(address.acceptBacklog())
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true);
        NetServer created = vertx.createNetServer(options);
        server = created;
        return created.connectHandler(this::accept).listen();
    }

    /** The port that was bound. */
    int boundPort() {
        NetServer bound = server;
        return bound == null ? -1 : bound.actualPort();
    }

    private void accept(NetSocket socket) {
        Sessions serving = sessions;
        SocketBuffers shared = buffers;
        if (serving == null || shared == null || drained != null) {
            refuse(socket, serving, Refusal.fatal(ErrorCode.STOPPING, ""));
        } else if (!transport.shared().connections().tryEnter()) {
            int max = transport.shared().connections().max();
            refuse(socket, serving, Refusal.fatal(ErrorCode.TOO_MANY_CONNECTIONS, "limit=" + max));
        } else {
            SocketWire wire = new SocketWire(socket, context, shared, transport.broker()::onSessionFailure, this::gone);
            Handshakes first = handshakes;
            if (first == null) {
                begin(wire, serving);
            } else {
                wire.prepare();
                first.accept(wire.channel(), SocketWire.VERTX_HANDLER, new Securing(wire, serving));
                beginTicks();
            }
        }
    }

    private void begin(SocketWire wire, Sessions serving) {
        wires.add(wire);
        beginTicks();
        wire.start(serving::open, () -> onHello(wire, serving));
    }

    /** A client speaks TLS where none is spoken: it is told, or else its session answers in its protocol's way. */
    private boolean onHello(SocketWire wire, Sessions serving) {
        if (handshakes != null || secured.settings().isEmpty()) {
            return false;
        }
        String what = "a TLS hello, and the listener speaks plain: connect without TLS, or set " + secured.settings();
        log.tell("hello refused", what, transport.time().monotonicMs());
        byte[] words = serving.farewell(Refusal.fatal(ErrorCode.MALFORMED, what));
        if (words.length > 0) {
            wire.channel().writeAndFlush(Unpooled.wrappedBuffer(words)).addListener(ChannelFutureListener.CLOSE);
        }
        return words.length > 0;
    }

    /** What becomes of a connection in its handshake. */
    private final class Securing implements Handshakes.Outcome {
        private final SocketWire wire;
        private final Sessions serving;

        Securing(SocketWire wire, Sessions serving) {
            this.wire = wire;
            this.serving = serving;
        }

        @Override
        public void onSecured(List<String> clientNames) {
            wire.clientNames(clientNames);
            begin(wire, serving);
            if (drained != null) {
                wire.drain();
            }
        }

        @Override
        public byte[] onPlain() {
            String what = "no TLS, and the listener speaks nothing else: connect with TLS, or leave out "
                    + secured.settings();
            log.tell("connection refused", what, transport.time().monotonicMs());
            return serving.farewell(Refusal.fatal(ErrorCode.MALFORMED, what));
        }

        @Override
        public void onFailed(String reason) {
            log.tell("handshake failed", reason, transport.time().monotonicMs());
        }

        @Override
        public void onGone() {
            transport.shared().connections().leave();
        }
    }

    /** Before a handshake no words can be sent. */
    private void refuse(NetSocket socket, @Nullable Sessions serving, Refusal refusal) {
        socket.exceptionHandler(failure -> socket.close());
        byte[] farewell = serving == null || handshakes != null ? new byte[0] : serving.farewell(refusal);
        socket.write(Buffer.buffer(farewell)).onComplete(done -> socket.close());
    }

    private void gone(SocketWire wire) {
        wires.remove(wire);
        transport.shared().connections().leave();
        completeDrained();
    }

    /**
     * Whether what came during a standstill of the loop may still be unread: for the time of one tick after it nobody
     * is found to be silent.
     */
    private boolean isLate() {
        long nowMs = transport.time().monotonicMs();
        boolean stoodStill = nowMs - tickedMs >= LATE_MS;
        tickedMs = nowMs;
        if (stoodStill && !wasLate) {
            lateUntilMs = nowMs + TICK_MS;
        }
        wasLate = nowMs < lateUntilMs;
        return wasLate;
    }

    /** A listener without connections has nothing to look after. */
    private void beginTicks() {
        if (!ticking) {
            ticking = true;
            tickedMs = transport.time().monotonicMs();
            tickAgain();
        }
    }

    /** Not a periodic timer: that makes up for every tick which was missed while the loop stood still. */
    private void tickAgain() {
        vertx.setTimer(TICK_MS, unused -> {
            try {
                onTick();
            } finally {
                ticking = !wires.isEmpty() || !noHandshakes();
                if (ticking) {
                    tickAgain();
                }
            }
        });
    }

    private void onTick() {
        if (isLate()) {
            return;
        }
        tick++;
        SocketBuffers shared = buffers;
        if (shared != null) {
            shared.output().onTick();
        }
        Handshakes underWay = handshakes;
        if (underWay != null) {
            underWay.onTick();
        }
        for (SocketWire wire : List.copyOf(wires)) {
            wire.onTick(tick, CLOSING_TICKS_MAX);
        }
    }

    private boolean noHandshakes() {
        Handshakes underWay = handshakes;
        return underWay == null || underWay.isEmpty();
    }

    /** Ends all sessions once they wrote what they owe; completes when none is left. Callable from any thread. */
    Future<Void> drain() {
        Context loop = home;
        if (loop == null) {
            return Future.succeededFuture();
        }
        Promise<Void> done = Promise.promise();
        loop.runOnContext(unused -> {
            drained = done;
            Handshakes underWay = handshakes;
            if (underWay != null) {
                underWay.close();
            }
            List.copyOf(wires).forEach(SocketWire::drain);
            completeDrained();
        });
        return done.future();
    }

    private void completeDrained() {
        Promise<Void> waiting = drained;
        if (waiting != null && wires.isEmpty()) {
            waiting.tryComplete();
        }
    }
}
