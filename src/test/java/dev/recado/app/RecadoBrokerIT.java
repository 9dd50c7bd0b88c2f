package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.client.ClientOptions;
import dev.recado.client.RecadoClient;
import dev.recado.client.SubscribeOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RecadoBrokerIT {

    /** As the page on the Java client shows it. */
    @Test
    void shouldServeATestAndLeaveNothing() throws Exception {
        // Given
        long before = folders();
        try (RecadoBroker broker = RecadoBroker.start();
                RecadoClient client = RecadoClient.connect(ClientOptions.of(broker.address()))) {
            CompletableFuture<String> seen = new CompletableFuture<>();

            // When
            client.subscribe(SubscribeOptions.of("orders", "billing"), delivery -> {
                seen.complete(delivery.text());
                delivery.ack();
            });
            client.publish("orders", "42".getBytes(StandardCharsets.UTF_8)).join();

            // Then
            assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo("42");
            assertThat(broker.port("zmtp-pull")).isPositive();
            assertThatThrownBy(() -> broker.port("http")).isInstanceOf(IllegalArgumentException.class);
            assertThat(folders()).isEqualTo(before + 1);
        }
        assertThat(folders()).isEqualTo(before);
    }

    @Test
    void shouldTakeSettingsAndRefuseWrongOnes() throws IOException {
        // Given
        long before = folders();

        // When
        try (RecadoBroker broker = RecadoBroker.start(Map.of("zmtp.enabled", "false"))) {
            // Then
            assertThatThrownBy(() -> broker.port("zmtp-pull")).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> RecadoBroker.start(Map.of("no.such", "1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no.such");
        assertThat(folders()).isEqualTo(before);
    }

    @Test
    void shouldLeaveNothingOfAStartThatFails() throws IOException {
        // Given
        long before = folders();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            // When / Then
            assertThatThrownBy(() -> RecadoBroker.start(Map.of("text.port", port)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(port);
        }
        assertThat(folders()).isEqualTo(before);
    }

    private static long folders() throws IOException {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> path.getFileName().toString().startsWith("recado-"))
                    .filter(path -> Files.exists(path.resolve("journal")))
                    .count();
        }
    }
}
