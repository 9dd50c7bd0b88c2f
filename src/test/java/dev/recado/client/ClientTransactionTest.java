package dev.recado.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recado.base.ErrorCode;
import dev.recado.client.RecadoException.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What of a transaction is decided in the client; {@link ClientTransactionIT} has a broker that knows them. */
@Timeout(30)
class ClientTransactionTest {

    private static final byte[] HI = "hi".getBytes(UTF_8);

    private FakeTextServer server;
    private RecadoClient client;

    @BeforeEach
    void start() throws IOException {
        server = FakeTextServer.start();
        client = RecadoClient.connect(ClientOptions.of(server.address()).backOffMs(5, 50));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    private Delivery hold() {
        List<Delivery> held = new CopyOnWriteArrayList<>();
        server.put("orders", HI);
        client.subscribe("orders", "billing", held::add);
        await().until(() -> held.size() == 1);
        return held.get(0);
    }

    @Test
    void shouldDoNothingOnABrokerThatKnowsNoTransactions() {
        // Given a broker of 0.1.0, which would do the commands one by one
        Delivery delivery = hold();

        // When
        CompletableFuture<Void> committed =
                client.begin().publish("bills", HI).ack(delivery).commit();

        // Then
        assertThatThrownBy(committed::join).hasMessageContaining("Unknown command: BEGIN");
        client.admin().ping().join();
        assertThat(server.payloads("bills")).isEmpty();
        assertThat(server.ackedCount("orders", "billing")).isZero();
        assertThat(delivery.ack()).isTrue();
    }

    @Test
    void shouldFailWhereTheConnectionOfADeliveryIsGone() {
        // Given
        Delivery delivery = hold();
        ClientTransaction transaction = client.begin().publish("bills", HI).ack(delivery);

        // When
        server.cutAll();
        await().until(() -> server.commands("SUB").size() == 2);

        // Then
        assertThatThrownBy(() -> transaction.commit().join())
                .hasCauseInstanceOf(RecadoException.class)
                .extracting(e -> RecadoClient.unwrap(e).kind())
                .isEqualTo(Kind.CONNECTION_LOST);
        assertThat(server.commands("BEGIN")).isEmpty();
    }

    @Test
    void shouldHoldNoMoreThanItsBounds() {
        // Given
        ClientTransaction large = client.begin().publish("bills", new byte[ClientTransaction.BYTES_MAX + 1]);
        ClientTransaction many = client.begin();
        for (int i = 0; i < ClientTransaction.ACTIONS_MAX; i++) {
            many.publish("b", Delivery.NOTHING);
        }

        // When / Then
        for (ClientTransaction full : List.of(large, many)) {
            assertThatThrownBy(() -> full.publish("bills", HI))
                    .isInstanceOfSatisfying(
                            RecadoException.class, e -> assertThat(e.kind()).isEqualTo(Kind.FULL));
        }
    }

    @Test
    void shouldRefuseALineThatWouldEndTheConnection() {
        // Given
        ClientTransaction transaction = client.begin();
        Map<String, String> headers = Map.of("h", "x".repeat(70_000));

        // When / Then
        assertThatThrownBy(() -> transaction.publish("bills", "", headers, HI))
                .isInstanceOfSatisfying(
                        RecadoException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
    }

    @Test
    void shouldSettleOnlyWhatTheClientHolds() {
        // Given
        server.put("news", HI);
        List<Delivery> automatic = new CopyOnWriteArrayList<>();
        client.subscribe(SubscribeOptions.of("news", "g").withCredit(0), automatic::add);
        await().until(() -> automatic.size() == 1);
        ClientTransaction transaction = client.begin();

        // When / Then
        assertThatThrownBy(() -> transaction.ack(automatic.get(0))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldEndOnce() {
        // Given
        Delivery delivery = hold();
        ClientTransaction transaction = client.begin().publish("bills", HI).ack(delivery);

        // When
        transaction.rollback();

        // Then
        assertThatThrownBy(transaction::commit).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> transaction.publish("bills", HI)).isInstanceOf(IllegalStateException.class);
        assertThat(delivery.ack()).isTrue();
        client.admin().ping().join();
        assertThat(server.commands("BEGIN")).isEmpty();
    }

    @Test
    void shouldSayWhatEachPublishWantsOfTheDisk() {
        // Given
        MessageOptions wanted = MessageOptions.NONE.withNosync(true);

        // When / Then
        assertThat(wanted.words()).isEqualTo("nosync");
        assertThat(wanted.withPriority(7).words()).isEqualTo("priority=7&nosync");
        assertThat(MessageOptions.NONE.words()).isEmpty();
        assertThatThrownBy(() -> wanted.withPriority(256)).isInstanceOf(IllegalArgumentException.class);
        assertThat(RecadoException.answered(Kind.REFUSED, "Limit reached", null).code())
                .isEqualTo(ErrorCode.LIMIT_REACHED);
    }
}
