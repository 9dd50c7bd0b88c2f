package dev.recado.apps.coffee.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.session.SessionTracker.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionTrackerTest {

    private static final CoffeeTable SALES = CoffeeTable.TRANSACTIONS;
    private static final CoffeeTable STORES = CoffeeTable.STORES;

    /** A table, a number, and whether it is the end. */
    private record Sent(CoffeeTable table, long number, boolean isEos) {}

    @Test
    void shouldBeWholeWithTheLastBatchWhateverTheOrderAndTheRepeats() {
        for (int seed = 0; seed < 500; seed++) {
            // Given
            Random random = new Random(seed);
            List<Sent> sent = sent(random);
            int distinct = sent.size();
            for (int i = random.nextInt(1 + distinct); i > 0; i--) {
                sent.add(sent.get(random.nextInt(distinct)));
            }
            Collections.shuffle(sent, random);
            SessionTracker tracker = new SessionTracker(List.of(SALES, STORES));
            Set<Sent> seen = new HashSet<>();

            for (Sent one : sent) {
                // When
                boolean isNew = seen.add(one);
                Verdict verdict = tell(tracker, one);

                // Then
                assertThat(verdict).as("seed %s", seed).isEqualTo(isNew ? Verdict.NEW : Verdict.REPEATED);
                assertThat(tracker.isWhole()).as("seed %s", seed).isEqualTo(seen.size() == distinct);
            }
            assertThat(tracker.isComplete()).isTrue();
        }
    }

    private static List<Sent> sent(Random random) {
        List<Sent> sent = new ArrayList<>();
        for (CoffeeTable table : List.of(SALES, STORES)) {
            int count = random.nextInt(20);
            for (int number = 0; number < count; number++) {
                sent.add(new Sent(table, number, false));
            }
            sent.add(new Sent(table, count, true));
        }
        return sent;
    }

    private static Verdict tell(SessionTracker tracker, Sent one) {
        return one.isEos()
                ? tracker.onEos(one.table(), one.number(), true)
                : tracker.onBatch(one.table(), one.number(), true);
    }

    @Test
    void shouldFindStrangeWhatContradictsTheEnd() {
        // Given
        SessionTracker tracker = new SessionTracker(List.of(SALES));
        tracker.onBatch(SALES, 4, true);

        // Then
        assertThat(tracker.onEos(SALES, 4, true)).isEqualTo(Verdict.STRANGE);
        assertThat(tracker.onEos(SALES, 5, false)).isEqualTo(Verdict.NEW);
        assertThat(tracker.onEos(SALES, 5, false)).isEqualTo(Verdict.REPEATED);
        assertThat(tracker.onEos(SALES, 6, false)).isEqualTo(Verdict.STRANGE);
        assertThat(tracker.onEos(SALES, 5, true)).isEqualTo(Verdict.STRANGE);
        assertThat(tracker.onBatch(SALES, 5, true)).isEqualTo(Verdict.STRANGE);
        assertThat(tracker.onBatch(SALES, -1, true)).isEqualTo(Verdict.STRANGE);
        assertThat(tracker.onBatch(STORES, 0, true)).isEqualTo(Verdict.STRANGE);
        assertThat(tracker.onEos(STORES, 0, true)).isEqualTo(Verdict.STRANGE);
        assertThat(tracker.isWhole()).isFalse();
        assertThat(tracker.isComplete()).isFalse();
    }

    @Test
    void shouldBeWholeWithoutAnyBatch() {
        // Given
        SessionTracker tracker = new SessionTracker(List.of(SALES));

        // When
        tracker.onEos(SALES, 0, true);

        // Then
        assertThat(tracker.isWhole()).isTrue();
        assertThat(tracker.tablesWhole()).isEqualTo(1);
    }

    @Test
    void shouldNotBeCompleteWhereRowsOfABatchWereLost() {
        // Given
        SessionTracker tracker = new SessionTracker(List.of(SALES));
        tracker.onBatch(SALES, 1, false);
        tracker.onBatch(SALES, 0, true);

        // When
        tracker.onEos(SALES, 2, true);

        // Then
        assertThat(tracker.isWhole()).isTrue();
        assertThat(tracker.isComplete()).isFalse();
    }

    @Test
    void shouldTakeAWholeTableAtOnce() {
        // Given
        SessionTracker tracker = new SessionTracker(List.of(SALES, STORES));

        // When
        tracker.onWhole(STORES, 3, false);

        // Then
        assertThat(tracker.isWhole(STORES)).isTrue();
        assertThat(tracker.isWhole()).isFalse();
        assertThat(tracker.isComplete()).isFalse();
        assertThat(tracker.onBatch(STORES, 2, true)).isEqualTo(Verdict.REPEATED);
        assertThat(tracker.batches(STORES)).isEqualTo(3);
        assertThat(tracker.onEos(SALES, 0, true)).isEqualTo(Verdict.NEW);
        assertThat(tracker.isWhole()).isTrue();
    }
}
