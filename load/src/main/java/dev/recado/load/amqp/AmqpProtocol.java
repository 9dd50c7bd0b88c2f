package dev.recado.load.amqp;

import dev.recado.load.run.Ledger;
import io.gatling.core.protocol.Protocol;
import io.gatling.javaapi.core.ProtocolBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Supplier;

/** How the users of a simulation reach a broker, as guest. Immutable; each method answers a changed copy. */
public final class AmqpProtocol implements Protocol, ProtocolBuilder {

    /** Connections that users may share. */
    public static final int SHARED_MAX = 1_000;

    private final Supplier<InetSocketAddress> broker;
    private final Duration timeout;
    private final int sharedCount;
    private final Ledger ledger;

    private AmqpProtocol(Supplier<InetSocketAddress> broker, Duration timeout, int sharedCount, Ledger ledger) {
        this.broker = broker;
        this.timeout = timeout;
        this.sharedCount = sharedCount;
        this.ledger = ledger;
    }

    static AmqpProtocol withDefaults() {
        return new AmqpProtocol(
                () -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 5672),
                Duration.ofSeconds(10),
                0,
                new Ledger());
    }

    /** The address of the broker, 127.0.0.1:5672 if not said. */
    public AmqpProtocol broker(String host, int port) {
        return broker(() -> new InetSocketAddress(host, port));
    }

    /** An address that is known only once the run begins; asked for with each new connection. */
    public AmqpProtocol broker(Supplier<InetSocketAddress> address) {
        return new AmqpProtocol(address, timeout, sharedCount, ledger);
    }

    /** How long a request may take before it counts as failed, 10 s if not said. */
    public AmqpProtocol timeout(Duration duration) {
        return new AmqpProtocol(broker, duration, sharedCount, ledger);
    }

    /**
     * Users that have not connected themselves send through so many connections, each of which carries the messages of
     * many users. So a rate of users is a rate of messages, and not one of connections.
     *
     * @param count 1 to {@value #SHARED_MAX}
     */
    public AmqpProtocol shareConnections(int count) {
        if (count < 1 || count > SHARED_MAX) {
            throw new IllegalArgumentException("connections to share: count=" + count + " max=" + SHARED_MAX);
        }
        return new AmqpProtocol(broker, timeout, count, ledger);
    }

    /** Where the messages of the run are kept account of. */
    public AmqpProtocol ledger(Ledger account) {
        return new AmqpProtocol(broker, timeout, sharedCount, account);
    }

    @Override
    public Protocol protocol() {
        return this;
    }

    InetSocketAddress address() {
        return broker.get();
    }

    long timeoutMs() {
        return timeout.toMillis();
    }

    int sharedCount() {
        return sharedCount;
    }

    Ledger ledger() {
        return ledger;
    }
}
