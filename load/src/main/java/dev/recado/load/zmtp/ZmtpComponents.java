package dev.recado.load.zmtp;

import dev.recado.load.step.Connections;
import io.gatling.core.CoreComponents;
import io.gatling.core.config.GatlingConfiguration;
import io.gatling.core.protocol.Protocol;
import io.gatling.core.protocol.ProtocolKey;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import org.jspecify.annotations.Nullable;
import scala.Function1;

/** How users connect for ZMTP. Shared connections are sockets that push. */
final class ZmtpComponents extends Connections<ZmtpConnection> {

    static final ProtocolKey<ZmtpProtocol, ZmtpComponents> KEY = new Key();

    private final ZmtpProtocol protocol;

    private ZmtpComponents(ZmtpProtocol protocol, CoreComponents core) {
        super(core, protocol.sharedCount(), protocol.timeoutMs(), protocol.ledger(), ZmtpConnection.class);
        this.protocol = protocol;
    }

    private static final class Key implements ProtocolKey<ZmtpProtocol, ZmtpComponents> {
        @Override
        @SuppressWarnings({"unchecked", "rawtypes"}) // The signature that Scala's covariance gives it.
        public Class<Protocol> protocolClass() {
            return (Class) ZmtpProtocol.class;
        }

        @Override
        public ZmtpProtocol defaultProtocolValue(GatlingConfiguration configuration) {
            return ZmtpProtocol.withDefaults();
        }

        @Override
        public Function1<ZmtpProtocol, ZmtpComponents> newComponents(CoreComponents core) {
            return protocol -> new ZmtpComponents(protocol, core);
        }
    }

    @Override
    protected Future<ZmtpConnection> connectShared(EventLoop loop) {
        return connect(loop, SocketType.PUSH);
    }

    /** A new socket on that event loop, once its peer has said that it is ready. */
    Future<ZmtpConnection> connect(EventLoop loop, SocketType type) {
        Promise<ZmtpConnection> connected = loop.newPromise();
        ChannelFuture opening =
                open(loop, protocol.address(type), channel -> new ZmtpConnection(channel, type, this::nowMs));
        opening.addListener(done -> {
            if (done.isSuccess()) {
                greet(opening.channel().pipeline().get(ZmtpConnection.class), connected);
            } else {
                connected.tryFailure(done.cause());
            }
        });
        return connected;
    }

    private void greet(ZmtpConnection connection, Promise<ZmtpConnection> connected) {
        connection.greet(protocol.timeoutMs(), new ZmtpConnection.Receiver<>() {
            @Override
            public void onArrival(SocketType ready) {
                connected.trySuccess(connection);
            }

            @Override
            public void onNothing(@Nullable String problem) {
                connection.close();
                connected.tryFailure(new IllegalStateException(problem == null ? "no READY in time" : problem));
            }
        });
    }
}
