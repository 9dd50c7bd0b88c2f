package dev.recado.apps.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RevivalsTest {

    private final Revivals revivals = new Revivals(new Revivals.Limits(3, 1_000, 60_000));

    @Test
    void shouldWaitTwiceAsLongEachTimeAndGiveUp() {
        assertThat(revivals.attempts(0)).isTrue();
        assertThat(revivals.attempts(999)).isFalse();
        assertThat(revivals.attempts(1_000)).isTrue();
        assertThat(revivals.attempts(2_999)).isFalse();
        assertThat(revivals.givesUp()).isFalse();
        assertThat(revivals.attempts(3_000)).isTrue();
        assertThat(revivals.attempts(1_000_000)).isFalse();
        assertThat(revivals.givesUp()).isTrue();
        assertThat(revivals.givesUp()).isFalse();
    }

    @Test
    void shouldGiveUpANodeThatComesUpOnlyToDie() {
        // Given
        long nowMs = 0;
        for (int i = 0; i < 3; i++) {
            assertThat(revivals.attempts(nowMs)).isTrue();
            revivals.onUp(nowMs + 500);
            nowMs += 10_000;
        }

        // When / Then
        assertThat(revivals.attempts(nowMs)).isFalse();
        assertThat(revivals.givesUp()).isTrue();
    }

    @Test
    void shouldForgetAttemptsOfANodeThatStaysUp() {
        // Given
        revivals.attempts(0);
        revivals.attempts(1_000);
        revivals.onUp(2_000);

        // When
        revivals.onUp(62_000);

        // Then
        assertThat(revivals.attempts()).isZero();
        assertThat(revivals.attempts(62_000)).isTrue();
    }

    @Test
    void shouldLookAfterANodeAgainThatSomebodyElseStarted() {
        // Given
        revivals.attempts(0);
        revivals.attempts(1_000);
        revivals.attempts(3_000);
        assertThat(revivals.givesUp()).isTrue();

        // When
        revivals.onUp(100_000);

        // Then
        assertThat(revivals.attempts(101_000)).isTrue();
    }

    @Test
    void shouldBoundTheWait() {
        // Given
        Revivals patient = new Revivals(new Revivals.Limits(100, 1_000, 60_000));
        long nowMs = 0;
        for (int i = 0; i < 50; i++) {
            assertThat(patient.attempts(nowMs)).isTrue();

            // When
            nowMs += Revivals.BACK_OFF_MS_MAX;
        }

        // Then
        assertThat(patient.attempts()).isEqualTo(50);
    }
}
