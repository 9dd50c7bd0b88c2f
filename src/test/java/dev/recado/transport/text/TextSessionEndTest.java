package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

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
}
