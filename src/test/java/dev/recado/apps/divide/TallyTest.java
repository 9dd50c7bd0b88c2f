package dev.recado.apps.divide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.divide.Report.Batch;
import dev.recado.apps.divide.Report.Done;
import dev.recado.apps.divide.Report.Failed;
import org.junit.jupiter.api.Test;

class TallyTest {

    private final Tally tally = new Tally(0);

    private static Done done(String batch, String worker) {
        return new Done(batch, "/a.png", worker, 100, 10);
    }

    @Test
    void shouldBeCompleteWhenEverythingAnnouncedCame() {
        // When / Then
        tally.on(new Batch("b", 2));
        assertThat(tally.isComplete()).isFalse();
        tally.on(done("b", "w1"));
        assertThat(tally.missing()).isEqualTo(1);
        tally.on(new Failed("b", "/b.png", "w2", "damaged"));
        assertThat(tally.isComplete()).isTrue();
        assertThat(tally.failed()).isEqualTo(1);
    }

    @Test
    void shouldTakeResultsBeforeTheirAnnouncement() {
        // When / Then
        tally.on(done("b", "w1"));
        assertThat(tally.isAnnounced()).isFalse();
        assertThat(tally.isComplete()).isFalse();
        tally.on(new Batch("b", 1));
        assertThat(tally.isComplete()).isTrue();
    }

    @Test
    void shouldNotTakeResultsOfAnEarlierRunForThoseOfThisOne() {
        // When
        tally.on(new Batch("new", 2));
        tally.on(done("old", "w1"));
        tally.on(done("old", "w1"));
        tally.on(done("new", "w1"));

        // Then
        assertThat(tally.missing()).isEqualTo(1);
        assertThat(tally.isComplete()).isFalse();
    }

    @Test
    void shouldWaitForAllMasters() {
        // When
        tally.on(new Batch("a", 1));
        tally.on(new Batch("b", 1));
        tally.on(done("a", "w1"));

        // Then
        assertThat(tally.isComplete()).isFalse();
    }

    @Test
    void shouldBeCompleteWhenThereIsNothingToDo() {
        tally.on(new Batch("b", 0));
        assertThat(tally.isComplete()).isTrue();
    }

    @Test
    void shouldCountToWhatItWasToldToExpect() {
        // Given
        Tally two = new Tally(2);

        // When / Then
        two.on(new Batch("b", 9));
        two.on(done("", "w1"));
        assertThat(two.isComplete()).isFalse();
        two.on(done("b", "w1"));
        assertThat(two.isComplete()).isTrue();
        assertThat(two.missing()).isZero();
    }

    @Test
    void shouldTellWhatCameOfIt() {
        // When
        tally.on(new Batch("b", 4));
        tally.on(done("b", "w2"));
        tally.on(new Done("b", "/b.png", "w1", 50, 25));
        tally.on(new Failed("b", "/c.png", "w1", "damaged"));

        // Then
        assertThat(tally.lines(2))
                .containsExactly(
                        "done 2, failed 1, missing 1 in 2.0 s, 1.5 images/s",
                        "bytes 150, ms per image 17.5 on average, 25 at most",
                        "w1: 2 images",
                        "w2: 1 image");
    }
}
