package dev.recado.load.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.load.text.TextConnection.Arrival;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection on a channel in memory, whose time goes on only when it is told to. */
class TextConnectionTest {

    private static final long TIMEOUT_MS = 1_000;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> told = new ArrayList<>();
    private long nowMs = 5_000;
    private TextConnection connection = new TextConnection(channel, () -> nowMs, TIMEOUT_MS);

    @BeforeEach
    void connect() {
        channel.freezeTime();
        channel.pipeline().addLast(connection);
    }

    @Test
    void shouldAnswerInTheOrderOfTheCommands() {
        // Given
        ask("A");
        ask("B");

        // When
        broker("OK:1\nNOTIFY:MESSAGES_AVAILABLE:1\nERROR:Topic full\n");

        // Then
        assertThat(sent()).isEqualTo("A\nB\n");
        assertThat(told).containsExactly("A OK:1 at 5000", "B failed: ERROR:Topic full at 5000");
    }

    @Test
    void shouldHandOverWhatCameBeforeItWasAskedFor() {
        // Given
        broker("MSG:1:0:1:2\nhi\n");
        nowMs += 7;

        // When
        receive("R", 100);

        // Then
        assertThat(told).containsExactly("R 0 at 5000");
    }

    @Test
    void shouldHandOverAMessageAsSoonAsItComes() {
        // Given
        receive("R", 100);
        pass(40);

        // When
        broker("MSG:1:0:1:2\nhi\n");
        pass(200);

        // Then
        assertThat(told).containsExactly("R 0 at 5040");
    }

    @Test
    void shouldSayWhenNothingCame() {
        // Given
        receive("R", 100);

        // When
        pass(100);

        // Then
        assertThat(told).containsExactly("R nothing");
    }

    @Test
    void shouldKeepOrderWhereAnAnswerComesTooLate() {
        // Given
        ask("A");
        pass(TIMEOUT_MS / 2);
        ask("B");

        // When
        pass(TIMEOUT_MS / 2);
        broker("OK:late\nOK:B\n");

        // Then
        assertThat(told).containsExactly("A failed: no answer within 1000 ms at 6000", "B OK:B at 6000");
    }

    @Test
    void shouldTimeOutEachQuestionOnce() {
        // Given
        ask("A");
        pass(TIMEOUT_MS / 2);
        ask("B");

        // When
        pass(TIMEOUT_MS / 2);
        pass(TIMEOUT_MS);

        // Then
        assertThat(told)
                .containsExactly(
                        "A failed: no answer within 1000 ms at 6000", "B failed: no answer within 1000 ms at 7000");
    }

    @Test
    void shouldEndEverythingWithTheConnection() {
        // Given
        ask("A");
        receive("R", 100);

        // When
        channel.close();
        ask("B");
        receive("S", 100);

        // Then
        assertThat(connection.isOpen()).isFalse();
        assertThat(told)
                .containsExactly(
                        "A failed: connection closed by the broker at 5000",
                        "R failed: connection closed by the broker",
                        "B failed: connection closed by the broker at 5000",
                        "S failed: connection closed by the broker");
    }

    @Test
    void shouldBreakOffWhereTheStreamCannotBeTrusted() {
        // Given
        ask("A");

        // When
        broker("MSG:1:0:1\n");

        // Then
        assertThat(told).containsExactly("A failed: malformed: delivery of 4 fields at 5000");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void shouldBreakOffWhereAnAnswerWasNotAskedFor() {
        // When
        broker("ERROR:Idle: silent for 60000 ms\n");
        ask("A");

        // Then
        assertThat(told).containsExactly("A failed: not asked for: ERROR:Idle: silent for 60000 ms at 5000");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void shouldFailAReceiverWhoseSubscriptionEnds() {
        // Given
        receive("R", 100);

        // When
        broker("END:1:topic%20deleted\n");

        // Then
        assertThat(told).containsExactly("R failed: subscription ended: END:1:topic%20deleted");
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    void shouldRefuseMoreQuestionsThanItsLimit() {
        // Given
        for (int i = 0; i < TextConnection.UNANSWERED_MAX; i++) {
            connection.ask(Unpooled.EMPTY_BUFFER, outcome -> {});
        }

        // When
        ask("A");

        // Then
        assertThat(told).containsExactly("A failed: too many commands unanswered: limit=65536 at 5000");
    }

    private void ask(String line) {
        connection.ask(
                Commands.line(line),
                outcome -> told.add(line + " "
                        + (outcome.problem() == null ? outcome.line() : "failed: " + outcome.problem())
                        + " at " + outcome.endMs()));
    }

    private void receive(String name, long waitMs) {
        connection.receive(waitMs, new TextConnection.Receiver() {
            @Override
            public void onArrival(Arrival arrival) {
                told.add(name + " " + arrival.message().id() + " at " + arrival.arrivedMs());
            }

            @Override
            public void onNothing(@Nullable String problem) {
                told.add(name + (problem == null ? " nothing" : " failed: " + problem));
            }
        });
    }

    private void broker(String bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, UTF_8));
    }

    private void pass(long ms) {
        nowMs += ms;
        channel.advanceTimeBy(ms, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    private String sent() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf buffer = channel.readOutbound(); buffer != null; buffer = channel.readOutbound()) {
            text.append(buffer.toString(UTF_8));
            buffer.release();
        }
        return text.toString();
    }
}
