package dev.recado.app;

import dev.recado.broker.Figure;
import dev.recado.config.NodeConfig;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Vert.x on what {@code node.io} asks for, or else on the next one that this machine has: io_uring is refused by older
 * kernels, by many containers and where its library cannot be loaded, epoll outside Linux. Vert.x itself would go on
 * with NIO and not tell.
 *
 * @param name {@code io_uring}, {@code epoll} or {@code nio}
 * @param asked the setting
 * @param refusals what was asked for before and is not to be had, each with its reason
 */
record SocketIo(Vertx vertx, String name, String asked, List<String> refusals) {

    /**
     * A property of Netty, read once. Where its io_uring asks once for all that a socket will have to say (seen with
     * 4.2.12 and 4.2.17), a reset right behind the peer's last bytes is not heard of, and the connection stays.
     */
    private static final String POLLS_FOR_GOOD = "io.netty.iouring.pollAddMultishotEnabled";

    /** All that {@code node.io} names, best first; the last one every machine has. */
    private static final List<String> KNOWN = NodeConfig.IO.subList(1, NodeConfig.IO.size());

    /** Vert.x has so many loops besides, which take connections. */
    private static final int ACCEPTORS = 1;

    static SocketIo open(String asked, VertxOptions options) {
        return open(asked, options, SocketIo::named);
    }

    /** Throws where nothing is to be had, for want of files say; then nothing stays open. */
    static SocketIo open(String asked, VertxOptions options, Function<String, @Nullable Transport> transports) {
        List<String> refusals = new ArrayList<>();
        for (String name : candidates(asked)) {
            try {
                Transport transport = usable(transports.apply(name));
                tryOut(transport, options.getEventLoopPoolSize() + ACCEPTORS);
                return new SocketIo(
                        Vertx.builder().with(options).withTransport(transport).build(), name, asked, refusals);
            } catch (IllegalStateException | LinkageError refused) {
                refusals.add(name + ": " + reason(refused));
            }
        }
        throw new IllegalStateException(
                "no way to wait for sockets, are there files left (ulimit -n)? refused=" + refusals);
    }

    /** What is tried for {@code asked}, in that order. */
    private static List<String> candidates(String asked) {
        return KNOWN.subList(Math.max(0, KNOWN.indexOf(asked)), KNOWN.size());
    }

    private static @Nullable Transport named(String name) {
        if (name.equals("io_uring") && System.getProperty(POLLS_FOR_GOOD) == null) {
            System.setProperty(POLLS_FOR_GOOD, "false");
        }
        return switch (name) {
            case "io_uring" -> Transport.IO_URING;
            case "epoll" -> Transport.EPOLL;
            default -> Transport.NIO;
        };
    }

    /** Throws where the machine does not have it. */
    private static Transport usable(@Nullable Transport transport) {
        if (transport == null) {
            throw new IllegalStateException("its classes are missing");
        }
        if (!transport.available()) {
            throw new IllegalStateException(transport.unavailabilityCause());
        }
        return transport;
    }

    /**
     * Opens what so many loops wait with, a ring each say, and closes it. Vert.x leaves open what it has by then where
     * one of them fails, for want of files or of memory that may be locked.
     */
    private static void tryOut(Transport transport, int loops) {
        new MultiThreadIoEventLoopGroup(loops, transport.implementation().ioHandlerFactory())
                .shutdownGracefully(0, 0, TimeUnit.SECONDS)
                .syncUninterruptibly();
    }

    /** The innermost cause says what the system answered. */
    private static String reason(Throwable refused) {
        Throwable innermost = refused;
        for (Throwable cause = refused.getCause(); cause != null; cause = cause.getCause()) {
            innermost = cause;
        }
        @Nullable String message = innermost.getMessage();
        return message == null ? innermost.toString() : message;
    }

    /** Warns where io_uring, which only a setting asks for by its name, is not to be had; else it is only noted. */
    void tell(Logger log) {
        if (refusals.isEmpty()) {
            return;
        }
        if (asked.equals("io_uring")) {
            log.warn("node.io={} is not to be had here, sockets by {} refused={}", asked, name, refusals);
        } else {
            log.info("sockets by {} refused={}", name, refusals);
        }
    }

    /** Event loops by what they wait with: one of these is not 0. */
    static List<Figure> figures(String name, int eventLoops) {
        return KNOWN.stream()
                .map(known -> Figure.gauge(
                        "loops_" + known, "event loops that use " + known, known.equals(name) ? eventLoops : 0))
                .toList();
    }
}
