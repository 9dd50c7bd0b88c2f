package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.message.StoredRun;
import java.util.List;
import org.junit.jupiter.api.Test;

class TailTest {

    /** A run of 100 bytes and its reference. */
    private static final long RUN_IN_MEMORY = 100 + Tail.RUN_OVERHEAD_BYTES;

    private final LoopMemory memory = new LoopMemory(1_000, 1_000, 0);
    private final Tail tail = new Tail(memory, Tail.Kind.DURABLE, 0, 36);

    private static StoredRun run(long base, int count) {
        return new StoredRun(new byte[100], 0, 22, 100, 1, base, count, 1_000 + base, 1_000 + base, 0, null, 0, 1);
    }

    private void fill(int runs) {
        for (int i = 0; i < runs; i++) {
            tail.add(run(i * 10L, 10));
        }
    }

    @Test
    void shouldFindTheRunThatHoldsAnOffset() {
        // Given
        fill(20);

        // When / Then
        assertThat(tail.find(0)).isNotNull();
        for (long offset = 0; offset < 200; offset++) {
            StoredRun found = tail.find(offset);
            assertThat(found).isNotNull();
            assertThat(found.baseOffset()).isEqualTo(offset / 10 * 10);
        }
        assertThat(tail.find(200)).isNull();
    }

    @Test
    void shouldNeverEvictWhatNoSegmentHolds() {
        // Given
        fill(10);

        // When
        long before = tail.evict(Long.MAX_VALUE);
        tail.takeUnflushed();
        tail.onFlushed(50);
        long after = tail.evict(Long.MAX_VALUE);

        // Then
        assertThat(before).isZero();
        assertThat(after).isEqualTo(5 * RUN_IN_MEMORY);
        assertThat(tail.start()).isEqualTo(50);
    }

    @Test
    void shouldHandEachRunToTheFlusherOnce() {
        // Given
        fill(3);

        // When
        int first = tail.takeUnflushed().size();
        tail.add(run(30, 10));
        int second = tail.takeUnflushed().size();

        // Then
        assertThat(first).isEqualTo(3);
        assertThat(second).isEqualTo(1);
    }

    @Test
    void shouldSkipTheFlusherForWhatNobodyNeeds() {
        // Given
        fill(4);

        // When
        tail.dropBelow(30);

        // Then
        assertThat(tail.takeUnflushed()).hasSize(1);
        assertThat(memory.tailBytes()).isEqualTo(RUN_IN_MEMORY);
    }

    @Test
    void shouldEvictPieceByPieceAboveTheShare() {
        // Given
        fill(12);
        tail.takeUnflushed();
        tail.onFlushed(120);

        // When
        memory.evict();

        // Then
        assertThat(memory.tailBytes()).isLessThanOrEqualTo(750);
        assertThat(tail.isEmpty()).isFalse();
    }

    @Test
    void shouldLetGoOfAPieceBelowWhatEverybodyHasFinished() {
        // Given a run that reaches above that, and then only pieces of it
        fill(1);
        tail.takeUnflushed();
        tail.onFlushed(10);
        tail.dropFlushedBelow(5);
        assertThat(tail.start()).isZero();
        tail.settleFirst(List.of(run(0, 3), run(7, 3)));

        // When
        tail.dropFlushedBelow(5);

        // Then
        assertThat(tail.start()).isEqualTo(7);
    }
}
