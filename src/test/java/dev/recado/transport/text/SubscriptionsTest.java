package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The subscriptions of a session: how many, under which numbers, and what names none of them or comes too late. */
class SubscriptionsTest {

    private final Stage stage = new Stage();

    @Test
    void shouldAnswerACeaseBehindTheLastMessage() {
        stage.play("""
                > SUB:orders:workers:10
                < OK:SUB:1
                B> PUB:orders:5
                B> hello
                B< OK:MSG_ID:0
                < MSG:1:0:1:5
                < hello
                > CEASE:1
                < OK:CEASE:1
                B> PUB:orders:2
                B> hi
                B< OK:MSG_ID:1
                > CREDIT:1:5
                > CEASE:1
                < OK:CEASE:1
                > ACK!:1:0
                < ACKED:1:0
                > UNSUB:1
                < OK:UNSUB:1
                > CEASE:1
                < ERROR:Not found: no such subscription, CEASE:<sid>
                > CEASE
                < ERROR:Not found: no such subscription, CEASE:<sid>
                > SUB:orders:workers:10
                < OK:SUB:2
                < MSG:2:1:1:2
                < hi
                """);
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
        stage.play("""
                > TOPIC:CREATE:t
                < OK:TOPIC:CREATE:t
                """);
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
    void shouldCountRepliesThatNobodyWaitsForAnyMore() {
        // Given
        stage.play("""
                B> SUB:sums:workers
                B< OK:SUB:1
                B> GROUP:CREATE:sums:workers
                B< OK:GROUP:CREATE:sums:workers
                > REQ:sums:5000:1
                > x
                B< MSG:1:0:1::reply-to=n1/0/1/0:1
                B< x
                """);
        stage.tick(5_000);

        // When
        stage.play("""
                < ERROR:Timeout: no reply in time
                B> REPLY:1:0:1
                B> y
                """);
        stage.broker.turn();

        // Then
        assertThat(stage.wire("A").rest()).isEmpty();
        assertThat(stage.broker.repliesDropped).isEqualTo(1);
        assertThat(stage.broker.acksIgnored).isZero();
    }
}
