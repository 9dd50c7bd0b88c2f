package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.TopicName;
import dev.recado.transport.FakeBroker;
import dev.recado.transport.FakeGroup;
import dev.recado.transport.Wire;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Answers and deliveries of more than a slice: what is written, in which order, and what is held meanwhile. */
class LargeOutputSessionTest {

    private static final int LARGE = 1_100_000;

    private final Stage stage = new Stage();

    private FakeWire slowWire(String name) {
        FakeWire wire = stage.wire(name);
        wire.slow = true;
        return wire;
    }

    /** Stores messages of {@code bytes} blanks each, without a session. */
    private void store(String topic, int count, int bytes, char fill) {
        byte[] payload = String.valueOf(fill).repeat(bytes).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < count; i++) {
            stage.broker.store(
                    Objects.requireNonNull(stage.broker.catalog.topic(TopicName.of(topic))),
                    0,
                    FakeBroker.message(new Draft().payload(payload, 0, bytes)));
        }
    }

    private FakeGroup group(String topic, String name) {
        FakeBroker.Log log = stage.broker.log(Objects.requireNonNull(stage.broker.catalog.topic(TopicName.of(topic))));
        return Objects.requireNonNull(log.groups.get(name));
    }

    /** The client takes one slice; answers whether there was one that it had not taken. */
    private boolean takeOne(FakeWire wire) {
        boolean had = wire.full;
        wire.take();
        stage.broker.turn();
        return had;
    }

    private void takeAll(FakeWire wire) {
        while (takeOne(wire)) {
            assertThat(wire.largestWrite).isLessThanOrEqualTo(Wire.SLICE_BYTES);
        }
    }

    private void consumer(int count, int bytes, char fill) {
        stage.play("""
                A> TOPIC:CREATE:default
                A< OK:TOPIC:CREATE:default
                A> REGISTER:CONSUMER:me
                A< OK:CONSUMER:me
                """);
        store("default", count, bytes, fill);
    }

    @Test
    void shouldHoldOneOfManyGetsThatAreNotRead() {
        // Given
        consumer(20, LARGE, '%');
        FakeWire wire = slowWire("A");

        // When
        stage.send("A", "GET\n".repeat(20));
        stage.broker.turn();

        // Then
        assertThat(group("default", "me").ready).hasSize(19);
        assertThat(stage.largeBytes.get()).isBetween((long) LARGE, LARGE + 100L);
        assertThat(wire.received.size()).isLessThan(2 * Wire.SLICE_BYTES);
        takeAll(wire);
        String line = "%25".repeat(LARGE);
        for (int i = 0; i < 20; i++) {
            assertThat(line.equals(wire.nextLine())).as("answer %d", i).isTrue();
        }
        assertThat(wire.rest()).isEmpty();
        assertThat(group("default", "me").settled).hasSize(20);
        assertThat(stage.largeBytes).hasValue(0);
    }

    @Test
    void shouldGiveBackAMessageOfWhichTheSocketTookOnlyAPart() {
        // Given
        consumer(1, LARGE, 'x');
        FakeWire wire = slowWire("A");
        stage.send("A", "GET\nPING\n");
        stage.broker.turn();
        takeOne(wire);
        takeOne(wire);

        // When
        wire.close();

        // Then
        assertThat(group("default", "me").settled).isEmpty();
        assertThat(group("default", "me").ready).hasSize(1);
        assertThat(stage.largeBytes).hasValue(0);
    }

    @Test
    void shouldBrowseInSlicesAndKeepTheCommandsBehindWaiting() {
        // Given
        stage.play("""
                > TOPIC:CREATE:t
                < OK:TOPIC:CREATE:t
                """);
        store("t", 1, LARGE, '\0');
        FakeWire wire = slowWire("A");

        // When
        stage.send("A", "BROWSE:t:first:10\nBROWSE:t:first:10\nPING\nTOPIC:LIST\n");
        stage.broker.turn();
        long held = stage.largeBytes.get();
        takeAll(wire);

        // Then
        assertThat(held).isBetween((long) LARGE, LARGE + 100L);
        String line = "{\"id\":\"0\",\"time\":1700000000000,\"bytes\":1100000,\"payload\":\"" + "\\u0000".repeat(LARGE)
                + "\"}";
        for (int i = 0; i < 2; i++) {
            assertThat(line.equals(wire.nextLine())).isTrue();
            assertThat(wire.nextLine()).isEqualTo(".");
        }
        assertThat(wire.nextLine()).isEqualTo("PONG");
        assertThat(wire.nextLine()).startsWith("{\"name\":\"t\"");
        assertThat(wire.nextLine()).isEqualTo(".");
        assertThat(stage.largeBytes).hasValue(0);
    }

    @Test
    void shouldNotLetAFewSmallMessagesKeepLargeArrays() {
        // Given
        stage.play("""
                > TOPIC:CREATE:t
                < OK:TOPIC:CREATE:t
                """);
        store("t", 1_000, 100, 'x');
        FakeWire wire = slowWire("A");

        // When
        stage.send("A", "BROWSE:t:first:1000\n");
        stage.broker.turn();

        // Then
        assertThat(stage.largeBytes.get()).isLessThan(200_000);
        takeAll(wire);
        assertThat(wire.rest().lines()).hasSize(1_001);
    }

    @Test
    void shouldRefuseToBrowseMoreThanTheShareThatClientsDoNotRead() {
        // Given
        stage.play("""
                A> TOPIC:CREATE:t
                A< OK:TOPIC:CREATE:t
                """);
        store("t", 4, LARGE, 'x');
        for (String name : new String[] {"A", "B", "C", "D", "E"}) {
            slowWire(name);
        }

        // When
        for (String ask : new String[] {"A0", "B1", "C2", "D3", "E2"}) {
            stage.send(ask.substring(0, 1), "BROWSE:t:" + ask.charAt(1) + ":1\nPING\n");
            stage.broker.turn();
        }

        // Then
        takeAll(stage.wire("D"));
        assertThat(stage.wire("D").rest())
                .isEqualTo("ERROR:Memory low: answers to BROWSE that clients have not read, limit=4194304 bytes; read"
                        + " them, or try again later\nPONG\n");
        takeAll(stage.wire("E"));
        assertThat(stage.wire("E").rest()).startsWith("{\"id\":\"2\"").endsWith("\n.\nPONG\n");
        takeAll(stage.wire("A"));
        stage.wire("B").close();
        assertThat(stage.browsing.usedBytes()).isBetween((long) LARGE, LARGE + 100L);
        stage.wire("C").close();
        assertThat(stage.browsing.usedBytes()).isZero();
        assertThat(stage.largeBytes).hasValue(0);
    }

    /** Two answers wait behind one that is not there yet; one field held the last of them only. */
    @Test
    void shouldLetGoOfEveryAnswerThatNobodyReads() {
        // Given
        stage.play("""
                > TOPIC:CREATE:t
                < OK:TOPIC:CREATE:t
                """);
        store("t", 2, 100_000, 'x');
        FakeWire wire = slowWire("A");

        // When
        stage.send("A", "REQ:t:1000:1\nq\nBROWSE:t:0:1\nBROWSE:t:1:1\n");
        stage.broker.turn();
        long held = stage.browsing.usedBytes();
        wire.close();

        // Then
        assertThat(held).isGreaterThan(200_000);
        assertThat(stage.browsing.usedBytes()).isZero();
    }

    @Test
    void shouldPutNothingBetweenTheSlicesOfADelivery() {
        // Given
        stage.play("""
                > SUB:t:g:10
                < OK:SUB:1
                > SUB:other:g:10
                < OK:SUB:2
                """);
        FakeWire wire = slowWire("A");
        store("t", 2, LARGE, 'x');
        stage.broker.turn();

        // When
        takeOne(wire);
        store("other", 1, 3, 'y');
        stage.send("A", "PING\nPUB:t2:1\nz\nUNSUB:1\n");
        stage.broker.turn();
        takeAll(wire);

        // Then
        assertThat(wire.nextLine()).isEqualTo("MSG:1:0:1:1100000");
        assertThat(wire.nextLine()).hasSize(LARGE).matches("x*");
        assertThat(wire.rest())
                .contains("PONG\nOK:MSG_ID:0\nOK:UNSUB:1\n")
                .contains("MSG:2:0:1:3\nyyy\n")
                .doesNotContain("MSG:1:");
        assertThat(stage.largeBytes).hasValue(0);
    }

    @Test
    void shouldAcknowledgeByItselfOnceTheLastSliceIsTaken() {
        // Given
        stage.play("""
                > SUB:t:g:auto
                < OK:SUB:1
                """);
        FakeWire wire = slowWire("A");
        store("t", 2, LARGE, 'x');
        stage.broker.turn();

        // When
        for (int slice = 0; slice < LARGE / Wire.SLICE_BYTES; slice++) {
            assertThat(group("t", "g").settled).as("slice %d", slice).isEmpty();
            takeOne(wire);
        }
        takeOne(wire);

        // Then
        assertThat(group("t", "g").settled).containsExactly("ack 0");
        takeAll(wire);
        assertThat(group("t", "g").settled).containsExactly("ack 0", "ack 1");
    }

    @Test
    void shouldReportABatchThatEndsWithASlice() {
        // Given
        stage.play("""
                > SUB:t:g:10
                < OK:SUB:1
                """);
        FakeWire wire = slowWire("A");
        int head = "MSG:1:0:1:524268\n\n".length();

        // When
        store("t", 1, 2 * Wire.SLICE_BYTES - head, 'x');
        stage.broker.turn();
        takeAll(wire);

        // Then
        assertThat(wire.received.size()).isEqualTo(2 * Wire.SLICE_BYTES + "OK:SUB:1\n".length());
        assertThat(group("t", "g").members.get(0).handedBytes).isZero();
    }

    @Test
    void shouldTapInSlicesWhetherSharedOrNot() {
        // Given
        stage.play("""
                A> SUB:t:*
                A< OK:SUB:1
                B> SUB:t:*
                B< OK:SUB:1
                """);
        FakeWire slow = slowWire("A");

        // When
        store("t", 1, LARGE, 'x');
        store("t", 1, 3, 'y');
        stage.broker.turn();
        takeAll(slow);

        // Then
        for (String name : new String[] {"A", "B"}) {
            FakeWire wire = stage.wire(name);
            assertThat(wire.nextLine()).isEqualTo("MSG:1:0:1:1100000");
            assertThat(wire.nextLine()).hasSize(LARGE);
            assertThat(wire.rest()).isEqualTo("MSG:1:1:1:3\nyyy\n");
            assertThat(wire.largestWrite).isLessThanOrEqualTo(Wire.SLICE_BYTES);
        }
        assertThat(stage.largeBytes).hasValue(0);
    }

    @Test
    void shouldWriteKeysAndHeadersOfALargeMessage() {
        // Given
        stage.play("""
                B> SUB:t:g
                B< OK:SUB:1
                C> SUB:t:h:::time
                C< OK:SUB:1
                """);

        // When
        stage.send("A", "PUB:t:a%3Ab:h=v%26w&i=:" + LARGE + "\n" + "x".repeat(LARGE) + "\n");
        stage.broker.turn();

        // Then
        assertThat(stage.wire("B").nextLine()).isEqualTo("MSG:1:0:1:a%3Ab:h=v%26w&i=:1100000");
        assertThat(stage.wire("B").nextLine()).hasSize(LARGE);
        assertThat(stage.wire("B").rest()).isEmpty();
        assertThat(stage.wire("C").nextLine()).isEqualTo("MSG:1:0:1:1700000000000:a%3Ab:h=v%26w&i=:1100000");
    }

    @Test
    void shouldAnswerARequestInSlices() {
        // Given
        stage.play("""
                B> SUB:sums:workers
                B< OK:SUB:1
                """);
        FakeWire wire = slowWire("A");
        stage.send("A", "REQ:sums:5000:1\nx\nPING\n");
        stage.broker.turn();

        // When
        stage.send("B", "REPLY:1:0:" + LARGE + "\n" + "r".repeat(LARGE) + "\n");
        stage.broker.turn();
        long held = stage.largeBytes.get();
        takeAll(wire);

        // Then
        assertThat(held).isGreaterThanOrEqualTo(LARGE);
        assertThat(wire.rest()).isEqualTo("REP:1100000\n" + "r".repeat(LARGE) + "\nPONG\n");
        assertThat(stage.largeBytes).hasValue(0);
    }

    @Test
    void shouldSayTheReasonOfAnEndBehindWhatIsUnderWay() {
        // Given
        stage.play("""
                > SUB:t:g:10
                < OK:SUB:1
                """);
        FakeWire wire = slowWire("A");
        store("t", 1, LARGE, 'x');
        stage.broker.turn();

        // When
        stage.link(0).port.onClosedByBroker(Refusal.fatal(ErrorCode.SESSION_REPLACED, "by a newer one"));
        stage.broker.turn();
        boolean early = wire.closed;
        takeAll(wire);

        // Then
        assertThat(early).isFalse();
        assertThat(wire.closed).isTrue();
        assertThat(wire.rest())
                .isEqualTo("MSG:1:0:1:1100000\n" + "x".repeat(LARGE) + "\nERROR:Session replaced: by a newer one\n");
    }

    @Test
    void shouldListManyTopicsInSlicesOneListAtATime() {
        // Given
        StringBuilder creations = new StringBuilder();
        for (int i = 0; i < 4_000; i++) {
            creations.append("TOPIC:CREATE:topic").append(i).append('\n');
        }
        stage.send("A", creations.toString());
        stage.broker.turn();
        stage.wire("A").rest();
        FakeWire wire = slowWire("A");

        // When
        stage.send("A", "TOPIC:LIST\n".repeat(50));
        stage.broker.turn();
        long held = stage.largeBytes.get();
        takeAll(wire);

        // Then
        assertThat(held).isLessThan(600_000);
        String[] lines = wire.rest().split("\n");
        assertThat(lines).hasSize(50 * 4_001);
        assertThat(lines[4_000]).isEqualTo(".");
        assertThat(lines[3_999])
                .isEqualTo("{\"name\":\"topic999\",\"kind\":\"log\",\"durability\":\"fsync\",\"partitions\":1,"
                        + "\"groups\":0}");
        assertThat(stage.largeBytes).hasValue(0);
    }
}
