package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DueTimesTest {

    /** Says when it wants to be visited, and notes when it was. */
    private static final class Noted extends DueTimes.Visited {
        private long wantsMs = DueTimes.NEVER;
        private final List<Long> visitedMs = new ArrayList<>();

        @Override
        long visit(long nowMs) {
            visitedMs.add(nowMs);
            if (wantsMs != DueTimes.NEXT_TICK && wantsMs <= nowMs) {
                wantsMs = DueTimes.NEVER;
            }
            return wantsMs;
        }
    }

    @Test
    void shouldVisitOnceWhomSomethingHappenedTo() {
        // Given
        DueTimes due = new DueTimes();
        Noted one = new Noted();

        // When
        due.soon(one);
        due.soon(one);
        due.onTick(50);
        due.onTick(100);

        // Then
        assertThat(one.visitedMs).containsExactly(50L);
        assertThat(due.visits()).isEqualTo(1);
    }

    @Test
    void shouldVisitOnEachTickWhoWantsThat() {
        // Given
        DueTimes due = new DueTimes();
        Noted one = new Noted();
        one.wantsMs = DueTimes.NEXT_TICK;

        // When
        due.soon(one);
        due.onTick(50);
        due.onTick(50);
        one.wantsMs = DueTimes.NEVER;
        due.onTick(100);
        due.onTick(150);

        // Then
        assertThat(one.visitedMs).containsExactly(50L, 50L, 100L);
    }

    @Test
    void shouldKeepNoTimeOfWhoIsGone() {
        // Given
        DueTimes due = new DueTimes();
        Noted one = new Noted();
        one.wantsMs = 200;
        due.soon(one);
        due.onTick(50);

        // When
        due.forget(one);
        due.onTick(500);

        // Then
        assertThat(one.visitedMs).containsExactly(50L);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldVisitEachOneOnTheFirstTickAtItsTimeAndNotBefore(long seed) {
        // Given
        Random random = new Random(seed);
        DueTimes due = new DueTimes();
        List<Noted> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(new Noted());
        }

        for (long nowMs = 0; nowMs < 20_000; nowMs += 50) {
            // When some are told something, by which their times change
            List<Noted> expected = new ArrayList<>();
            for (Noted one : all) {
                if (random.nextInt(10) == 0) {
                    one.wantsMs = random.nextInt(5) == 0 ? DueTimes.NEVER : nowMs + random.nextInt(2_000);
                    due.soon(one);
                    expected.add(one);
                } else if (one.wantsMs <= nowMs) {
                    expected.add(one);
                }
                one.visitedMs.clear();
            }
            due.onTick(nowMs);

            // Then
            for (Noted one : all) {
                assertThat(one.visitedMs.size()).isEqualTo(expected.contains(one) ? 1 : 0);
            }
        }
    }
}
