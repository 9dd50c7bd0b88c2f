package dev.recado.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({
        "100, 5_000, 0, 100",
        "100, 5_000, 1, 100",
        "100, 5_000, 3, 400",
        "100, 5_000, 7, 5_000",
        "100, 5_000, 2147483647, 5_000",
        "100, 0, 9, 100",
        "0, 5_000, 9, 0",
        "4611686018427387904, 9223372036854775807, 2, 9223372036854775807",
    })
    void shouldStepWithoutOverflow(String first, String max, int attempt, String step) {
        assertThat(BackOff.step(number(first), number(max), attempt)).isEqualTo(number(step));
    }

    private static long number(String digits) {
        return Long.parseLong(digits.replace("_", ""));
    }

    @Test
    void shouldWaitLongerForWhatFailsAsSoonAsItHasBegun() {
        // Given
        BackOff backOff = new BackOff(100, 5_000, new Random(1));

        for (long step : new long[] {100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000}) {
            // When / Then
            assertThat(backOff.nextDelayMs(30)).isBetween(step / 2, step);
        }
        assertThat(backOff.nextDelayMs(5_000)).isBetween(2_500L, 5_000L);
        assertThat(backOff.nextDelayMs(5_001)).isBetween(50L, 100L);
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
