package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.transport.TcpFigures;
import org.junit.jupiter.api.Test;

/** Figures as Linux gives them, of machines that live, that have no room, and that are gone. */
class KernelWatchTest {

    private static final long START_MS = 1_000_000;

    private final KernelWatch watch = new KernelWatch();

    private long silentMs(long atMs, long ackedAgoMs, long unacked, int backoff, int probes, long resent) {
        watch.look(new TcpFigures(ackedAgoMs, unacked, backoff, probes, resent), START_MS + atMs);
        return watch.silentMs(START_MS + atMs);
    }

    @Test
    void shouldKnowNothingWhereTheSystemTellsNothing() {
        watch.look(null, START_MS);
        assertThat(watch.isKnown()).isFalse();
        assertThat(watch.silentMs(START_MS + 3_600_000)).isZero();
    }

    @Test
    void shouldNotMindAnOldAcknowledgementWhereNothingWasSentSince() {
        assertThat(silentMs(0, 7_000_000, 0, 0, 0, 3)).isZero();
        assertThat(watch.took(START_MS - 1)).isTrue();
        assertThat(watch.took(START_MS)).as("written behind the look").isFalse();
    }

    @Test
    void shouldNotMindThatAFullMachineIsAskedEveryTwoMinutesOnly() {
        assertThat(silentMs(0, 100, 0, 9, 0, 0)).isZero();
        assertThat(silentMs(119_000, 119_000, 0, 9, 0, 0)).isZero();
        assertThat(silentMs(120_001, 120_001, 0, 10, 1, 0)).as("asked just now").isZero();
        assertThat(silentMs(120_100, 90, 0, 10, 0, 0)).isZero();
        assertThat(watch.took(START_MS)).isFalse();
    }

    @Test
    void shouldNotMindThatAMachineThrowsAwayWhatIsSentAgain() {
        for (int i = 0; i < 10; i++) {
            assertThat(silentMs(i * 120_000L, 10, 5, 9, 0, 20 + i)).isZero();
            assertThat(silentMs(i * 120_000L + 119_000, 119_010, 5, 9, 0, 20 + i))
                    .isZero();
        }
    }

    @Test
    void shouldNotMindOneLostPacket() {
        silentMs(0, 100, 0, 9, 0, 0);
        assertThat(silentMs(239_000, 239_000, 0, 10, 1, 0)).isZero();
    }

    @Test
    void shouldRememberThatAMachineHadEverythingThoughMoreIsUnderWayAtEachLook() {
        assertThat(watch.took(START_MS)).isFalse();
        silentMs(100, 50, 2, 0, 0, 0);
        assertThat(watch.took(START_MS)).isFalse();
        silentMs(150, 10, 0, 0, 0, 0);
        silentMs(200, 50, 2, 0, 0, 0);
        assertThat(watch.took(START_MS + 149)).isTrue();
        assertThat(watch.took(START_MS + 150)).isFalse();
    }

    @Test
    void shouldTakeAFullMachineForFullUntilItHasEverything() {
        silentMs(0, 10, 0, 0, 0, 0);
        silentMs(100, 50, 2, 5, 0, 0);
        assertThat(watch.took(START_MS - 1)).isFalse();
        silentMs(200, 10, 3, 0, 0, 0);
        assertThat(watch.took(START_MS - 1))
                .as("the program read a message, and it fills up again")
                .isFalse();
        silentMs(300, 10, 0, 0, 0, 0);
        assertThat(watch.took(START_MS - 1)).isTrue();
    }

    @Test
    void shouldTellForHowLongNothingIsAnswered() {
        assertThat(silentMs(0, 5_000, 1, 0, 0, 7)).isZero();
        assertThat(silentMs(10_000, 15_000, 1, 5, 0, 12)).isEqualTo(15_000);
        assertThat(silentMs(10_100, 10, 0, 0, 0, 12)).isZero();
        assertThat(silentMs(90_000, 79_910, 0, 10, 2, 12)).isEqualTo(79_910);
    }
}
