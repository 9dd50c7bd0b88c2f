package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.security.Grant;
import dev.recado.security.Identity;
import dev.recado.security.Operation;
import dev.recado.security.Rights;
import dev.recado.transport.FakeGroup;
import dev.recado.transport.Wire;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a transcript alone cannot show: order against outcomes, slow readers, deadlines, limits. */
class TextSessionTest {

    private final Stage stage = new Stage();

    private void createTopic() {
        stage.play("""
                > TOPIC:CREATE:t
                < OK:TOPIC:CREATE:t
                """);
    }

    @Test
    void shouldAnswerInTheOrderOfCommandsWhateverTheOrderOfOutcomes() {
        // Given
        createTopic();
        stage.broker.holdConfirms = true;
        stage.play("""
                > PUB:t:1
                > a
                > PING
                > PUB:t:1
                > b
                > PUB:t:1
                > c
                """);

        // When
        stage.link(0).confirm(2);
        stage.link(0).refuse(1, Refusal.of(ErrorCode.UNKNOWN_OUTCOME, "leadership lost"));
        stage.play("");
        stage.link(0).confirm(0);

        // Then
        stage.play("""
                < OK:MSG_ID:1
                < PONG
                < ERROR:Unknown outcome
                < OK:MSG_ID:0
                """);
    }

    @Test
    void shouldHoldManyAnswersInOrder() {
        // Given
        createTopic();
        stage.broker.holdConfirms = true;
        int count = 5_000;
        StringBuilder publishes = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < count; i++) {
            publishes.append("PUB:t:1\nx\n");
            expected.append("OK:MSG_ID:").append(count - 1 - i).append('\n');
        }
        stage.send("A", publishes.toString());

        // When
        for (int i = count - 1; i >= 0; i--) {
            stage.link(0).confirm(i);
        }
        stage.broker.turn();

        // Then
        assertThat(stage.wire("A").rest()).isEqualTo(expected.toString());
    }

    @Test
    void shouldParseNothingBehindAControlCommandUntilItIsAnswered() {
        // Given
        stage.send("A", "SUB:t:g\nPING\nPUB:t:2\nhi\n");

        // When
        boolean readingMeanwhile = stage.wire("A").reading;
        stage.broker.turn();

        // Then
        assertThat(readingMeanwhile).isFalse();
        assertThat(stage.wire("A").reading).isTrue();
        assertThat(stage.wire("A").rest()).isEqualTo("OK:SUB:1\nPONG\nOK:MSG_ID:0\nMSG:1:0:1:2\nhi\n");
    }

    @Test
    void shouldKeepWhatIsDeliveredBeforeTheJoinIsComplete() {
        // Given
        stage.play("""
                > PUB:t:2
                > hi
                < OK:MSG_ID:0
                """);

        // When: the fake delivers to the member at once, and completes the join afterwards
        stage.send("A", "SUB:t:g:10:first\n");
        group("t", "g").deliver();

        // Then
        stage.play("""
                < OK:SUB:1
                < MSG:1:0:1:2
                < hi
                """);
    }

    @Test
    void shouldAcknowledgeAutomaticallyOnceTheSocketTookIt() {
        // Given
        stage.play("""
                > SUB:t:g:auto
                < OK:SUB:1
                """);
        stage.wire("A").slow = true;
        stage.send("B", "PUB:t:2\nhi\nPUB:t:2\nho\n");
        stage.broker.turn();
        FakeGroup group = group("t", "g");

        // When
        int settledBefore = group.settled.size();
        stage.wire("A").take();

        // Then
        assertThat(settledBefore).isZero();
        assertThat(group.settled).containsExactly("ack 0", "ack 1");
    }

    @Test
    void shouldAcknowledgeAGetOnceTheSocketTookIt() {
        // Given
        stage.play("""
                > SEND:one
                < OK:MSG_ID:0
                > REGISTER:CONSUMER:me
                < OK:CONSUMER:me
                < NOTIFY:MESSAGES_AVAILABLE:1
                """);
        stage.wire("A").slow = true;
        stage.send("A", "GET\n");
        stage.broker.turn();
        FakeGroup group = group("default", "me");

        // When
        int settledBefore = group.settled.size();
        stage.wire("A").take();

        // Then
        assertThat(settledBefore).isZero();
        assertThat(group.settled).containsExactly("ack 0");
    }

    @Test
    void shouldEncodeForASlowReaderInSlicesAsTheSocketDrains() {
        // Given
        String payload = "x".repeat(10_000);
        stage.play("""
                > SUB:t:g:1000
                < OK:SUB:1
                """);
        FakeWire wire = stage.wire("A");
        wire.slow = true;
        for (int i = 0; i < 90; i++) {
            stage.send("B", "PUB:t:10000\n" + payload + "\n");
        }
        stage.broker.turn();
        int first = wire.received.size();

        // When
        int writes = 1;
        while (wire.full) {
            wire.take();
            stage.broker.turn();
            writes++;
        }

        // Then
        assertThat(first).isLessThan(Wire.SLICE_BYTES + 11_000);
        assertThat(wire.largestWrite).isLessThan(Wire.SLICE_BYTES + 11_000);
        assertThat(writes).isGreaterThan(3);
        assertThat(wire.rest())
                .hasSize(9
                        + 90 * (10_000 + 1)
                        + 10 * "MSG:1:0:1:10000\n".length()
                        + 80 * "MSG:1:10:1:10000\n".length()
                        - 9);
    }

    @Test
    void shouldStopReadingFromAClientThatDoesNotReadItsAnswers() {
        // Given
        FakeWire wire = stage.wire("A");
        wire.full = true;
        String pings = "PING\n".repeat(1_000);

        // When
        int sent = 0;
        while (wire.reading && sent < 100_000) {
            stage.send("A", pings);
            stage.broker.turn();
            sent += 1_000;
        }
        int stopped = sent;
        wire.take();
        stage.broker.turn();

        // Then
        assertThat(stopped).isLessThan(20_000);
        assertThat(wire.reading).isTrue();
        assertThat(wire.rest()).hasSize(stopped * 5);
    }

    @Test
    void shouldStopReadingUnderBackPressure() {
        // Given
        FakeWire wire = stage.wire("A");

        // When
        wire.session().onBackPressure(true);
        boolean paused = !wire.reading;
        stage.send("A", "PING\n");
        stage.broker.turn();
        String meanwhile = wire.rest();
        wire.session().onBackPressure(false);
        stage.broker.turn();

        // Then
        assertThat(paused).isTrue();
        assertThat(meanwhile).isEmpty();
        assertThat(wire.rest()).isEqualTo("PONG\n");
        assertThat(wire.reading).isTrue();
    }

    @Test
    void shouldRefuseAParkedPublishForAGetBehindIt() {
        // Given
        stage.play("""
                > REGISTER:CONSUMER:me
                < OK:CONSUMER:me
                """);
        stage.broker.holdConfirms = true;
        stage.send("A", "SEND:x\n");
        stage.link(0).parked = true;

        // When
        stage.send("A", "GET\n");

        // Then
        stage.play("""
                < ERROR:Topic full
                < ERROR:No messages available
                """);
    }

    @Test
    void shouldCloseSilentClassicSessionsOnly() {
        // Given
        stage.play("""
                > REGISTER:PRODUCER
                < OK:PRODUCER
                B> PING
                B< PONG
                """);
        stage.tick(59_000);
        stage.send("A", "HEARTBEAT:1\n");
        stage.tick(59_999);
        boolean early = stage.wire("A").closed;

        // When
        stage.tick(1);

        // Then
        assertThat(early).isFalse();
        stage.play("""
                < ERROR:Idle: silent for 60000 ms
                ! closed
                """);
        assertThat(stage.wire("B").closed).isFalse();
        assertThat(stage.link(0).closed).isTrue();
    }

    @Test
    void shouldTakeMemoryFromSlowSenders() {
        // Given
        stage.send("A", "PUB:t:1000000\n");
        stage.broker.turn();
        for (int i = 0; i < 29; i++) {
            stage.tick(1_000);
            stage.send("A", "x");
        }
        long held = stage.budget.usedBytes();

        // When
        stage.tick(2_000);

        // Then
        assertThat(held).isGreaterThan(1_000_000);
        stage.play("""
                < ERROR:Timeout: a large message must come at 16 KiB/s, and at 1 MiB/s while others wait
                ! closed
                """);
        assertThat(stage.budget.usedBytes()).isZero();
    }

    @Test
    void shouldWaitForMemoryWithoutReading() {
        // Given
        stage.budget.tryReserve(64L << 20);
        byte[] message = new byte[200_000];
        Arrays.fill(message, (byte) 'x');

        // When
        stage.send("A", "PUB:t:200000\n");
        boolean readingWithout = stage.wire("A").reading;
        stage.budget.release(64L << 20);
        stage.tick(100);
        boolean readingWith = stage.wire("A").reading;
        stage.wire("A").session().onBytes(message, 0, message.length);
        stage.send("A", "\n");

        // Then
        assertThat(readingWithout).isFalse();
        assertThat(readingWith).isTrue();
        stage.play("< OK:MSG_ID:0");
        assertThat(stage.budget.usedBytes()).isZero();
    }

    @Test
    void shouldAskForALoginWhereUsersExist() {
        // Given
        Stage closedHouse = new Stage(Stage.DEFAULT, Stage.authenticator(null));

        // When // Then
        closedHouse.play("""
                > SEND:x
                < ERROR:Not authenticated: AUTH:<user>:<password> first
                > PUB:t:1000000
                < ERROR:Not authenticated: AUTH:<user>:<password> first
                """);
        closedHouse.send("A", "x".repeat(1_000_000) + "\n");
        closedHouse.play("""
                > PING
                < PONG
                > AUTH:guest:guest
                < OK:AUTH
                > SEND:x
                < OK:MSG_ID:0
                B> PING
                B< PONG
                C> AUTH:a:b
                C> AUTH:a:c
                C> AUTH:a:d
                C< ERROR:Not authenticated: wrong user or password
                C< ERROR:Not authenticated: wrong user or password
                C< ERROR:Not authenticated: wrong user or password
                C! closed
                """);
        closedHouse.tick(10_000);
        closedHouse.play("""
                B< ERROR:Not authenticated: no login within 10000 ms
                B! closed
                """);
        assertThat(closedHouse.wire("A").closed).isFalse();
    }

    @Test
    void shouldAllowOnlyWhatTheRightsSay() {
        // Given
        Rights rights = Rights.of(Grant.of("*", Operation.CONSUME));
        Stage readers = new Stage(Stage.DEFAULT, Stage.authenticator(new Identity("reader", rights)));

        // When // Then
        readers.play("""
                > PUB:t:1
                > x
                < ERROR:Not authorized: right=publish topic=t
                > TOPIC:CREATE:t
                < ERROR:Not authorized: right=configure topic=t
                > TOPIC:LIST
                < .
                """);
    }

    @Test
    void shouldNotCreateTopicsWhereThatIsOff() {
        // Given
        Stage strict = new Stage(Stage.settings(65_536, 1 << 20, false), Stage.OPEN);

        // When // Then
        strict.play("""
                > PRODUCER:p:1
                < OK:PRODUCER:p:1
                > PUB:t:1
                > x
                < ERROR:Unknown topic: t seq=1
                > SUB:t:g
                < ERROR:Unknown topic: t
                > SUB::g
                < ERROR:Invalid argument: topic or group is empty or malformed
                """);
    }

    @Test
    void shouldRefuseNamesThatCannotBeCreatedOnceAndGoOn() {
        stage.play("""
                > PUB:$secret:1
                > x
                < ERROR:Invalid argument: topic name is reserved: names beginning with $ are the broker's, topic=$secret
                > PUB:a%0Ab:1
                > x
                < ERROR:Invalid argument: topic name has a control character at index 1, topic=a?b
                > PING
                < PONG
                """);
    }

    private FakeGroup group(String topic, String name) {
        Topic found = Objects.requireNonNull(stage.broker.catalog.topic(TopicName.of(topic)));
        return Objects.requireNonNull(stage.broker.log(found).groups.get(name));
    }
}
