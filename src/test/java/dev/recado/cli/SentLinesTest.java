package dev.recado.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SentLinesTest {

    private final SentLines lines = new SentLines();

    private void send(int count) {
        for (int i = 0; i < count; i++) {
            lines.onSent();
        }
    }

    @Test
    void shouldTellNothingWhereAllIsStored() {
        // Given
        send(200_000);

        // When
        LongStream.rangeClosed(1, 200_000).forEach(line -> lines.onCounted(line, true));

        // Then
        assertThat(lines.report(0, "in.txt", "jobs")).isEmpty();
    }

    @Test
    void shouldNameTheLinesThatWereRefusedAndHowToSendThemAgain() {
        // Given
        send(10);

        // When
        LongStream.of(1, 2, 4, 3, 9, 5, 8, 10, 6, 7).forEach(line -> lines.onCounted(line, line < 5 || line == 8));

        // Then
        assertThat(lines.report(0, "in.txt", "jobs"))
                .containsExactly(
                        "not stored: lines 5-7, 9-10",
                        "to send these again: sed -n '5,7p;9,10p' in.txt | recado producer --topic jobs");
    }

    @Test
    void shouldTellApartWhatWentOutAndWhatDidNot() {
        // Given
        send(9);
        lines.onNotSent();
        lines.onLeft();

        // When
        LongStream.rangeClosed(1, 3).forEach(line -> lines.onCounted(line, true));

        // Then
        assertThat(lines.report(2, "in.txt", "jobs"))
                .containsExactly(
                        "stored or not, nobody knows: lines 4-5",
                        "not stored: lines 6-8",
                        "not sent: from line 9 on",
                        "to send these again: sed -n '6,8p;9,$p' in.txt | recado producer --topic jobs");
        assertThat(lines.report(2, null, "jobs"))
                .containsExactly("stored or not, nobody knows: messages 4-5", "not stored: messages 6-8");
    }

    @Test
    void shouldNameTheFirstRangesAndCountTheOthers() {
        // Given
        send(200_000);

        // When
        LongStream.rangeClosed(1, 200_000).forEach(line -> lines.onCounted(line, line % 2 == 0));

        // Then
        assertThat(lines.report(0, "in.txt", "jobs").get(0))
                .startsWith("not stored: lines 1, 3, 5, ")
                .endsWith(", 37, 39 and 99980 more behind them");
    }
}
