package dev.recado.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublishConfirmsTest implements PublishConfirms.Answers {

    private final PublishConfirms confirms = new PublishConfirms();
    private final List<String> told = new ArrayList<>();
    private final TreeSet<Long> untold = new TreeSet<>();
    private final TreeSet<Long> nacked = new TreeSet<>();

    @Override
    public void ack(long number, boolean multiple) {
        told.add("ack " + number + (multiple ? " multiple" : ""));
        if (multiple) {
            assertThat(untold.headSet(number, true)).isNotEmpty();
            untold.headSet(number, true).clear();
        } else {
            assertThat(untold.remove(number)).isTrue();
        }
    }

    @Override
    public void nack(long number) {
        told.add("nack " + number);
        nacked.add(number);
        assertThat(untold.remove(number)).isTrue();
    }

    private void open(int count) {
        for (int i = 0; i < count; i++) {
            long number = confirms.open();
            confirms.ticket(number + 99, number);
            untold.add(number);
        }
    }

    @Test
    void shouldTellTogetherWhatFollowsEachOther() {
        // Given
        open(5);
        confirms.answer(100, 3, true);

        // When
        confirms.tell(this);

        // Then
        assertThat(told).containsExactly("ack 3 multiple");
        assertThat(confirms.isAllTold()).isFalse();
    }

    @Test
    void shouldTellAloneWhatComesBeforeItsTurn() {
        // Given
        open(4);
        confirms.answer(102, 2, true);
        confirms.tell(this);

        // When
        confirms.answer(100, 1, true);
        confirms.tell(this);
        confirms.answer(101, 1, true);
        confirms.tell(this);

        // Then
        assertThat(told).containsExactly("ack 3", "ack 4", "ack 1", "ack 2");
        assertThat(confirms.isAllTold()).isTrue();
    }

    @Test
    void shouldTellARefusalBetweenOthers() {
        // Given
        open(5);
        confirms.answer(100, 2, true);
        confirms.answer(102, 1, false);
        confirms.answer(103, 2, true);

        // When
        confirms.tell(this);

        // Then
        assertThat(told).containsExactly("ack 2 multiple", "nack 3", "ack 5 multiple");
    }

    @Test
    void shouldGiveTheTicketOfOneRefusedAtOnceToTheNext() {
        // Given
        long first = confirms.open();
        confirms.ticket(7, first);
        confirms.answer(first, false);
        long second = confirms.open();
        confirms.ticket(7, second);
        untold.add(first);
        untold.add(second);

        // When
        confirms.answer(7L, 1, true);
        confirms.tell(this);

        // Then
        assertThat(told).containsExactly("nack 1", "ack 2");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldTellEachOnce(long seed) {
        // Given
        Random random = new Random(seed);
        List<Long> unanswered = new ArrayList<>();
        TreeSet<Long> refused = new TreeSet<>();
        long ticket = 0;

        for (int step = 0; step < 5_000; step++) {
            // When
            if (random.nextInt(3) > 0) {
                long number = confirms.open();
                untold.add(number);
                confirms.ticket(ticket, number);
                if (random.nextInt(10) == 0) {
                    confirms.answer(number, false);
                    refused.add(number);
                } else {
                    unanswered.add(ticket++);
                }
            }
            if (random.nextInt(3) > 0 && !unanswered.isEmpty()) {
                confirms.answer(unanswered.remove(random.nextInt(Math.min(5, unanswered.size()))), 1, true);
            }
            if (random.nextInt(4) == 0) {
                confirms.tell(this);
            }
        }
        for (long each : unanswered) {
            confirms.answer(each, 1, true);
        }
        confirms.tell(this);

        // Then
        assertThat(untold).isEmpty();
        assertThat(nacked).isEqualTo(refused);
        assertThat(confirms.isAllTold()).isTrue();
    }
}
