package dev.recado.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which of two sets comes first where both have something of one level. */
class LevelsTest {

    private final Levels levels = new Levels(9, 100);

    @Test
    void shouldLetTheOlderOfOneLevelGoFirstWhetherOrNotItGoesAlone() {
        // Given
        levels.onDue(5, 20);

        // When
        levels.onAlone(5, 10);

        // Then
        assertThat(levels.isAloneNext()).isTrue();
        assertThat(levels.first(5)).isEqualTo(10);
        assertThat(levels.least()).isEqualTo(10);

        // When
        levels.onDue(5, 7);

        // Then
        assertThat(levels.isAloneNext()).isFalse();
        assertThat(levels.first(5)).isEqualTo(7);
        assertThat(levels.least()).isEqualTo(7);
    }

    @Test
    void shouldLetTheHigherLevelGoFirstAndTheLowerMakeRoom() {
        // Given
        levels.onDue(5, 20);

        // When
        levels.onAlone(6, 30);
        levels.onAlone(4, 40);

        // Then
        assertThat(levels.isAloneNext()).isTrue();
        assertThat(levels.least()).isEqualTo(40);
        assertThat(levels.lowestFrom(5)).isEqualTo(5);
        levels.onDue(7, 50);
        assertThat(levels.isAloneNext()).isFalse();
    }

    @Test
    void shouldTakeNothingWhoseLevelIsStillToBeTold() {
        // When
        levels.onDue(5, 100);
        levels.onDue(5, 99);

        // Then
        assertThat(levels.remove(100)).isEqualTo(LevelSets.NONE);
        assertThat(levels.remove(99)).isEqualTo(5);
    }
}
