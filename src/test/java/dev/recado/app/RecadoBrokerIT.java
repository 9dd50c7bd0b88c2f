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
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
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
    void shouldHandOutByPriority() throws Exception {
        try (RecadoBroker broker = RecadoBroker.start();
                RecadoClient client = RecadoClient.connect(ClientOptions.of(broker.address()))) {
            // Given
            client.admin()
                    .createTopic("jobs", Map.of("kind", "queue", "priorities", "9"))
                    .join();
            for (int priority : new int[] {0, 5, 200, 9, 5}) {
                client.publish(
                                "jobs",
                                "k",
                                Map.of(),
                                priority,
                                String.valueOf(priority).getBytes(StandardCharsets.UTF_8))
                        .join();
            }
            // When
            BlockingQueue<String> seen = new LinkedBlockingQueue<>();
            client.subscribe(SubscribeOptions.of("jobs", "queue").withCredit(1), delivery -> {
                seen.add(delivery.text());
                delivery.ack();
            });
            // Then
            for (String priority : List.of("200", "9", "5", "5", "0")) {
                assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(priority);
            }
            assertThatThrownBy(() -> client.publish("jobs", "", Map.of(), 256, new byte[1]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
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

    @Test
    void shouldTellEachPortThatIsTakenAtOnceAndWhatToDo() throws IOException {
        // Given
        try (RecadoBroker first = RecadoBroker.start()) {
            Map<String, String> same = Map.of(
                    "text.port", Integer.toString(first.port("text")),
                    "zmtp.pull.port", Integer.toString(first.port("zmtp-pull")),
                    "zmtp.xsub.port", Integer.toString(first.port("zmtp-xsub")));

            // When / Then
            assertThatThrownBy(() -> RecadoBroker.start(same))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll(
                            "127.0.0.1:" + first.port("text") + " (",
                            "; choose another port with --set text.port=0\n",
                            "127.0.0.1:" + first.port("zmtp-pull") + " (",
                            "127.0.0.1:" + first.port("zmtp-xsub") + " (",
                            "another Recado may be running there; --free-ports lets every listener pick a free port;"
                                    + " --set zmtp.enabled=false binds none of that family");
        }
    }

    private static long folders() throws IOException {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> path.getFileName().toString().startsWith("recado-"))
                    .filter(path -> Files.exists(path.resolve("journal")))
                    .count();
        }
    }
}
