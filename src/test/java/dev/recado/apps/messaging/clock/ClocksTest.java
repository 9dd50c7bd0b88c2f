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
        assertThat(clock.isCredible(LamportClock.AHEAD_MAX + 13)).isFalse();
        assertThat(clock.isCredible(-1)).isFalse();
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
