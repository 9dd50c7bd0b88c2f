package dev.recado.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BackOffTest {

    @Test
    void shouldDoubleUpToItsMaximumAndShortenByAtMostAHalf() {
        for (int seed = 0; seed < 100; seed++) {
            // Given
            BackOff backOff = new BackOff(100, 5_000, new Random(seed));

            for (long step : new long[] {100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000}) {
                // When
                long delayMs = backOff.nextDelayMs();

                // Then
                assertThat(delayMs).as("seed=%d step=%d", seed, step).isBetween(step / 2, step);
            }
        }
    }

    @Test
    void shouldBeginAgainAfterAReset() {
        // Given
        BackOff backOff = new BackOff(100, 5_000, new Random(1));
        long before = backOff.nextDelayMs() + backOff.nextDelayMs() + backOff.nextDelayMs();

        // When
        backOff.reset();

        // Then
        assertThat(before).isGreaterThan(200);
        assertThat(backOff.nextDelayMs()).isBetween(50L, 100L);
    }
}
