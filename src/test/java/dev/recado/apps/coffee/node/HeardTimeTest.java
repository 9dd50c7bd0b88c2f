package dev.recado.apps.coffee.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeardTimeTest {

    private final HeardTime time = new HeardTime();

    @Test
    void shouldGoWhileItsOwnerListens() {
        // Given
        time.begin(5_000);

        // When / Then
        assertThat(time.look(5_200)).isEqualTo(200);
        assertThat(time.look(6_200)).isEqualTo(1_200);
        assertThat(time.heardMs()).isEqualTo(1_200);
    }

    @Test
    void shouldStandStillBetweenConnections() {
        // Given
        time.begin(0);
        time.look(300);

        // When: the broker was away for an hour
        time.begin(3_600_300);

        // Then
        assertThat(time.look(3_600_400)).isEqualTo(400);
    }

    @Test
    void shouldCountOneTurnWhereItsOwnerWasStopped() {
        // Given
        time.begin(0);
        time.look(300);

        // When / Then
        assertThat(time.look(3_600_300)).isEqualTo(300 + HeardTime.TURN_MS_MAX);
        assertThat(time.look(1_000)).as("a clock that was set back").isEqualTo(300 + HeardTime.TURN_MS_MAX);
    }
}
