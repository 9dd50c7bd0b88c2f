package dev.recado.apps.coffee.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.apps.coffee.wire.GatewayCodec;
import dev.recado.apps.coffee.wire.GatewayFrame.Fetched;
import dev.recado.apps.coffee.wire.GatewayFrame.Hello;
import dev.recado.apps.coffee.wire.GatewayFrame.Progress;
import dev.recado.apps.coffee.wire.GatewayFrame.ResultSlice;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OpenLinksTest {

    /** Its session could have been nobody else's for ever. */
    @Test
    void shouldCloseOneThatTakesNothing() throws Exception {
        // Given
        OpenLinks links = new OpenLinks();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
                ClientLink link = new ClientLink(server.accept(), 1_000)) {
            links.add(link);
            assertThat(silent.isConnected()).isTrue();
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> fill(link));

            // When
            while (!writing.isDone()) {
                links.closeStalled(50);
                Thread.onSpinWait();
            }

            // Then
            assertThatThrownBy(() -> writing.get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void shouldKeepOneThatWaitsForItsClient() throws Exception {
        // Given
        OpenLinks links = new OpenLinks();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ClientLink client =
                        new ClientLink(new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort()), 1_000);
                ClientLink link = new ClientLink(server.accept(), 1_000)) {
            links.add(link);
            link.send(new ResultSlice(new byte[] {1}));

            // When
            links.closeStalled(1);

            // Then
            link.send(new ResultSlice(new byte[] {2}));
            assertThat(client.receive()).isNotEmpty();
        }
    }

    /** A few of them would have kept everybody out. */
    @Test
    void shouldCloseThoseThatDoNotSayWhoTheyAre() throws Exception {
        // Given
        OpenLinks links = new OpenLinks();
        try (ServerSocket server = new ServerSocket(0, 4, InetAddress.getLoopbackAddress());
                Socket talker = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
                ClientLink greeted = new ClientLink(server.accept(), 60_000);
                Socket oldest = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
                ClientLink first = new ClientLink(server.accept(), 60_000);
                Socket other = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
                ClientLink second = new ClientLink(server.accept(), 60_000)) {
            List.of(greeted, first, second).forEach(links::add);
            talker.getOutputStream().write(GatewayCodec.encode(new Hello(new UUID(1, 2), false)));
            greeted.receiveHello();

            // When / Then
            links.closeMostSilent();
            assertThat(oldest.getInputStream().read()).isEqualTo(-1);
            second.send(new Progress(1));
            links.closeSilent(0);
            assertThat(other.getInputStream().readAllBytes()).hasSize(6);
            greeted.send(new Progress(1));
            assertThat(talker.getInputStream().read()).isZero();
        }
    }

    /** It could have been made to hold the longest frame of everybody who connects. */
    @Test
    void shouldTakeNothingLongerThanAHelloAtFirst() throws Exception {
        // Given
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket peer = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
                ClientLink link = new ClientLink(server.accept(), 60_000)) {
            // When
            peer.getOutputStream().write(new byte[] {0, 0, 0, 20, 2});

            // Then
            assertThatThrownBy(link::receiveHello).isInstanceOf(MalformedFrameException.class);
        }
    }

    @Test
    void shouldKeepWhatComesWithAHello() throws Exception {
        // Given
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ClientLink peer =
                        new ClientLink(new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort()), 1_000);
                ClientLink link = new ClientLink(server.accept(), 60_000)) {
            Hello hello = new Hello(new UUID(1, 2), false);

            // When
            peer.send(hello);
            peer.send(new Fetched());

            // Then
            assertThat(link.receiveHello()).isEqualTo(hello);
            assertThat(link.receive()).containsExactly(new Fetched());
        }
    }

    private static void fill(ClientLink link) {
        ResultSlice slice = new ResultSlice(new byte[1 << 16]);
        try {
            while (true) {
                link.send(slice);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
