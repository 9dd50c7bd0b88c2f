package dev.recado.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.group.AttemptRuns.Attempt;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttemptRunsTest {

    private final AttemptRuns runs = new AttemptRuns();
    private final ByteWriter out = new ByteWriter(64);

    private void add(long from, long to, Attempt attempt) {
        runs.add(from, to, attempt, out);
    }

    private List<String> read() {
        List<String> read = new ArrayList<>();
        ByteReader in = new ByteReader(out.toByteArray());
        AttemptRuns.read(
                in,
                (from, to, attempt) ->
                        read.add(from + ".." + to + " " + attempt.deliveries() + "/" + attempt.uncounted() + " "
                                + attempt.delayMs() + "@" + attempt.dueMs() + " " + attempt.keySlot()));
        assertThat(in.failed()).isFalse();
        assertThat(in.remaining()).isZero();
        return read;
    }

    @Test
    void shouldJoinNeighboursThatHaveTheSame() {
        // When
        runs.begin();
        add(5, 6, runs.attempt(2, 0));
        add(6, 7, runs.attempt(2, 0));
        add(7, 8, runs.attempt(2, 1));
        add(9, 10, runs.attempt(2, 1));
        add(10, 11, runs.attempt(3, 0, 100, 5_000, 7));
        add(11, 12, runs.attempt(3, 0, 100, 5_000, 7));
        add(12, 13, runs.attempt(3, 0, 100, 5_001, 7));
        add(13, 90_000, Attempt.UNTRIED);
        runs.end(out);

        // Then
        assertThat(runs.count()).isEqualTo(6);
        assertThat(read())
                .containsExactly(
                        "5..7 2/0 0@0 -1",
                        "7..8 2/1 0@0 -1",
                        "9..10 2/1 0@0 -1",
                        "10..12 3/0 100@5000 7",
                        "12..13 3/0 100@5001 7",
                        "13..90000 0/0 0@0 -1");
    }

    @Test
    void shouldAllocateNothingForANeighbourThatHasTheSame() {
        // Given
        runs.begin();
        Attempt first = runs.attempt(1, 0);
        add(0, 1, first);

        // When / Then
        assertThat(runs.attempt(1, 0)).isSameAs(first);
        assertThat(runs.attempt(1, 1)).isNotSameAs(first);
    }
}
