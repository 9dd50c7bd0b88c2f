package dev.recado.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recado.base.ErrorCode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a member of a group asks for beside its messages: to have no more, to go first, to be alone. */
@Timeout(30)
class MembersTest {

    private final List<Delivery> held = new CopyOnWriteArrayList<>();
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

    private void put(String text) {
        server.put("orders", text.getBytes(UTF_8));
    }

    private Subscription holdOne() {
        put("a");
        Subscription subscription = client.subscribe("orders", "billing", held::add);
        await().until(() -> held.size() == 1);
        return subscription;
    }

    @Test
    void shouldGetNoMoreAndKeepWhatItHoldsOnceItHasCeased() {
        // Given
        Subscription subscription = holdOne();

        // When
        subscription.cease().join();
        put("b");

        // Then
        held.get(0).ackDurably().join();
        assertThat(server.ackedCount("orders", "billing")).isEqualTo(1);
        assertThat(held).extracting(Delivery::text).containsExactly("a");
        assertThat(subscription.ended()).isNotDone();
        subscription.cease().join();
        assertThat(server.commands("CEASE")).containsExactly("CEASE:1");
        subscription.close();
        await().until(() -> server.heard("UNSUB:1"));
    }

    @Test
    void shouldNotSubscribeAgainOnceItHasCeased() {
        // Given
        Subscription subscription = holdOne();
        subscription.cease().join();

        // When
        server.cutAll();

        // Then
        assertThat(subscription.ended().join()).isEqualTo("ceased");
        client.admin().ping().join();
        assertThat(server.commands("SUB")).hasSize(1);
    }

    @Test
    void shouldGoOnWhereTheBrokerKnowsNoCease() {
        // Given
        server.ceaseless = true;
        Subscription subscription = holdOne();

        // When
        CompletableFuture<Void> ceased = subscription.cease();

        // Then
        assertThatThrownBy(ceased::join).hasMessageContaining("Unknown command: CEASE");
        put("b");
        await().until(() -> held.size() == 2);
        server.cutAll();
        await().until(() -> server.commands("SUB").size() == 2);
    }

    @Test
    void shouldEndAtOnceWithoutAConnection() throws IOException {
        // Given
        Subscription subscription = holdOne();
        server.down();
        await().until(() -> !held.get(0).ack());

        // When
        subscription.cease().join();

        // Then
        assertThat(subscription.ended().join()).isEqualTo("ceased");
        server.up();
        client.admin().ping().join();
        assertThat(server.commands("SUB")).hasSize(1);
    }

    @Test
    void shouldCeaseOnlyWhereSomethingIsHeld() {
        // Given
        Subscription tap = client.subscribe("orders", "*", delivery -> {});
        Subscription automatic =
                client.subscribe(SubscribeOptions.of("orders", "g").withCredit(0), delivery -> {});

        // When / Then
        assertThatThrownBy(tap::cease).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(automatic::cease).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldAskForItsPriorityAndToBeAlone() {
        // Given
        SubscribeOptions wanted = SubscribeOptions.of("orders", "billing");

        // When
        client.subscribe(wanted.withPriority(-5), delivery -> {});
        client.subscribe(wanted.withExclusive(true).withPriority(7).withCredit(3), delivery -> {});
        client.subscribe(wanted.withDeliveriesMax(2).withExclusive(true).withFrom("first"), delivery -> {});

        // Then
        assertThat(server.commands("SUB"))
                .containsExactly(
                        "SUB:orders:billing:256::time&priority=-5",
                        "SUB:orders:billing:3::time&exclusive&priority=7",
                        "SUB:orders:billing:2:first:time&spend&exclusive");
    }

    @Test
    void shouldNotGoWithoutThemOnABrokerThatKnowsNoOptions() {
        // Given
        server.optionless = true;
        SubscribeOptions wanted = SubscribeOptions.of("orders", "billing");
        client.subscribe(wanted, delivery -> {});

        // When / Then
        assertThatThrownBy(() -> client.subscribe(wanted.withPriority(1), delivery -> {}))
                .isInstanceOfSatisfying(
                        RecadoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        assertThatThrownBy(() -> client.subscribe(wanted.withExclusive(true), delivery -> {}))
                .isInstanceOf(RecadoException.class);
    }

    @Test
    void shouldTakeNeitherForATap() {
        // Given
        SubscribeOptions tap = SubscribeOptions.of("orders", "*");

        // When / Then
        assertThatThrownBy(() -> tap.withPriority(1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tap.withExclusive(true)).isInstanceOf(IllegalArgumentException.class);
    }
}
