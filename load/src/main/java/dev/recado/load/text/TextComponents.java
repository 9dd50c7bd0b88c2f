package dev.recado.load.text;

import dev.recado.load.step.Connections;
import io.gatling.core.CoreComponents;
import io.gatling.core.config.GatlingConfiguration;
import io.gatling.core.protocol.Protocol;
import io.gatling.core.protocol.ProtocolKey;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import scala.Function1;

/** How users connect for the text protocol. */
final class TextComponents extends Connections<TextConnection> {

    static final ProtocolKey<TextProtocol, TextComponents> KEY = new Key();

    private final TextProtocol protocol;

    private TextComponents(TextProtocol protocol, CoreComponents core) {
        super(core, protocol.sharedCount(), protocol.timeoutMs(), protocol.ledger(), TextConnection.class);
        this.protocol = protocol;
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
    protected Future<TextConnection> connectShared(EventLoop loop) {
        return connect(loop);
    }

    /** A new connection on that event loop, once the broker has said hello. */
    Future<TextConnection> connect(EventLoop loop) {
        Promise<TextConnection> connected = loop.newPromise();
        ChannelFuture opening = open(
                loop, protocol.address(), channel -> new TextConnection(channel, this::nowMs, protocol.timeoutMs()));
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
}
