package dev.recado.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recado.base.ErrorCode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A reader of a log by itself: what it asks for, and where it goes on. */
@Timeout(30)
class ReaderAloneTest {

    private final List<Delivery> held = new CopyOnWriteArrayList<>();
    private FakeTextServer server;
    private RecadoClient client;

    @BeforeEach
    void start() throws IOException {
        server = FakeTextServer.start();
        client = RecadoClient.connect(ClientOptions.of(server.address()).backOffMs(5, 50));
        for (String text : new String[] {"a", "b", "c", "d"}) {
            server.put("events", text.getBytes(UTF_8));
        }
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    /** What it asks for at first, and after the loss of its connection. */
    private List<String> asksAgain() {
        server.cutAll();
        await().until(() -> server.commands("SUB").size() == 2);
        return server.commands("SUB");
    }

    @Test
    void shouldGoOnAtTheOldestMessageThatItHasNotSettled() {
        // Given
        client.subscribe(SubscribeOptions.alone("events", "@1700000000000").withCredit(4), held::add);
        await().until(() -> held.size() == 4);

        // When
        held.get(0).ack();
        held.get(1).nack(60_000);
        held.get(2).ackDurably().join();

        // Then
        assertThat(asksAgain())
                .containsExactly("SUB:events::4:@1700000000000:time&alone", "SUB:events::4:1:time&alone");
    }

    @Test
    void shouldGoOnBehindTheLastWhereAllIsSettled() {
        // Given
        client.subscribe(SubscribeOptions.alone("events", "first").withCredit(4), held::add);
        await().until(() -> held.size() == 4);

        // When
        held.forEach(Delivery::ack);

        // Then
        assertThat(asksAgain()).last().isEqualTo("SUB:events::4:4:time&alone");
    }

    @Test
    void shouldGoOnBehindWhatItsHandlerHasHadWithoutCredit() {
        // Given
        client.subscribe(SubscribeOptions.alone("events", "first").withCredit(0), held::add);

        // When
        await().until(() -> held.size() == 4);

        // Then
        assertThat(asksAgain()).last().isEqualTo("SUB:events::auto:4:time&alone");
    }

    @Test
    void shouldBeginAgainWhereItHasHadNothing() {
        // Given
        client.subscribe(SubscribeOptions.alone("quiet", "next"), held::add);

        // When / Then
        assertThat(asksAgain()).containsOnly("SUB:quiet::256:next:time&alone");
    }

    @Test
    void shouldNotBecomeAMemberOnABrokerThatKnowsNoReaders() {
        // Given
        server.optionless = true;
        SubscribeOptions wanted = SubscribeOptions.alone("events", "first");

        // When / Then
        assertThatThrownBy(() -> client.subscribe(wanted, held::add))
                .isInstanceOfSatisfying(
                        RecadoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        assertThat(held).isEmpty();
    }

    @Test
    void shouldTakeNothingThatNeedsAGroup() {
        // Given
        SubscribeOptions alone = SubscribeOptions.alone("events", "first");

        // When / Then
        assertThatThrownBy(() -> alone.withPriority(1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> alone.withExclusive(true)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> alone.withDeliveriesMax(1)).isInstanceOf(IllegalArgumentException.class);
    }
}
