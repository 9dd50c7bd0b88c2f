package dev.recado.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnsettledTest {

    private final Unsettled<String> unsettled = new Unsettled<>();
    private final List<String> settled = new ArrayList<>();

    private void note(String consumer, int partition, long first, long last) {
        settled.add(consumer + " " + partition + " " + first + "-" + last);
    }

    @Test
    void shouldSettleNeighboursTogether() {
        // Given
        for (long offset = 5; offset < 8; offset++) {
            unsettled.add("a", 0, offset);
        }
        unsettled.add("b", 0, 8);
        unsettled.add("a", 1, 9);
        unsettled.add("a", 1, 11);

        // When
        int count = unsettled.settleUpTo(5, this::note);

        // Then
        assertThat(count).isEqualTo(5);
        assertThat(settled).containsExactly("a 0 5-7", "b 0 8-8", "a 1 9-9");
        assertThat(unsettled.count()).isEqualTo(1);
        assertThat(unsettled.has(6)).isTrue();
    }

    @Test
    void shouldShowWhatStaysUnsettled() {
        // Given
        for (long offset = 1; offset <= 100; offset++) {
            unsettled.add("a", 0, offset);
        }
        for (long tag = 1; tag <= 100; tag++) {
            if (tag % 30 != 0) {
                unsettled.settle(tag, (consumer, partition, first, last) -> {});
            }
        }
        for (int i = 0; i < 40; i++) {
            unsettled.skip(); // the ring leaves the first ones behind
        }
        unsettled.add("b", 1, 7);

        // When
        unsettled.visit(
                31, 141, (tag, consumer, partition, offset) -> note(tag + " " + consumer, partition, offset, 0));

        // Then
        assertThat(settled).containsExactly("60 a 0 60-0", "90 a 0 90-0", "141 b 1 7-0");
        assertThat(unsettled.count()).isEqualTo(4);
    }

    @Test
    void shouldKnowATagOnlyOnce() {
        // Given
        unsettled.add("a", 0, 5);
        unsettled.settle(1, this::note);

        // When
        boolean again = unsettled.settle(1, this::note);

        // Then
        assertThat(again).isFalse();
        assertThat(unsettled.settle(2, this::note)).isFalse();
        assertThat(unsettled.settle(0, this::note)).isFalse();
        assertThat(settled).containsExactly("a 0 5-5");
    }

    @Test
    void shouldCountTagsOfWhoSettlesNothing() {
        // Given
        unsettled.skip();
        unsettled.add("a", 0, 5);
        for (int i = 0; i < 100; i++) {
            unsettled.skip();
        }

        // When
        long tag = unsettled.add("a", 0, 6);

        // Then
        assertThat(tag).isEqualTo(103);
        assertThat(unsettled.count()).isEqualTo(2);
        assertThat(unsettled.settleUpTo(103, this::note)).isEqualTo(2);
        assertThat(settled).containsExactly("a 0 5-6");
    }

    @Test
    void shouldForgetAllWithoutTelling() {
        // Given
        unsettled.add("a", 0, 5);

        // When
        unsettled.clear();

        // Then
        assertThat(unsettled.count()).isZero();
        assertThat(unsettled.settle(1, this::note)).isFalse();
        assertThat(unsettled.add("a", 0, 6)).isEqualTo(2);
        assertThat(settled).isEmpty();
    }

    /** One that is never settled does not make the ring as long as the tags behind it. */
    @Test
    void shouldKeepWhatIsLeftBehind() {
        // Given
        unsettled.add("old", 0, 1);
        for (long offset = 0; offset < 1_000_000; offset++) {
            long tag = unsettled.add("a", 0, offset);
            unsettled.settle(tag, (consumer, partition, first, last) -> {});
        }

        // When
        boolean known = unsettled.settle(1, this::note);

        // Then
        assertThat(known).isTrue();
        assertThat(settled).containsExactly("old 0 1-1");
        assertThat(unsettled.ringSize()).isLessThanOrEqualTo(16);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldBehaveAsAMap(long seed) {
        // Given
        Random random = new Random(seed);
        TreeMap<Long, String> model = new TreeMap<>();
        int settleEvery = 1 + random.nextInt(6);

        for (int step = 0; step < 20_000; step++) {
            // When
            int what = random.nextInt(10);
            if (what < settleEvery && !model.isEmpty()) {
                long tag = model.firstKey() + random.nextInt((int) (model.lastKey() - model.firstKey()) + 1);
                settled.clear();
                if (what == 0) {
                    unsettled.settleUpTo(tag, this::noteEach);
                    Map<Long, String> expected = model.headMap(tag, true);
                    assertThat(settled).containsExactlyElementsOf(expected.values());
                    expected.clear();
                } else {
                    String expected = model.remove(tag);
                    assertThat(unsettled.settle(tag, this::noteEach)).isEqualTo(expected != null);
                    assertThat(settled).isEqualTo(expected == null ? List.of() : List.of(expected));
                }
            } else if (what == 9) {
                unsettled.skip();
            } else {
                String consumer = random.nextBoolean() ? "a" : "b";
                long tag = unsettled.add(consumer, step % 2, step);
                model.put(tag, consumer + " " + step % 2 + " " + step);
            }

            // Then
            assertThat(unsettled.count()).isEqualTo(model.size());
        }
    }

    private void noteEach(String consumer, int partition, long first, long last) {
        for (long offset = first; offset <= last; offset++) {
            settled.add(consumer + " " + partition + " " + offset);
        }
    }
}
