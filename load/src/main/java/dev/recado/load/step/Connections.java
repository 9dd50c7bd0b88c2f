package dev.recado.load.step;

import dev.recado.load.run.Ledger;
import io.gatling.core.CoreComponents;
import io.gatling.core.config.NettyConfiguration;
import io.gatling.core.protocol.ProtocolComponents;
import io.gatling.core.session.Session;
import io.gatling.netty.util.Transports;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import scala.Function1;
import scala.Option;
import scala.runtime.BoxedUnit;

/**
 * The connections of a run: those of single users, which end with their users, and those that users share.
 *
 * @param <C> connections of the protocol
 */
public abstract class Connections<C extends Connection> implements ProtocolComponents {

    private static final String CONNECTION = "recado.connection";

    private final CoreComponents core;
    private final long timeoutMs;
    private final Ledger ledger;
    private final Class<C> type;
    private final List<Shared> shared = new ArrayList<>();

    /**
     * @param sharedCount how many connections users share that have none of their own
     * @param timeoutMs how long a request may take
     */
    protected Connections(CoreComponents core, int sharedCount, long timeoutMs, Ledger ledger, Class<C> type) {
        this.core = core;
        this.timeoutMs = timeoutMs;
        this.ledger = ledger;
        this.type = type;
        for (int i = 0; i < sharedCount; i++) {
            shared.add(new Shared());
        }
    }

    @Override
    public final Function1<Session, Session> onStart() {
        return session -> session;
    }

    @Override
    public final Function1<Session, BoxedUnit> onExit() {
        return session -> {
            C own = own(session);
            if (own != null) {
                own.close();
            }
            return BoxedUnit.UNIT;
        };
    }

    public final long nowMs() {
        return core.clock().nowMillis();
    }

    public final long timeoutMs() {
        return timeoutMs;
    }

    public final Ledger ledger() {
        return ledger;
    }

    /** A new connection to be shared, on that event loop, once it may be used. */
    protected abstract Future<C> connectShared(EventLoop loop);

    /** Opens a channel with one handler. */
    protected final ChannelFuture open(
            EventLoop loop, SocketAddress address, Function<Channel, ChannelHandler> handler) {
        NettyConfiguration netty = core.configuration().netty();
        return new Bootstrap()
                .group(loop)
                .channelFactory(Transports.newSocketChannelFactory(netty.useNativeTransport(), netty.useIoUring()))
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(timeoutMs))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(handler.apply(channel));
                    }
                })
                .connect(address);
    }

    /** The connection that this user made itself. */
    final @Nullable C own(Session session) {
        Option<Object> held = session.attributes().get(CONNECTION);
        return held.isDefined() ? type.cast(held.get()) : null;
    }

    final Session withOwn(Session session, C connection) {
        return session.set(CONNECTION, connection);
    }

    /** The shared connection of this user, opened where it is not open; null where none are shared. */
    final @Nullable Future<C> shared(long userId) {
        return shared.isEmpty()
                ? null
                : shared.get((int) (userId % shared.size())).get();
    }

    /** A connection for many users, on one event loop of its own; opened again for the next one who asks. */
    private final class Shared {
        private final EventLoop loop = core.eventLoopGroup().next();
        private @Nullable Future<C> current;

        synchronized Future<C> get() {
            Future<C> held = current;
            if (held == null || ended(held)) {
                held = connectShared(loop);
                current = held;
            }
            return held;
        }

        private boolean ended(Future<C> future) {
            return future.isDone() && (!future.isSuccess() || !future.getNow().isOpen());
        }
    }
}
