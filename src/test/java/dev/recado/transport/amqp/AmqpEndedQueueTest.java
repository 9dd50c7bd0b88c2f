package dev.recado.transport.amqp;

import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.ExchangeType;
import dev.recado.security.Identity;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A queue that another client has end while a method that names it is performed. */
class AmqpEndedQueueTest {

    private static final String GONE = "404 NOT_FOUND - no queue 'q' in vhost '/'";

    private AmqpStage stage = new AmqpStage();

    @BeforeEach
    void declare() {
        stage = new AmqpStage();
        stage.exchange("x", ExchangeType.DIRECT);
        stage.play("""
                > 1 queue.declare q
                < 1 queue.declare-ok q 0 0
                """);
    }

    private void end() {
        stage.broker.change(new CatalogChange.DeleteTopic(stage.topic("q").uuid()), Identity.BROKER);
    }

    @Test
    void shouldMakeAnewWhatEndsWhileItIsDeclared() {
        // When
        stage.broker.beforeNextAsk = this::end;
        stage.play("""
                > 1 queue.declare q
                < 1 queue.declare-ok q 0 0
                > 1 queue.declare q passive
                < 1 queue.declare-ok q 1 1
                """);
    }

    @Test
    void shouldMakeAnewWhatEndsWhileItIsUsed() {
        // Given
        stage.play("""
                > 1 queue.declare short auto-delete
                < 1 queue.declare-ok short 0 0
                """);

        // When
        stage.broker.beforeNextAsk = () -> stage.broker.change(
                new CatalogChange.DeleteTopic(stage.topic("short").uuid()), Identity.BROKER);
        stage.play("""
                > 1 queue.declare short auto-delete
                < 1 queue.declare-ok short 0 0
                > 1 queue.declare short auto-delete
                < 1 queue.declare-ok short 1 1
                """);
    }

    @TestFactory
    Stream<DynamicTest> shouldTellThatItIsGone() {
        return Stream.of(
                        List.of("queue.declare q passive", "queue.declare"),
                        List.of("basic.consume q tag", "basic.consume"),
                        List.of("basic.get q", "basic.get"),
                        List.of("queue.purge q", "queue.purge"),
                        List.of("queue.bind q x key", "queue.bind"))
                .map(row -> DynamicTest.dynamicTest(row.get(0), () -> {
                    // Given
                    declare();

                    // When
                    stage.broker.beforeNextAsk = this::end;
                    stage.broker.beforeNextChange = this::end;
                    stage.play("> 1 " + row.get(0) + "\n< 1 channel.close " + GONE + " (" + row.get(1) + ")");
                }));
    }
}
