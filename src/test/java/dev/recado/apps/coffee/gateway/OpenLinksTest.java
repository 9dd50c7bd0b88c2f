package dev.recado.apps.coffee.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.apps.coffee.wire.GatewayFrame.ResultSlice;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
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
