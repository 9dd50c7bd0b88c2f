package dev.recado.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RangeSetTest {

    private static final int SEEDS = 400;

    @Test
    void shouldJoinRangesThatTouch() {
        // Given
        RangeSet set = new RangeSet();
        set.addRange(0, 3);
        set.addRange(5, 8);
        // When
        long added = set.addRange(3, 5);
        // Then
        assertThat(added).isEqualTo(2);
        assertThat(set).hasToString("0-7");
        assertThat(set.rangeCount()).isEqualTo(1);
    }

    @Test
    void shouldSplitARangeWhenItsMiddleIsRemoved() {
        // Given
        RangeSet set = new RangeSet();
        set.addRange(10, 20);
        // When
        long removed = set.removeRange(12, 15);
        // Then
        assertThat(removed).isEqualTo(3);
        assertThat(set).hasToString("10-11 15-19");
    }

    @Test
    void shouldAnswerNoneWhenEmpty() {
        // Given
        RangeSet set = new RangeSet();
        // When
        set.addRange(4, 4);
        // Then
        assertThat(set.first()).isEqualTo(RangeSet.NONE);
        assertThat(set.end()).isEqualTo(RangeSet.NONE);
        assertThat(set.next(0)).isEqualTo(RangeSet.NONE);
        assertThat(set.nextGap(7)).isEqualTo(7);
        assertThat(set.remove(3)).isFalse();
        assertThat(set.isEmpty()).isTrue();
    }

    @Test
    void shouldRefuseNegativeValues() {
        // Given
        RangeSet set = new RangeSet();
        // When / Then
        assertThatThrownBy(() -> set.add(-1)).isInstanceOf(AssertionError.class);
    }

    @Test
    void shouldHoldManyRangesAndGiveThemBack() {
        // Given
        RangeSet set = new RangeSet();
        int ranges = 65_536;
        // When
        for (int i = 0; i < ranges; i++) {
            set.add(2L * ((i * 40_503L) % ranges));
        }
        // Then
        assertThat(set.rangeCount()).isEqualTo(ranges);
        assertThat(set.removeRange(0, 2L * ranges)).isEqualTo(ranges);
        assertThat(set.isEmpty()).isTrue();
    }

    @Test
    void shouldBehaveLikeATreeSet() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            int span = 1 << (3 + random.nextInt(9));
            RangeSet set = new RangeSet();
            TreeSet<Long> model = new TreeSet<>();
            for (int step = 0; step < 400; step++) {
                change(set, model, random, span);
                compare(set, model, random.nextInt(span + 10), "seed=" + seed + " step=" + step);
            }
            compareRanges(set, model, "seed=" + seed);
        }
    }

    private static void change(RangeSet set, NavigableSet<Long> model, Random random, int span) {
        long from = random.nextInt(span);
        long to = from + random.nextInt(random.nextInt(10) == 0 ? span / 2 : 4);
        switch (random.nextInt(12)) {
            case 0, 1 -> assertThat(set.removeRange(from, to)).isEqualTo(removeAll(model, from, to));
            case 2 -> assertThat(set.remove(from)).isEqualTo(model.remove(from));
            case 3 -> {
                long below = random.nextInt(20) == 0 ? from : from / 8;
                set.removeBelow(below);
                model.headSet(below).clear();
            }
            case 4 -> {
                if (random.nextInt(200) == 0) {
                    set.clear();
                    model.clear();
                }
            }
            case 5, 6 -> assertThat(set.addRange(from, to)).isEqualTo(addAll(model, from, to));
            default -> assertThat(set.add(from)).isEqualTo(model.add(from));
        }
    }

    private static long addAll(NavigableSet<Long> model, long from, long to) {
        long added = 0;
        for (long value = from; value < to; value++) {
            added += model.add(value) ? 1 : 0;
        }
        return added;
    }

    private static long removeAll(NavigableSet<Long> model, long from, long to) {
        long removed = 0;
        for (long value = from; value < to; value++) {
            removed += model.remove(value) ? 1 : 0;
        }
        return removed;
    }

    private static void compare(RangeSet set, NavigableSet<Long> model, long probe, String where) {
        Long next = model.ceiling(probe);
        long gap = probe;
        while (model.contains(gap)) {
            gap++;
        }
        boolean same = set.count() == model.size()
                && set.isEmpty() == model.isEmpty()
                && set.first() == (model.isEmpty() ? RangeSet.NONE : model.first())
                && set.end() == (model.isEmpty() ? RangeSet.NONE : model.last() + 1)
                && set.contains(probe) == model.contains(probe)
                && set.next(probe) == (next == null ? RangeSet.NONE : next)
                && set.nextGap(probe) == gap;
        assertThat(same)
                .as("%s probe=%d set=%s model=%s", where, probe, set, model)
                .isTrue();
    }

    private static void compareRanges(RangeSet set, NavigableSet<Long> model, String where) {
        StringBuilder expected = new StringBuilder();
        int ranges = 0;
        for (Long from = model.ceiling(0L); from != null; ranges++) {
            long last = from;
            while (model.contains(last + 1)) {
                last++;
            }
            expected.append(expected.isEmpty() ? "" : " ").append(from).append(last > from ? "-" + last : "");
            from = model.ceiling(last + 1);
        }
        assertThat(set).as(where).hasToString(expected.toString());
        assertThat(set.rangeCount()).as(where).isEqualTo(ranges);
    }
}
