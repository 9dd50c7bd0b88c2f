package dev.recado.transport.amqp;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import org.junit.jupiter.api.Test;

/** What publishers hear while their messages find no disk or memory. */
class AmqpBlockedTest {

    private static final Refusal DISK = Refusal.of(ErrorCode.DISK_LOW, "free space is below disk.free-min");
    private static final Refusal MEMORY = Refusal.of(ErrorCode.MEMORY_LOW, "the heap is above the mark");
    private static final String PUBLISHED = """
            > 1 queue.declare q
            < 1 queue.declare-ok q 0 0
            > 1 basic.publish '' q : m
            > 2 channel.open
            < 2 channel.open-ok
            > 2 basic.publish '' q : m
            """;

    private final AmqpStage stage = new AmqpStage();

    @Test
    void shouldTellAPublisherOnceForAllItsChannels() {
        // Given
        stage.capabilities = new String[] {"connection.blocked"};
        stage.play(PUBLISHED + """
                c> 1 queue.declare r
                c< 1 queue.declare-ok r 0 0
                """);

        // When
        stage.broker.shortage(DISK);

        // Then
        stage.play("< 0 connection.blocked low on disk");

        // When
        stage.broker.shortage(null);

        // Then
        stage.play("< 0 connection.unblocked");

        // When
        stage.broker.shortage(MEMORY);

        // Then
        stage.play("< 0 connection.blocked low on memory");
    }

    @Test
    void shouldTellThatItIsOverWhereTheChannelThatPublishedIsClosed() {
        // Given
        stage.capabilities = new String[] {"connection.blocked"};
        stage.play("""
                > 1 queue.declare q
                < 1 queue.declare-ok q 0 0
                > 2 channel.open
                < 2 channel.open-ok
                > 2 basic.publish '' q : m
                """);
        stage.broker.shortage(DISK);
        stage.play("""
                < 0 connection.blocked low on disk
                > 2 channel.close
                < 2 channel.close-ok
                """);

        // When
        stage.broker.shortage(null);
        stage.tick(1_000);

        // Then
        stage.play("< 0 connection.unblocked");
    }

    @Test
    void shouldNotTellClientsThatDoNotKnowTheWords() {
        // Given
        stage.play(PUBLISHED);

        // When
        stage.broker.shortage(DISK);
        stage.broker.shortage(null);

        // Then
        stage.play("""
                > 1 channel.flow active
                < 1 channel.flow-ok active
                """);
    }
}
