package dev.recado.load.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfirmsTest {

    private final Confirms confirms = new Confirms();
    private final List<String> told = new ArrayList<>();

    @Test
    void shouldConfirmOne() {
        // Given
        publish(1, 2, 3);

        // When
        confirms.onConfirmed(2, false);

        // Then
        assertThat(told).containsExactly("2 null");
    }

    @Test
    void shouldConfirmAllUpToOne() {
        // Given
        publish(1, 2, 3, 4);
        confirms.onConfirmed(2, false);

        // When
        confirms.onConfirmed(3, true);

        // Then
        assertThat(told).containsExactly("2 null", "1 null", "3 null");
    }

    @Test
    void shouldTellWhatWasRefused() {
        // Given
        publish(1, 2, 3);

        // When
        confirms.onRefused(2, true);
        confirms.onConfirmed(3, false);

        // Then
        assertThat(told).containsExactly("1 refused by the broker", "2 refused by the broker", "3 null");
    }

    @Test
    void shouldEndWhatHasWaitedTooLongAndPassOverALateConfirmation() {
        // Given
        publish(1, 2, 3);

        // When
        confirms.onTick(1_002, 1_000);
        confirms.onConfirmed(3, true);

        // Then
        assertThat(told)
                .containsExactly("1 no confirmation within 1000 ms", "2 no confirmation within 1000 ms", "3 null");
    }

    @Test
    void shouldEndAllWithTheChannelAndTakeNothingMore() {
        // Given
        publish(1, 2);

        // When
        confirms.end("connection lost");
        confirms.end("connection closed");
        publish(3);
        confirms.onConfirmed(3, true);

        // Then
        assertThat(told).containsExactly("1 connection lost", "2 connection lost", "3 connection lost");
    }

    @Test
    void shouldRefuseMoreThanMayWait() {
        // Given
        for (int number = 0; number < Confirms.UNCONFIRMED_MAX; number++) {
            assertThat(confirms.add(number, 0, problem -> {})).isTrue();
        }

        // When
        boolean taken = confirms.add(Confirms.UNCONFIRMED_MAX, 0, problem -> told.add(String.valueOf(problem)));

        // Then
        assertThat(taken).isFalse();
        assertThat(told).containsExactly("too many publishes unconfirmed: limit=65536");
    }

    private void publish(long... numbers) {
        for (long number : numbers) {
            confirms.add(number, 1_000 + number, problem -> told.add(number + " " + problem));
        }
    }
}
