package dev.recado.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeathHistoryTest {

    private static DeathHistory.Entry death(String queue, String reason, boolean isFirst) {
        return new DeathHistory.Entry(new DeathHistory.Place(queue, reason), 1, "x", List.of("k"), 7, -1, isFirst);
    }

    /** Deaths in the order in which they came, each as queue and reason. */
    private static DeathHistory after(String deaths) {
        DeathHistory history = DeathHistory.NONE;
        for (String each : deaths.isEmpty() ? new String[0] : deaths.split(" ")) {
            String[] words = each.split(":");
            history = history.with(death(words[0], words[1], history.entries().isEmpty()));
        }
        return history;
    }

    @Test
    void shouldKeepOneEntryForQueueAndReasonTheLatestFirst() {
        // When
        DeathHistory history = after("a:expired b:rejected a:expired a:rejected");

        // Then
        assertThat(history.text()).isEqualTo("""
                reason=rejected queue=a exchange=x key=k count=1 time=7, \
                reason=expired queue=a exchange=x key=k count=2 time=7 first=1, \
                reason=rejected queue=b exchange=x key=k count=1 time=7""");
    }

    @Test
    void shouldReadWhatItWrites() {
        // Given
        DeathHistory history = DeathHistory.NONE
                .with(new DeathHistory.Entry(
                        new DeathHistory.Place("a b,c=d", "maxlen"), 3, "", List.of("", "%ñ"), 1L << 40, 0, true))
                .with(death("q", "expired", false));

        // When, Then
        assertThat(DeathHistory.parse(history.text())).isEqualTo(history);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "queue=a",
                "reason=a queue=b count=0",
                "reason=a queue=b count=x",
                "reason=a queue=%zz count=1",
                "reason=a queue=b count=1,",
                "reason=a queue=b count=1 colour=red"
            })
    void shouldTakeNothingFromOthers(String text) {
        assertThat(DeathHistory.parse(text)).isEqualTo(DeathHistory.NONE);
    }

    /** The last death is that which has just come. */
    @ParameterizedTest
    @CsvSource({
        "a:expired, a, true",
        "a:expired, b, false",
        "a:expired b:expired, a, true",
        "a:expired b:rejected, a, false",
        "a:rejected b:expired, a, false",
        "b:rejected a:expired b:maxlen, a, true",
        "a:expired b:delivery_limit, a, true"
    })
    void shouldFindACircleThatNobodyWants(String deaths, String target, boolean isCircle) {
        assertThat(after(deaths).isCircle(target)).isEqualTo(isCircle);
    }

    @Test
    void shouldEndAWayThatIsTooLong() {
        // Given
        StringBuilder deaths = new StringBuilder();
        for (int i = 0; i <= DeathHistory.ENTRIES_MAX; i++) {
            deaths.append("q").append(i).append(":expired ");
        }

        // When
        DeathHistory history = after(deaths.toString().strip());

        // Then
        assertThat(history.entries()).hasSize(DeathHistory.ENTRIES_MAX);
        assertThat(history.isCircle("another")).isTrue();
        assertThat(DeathHistory.parse(history.text())).isEqualTo(history);
    }
}
