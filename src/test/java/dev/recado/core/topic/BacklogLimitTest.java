package dev.recado.core.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BacklogLimitTest {

    /** Overflow, messages limit, bytes limit, backlog count, backlog bytes, lengths of the run, how many are taken. */
    private static final String RULES = """
            block       | 0  | 0   | 9 | 900 | 10 10 10    | 3
            block       | 10 | 0   | 9 | 900 | 10 10 10    | 1
            reject      | 10 | 0   | 10| 900 | 10          | 0
            reject      | 10 | 0   | 12| 900 | 10          | 0
            reject      | 0  | 100 | 1 | 70  | 10 10 10    | 3
            reject      | 0  | 100 | 1 | 70  | 10 30 10    | 1
            reject      | 0  | 100 | 0 | 0   | 101         | 0
            block       | 2  | 100 | 0 | 0   | 50 50 50    | 2
            drop-oldest | 2  | 0   | 2 | 0   | 10 10 10    | 3
            drop-oldest | 2  | 100 | 9 | 900 | 60 60 101 5 | 2
            """;

    @Test
    void shouldTakeWhatFits() {
        RULES.lines().forEach(rule -> {
            // Given
            String[] f = Arrays.stream(rule.split("\\|")).map(String::trim).toArray(String[]::new);
            Overflow overflow = Objects.requireNonNull(Overflow.of(f[0]));
            BacklogLimit limit = new BacklogLimit(Long.parseLong(f[1]), Long.parseLong(f[2]), overflow);
            int[] lengths =
                    Arrays.stream(f[5].split(" ")).mapToInt(Integer::parseInt).toArray();

            // When
            int taken = limit.fitting(Long.parseLong(f[3]), Long.parseLong(f[4]), lengths, 0, lengths.length);

            // Then
            assertThat(taken).as(rule).isEqualTo(Integer.parseInt(f[6]));
        });
    }

    @Test
    void shouldShareTheLimitAmongPartitionsAndKnowWhenItIsOver() {
        // Given
        BacklogLimit limit = new BacklogLimit(10, 100, Overflow.DROP_OLDEST);

        // When, Then
        assertThat(limit.isOver(10, 100)).isFalse();
        assertThat(limit.isOver(11, 0)).isTrue();
        assertThat(limit.isOver(0, 101)).isTrue();
        assertThat(limit.canEverFit(101)).isFalse();
        assertThat(BacklogLimit.of(TopicSettings.DEFAULT).isNone()).isTrue();
    }
}
