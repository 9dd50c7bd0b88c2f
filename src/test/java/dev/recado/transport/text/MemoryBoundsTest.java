package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a peer may make a session hold. */
class MemoryBoundsTest {

    private static final int REPLY_BYTES = 600_000;

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
                B< ERROR:Not found: no such lease, sid:id=1:0
                """);
    }
}
