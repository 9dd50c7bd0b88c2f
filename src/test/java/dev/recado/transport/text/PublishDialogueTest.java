package dev.recado.transport.text;

import org.junit.jupiter.api.Test;

/** How publishes are confirmed and numbered, as dialogues; see {@link ExtendedDialogueTest}. */
class PublishDialogueTest {

    private final Stage stage = new Stage();

    @Test
    void shouldPublishALine() {
        stage.play("""
                > PUBL:news:hola: 2 mundos%20
                < OK:MSG_ID:0
                > PUBL:news:
                < OK:MSG_ID:1
                > PUBL:a%3Ab:x
                < OK:MSG_ID:0
                > PUBL:news
                < ERROR:Invalid argument: PUBL:<topic>:<text>
                > PUBL::x
                < ERROR:Invalid argument: PUBL:<topic>:<text>
                > PUBL:%zz:x
                < ERROR:Invalid argument: malformed percent-encoding in the topic's name
                > TOPIC:LIST
                < {"name":"a:b","kind":"log","durability":"fsync","partitions":1,"groups":0}
                < {"name":"news","kind":"log","durability":"fsync","partitions":1,"groups":0}
                < .
                B> SUB:news:g:10:first
                B< OK:SUB:1
                B< MSG:1:0:1:17
                B< hola: 2 mundos%20
                B< MSG:1:1:1:0
                B<
                """);
    }

    @Test
    void shouldConfirmAndNumberLinesAsOtherPublishes() {
        stage.play("""
                > CONFIRM:RANGE
                < OK:CONFIRM
                > PRODUCER:p:7
                < OK:PRODUCER:p:7
                > PUBL:t:a
                > PUB:t:1
                > b
                > PUBL:t
                > PUBL:t:c
                < OK:MSG_IDS:0:1
                < ERROR:Invalid argument: PUBL:<topic>:<text> seq=9
                < OK:MSG_ID:2
                > PRODUCER:p:8
                < OK:PRODUCER:p:11
                > PUBL:t:b
                < OK:MSG_ID:1
                """);
    }

    @Test
    void shouldNumberPublishesOfAProducer() {
        stage.play("""
                > PRODUCER:p1:5
                < OK:PRODUCER:p1:5
                > PUB:orders:1
                > a
                > PUB:orders:1
                > b
                < OK:MSG_ID:0
                < OK:MSG_ID:1
                > PRODUCER:p1:6
                < OK:PRODUCER:p1:7
                > PUB:orders:1
                > b
                < OK:MSG_ID:1
                > XPUB:none:k::1
                > c
                < ERROR:Unknown exchange: none seq=7
                > PUB:orders::%zz=1:1
                > c
                < ERROR:Invalid argument: malformed percent-encoding seq=8
                > SEND:classic
                < OK:MSG_ID:0
                B> PRODUCER:p1:10
                B< OK:PRODUCER:p1:10
                < ERROR:Session replaced: producer=p1
                ! closed
                """);
    }

    @Test
    void shouldAnswerOnlyErrorsWhereNoConfirmIsWanted() {
        stage.play("""
                > CONFIRM:NONE
                < OK:CONFIRM
                > PUB:orders:1
                > a
                > XPUB:none:k::1
                > b
                > PING
                < ERROR:Unknown exchange: none
                < PONG
                > CONFIRM:SOMETIMES
                < ERROR:Invalid argument: CONFIRM, allowed=EACH, RANGE, NONE
                """);
    }
}
