package dev.recado.transport.text;

import org.junit.jupiter.api.Test;

/** The classic commands as dialogues; see {@link Stage} for the notation. */
class ClassicDialogueTest {

    private final Stage stage = new Stage();

    @Test
    void shouldSendAndGet() {
        stage.play("""
                > REGISTER:PRODUCER
                < OK:PRODUCER
                > SEND:hola: qué tal
                < OK:MSG_ID:0
                > HEARTBEAT:123
                B> GET
                B< ERROR:Not allowed: GET follows REGISTER:CONSUMER
                B> REGISTER:CONSUMER
                B< OK:CONSUMER:c1
                B< NOTIFY:MESSAGES_AVAILABLE:1
                B> GET
                B< hola: qué tal
                B> GET
                B< ERROR:No messages available
                B> REGISTER:CONSUMER
                B< ERROR:Not allowed: the session is a consumer already
                """);
    }

    @Test
    void shouldEncodeWhatWouldBreakALine() {
        stage.play("""
                > PUB:default:8
                > 100%
                > a\tb
                < OK:MSG_ID:0
                > REGISTER:CONSUMER:me
                < OK:CONSUMER:me
                < NOTIFY:MESSAGES_AVAILABLE:1
                > GET
                < 100%25%0Aa\tb
                """);
    }

    @Test
    void shouldResumeAndReplaceByConsumerId() {
        stage.play("""
                > SEND:one
                > SEND:two
                < OK:MSG_ID:0
                < OK:MSG_ID:1
                B> REGISTER:CONSUMER:me
                B< OK:CONSUMER:me
                B< NOTIFY:MESSAGES_AVAILABLE:2
                B> GET
                B< one
                C> REGISTER:CONSUMER:me
                B< ERROR:Session replaced: consumer=me
                B! closed
                C< OK:CONSUMER:me
                C< NOTIFY:MESSAGES_AVAILABLE:1
                C> GET
                C< two
                C> QUIT
                C! closed
                """);
    }

    @Test
    void shouldJoinANamedGroup() {
        stage.play("""
                > SEND:one
                < OK:MSG_ID:0
                B> REGISTER:CONSUMER:b:team
                B< OK:CONSUMER:b
                B< NOTIFY:MESSAGES_AVAILABLE:1
                C> REGISTER:CONSUMER:c:team
                C< OK:CONSUMER:c
                C< NOTIFY:MESSAGES_AVAILABLE:1
                B> GET
                B< one
                C> GET
                C< ERROR:No messages available
                """);
    }

    @Test
    void shouldRefuseLongMessagesAndGoOn() {
        // Given
        TextSettings small = Stage.settings(65_536, 10, true);
        Stage narrow = new Stage(small, Stage.OPEN);

        // When // Then
        narrow.play("""
                > SEND:0123456789
                < OK:MSG_ID:0
                > SEND:0123456789a
                < ERROR:Message too long: 11 bytes, limit 10
                > PUB:default:11
                > 0123456789a
                < ERROR:Message too long: 11 bytes, limit 10
                > PUB:default:k:a=b:5
                > 01234
                < OK:MSG_ID:1
                > REGISTER
                < ERROR:Invalid argument: REGISTER:PRODUCER or REGISTER:CONSUMER[:<id>[:<group>]]
                """);
    }
}
