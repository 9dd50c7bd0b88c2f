package dev.recado.core.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteMarksTest {

    @Test
    void shouldKnowNothingWhereNothingIs() {
        // Given
        ByteMarks marks = new ByteMarks();

        // When, Then
        assertThat(marks.from(0)).isZero();
        assertThat(marks.firstWithin(100)).isZero();
    }

    @Test
    void shouldBeExactAtPlacesAndAlongTheLineBetweenThem() {
        // Given
        ByteMarks marks = new ByteMarks();
        marks.add(100, 110, 5_000);
        marks.add(110, 120, 10_000);

        // When, Then
        assertThat(marks.from(0)).isEqualTo(15_000);
        assertThat(marks.from(100)).isEqualTo(15_000);
        assertThat(marks.from(105)).isEqualTo(12_500);
        assertThat(marks.from(110)).isEqualTo(10_000);
        assertThat(marks.from(119)).isEqualTo(1_000);
        assertThat(marks.from(120)).isZero();
    }

    @Test
    void shouldCountNothingForOffsetsThatWereLeftOut() {
        // Given
        ByteMarks marks = new ByteMarks();
        marks.add(0, 10, 5_000);
        marks.add(90, 100, 5_000);

        // When, Then
        assertThat(marks.from(50)).isEqualTo(5_000);
        assertThat(marks.from(95)).isEqualTo(2_500);
        assertThat(marks.firstWithin(5_000)).isEqualTo(90);
    }

    @Test
    void shouldFindFromWhereOnSoMuchIsLeft() {
        // Given
        ByteMarks marks = new ByteMarks();
        marks.add(0, 10, 10_000);
        marks.add(10, 20, 10_000);

        // When, Then
        assertThat(marks.firstWithin(20_000)).isZero();
        assertThat(marks.firstWithin(19_999)).isEqualTo(1);
        assertThat(marks.firstWithin(10_000)).isEqualTo(10);
        assertThat(marks.firstWithin(9_500)).isEqualTo(11);
        assertThat(marks.firstWithin(0)).isEqualTo(20);
    }

    @Test
    void shouldForgetWhatLiesBelow() {
        // Given
        ByteMarks marks = new ByteMarks();
        marks.add(0, 10, 10_000);
        marks.add(10, 20, 10_000);

        // When
        marks.dropBelow(15);

        // Then
        assertThat(marks.from(15)).isEqualTo(5_000);
        marks.dropBelow(20);
        assertThat(marks.from(0)).isZero();
        marks.add(20, 30, 7_000);
        assertThat(marks.from(20)).isEqualTo(7_000);
    }

    @Test
    void shouldStayWithinAFourHundredthOfWhatIsStored() {
        // Given
        Random random = new Random(7);
        ByteMarks marks = new ByteMarks();
        int runs = 200_000;
        long[] before = new long[runs + 1];
        for (int run = 0; run < runs; run++) {
            long bytes = 50L + random.nextInt(20_000);
            marks.add(run, run + 1, bytes);
            before[run + 1] = before[run] + bytes;
        }
        long total = before[runs];

        // When, Then
        for (int i = 0; i < 10_000; i++) {
            int offset = random.nextInt(runs);
            assertThat(marks.from(offset))
                    .isBetween(total - before[offset] - total / 400, total - before[offset] + total / 400);
            long wanted = (long) (random.nextDouble() * total);
            assertThat(marks.from(marks.firstWithin(wanted))).isLessThanOrEqualTo(wanted);
        }
    }

    @Test
    void shouldStayWithinAPartOfWhatIsLeftHoweverMuchIsStored() {
        // Given large messages and small ones in turn, by the hundreds
        Random random = new Random(7);
        ByteMarks marks = new ByteMarks();
        int runs = 300_000;
        long[] before = new long[runs + 1];
        for (int run = 0; run < runs; run++) {
            long bytes = run / 300 % 2 == 0 ? 70 : 9_000;
            marks.add(run, run + 1, bytes);
            before[run + 1] = before[run] + bytes;
        }
        long total = before[runs];

        // When, Then
        for (int i = 0; i < 10_000; i++) {
            int offset = runs - 1 - (int) Math.exp(random.nextDouble() * Math.log(runs));
            long left = total - before[offset];
            assertThat(marks.from(offset)).isBetween(left - left / 32, left + left / 32);
        }
    }

    @Test
    void shouldBeExactForTheLastRuns() {
        // Given
        ByteMarks marks = new ByteMarks();
        long bytes = 0;
        for (int run = 0; run < 10_000; run++) {
            marks.add(run, run + 1, run % 2 == 0 ? 60 : 1_000);
        }

        // When, Then
        for (int run = 9_999; run >= 9_940; run--) {
            bytes += run % 2 == 0 ? 60 : 1_000;
            assertThat(marks.from(run)).isEqualTo(bytes);
        }
    }
}
