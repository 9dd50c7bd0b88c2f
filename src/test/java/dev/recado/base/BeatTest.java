package dev.recado.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BeatTest {

    @Test
    void shouldCountTicksThatComeInTime() {
        // Given
        Beat beat = new Beat(100, 1_000);

        // When, Then
        assertThat(beat.counts(1_100)).isTrue();
        assertThat(beat.counts(1_190)).isTrue();
        assertThat(beat.counts(1_310)).isTrue();
    }

    @Test
    void shouldCountOneOfThoseThatWereMissed() {
        // Given
        Beat beat = new Beat(100, 1_000);

        // When
        int counted = 0;
        for (int i = 0; i < 36_000; i++) {
            counted += beat.counts(3_600_000 + i / 1_000) ? 1 : 0;
        }

        // Then
        assertThat(counted).isEqualTo(1);
        assertThat(beat.counts(3_600_100)).isTrue();
    }
}
