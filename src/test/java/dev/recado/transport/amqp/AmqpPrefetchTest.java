package dev.recado.transport.amqp;

import org.junit.jupiter.api.Test;

/** How many messages the consumers of a channel hold, each and together. */
class AmqpPrefetchTest {

    private static final String PUBLISHED = """
            > 1 queue.declare q
            < 1 queue.declare-ok q 0 0
            > 1 queue.declare r
            < 1 queue.declare-ok r 0 0
            > 1 basic.publish '' q : a
            > 1 basic.publish '' q : b
            > 1 basic.publish '' q : c
            """;

    private final AmqpStage stage = new AmqpStage();

    @Test
    void shouldBoundAllConsumersTogether() {
        stage.play(PUBLISHED + """
                > 1 basic.qos 0 2 global
                < 1 basic.qos-ok
                > 1 basic.consume q t
                < 1 basic.consume-ok t
                < 1 basic.deliver t 1 '' q : a
                < 1 basic.deliver t 2 '' q : b
                > 1 basic.consume r u
                < 1 basic.consume-ok u
                > 1 basic.publish '' r : x
                > 1 channel.flow active
                < 1 channel.flow-ok active
                > 1 basic.ack 1
                < 1 basic.deliver u 3 '' r : x
                > 1 basic.ack 2
                < 1 basic.deliver t 4 '' q : c
                """);
    }

    @Test
    void shouldHoldByTheSmallerOfBothBounds() {
        stage.play(PUBLISHED + """
                > 1 basic.qos 0 1
                < 1 basic.qos-ok
                > 1 basic.qos 0 3 global
                < 1 basic.qos-ok
                > 1 basic.consume q t
                < 1 basic.consume-ok t
                < 1 basic.deliver t 1 '' q : a
                > 1 basic.nack 1
                < 1 basic.deliver t 2 '' q : b
                """);
    }

    @Test
    void shouldDeliverMoreWhenTheBoundIsRaised() {
        stage.play(PUBLISHED + """
                > 1 basic.qos 0 1 global
                < 1 basic.qos-ok
                > 1 basic.consume q t
                < 1 basic.consume-ok t
                < 1 basic.deliver t 1 '' q : a
                > 1 basic.qos 0 2 global
                < 1 basic.qos-ok
                < 1 basic.deliver t 2 '' q : b
                > 1 basic.qos 0 0 global
                < 1 basic.qos-ok
                < 1 basic.deliver t 3 '' q : c
                """);
    }

    @Test
    void shouldNotBoundWhatNeedsNoAcknowledgement() {
        stage.play(PUBLISHED + """
                > 1 basic.qos 0 1 global
                < 1 basic.qos-ok
                > 1 basic.consume q t no-ack
                < 1 basic.consume-ok t
                < 1 basic.deliver t 1 '' q : a
                < 1 basic.deliver t 2 '' q : b
                < 1 basic.deliver t 3 '' q : c
                """);
    }

    @Test
    void shouldGiveACancelledConsumerWhatWasReservedForIt() {
        stage.play(PUBLISHED + """
                > 1 basic.qos 0 1 global
                < 1 basic.qos-ok
                > 1 basic.consume q t
                < 1 basic.consume-ok t
                < 1 basic.deliver t 1 '' q : a
                > 1 basic.consume r u
                < 1 basic.consume-ok u
                > 1 basic.publish '' r : x
                > 1 channel.flow active
                < 1 channel.flow-ok active
                > 1 basic.cancel u
                < 1 basic.deliver u 2 '' r : x
                < 1 basic.cancel-ok u
                > 1 basic.ack 1
                > 1 basic.ack 2
                < 1 basic.deliver t 3 '' q : b
                """);
    }
}
