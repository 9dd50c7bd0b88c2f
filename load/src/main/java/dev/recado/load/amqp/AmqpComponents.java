package dev.recado.load.amqp;

import com.rabbitmq.client.ConnectionFactory;
import dev.recado.load.step.Connections;
import io.gatling.core.CoreComponents;
import io.gatling.core.config.GatlingConfiguration;
import io.gatling.core.protocol.Protocol;
import io.gatling.core.protocol.ProtocolKey;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import scala.Function1;

/** How users connect for AMQP. A connection that is lost is not made again behind the simulation's back. */
final class AmqpComponents extends Connections<AmqpConnection> {

    static final ProtocolKey<AmqpProtocol, AmqpComponents> KEY = new Key();

    private final AmqpProtocol protocol;

    private AmqpComponents(AmqpProtocol protocol, CoreComponents core) {
        super(core, protocol.sharedCount(), protocol.timeoutMs(), protocol.ledger(), AmqpConnection.class);
        this.protocol = protocol;
    }

    private static final class Key implements ProtocolKey<AmqpProtocol, AmqpComponents> {
        @Override
        @SuppressWarnings({"unchecked", "rawtypes"}) // The signature that Scala's covariance gives it.
        public Class<Protocol> protocolClass() {
            return (Class) AmqpProtocol.class;
        }

        @Override
        public AmqpProtocol defaultProtocolValue(GatlingConfiguration configuration) {
            return AmqpProtocol.withDefaults();
        }

        @Override
        public Function1<AmqpProtocol, AmqpComponents> newComponents(CoreComponents core) {
            return protocol -> new AmqpComponents(protocol, core);
        }
    }

    @Override
    protected Future<AmqpConnection> connectShared(EventLoop loop) {
        return connect(loop);
    }

    /** A new connection and its channel, which confirms. */
    Future<AmqpConnection> connect(EventLoop loop) {
        InetSocketAddress address = protocol.address();
        int timeoutMs = Math.toIntExact(protocol.timeoutMs());
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(address.getHostString());
        factory.setPort(address.getPort());
        factory.setConnectionTimeout(timeoutMs);
        factory.setChannelRpcTimeout(timeoutMs);
        factory.setAutomaticRecoveryEnabled(false);
        return AmqpConnection.open(factory::newConnection, loop, this::nowMs, timeoutMs);
    }
}
