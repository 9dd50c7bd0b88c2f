package dev.recado.transport.text;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import org.junit.jupiter.api.Test;

/** What a session hears of a shortage of disk or memory, if it asks for that. */
class ShortageDialogueTest {

    private static final Refusal DISK = Refusal.of(ErrorCode.DISK_LOW, "free space is below disk.free-min");
    private static final Refusal MEMORY = Refusal.of(ErrorCode.MEMORY_LOW, "the heap is above the mark");
    private static final String PUBLISHED = """
            A> HELLO:a:blocked
            A< OK:HELLO:recado/0.2.0:n1
            A> PUBL:orders:x
            A< OK:MSG_ID:0
            B> HELLO:b
            B< OK:HELLO:recado/0.2.0:n1
            B> PUBL:orders:x
            B< OK:MSG_ID:1
            """;

    private final Stage stage = new Stage();

    @Test
    void shouldTellWhoHasAskedForIt() {
        // Given
        stage.play(PUBLISHED);

        // When
        stage.broker.shortage(DISK);

        // Then
        stage.play("A< BLOCKED:Disk low");

        // When it says the same in other words
        stage.broker.shortage(Refusal.of(ErrorCode.DISK_LOW, "free=1"));

        // Then
        stage.play("""
                A> PING
                A< PONG
                """);

        // When
        stage.broker.shortage(MEMORY);

        // Then
        stage.play("A< BLOCKED:Memory low");

        // When
        stage.broker.shortage(null);

        // Then
        stage.play("A< UNBLOCKED");
    }

    @Test
    void shouldTellWhoAsksWhileThereIsOne() {
        // Given
        stage.play(PUBLISHED);
        stage.broker.shortage(DISK);
        stage.play("A< BLOCKED:Disk low");

        // When / Then
        stage.play("""
                B> HELLO:b:blocked
                B< OK:HELLO:recado/0.2.0:n1
                B< BLOCKED:Disk low
                """);
    }

    @Test
    void shouldKeepOnlyTheLatestForAClientThatDoesNotRead() {
        // Given
        stage.play(PUBLISHED);
        stage.wire("A").full = true;

        // When
        stage.broker.shortage(DISK);
        stage.broker.turn();
        stage.broker.shortage(MEMORY);
        stage.broker.turn();
        stage.broker.shortage(null);
        stage.broker.turn();

        // Then
        stage.wire("A").full = false;
        stage.play("""
                A> PING
                A< PONG
                """);
    }

    @Test
    void shouldRefuseOptionsThatItDoesNotKnow() {
        stage.play("""
                > HELLO:a:noise
                < ERROR:Invalid argument: HELLO:<client name>[:blocked]
                > HELLO:a:blocked:now
                < ERROR:Invalid argument: HELLO:<client name>[:blocked]
                """);
    }
}
