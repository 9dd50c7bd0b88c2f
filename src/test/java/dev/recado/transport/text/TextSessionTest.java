package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.group.Strategy;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.security.Identity;
import dev.recado.security.Rights;
import dev.recado.transport.FakeGroup;
import dev.recado.transport.SessionSettings;
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
    void shouldEndARangeAtWhateverIsNotTheNextIdOfThePartition() {
        // Given
        createTopic();
        stage.broker.holdConfirms = true;
        stage.play("""
                > TOPIC:CREATE:u
                < OK:TOPIC:CREATE:u
                > CONFIRM:RANGE
                < OK:CONFIRM
                > PUB:t:1
                > a
                > PUB:t:1
                > b
                > PUB:t:1
                > c
                > PUB:u:1
                > d
                > PING
                > PUB:u:1
                > e
                > PUB:u:1
                > f
                """);

        // When
        for (long ticket = 0; ticket < 6; ticket++) {
            if (ticket == 5) {
                stage.link(0).refuse(ticket, Refusal.of(ErrorCode.DISK_LOW, "free=1"));
            } else {
                stage.link(0).confirm(ticket);
            }
        }

        // Then
        stage.play("""
                < OK:MSG_IDS:0:2
                < OK:MSG_ID:0
                < PONG
                < OK:MSG_ID:1
                < ERROR:Disk low
                """);
    }

    @Test
    void shouldSayThatARefusedMessageIsStoredInSomeTopics() {
        // Given
        stage.play("""
                > EXCHANGE:CREATE:ex:fanout
                < OK:EXCHANGE:CREATE:ex
                > TOPIC:CREATE:t
                < OK:TOPIC:CREATE:t
                > BIND:ex:t:
                < OK:BIND:ex:t
                """);
        stage.broker.holdConfirms = true;
        stage.send("A", "XPUB:ex:::1\na\nXPUB:ex:::1\nb\n");

        // When
        stage.link(0).refuse(0, Refusal.of(ErrorCode.TOPIC_FULL, "topic=t").butStoredIn(1, 2));
        stage.link(0)
                .refuse(1, Refusal.of(ErrorCode.MEMORY_LOW, "try again later").butStoredIn(2, 3));

        // Then
        stage.play("""
                < ERROR:Topic full: stored in 1 of 2 topics
                < ERROR:Memory low: try again later, stored in 2 of 3 topics
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
    void shouldRefuseALineThatIsTooLongAndGoOn() {
        // Given
        Stage small = new Stage(Stage.settings(256, 1_000, true), Stage.OPEN);
        String fits = "x".repeat(256);
        String tooLong = "y".repeat(100_000);

        // When / Then
        small.play("""
                > PRODUCER:p:1
                < OK:PRODUCER:p:1
                > PUBL:topic:%s
                < OK:MSG_ID:0
                > PUBL:topic:%sx
                < ERROR:Message too long: 257 bytes, limit 256 seq=2
                > PUBL:topic:%s
                < ERROR:Message too long: 100000 bytes, limit 256 seq=3
                > SEND:%s
                < ERROR:Message too long: 100000 bytes, limit 1000 seq=4
                > PUBL:topic:z
                < OK:MSG_ID:1
                """.formatted(fits, fits, tooLong, tooLong));
    }

    @Test
    void shouldCountWhatIsSettledAndCannotBeHeld() {
        // Given
        stage.play("""
                > TOPIC:CREATE:wide:partitions=2
                < OK:TOPIC:CREATE:wide
                > SUB:wide:g
                < OK:SUB:1
                > SUB:wide:g
                < OK:SUB:2
                > UNSUB:2
                < OK:UNSUB:2
                > SUB:wide:*
                < OK:SUB:3
                """);

        // When
        stage.play("""
                > ACK:7:0-0
                > ACK:7:UPTO:0-0
                > ACK:2:0-0
                > ACK:3:0-0
                > ACK:1:5
                > NACK:9:0-0
                > REJECT:9:0-0
                > REPLY:9:0-0:1
                > x
                """);

        // Then
        assertThat(stage.broker.acksIgnored).isEqualTo(8);
    }

    @Test
    void shouldCountWhatIsAnsweredOnlyByItsAnswer() {
        // When
        stage.play("""
                > ACK:x:0
                < ERROR:Invalid argument: ACK:<sid>:[UPTO:]<id>
                > ACK!:9:0
                < ERROR:Not found: no such subscription, sid=9
                > EXTEND:9:0:100
                < ERROR:Not found: no such lease, sid=9 id=0
                """);

        // Then
        assertThat(stage.broker.acksIgnored).isZero();
    }

    @Test
    void shouldBoundOpenSubscriptionsAndNotTheirNumbers() {
        // Given
        createTopic();
        int max = OpenSubscriptions.OPEN_MAX;
        for (int sid = 1; sid <= 2 * max; sid++) {
            stage.play("""
                    > SUB:t:*
                    < OK:SUB:%d
                    > UNSUB:%d
                    < OK:UNSUB:%d
                    """.formatted(sid, sid, sid));
        }

        // When
        stage.send("A", "SUB:t:g\n".repeat(max + 1));

        // Then
        stage.broker.turn();
        for (int sid = 2 * max + 1; sid <= 3 * max; sid++) {
            assertThat(stage.wire("A").nextLine()).isEqualTo("OK:SUB:" + sid);
        }
        stage.play("""
                < ERROR:Limit reached: open subscriptions of a session, limit=4096
                > UNSUB:1
                < ERROR:Not found: no such subscription, UNSUB:<sid>
                > UNSUB:9000
                < OK:UNSUB:9000
                > SUB:t:*
                < OK:SUB:12289
                """);
    }

    @Test
    void shouldNotKeepAPlaceForASubscriptionThatTheBrokerEnded() {
        // Given
        stage.play("""
                > SUB:u:g
                < OK:SUB:1
                > TOPIC:DELETE:u
                < OK:TOPIC:DELETE:u
                < END:1:topic%20deleted
                """);

        // When / Then
        stage.send("A", "SUB:t:*\n".repeat(OpenSubscriptions.OPEN_MAX));
        stage.broker.turn();
        for (int sid = 2; sid <= OpenSubscriptions.OPEN_MAX + 1; sid++) {
            assertThat(stage.wire("A").nextLine()).isEqualTo("OK:SUB:" + sid);
        }
    }

    @Test
    void shouldAskForALoginWhereUsersExist() {
        // Given
        Stage closedHouse = new Stage(SessionSettings.DEFAULT, Stage.authenticator(null));

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
        Stage readers = new Stage(
                SessionSettings.DEFAULT, Stage.authenticator(new Identity("reader", new Rights(false, true, false))));

        // When // Then
        readers.play("""
                > PUB:t:1
                > x
                < ERROR:Not authorized: right=publish
                > TOPIC:CREATE:t
                < ERROR:Not authorized: right=configure
                > TOPIC:LIST
                < .
                """);
    }

    @Test
    void shouldMakeGroupsWithTheDefaultsOfTheBroker() {
        // Given
        SessionSettings base = SessionSettings.DEFAULT;
        GroupSettings defaults = new GroupSettings(Strategy.KEY_ORDERED, 7_000, 3, 50, 1_000, true, 0, null);
        Stage configured = new Stage(
                new SessionSettings(
                        base.lineBytesMax(),
                        base.messageBytesMax(),
                        base.idleTimeoutMs(),
                        base.handshakeTimeoutMs(),
                        true,
                        base.topicDefaults(),
                        defaults),
                Stage.OPEN);

        // When
        configured.play("""
                > TOPIC:CREATE:t
                < OK:TOPIC:CREATE:t
                > GROUP:CREATE:t:g:max-deliveries=0
                < OK:GROUP:CREATE:t:g
                """);

        // Then
        GroupDef group =
                Objects.requireNonNull(Objects.requireNonNull(configured.broker.catalog.topic(TopicName.of("t")))
                        .group("g"));
        assertThat(group.settings())
                .isEqualTo(new GroupSettings(Strategy.KEY_ORDERED, 7_000, 0, 50, 1_000, true, 0, null));
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
