package dev.recado.load.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.load.amqp.Inbox.Arrival;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On the event loop of a channel in memory, whose time goes on only when it is told to. */
class InboxTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Inbox inbox = new Inbox(channel.eventLoop());
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void freeze() {
        channel.freezeTime();
    }

    @Test
    void shouldHandOverWhatCameBeforeItWasAskedFor() {
        // Given
        arrive(1);
        arrive(2);

        // When
        receive("A", 100);
        receive("B", 100);

        // Then
        assertThat(told).containsExactly("A 1", "B 2");
    }

    @Test
    void shouldHandOverAMessageAsSoonAsItComes() {
        // Given
        receive("A", 100);
        receive("B", 100);

        // When
        arrive(1);
        pass(200);

        // Then
        assertThat(told).containsExactly("A 1", "B nothing: null");
    }

    @Test
    void shouldKeepWhatComesAfterTheWait() {
        // Given
        receive("A", 100);
        pass(100);

        // When
        arrive(1);
        receive("B", 100);

        // Then
        assertThat(told).containsExactly("A nothing: null", "B 1");
    }

    @Test
    void shouldTellThoseWhoWaitThatItEnded() {
        // Given
        receive("A", 100);

        // When
        inbox.end("connection lost");
        receive("B", 100);
        pass(200);

        // Then
        assertThat(told).containsExactly("A nothing: connection lost", "B nothing: connection lost");
    }

    @Test
    void shouldTakeNoMoreThanAnyPrefetchAllows() {
        // Given
        for (int tag = 0; tag < Inbox.ARRIVALS_MAX; tag++) {
            assertThat(arrive(tag)).isTrue();
        }

        // When
        boolean taken = arrive(Inbox.ARRIVALS_MAX);

        // Then
        assertThat(taken).isFalse();
    }

    private boolean arrive(long tag) {
        return inbox.add(new Arrival(tag, new byte[0], false, 0));
    }

    private void receive(String name, long waitMs) {
        inbox.receive(waitMs, new Inbox.Receiver() {
            @Override
            public void onArrival(Arrival arrival) {
                told.add(name + " " + arrival.tag());
            }

            @Override
            public void onNothing(@Nullable String problem) {
                told.add(name + " nothing: " + problem);
            }
        });
    }

    private void pass(long ms) {
        channel.advanceTimeBy(ms, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }
}
