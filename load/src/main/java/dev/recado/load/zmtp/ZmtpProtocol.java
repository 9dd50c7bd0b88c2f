package dev.recado.load.zmtp;

import dev.recado.load.run.Ledger;
import io.gatling.core.protocol.Protocol;
import io.gatling.javaapi.core.ProtocolBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * How the users of a simulation reach what stands between their sockets: a frontend for those who give work, a backend
 * for those who take it. Immutable; each method answers a changed copy.
 */
public final class ZmtpProtocol implements Protocol, ProtocolBuilder {

    /** Connections that users may share. */
    public static final int SHARED_MAX = 1_000;

    private final Supplier<InetSocketAddress> frontend;
    private final Supplier<InetSocketAddress> backend;
    private final Duration timeout;
    private final int sharedCount;
    private final Ledger ledger;

    private ZmtpProtocol(
            Supplier<InetSocketAddress> frontend,
            Supplier<InetSocketAddress> backend,
            Duration timeout,
            int sharedCount,
            Ledger ledger) {
        this.frontend = frontend;
        this.backend = backend;
        this.timeout = timeout;
        this.sharedCount = sharedCount;
        this.ledger = ledger;
    }

    /** A pipeline on this machine, at the ports that it has by default. */
    static ZmtpProtocol withDefaults() {
        return new ZmtpProtocol(
                () -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 5559),
                () -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 5560),
                Duration.ofSeconds(10),
                0,
                new Ledger());
    }

    /** Addresses that are known only once the run begins; asked for with each new connection. */
    public ZmtpProtocol between(Supplier<InetSocketAddress> front, Supplier<InetSocketAddress> back) {
        return new ZmtpProtocol(front, back, timeout, sharedCount, ledger);
    }

    /** How long a request may take before it counts as failed, 10 s if not said. */
    public ZmtpProtocol timeout(Duration duration) {
        return new ZmtpProtocol(frontend, backend, duration, sharedCount, ledger);
    }

    /**
     * Users that have not connected themselves push through so many sockets, each of which carries the messages of many
     * users. So a rate of users is a rate of messages, and not one of connections.
     *
     * @param count 1 to {@value #SHARED_MAX}
     */
    public ZmtpProtocol sharePushSockets(int count) {
        if (count < 1 || count > SHARED_MAX) {
            throw new IllegalArgumentException("sockets to share: count=" + count + " max=" + SHARED_MAX);
        }
        return new ZmtpProtocol(frontend, backend, timeout, count, ledger);
    }

    /** Where the messages of the run are kept account of. */
    public ZmtpProtocol ledger(Ledger account) {
        return new ZmtpProtocol(frontend, backend, timeout, sharedCount, account);
    }

    @Override
    public Protocol protocol() {
        return this;
    }

    InetSocketAddress address(SocketType type) {
        return (type.isFrontend() ? frontend : backend).get();
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
