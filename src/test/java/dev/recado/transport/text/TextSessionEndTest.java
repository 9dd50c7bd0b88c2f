package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.transport.WireSession;
import org.junit.jupiter.api.Test;

/** How a session ends: by a stream that cannot be trusted, or because the client has said all. */
class TextSessionEndTest {

    private final Stage stage = new Stage();

    @Test
    void shouldCloseAfterAMalformedStream() {
        stage.play("""
                > PING
                > PUB:t:-5
                > PING
                < PONG
                < ERROR:Bad length: not a number from 0 to 2147483647
                ! closed
                """);
    }

    @Test
    void shouldAnswerWhatWasAskedBeforeTheClientHungUp() {
        // Given
        stage.play("""
                > TOPIC:CREATE:t
                < OK:TOPIC:CREATE:t
                """);
        stage.broker.holdConfirms = true;
        stage.send("A", "PUB:t:1\nx\n");

        // When
        stage.wire("A").session().onEndOfInput();
        stage.broker.turn();
        boolean early = stage.wire("A").closed;
        stage.link(0).confirm(0);

        // Then
        assertThat(early).isFalse();
        stage.play("""
                < OK:MSG_ID:0
                ! closed
                """);
    }

    @Test
    void shouldNotWriteAnAnswerInThePlaceOfAnEarlierOneThatIsNotKnown() {
        // Given
        stage.play("""
                > TOPIC:CREATE:t
                < OK:TOPIC:CREATE:t
                """);
        stage.broker.holdConfirms = true;
        stage.send("A", "PUB:t:1\nx\nPING\n");
        stage.broker.turn();

        // When
        stage.link(0).port.onClosedByBroker(Refusal.fatal(ErrorCode.SESSION_REPLACED, "by a newer one"));

        // Then
        stage.play("""
                < ERROR:Session replaced: by a newer one
                ! closed
                """);
    }

    @Test
    void shouldTellTheReasonOfTheEndThoughAnAnswerBeforeItNeverComes() {
        // Given
        stage.play("""
                > TOPIC:CREATE:t
                < OK:TOPIC:CREATE:t
                """);
        stage.broker.holdConfirms = true;
        stage.send("A", "PING\nPUB:t:1\nx\nPING\nPUB:t:-5\n");

        // When
        stage.tick(WireSession.CLOSING_MS_MAX);

        // Then
        stage.play("""
                < PONG
                < ERROR:Bad length: not a number from 0 to 2147483647
                ! closed
                """);
    }

    @Test
    void shouldSayThatAnIdWithSomethingElseBeforeItsDashIsNone() {
        stage.play("""
                > SUB:t:g
                < OK:SUB:1
                > ACK:1:-1
                < ERROR:Invalid argument: ACK:<sid>:[UPTO:]<id>
                > NACK:1:x-1
                < ERROR:Invalid argument: NACK:<sid>:<id>[:<delay ms>]
                """);
    }
}
