package dev.recado.apps.messaging.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ClocksTest {

    @Test
    void shouldBeAboveWhatItReceived() {
        LamportClock clock = new LamportClock(0);
        assertThat(clock.tick()).isEqualTo(1);
        assertThat(clock.receive(10)).isEqualTo(11);
        assertThat(clock.receive(3)).isEqualTo(12);
        assertThat(clock.isCredibleOfAnybody(LamportClock.AHEAD_MAX + 13)).isFalse();
        assertThat(clock.isCredible(-1)).isFalse();
    }

    /** As it was: one request with a clock of 2^40 locked out everybody who began at 0. */
    @Test
    void shouldBelieveServersWhateverOneRequestDidToThem() {
        // Given
        LamportClock server = new LamportClock(0);
        assertThat(server.isCredibleOfAnybody(LamportClock.AHEAD_MAX)).isTrue();
        server.receive(LamportClock.AHEAD_MAX);

        // Then
        assertThat(new LamportClock(0).isCredible(server.tick())).isTrue();
    }

    @Test
    void shouldNotLetRequestsFillTheRange() {
        // Given: requests that are as far ahead as is believed, for ever
        LamportClock clock = new LamportClock(0);
        for (int i = 0; i < 10_000; i++) {
            long next = clock.value() + LamportClock.AHEAD_MAX;
            clock.receive(clock.isCredibleOfAnybody(next) ? next : 0);
        }

        // Then: it stands near the bound, others are still believed, and so is who answers what it tells
        assertThat(clock.value()).isBetween(LamportClock.ASKED_MAX / 2, LamportClock.ASKED_MAX + 20_000);
        assertThat(new LamportClock(0).isCredible(clock.tick())).isTrue();
        assertThat(clock.isCredibleOfAnybody(clock.value() + 1_000)).isTrue();
    }

    @Test
    void shouldMoveAClockNoFurtherThanATimeFits() {
        CorrectedClock clock = new CorrectedClock(0);
        clock.adjust(Long.MAX_VALUE);
        clock.adjust(Long.MAX_VALUE);
        assertThat(clock.at(1)).isEqualTo(CorrectedClock.CORRECTION_MS_MAX + 1);
        clock.adjust(Long.MIN_VALUE);
        assertThat(clock.at(1)).isEqualTo(1);
    }

    @Test
    void shouldGiveAwayNothingAboveItsDurableBound() {
        LamportClock clock = new LamportClock(0);
        clock.tick();
        long bound = clock.boundToKeep();
        assertThat(bound).isGreaterThan(clock.value());
        clock.onKept(bound);
        while (clock.boundToKeep() == 0) {
            assertThat(clock.tick()).isLessThanOrEqualTo(bound + 1);
        }
        assertThat(new LamportClock(bound).tick()).isGreaterThan(bound);
    }

    @Test
    void shouldMoveAllClocksToTheirMean() {
        // Given: one is 3 s ahead, one 3 s behind by an answer that took 100 ms
        BerkeleyRound round = new BerkeleyRound("a", 60_000);
        round.onAnswer("b", 1_000_000, 1_000_000, 1_003_000);
        round.onAnswer("c", 1_000_000, 1_000_100, 997_050);

        // Then
        assertThat(round.corrections()).isEqualTo(Map.of("a", 0L, "b", -3_000L, "c", 3_000L));
        assertThat(round.spreadMs()).isEqualTo(6_000);
        assertThat(round.roundTripMsMax()).isEqualTo(100);
    }

    @Test
    void shouldLeaveOutliersOutOfTheMeanAndMoveThemAllTheSame() {
        // Given
        BerkeleyRound round = new BerkeleyRound("a", 1_000);
        round.onAnswer("b", 50_000, 50_000, 50_200);
        round.onAnswer("c", 50_000, 50_000, 90_000_000);

        // Then
        assertThat(round.corrections()).isEqualTo(Map.of("a", 100L, "b", -100L, "c", 100L - 89_950_000L));
    }
}
