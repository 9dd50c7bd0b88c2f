package dev.recado.load.text;

import io.gatling.core.CoreComponents;
import io.gatling.core.config.GatlingConfiguration;
import io.gatling.core.config.NettyConfiguration;
import io.gatling.core.protocol.Protocol;
import io.gatling.core.protocol.ProtocolComponents;
import io.gatling.core.protocol.ProtocolKey;
import io.gatling.core.session.Session;
import io.gatling.netty.util.Transports;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import scala.Function1;
import scala.Option;
import scala.runtime.BoxedUnit;

/** The connections of a run: those of single users, which end with their users, and those that users share. */
final class TextComponents implements ProtocolComponents {

    static final ProtocolKey<TextProtocol, TextComponents> KEY = new Key();

    private static final String CONNECTION = "recado.connection";

    private final TextProtocol protocol;
    private final CoreComponents core;
    private final List<Shared> shared = new ArrayList<>();

    private TextComponents(TextProtocol protocol, CoreComponents core) {
        this.protocol = protocol;
        this.core = core;
        for (int i = 0; i < protocol.sharedCount(); i++) {
            shared.add(new Shared());
        }
    }

    private static final class Key implements ProtocolKey<TextProtocol, TextComponents> {
        @Override
        @SuppressWarnings({"unchecked", "rawtypes"}) // The signature that Scala's covariance gives it.
        public Class<Protocol> protocolClass() {
            return (Class) TextProtocol.class;
        }

        @Override
        public TextProtocol defaultProtocolValue(GatlingConfiguration configuration) {
            return TextProtocol.withDefaults();
        }

        @Override
        public Function1<TextProtocol, TextComponents> newComponents(CoreComponents core) {
            return protocol -> new TextComponents(protocol, core);
        }
    }

    @Override
    public Function1<Session, Session> onStart() {
        return session -> session;
    }

    @Override
    public Function1<Session, BoxedUnit> onExit() {
        return session -> {
            TextConnection own = own(session);
            if (own != null) {
                own.close();
            }
            return BoxedUnit.UNIT;
        };
    }

    TextProtocol protocol() {
        return protocol;
    }

    long nowMs() {
        return core.clock().nowMillis();
    }

    /** The connection that this user made itself. */
    static @Nullable TextConnection own(Session session) {
        Option<Object> held = session.attributes().get(CONNECTION);
        return held.isDefined() ? (TextConnection) held.get() : null;
    }

    static Session withOwn(Session session, TextConnection connection) {
        return session.set(CONNECTION, connection);
    }

    /** The shared connection of this user, opened where it is not open; null where none are shared. */
    @Nullable
    Future<TextConnection> shared(long userId) {
        return shared.isEmpty()
                ? null
                : shared.get((int) (userId % shared.size())).get();
    }

    /** A new connection on that event loop, once the broker has said hello. */
    Future<TextConnection> connect(EventLoop loop) {
        Promise<TextConnection> connected = loop.newPromise();
        NettyConfiguration netty = core.configuration().netty();
        ChannelFuture opening = new Bootstrap()
                .group(loop)
                .channelFactory(Transports.newSocketChannelFactory(netty.useNativeTransport(), netty.useIoUring()))
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(protocol.timeoutMs()))
                .handler(new Pipeline())
                .connect(protocol.address());
        opening.addListener(done -> {
            if (done.isSuccess()) {
                greet(opening.channel().pipeline().get(TextConnection.class), connected);
            } else {
                connected.tryFailure(done.cause());
            }
        });
        return connected;
    }

    private static void greet(TextConnection connection, Promise<TextConnection> connected) {
        connection.ask(Commands.hello("gatling"), outcome -> {
            if (outcome.problem() == null) {
                connected.trySuccess(connection);
            } else {
                connection.close();
                connected.tryFailure(new IllegalStateException(outcome.problem()));
            }
        });
    }

    private final class Pipeline extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            channel.pipeline().addLast(new TextConnection(channel, TextComponents.this::nowMs, protocol.timeoutMs()));
        }
    }

    /** A connection for many users, on one event loop of its own; opened again for the next one who asks. */
    private final class Shared {
        private final EventLoop loop = core.eventLoopGroup().next();
        private @Nullable Future<TextConnection> current;

        synchronized Future<TextConnection> get() {
            Future<TextConnection> held = current;
            if (held == null || ended(held)) {
                held = connect(loop);
                current = held;
            }
            return held;
        }

        private boolean ended(Future<TextConnection> future) {
            return future.isDone() && (!future.isSuccess() || !future.getNow().isOpen());
        }
    }
}
