package dev.recado.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import io.vertx.core.Vertx;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.core.transport.Transport;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Asks the kernel of this machine about sockets of its own. */
@Timeout(30)
class TcpFiguresTest {

    /** What the channel's own loop was told, and what Netty's reading of the same struct says, where it has one. */
    private record Told(TcpFigures figures, EpollTcpInfo netty) {}

    private static Told ask(Transport transport, boolean closed) throws Exception {
        assumeThat(transport.available()).isTrue();
        Vertx vertx = Vertx.builder().withTransport(transport).build();
        try {
            CompletableFuture<NetSocket> accepted = new CompletableFuture<>();
            int port = vertx.createNetServer()
                    .connectHandler(accepted::complete)
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS)
                    .actualPort();
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
                NetSocketInternal socket = (NetSocketInternal) accepted.get(10, TimeUnit.SECONDS);
                client.getOutputStream().write('x');
                Channel channel = socket.channelHandlerContext().channel();
                if (closed) {
                    channel.close().get(10, TimeUnit.SECONDS);
                }
                return channel.eventLoop()
                        .submit(() -> new Told(
                                TcpFigures.of(channel),
                                !closed && channel instanceof EpollSocketChannel epoll ? epoll.tcpInfo() : null))
                        .get(10, TimeUnit.SECONDS);
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void shouldReadTheStructAsNettyDoes() throws Exception {
        // When
        Told told = ask(Transport.EPOLL, false);

        // Then
        assertThat(told.figures().ackedAgoMs()).isBetween(0L, told.netty().lastAckRecv());
        assertThat(told.figures())
                .isEqualTo(new TcpFigures(
                        told.figures().ackedAgoMs(),
                        told.netty().unacked(),
                        told.netty().backoff(),
                        told.netty().probes(),
                        told.netty().totalRetrans()));
    }

    @Test
    void shouldTellOfSocketsOfIoUringToo() throws Exception {
        TcpFigures figures = ask(Transport.IO_URING, false).figures();
        assertThat(figures.tookAll()).isTrue();
        assertThat(figures.ackedAgoMs()).isBetween(0L, 30_000L);
    }

    @Test
    void shouldTellNothingWhereTheSocketIsClosed() throws Exception {
        assertThat(ask(Transport.EPOLL, true).figures()).isNull();
        assertThat(ask(Transport.IO_URING, true).figures()).isNull();
    }

    @Test
    void shouldTellNothingWhereTheSystemDoesNot() throws Exception {
        assertThat(ask(Transport.NIO, false).figures()).isNull();
    }
}
