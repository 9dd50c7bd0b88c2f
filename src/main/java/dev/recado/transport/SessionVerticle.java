package dev.recado.transport;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
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

    private final TransportContext transport;
    private final ListenerSettings address;
    private final int port;
    private final Supplier<Sessions> protocol;
    private final Set<SocketWire> wires = new LinkedHashSet<>();
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

    /** {@code port} may be negative: a free one, the same for all instances with that number. */
    SessionVerticle(TransportContext transport, ListenerSettings address, int port, Supplier<Sessions> protocol) {
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
            wires.add(wire);
            beginTicks();
            wire.start(serving::open);
        }
    }

    private static void refuse(NetSocket socket, @Nullable Sessions serving, Refusal refusal) {
        socket.exceptionHandler(failure -> socket.close());
        byte[] farewell = serving == null ? new byte[0] : serving.farewell(refusal);
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
                ticking = !wires.isEmpty();
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
        for (SocketWire wire : List.copyOf(wires)) {
            wire.onTick(tick, CLOSING_TICKS_MAX);
        }
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
