package dev.recado.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.client.RecadoException.Kind;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which broker a client speaks to, and what it does while there is none. */
@Timeout(30)
class ClientConnectionTest {

    private FakeTextServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = FakeTextServer.start();
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }

    private ClientOptions options() {
        return ClientOptions.of(server.address()).backOffMs(5, 50);
    }

    @Test
    void shouldSayWhichBrokersItCannotReach() throws IOException {
        // Given
        server.down();

        // When
        ClientOptions options = options();

        // Then
        assertThatThrownBy(() -> RecadoClient.connect(options))
                .isInstanceOfSatisfying(
                        RecadoException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE))
                .hasMessageContaining(server.address());
    }

    @Test
    void shouldTakeTheNextBrokerOfTheList() throws IOException {
        // Given
        try (FakeTextServer other = FakeTextServer.start()) {
            server.down();

            // When
            try (RecadoClient client =
                    RecadoClient.connect(ClientOptions.of(server.address() + "," + other.address()))) {

                // Then
                assertThat(client.publish("orders", new byte[0]).join().offset())
                        .isZero();
            }
        }
    }

    @Test
    void shouldRefuseAWrongLogin() {
        // Given
        ClientOptions options = options().login("eva", "bad");

        // When / Then
        assertThatThrownBy(() -> RecadoClient.connect(options)).hasMessageContaining("Not authenticated");
        RecadoClient.connect(options().login("eva", "good")).close();
    }

    @Test
    void shouldWorkInItsNamespaceAlsoOnceItIsBack() throws IOException {
        // Given
        ClientOptions options = options().namespace("a:b").producerId("p");
        try (RecadoClient client = RecadoClient.connect(options)) {
            client.publish("orders", new byte[0]).join();

            // When
            server.cutAll();
            client.publish("orders", new byte[0]).join();
        }

        // Then
        assertThat(server.commands.stream().filter(line -> line.startsWith("NAMESPACE")))
                .containsExactly("NAMESPACE:USE:a%3Ab", "NAMESPACE:USE:a%3Ab");
        assertThat(server.commands.stream().limit(3))
                .containsExactly("HELLO:recado-java", "NAMESPACE:USE:a%3Ab", "PRODUCER:p:0");
    }

    @Test
    void shouldRefuseANamespaceThatIsNotThere() {
        // Given
        ClientOptions options = options().namespace("nowhere");

        // When / Then
        assertThatThrownBy(() -> RecadoClient.connect(options)).hasMessageContaining("namespace=nowhere");
        RecadoClient.connect(options().namespace("/")).close();
        assertThat(server.heard("NAMESPACE:USE:/")).isFalse();
    }

    @Test
    void shouldSurviveABrokerThatIsDownForAWhile() throws IOException {
        // Given
        CompletableFuture<String> lost = new CompletableFuture<>();
        ClientListener listener = new ClientListener() {
            @Override
            public void onLost(String why) {
                lost.complete(why);
            }
        };
        try (RecadoClient client = RecadoClient.connect(options().listener(listener))) {
            client.publish("orders", "before".getBytes(UTF_8)).join();
            server.down();
            lost.join();
            CompletableFuture<MessageId> meanwhile = client.publish("orders", "meanwhile".getBytes(UTF_8));
            CompletableFuture<Long> ping = client.admin().ping();

            // When
            server.up();

            // Then
            assertThat(meanwhile.join().offset()).isEqualTo(1);
            assertThat(ping.join()).isPositive();
            assertThat(server.payloads("orders")).containsExactly("before", "meanwhile");
        }
    }

    @Test
    void shouldGiveUpAfterTooManyFailures() throws IOException {
        // Given
        try (RecadoClient client = RecadoClient.connect(options().failuresMax(3).closeTimeoutMs(100))) {
            client.publish("orders", new byte[0]).join();
            server.down();

            // When
            CompletableFuture<MessageId> publish = client.publish("orders", new byte[0]);

            // Then
            assertThatThrownBy(publish::join).hasMessageContaining(server.address());
            assertThatThrownBy(() -> client.publish("orders", new byte[0])).isInstanceOf(RecadoException.class);
        }
    }
}
