package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a peer may make a session hold. */
class MemoryBoundsTest {

    private static final int REPLY_BYTES = 600_000;
    /** Nearly half of what the stage has for the replies of all sessions. */
    private static final int HALF_SHARE = 2_000_000;

    private final Stage stage = new Stage();

    @Test
    void shouldRefuseRepliesThatWouldPileUpBehindAnUnansweredRequest() {
        // Given
        stage.play("""
                B> SUB:sums:workers
                B< OK:SUB:1
                """);
        stage.send("A", "REQ:sums:5000:1\nx\n".repeat(4));
        stage.broker.turn();
        stage.wire("B").rest();

        // When
        for (int id : new int[] {1, 2, 3, 0}) {
            stage.send("B", "REPLY:1:" + id + ":" + REPLY_BYTES + "\n" + "r".repeat(REPLY_BYTES) + "\n");
            stage.broker.turn();
        }

        // Then
        String refused = "ERROR:Limit reached: replies that wait behind an earlier answer, limit=1048576 bytes\n";
        String reply = "REP:600000\n" + "r".repeat(REPLY_BYTES) + "\n";
        assertThat(stage.wire("A").rest()).isEqualTo(reply + reply + refused + refused);
        assertThat(stage.broker.repliesDropped).isEqualTo(2);
    }

    @Test
    void shouldTakeRepliesAgainOnceTheWaitingOnesAreWritten() {
        // Given
        shouldRefuseRepliesThatWouldPileUpBehindAnUnansweredRequest();
        stage.send("A", "REQ:sums:5000:1\nx\nREQ:sums:5000:1\nx\n");
        stage.broker.turn();
        stage.wire("B").rest();

        // When
        stage.send("B", "REPLY:1:5:" + REPLY_BYTES + "\n" + "r".repeat(REPLY_BYTES) + "\n");
        stage.send("B", "REPLY:1:4:1\nx\n");
        stage.broker.turn();

        // Then
        assertThat(stage.wire("A").rest()).isEqualTo("REP:1\nx\nREP:600000\n" + "r".repeat(REPLY_BYTES) + "\n");
    }

    /** A, B and C each have a request with the worker W, in that order, and do not read. */
    private void askWithoutReading(int patienceMs) {
        stage.play("""
                W> SUB:sums:workers
                W< OK:SUB:1
                """);
        for (String client : List.of("A", "B", "C")) {
            stage.wire(client).slow = true;
            stage.send(client, "REQ:sums:" + patienceMs + ":1\nx\n");
        }
        stage.broker.turn();
        stage.wire("W").rest();
    }

    private void replyLarge(int id) {
        stage.send("W", "REPLY:1:" + id + ":" + HALF_SHARE + "\n" + "r".repeat(HALF_SHARE) + "\n");
        stage.broker.turn();
    }

    /** Each session has one large reply; what all have is bounded too. */
    @Test
    void shouldRefuseLargeRepliesBeyondWhatAllSessionsShare() {
        // Given
        askWithoutReading(5000);

        // When
        for (int id = 0; id < 3; id++) {
            replyLarge(id);
        }

        // Then
        assertThat(stage.wire("C").rest()).startsWith("ERROR:Memory low: replies that their clients have not read");
        assertThat(stage.broker.repliesDropped).isEqualTo(1);
        assertThat(stage.replies.usedBytes()).isBetween(2L * HALF_SHARE, stage.replies.maxBytes());
        takeAll(stage.wire("A"));
        assertThat(stage.wire("A").rest()).isEqualTo("REP:" + HALF_SHARE + "\n" + "r".repeat(HALF_SHARE) + "\n");
        stage.wire("B").session().onClosed();
        assertThat(stage.replies.usedBytes()).isZero();
    }

    @Test
    void shouldEndWhoDoesNotTakeALargeReplyWhileOthersWantTheMemory() {
        // Given
        askWithoutReading(300000);
        replyLarge(0);
        replyLarge(1);

        // When
        stage.tick(60_000);
        boolean keptWhileNobodyWants = !stage.wire("A").closed;
        replyLarge(2);
        for (int i = 0; i < 100; i++) {
            stage.tick(200);
        }

        // Then
        assertThat(keptWhileNobodyWants).isTrue();
        assertThat(stage.wire("A").closed).isTrue();
        assertThat(stage.wire("B").closed).isTrue();
        assertThat(stage.wire("C").closed).isFalse();
        assertThat(stage.wire("C").rest()).startsWith("ERROR:Memory low");
    }

    private static void takeAll(FakeWire wire) {
        int before = -1;
        while (wire.received.size() > before) {
            before = wire.received.size();
            wire.take();
        }
    }

    @Test
    void shouldKeepAddressesOfTheBrokersFormOnly() {
        assertThat(TextSubscription.isInbox("n1/0/17/3")).isTrue();
        assertThat(TextSubscription.isInbox("a-node.example/1/-17/9223372036854775807"))
                .isTrue();
        assertThat(TextSubscription.isInbox("n1/0/17")).isFalse();
        assertThat(TextSubscription.isInbox("n1/0/17/3/4")).isFalse();
        assertThat(TextSubscription.isInbox("/0/17/3")).isFalse();
        assertThat(TextSubscription.isInbox("n1/0/x/3")).isFalse();
        assertThat(TextSubscription.isInbox("n".repeat(122) + "/0/1/3")).isTrue();
        assertThat(TextSubscription.isInbox("n".repeat(123) + "/0/1/3")).isFalse();
        assertThat(TextSubscription.isInbox("queue-of-somebody-else")).isFalse();
    }

    @Test
    void shouldAcknowledgeByReplyWhereTheAddressIsNotOfTheBroker() {
        stage.play("""
                B> SUB:sums:workers
                B< OK:SUB:1
                > PUB:sums::reply-to=elsewhere:1
                > x
                < OK:MSG_ID:0
                B< MSG:1:0:1::reply-to=elsewhere:1
                B< x
                B> REPLY:1:0:1
                B> y
                B> EXTEND:1:0:1000
                B< ERROR:Not found: no such lease, sid=1 id=0
                """);
    }

    @Test
    void shouldChargeHalfSentLinesToTheBudgetAlsoBeforeTheLogin() {
        // Given
        Stage closedHouse = new Stage(Stage.DEFAULT, Stage.authenticator(null));
        String half = "PUB:" + "x".repeat(3_000);

        // When
        int asking = 400;
        for (int i = 0; i < asking; i++) {
            closedHouse.send("S" + i, half);
        }

        // Then
        long reading =
                closedHouse.wires.values().stream().filter(wire -> wire.reading).count();
        assertThat(reading).isBetween(100L, 300L);
        assertThat(closedHouse.budget.usedBytes()).isBetween(reading * 60_000, 16L << 20);
        closedHouse.tick(10_000);
        closedHouse.tick(100);
        assertThat(closedHouse.wires.values()).allMatch(wire -> wire.closed);
        assertThat(closedHouse.budget.usedBytes()).isZero();
    }

    @Test
    void shouldLeaveShortCommandsAlone() {
        // When
        stage.send("A", "PUB:t:1000\n" + "x".repeat(500));

        // Then
        assertThat(stage.budget.usedBytes()).isZero();
        assertThat(stage.wire("A").reading).isTrue();
    }

    @Test
    void shouldTakeMemoryFromALineThatTricklesIn() {
        // Given
        stage.send("A", "PUB:" + "x".repeat(3_000));

        // When
        for (int second = 0; second < 35 && !stage.wire("A").closed; second++) {
            stage.send("A", "x");
            stage.tick(1_000);
        }

        // Then
        stage.play("""
                < ERROR:Timeout: a large message must come at 16 KiB/s, and at 1 MiB/s while others wait
                ! closed
                """);
        assertThat(stage.budget.usedBytes()).isZero();
    }

    @Test
    void shouldLetASlowLinkSendMessageAfterMessage() {
        // Given
        stage.send("A", "SEND:" + "x".repeat(3_000));

        // When
        for (int second = 0; second < 100; second++) {
            stage.tick(1_000);
            stage.send("A", "\nSEND:" + "x".repeat(3_000));
        }

        // Then
        assertThat(stage.wire("A").closed).isFalse();
    }

    @Test
    void shouldTakeMemoryFromAClientThatDoesNotReadItsAnswers() {
        // Given
        stage.send("A", "PUB:t:1000000\nx");
        stage.broker.turn();
        FakeWire wire = stage.wire("A");
        wire.full = true;
        wire.session().onBackPressure(true);

        // When
        for (int second = 0; second < 200 && !wire.closed; second++) {
            stage.tick(1_000);
        }

        // Then
        assertThat(stage.budget.usedBytes()).isZero();
    }

    @Test
    void shouldStopReadingAtOnceWhereAnswersAreNotTaken() {
        // Given
        FakeWire wire = stage.wire("A");
        wire.full = true;

        // When
        int sent = 0;
        while (wire.reading && sent < 10_000) {
            stage.send("A", "TOPIC:CREATE\n".repeat(100));
            stage.broker.turn();
            sent += 100;
        }

        // Then
        assertThat(sent).isLessThan(1_200);
    }
}
