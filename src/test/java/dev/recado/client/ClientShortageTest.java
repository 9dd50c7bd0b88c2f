package dev.recado.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client hears while its broker lacks disk or memory, and what becomes of its publishes. */
@Timeout(30)
class ClientShortageTest {

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final ClientListener listener = new ClientListener() {
        @Override
        public void onBlocked(String reason) {
            heard.add(reason);
        }

        @Override
        public void onUnblocked() {
            heard.add("over");
        }
    };
    private FakeTextServer server;

    @BeforeEach
    void start() throws IOException {
        server = FakeTextServer.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private ClientOptions options() {
        return ClientOptions.of(server.address()).backOffMs(5, 50);
    }

    @Test
    void shouldTellItsListener() throws IOException {
        // Given
        try (RecadoClient client = RecadoClient.connect(options().listener(listener))) {

            // When
            server.push("BLOCKED:Disk low");
            server.push("BLOCKED:Memory low");
            server.push("UNBLOCKED");
            client.admin().ping().join();

            // Then
            await().untilAsserted(() -> assertThat(heard).containsExactly("Disk low", "Memory low", "over"));
            assertThat(server.commands.get(0)).isEqualTo("HELLO:recado-java:blocked");
        }
    }

    @Test
    void shouldNotAskForItWhereNobodyListens() {
        // When
        RecadoClient.connect(options()).close();

        // Then
        assertThat(server.commands.get(0)).isEqualTo("HELLO:recado-java");
    }

    @Test
    void shouldSendAgainAtOnceWhatWaitedWhenItIsOver() throws IOException {
        // Given what is put off for an hour
        ClientOptions patient = ClientOptions.of(server.address())
                .backOffMs(3_600_000, 3_600_000)
                .retryRefused(true)
                .listener(listener);
        try (RecadoClient client = RecadoClient.connect(patient)) {
            server.refuse("Disk low", 1);
            CompletableFuture<MessageId> stored = client.publish("orders", "a".getBytes(UTF_8));
            await().until(() -> client.unconfirmed().refusal().equals("Disk low"));

            // When
            server.push("UNBLOCKED");

            // Then
            assertThat(stored.join().offset()).isZero();
        }
    }
}
