package dev.recado.transport.text;

import dev.recado.transport.TransportContext;
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
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Accepts text sessions on one event loop; all instances share the port. Everything in it is owned by that loop. */
final class TextVerticle extends VerticleBase {

    private static final long TICK_MS = 100;
    /** Output that clients have yet to take: half of the memory off the heap that a broker allows itself. */
    private static final long OUTPUT_BYTES_MAX = 32L * 1024 * 1024;

    private static final long CLOSING_TICKS_MAX = TextSession.CLOSING_MS_MAX / TICK_MS;

    private final TransportContext transport;
    private final int port;
    private final Set<SocketWire> wires = new LinkedHashSet<>();
    private @Nullable TextEnvironment environment;
    private @Nullable NetServer server;
    private @Nullable Context home;
    private @Nullable Promise<Void> drained;
    private long tick;

    /** {@code port} may be negative: a free one, the same for all instances with that number. */
    TextVerticle(TransportContext transport, int port) {
        this.transport = transport;
        this.port = port;
    }

    @Override
    public Future<?> start() {
        home = context;
        environment = new TextEnvironment(
                transport.broker(),
                transport.authenticator(),
                transport.listener().session(),
                transport.time(),
                transport.assembly(),
                UUID::randomUUID,
                new LoopBuffers(
                        OUTPUT_BYTES_MAX / transport.listener().address().instances()));
        vertx.setPeriodic(TICK_MS, unused -> onTick());
        NetServerOptions options = new NetServerOptions()
                .setHost(transport.listener().address().host())
                .setPort(port)
                .setAcceptBacklog(transport.listener().address().acceptBacklog())
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
        TextEnvironment shared = environment;
        if (shared == null || drained != null) {
            refuse(socket, "ERROR:Stopping\n");
        } else if (!transport.connections().tryEnter()) {
            refuse(
                    socket,
                    "ERROR:Too many clients: limit=" + transport.connections().max() + "\n");
        } else {
            SocketWire wire = new SocketWire(socket, context, shared.buffers(), this::gone);
            wires.add(wire);
            wire.start(shared);
        }
    }

    private static void refuse(NetSocket socket, String line) {
        socket.exceptionHandler(failure -> socket.close());
        socket.write(Buffer.buffer(line)).onComplete(done -> socket.close());
    }

    private void gone(SocketWire wire) {
        wires.remove(wire);
        transport.connections().leave();
        completeDrained();
    }

    private void onTick() {
        tick++;
        TextEnvironment shared = environment;
        if (shared != null) {
            shared.buffers().output.onTick();
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
