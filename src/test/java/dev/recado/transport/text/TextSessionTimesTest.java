package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What counts as silence of a classic session and what does not, and times that a client cannot stretch. */
class TextSessionTimesTest {

    private static final long IDLE_MS = 60_000;
    private static final String IDLE = "< ERROR:Idle: silent for 60000 ms\n! closed";
    private static final String TOO_SLOW =
            "< ERROR:Timeout: a large message must come at 16 KiB/s, and at 1 MiB/s while others wait\n! closed";

    private final Stage stage = new Stage();

    /** Session A sends {@code piece} once a second. */
    private void drip(String piece, int seconds) {
        for (int s = 0; s < seconds && !isOver(); s++) {
            stage.send("A", piece);
            stage.tick(1_000);
        }
    }

    private boolean isOver() {
        return stage.wire("A").closed;
    }

    private void beClassic() {
        stage.play("""
                > REGISTER:PRODUCER
                < OK:PRODUCER
                """);
    }

    /** What a classic consumer has not taken of the answer to its GET. */
    private int getUnread() {
        stage.play("""
                > REGISTER:CONSUMER:ana
                < OK:CONSUMER:ana
                """);
        stage.send("B", "SEND:" + "x".repeat(100_000) + "\n");
        stage.broker.turn();
        stage.wire("A").rest();
        stage.wire("A").slow = true;
        stage.send("A", "GET\n");
        stage.broker.turn();
        return stage.wire("A").received.size();
    }

    @Test
    void shouldCloseAClassicSessionThatDripsALine() {
        beClassic();
        drip("x", 59);
        assertThat(isOver()).isFalse();
        drip("x", 1);
        stage.play(IDLE);
    }

    @Test
    void shouldCloseASessionThatDripsItsFirstLine() {
        drip("P", 60);
        stage.play(IDLE);
    }

    @Test
    void shouldCloseAClassicSessionThatDripsASmallPayload() {
        beClassic();
        stage.send("A", "PUB:t:1000\n");
        drip("x", 60);
        stage.play(IDLE);
    }

    @Test
    void shouldCountIdleFromTheLastCompleteCommand() {
        beClassic();
        drip("x", 50);
        drip("\n", 1);
        assertThat(stage.wire("A").nextLine()).startsWith("ERROR:Unknown command");
        drip("x", 58);
        assertThat(isOver()).isFalse();
        drip("x", 2);
        stage.play(IDLE);
    }

    @Test
    void shouldLetALargeMessageComeAtItsOwnSpeed() {
        beClassic();
        stage.send("A", "SEND:");
        drip("x".repeat(20_000), 100);
        assertThat(isOver()).isFalse();
        stage.play("""
                > x
                < OK:MSG_ID:0
                """);
    }

    @Test
    void shouldHoldARefusedPayloadToTheSpeedOfLargeMessagesToo() {
        // Given
        Stage small = new Stage(Stage.settings(1024, 1024, true), Stage.OPEN);
        small.play("""
                > REGISTER:PRODUCER
                < OK:PRODUCER
                > PUB:t:100000000
                < ERROR:Message too long: 100000000 bytes, limit 1024
                """);

        // When
        for (int s = 0; s < 100; s++) {
            small.send("A", "x".repeat(20_000));
            small.tick(1_000);
        }
        boolean closedAtSpeed = small.wire("A").closed;
        for (int s = 0; s < 61; s++) {
            small.send("A", "x");
            small.tick(1_000);
        }

        // Then
        assertThat(closedAtSpeed).isFalse();
        small.play(TOO_SLOW);
    }

    @Test
    void shouldNotBlameAClientForTheTimeThatTheBrokerTakes() {
        // Given
        beClassic();
        stage.broker.holdConfirms = true;
        stage.play("> SEND:x");

        // When
        stage.tick(3 * IDLE_MS);
        stage.link(0).confirm(0);

        // Then
        stage.play("< OK:MSG_ID:0");
        stage.tick(IDLE_MS - 1);
        assertThat(isOver()).isFalse();
        stage.tick(1);
        stage.play(IDLE);
    }

    @Test
    void shouldNotCallAClientIdleThatTakesItsAnswer() {
        // Given
        int size = getUnread();

        // When
        for (int part = 1; part < 10; part++) {
            stage.tick(IDLE_MS - 1);
            stage.wire("A").session().onWritten(size - 10 + part);
        }

        // Then
        assertThat(stage.link(0).closed).isFalse();
        stage.wire("A").take();
        assertThat(stage.wire("A").rest()).hasSizeGreaterThan(100_000);
    }

    @Test
    void shouldCloseAClassicSessionThatTakesNothingOfItsAnswers() {
        // Given
        getUnread();
        stage.send("A", "GET\n".repeat(5_000));
        assertThat(stage.wire("A").reading).isFalse();

        // When
        stage.tick(IDLE_MS);
        stage.tick(5_000);

        // Then
        assertThat(isOver()).isTrue();
    }

    @Test
    void shouldNotTakeWhatIsPushedToAClientForItsLife() {
        // Given
        stage.play("""
                > REGISTER:CONSUMER:ana
                < OK:CONSUMER:ana
                """);

        // When
        for (int s = 0; s < 12; s++) {
            stage.link(0).available(s);
            stage.tick(5_000);
        }

        // Then
        assertThat(stage.wire("A").rest()).contains("NOTIFY").endsWith("ERROR:Idle: silent for 60000 ms\n");
        assertThat(isOver()).isTrue();
    }

    @Test
    void shouldWaitForALoginNoLongerBecauseNoAnswerIsRead() {
        // Given
        Stage closedHouse = new Stage(Stage.DEFAULT, Stage.authenticator(null));
        closedHouse.wire("A").slow = true;
        closedHouse.send("A", "PING\n".repeat(5_000));
        closedHouse.broker.turn();
        closedHouse.send("A", "PING\n".repeat(5_000));
        closedHouse.broker.turn();
        boolean reading = closedHouse.wire("A").reading;

        // When
        closedHouse.tick(10_000);
        closedHouse.tick(5_000);

        // Then
        assertThat(reading).isFalse();
        assertThat(closedHouse.wire("A").closed).isTrue();
    }
}
