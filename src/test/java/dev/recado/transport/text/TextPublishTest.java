package dev.recado.transport.text;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import org.junit.jupiter.api.Test;

/** What publishes are answered, where their outcomes come as a test gives them. */
class TextPublishTest {

    private final Stage stage = new Stage();

    private void createTopic() {
        stage.play("""
                > TOPIC:CREATE:t
                < OK:TOPIC:CREATE:t
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
}
