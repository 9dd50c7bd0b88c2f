package dev.recado.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Refusals in the codes and words that another broker of this protocol has for them. */
class AmqpRefusalTest {

    private final AmqpStage stage = new AmqpStage();

    @TestFactory
    Stream<DynamicTest> shouldRefuseInTheWordsThatUsersKnow() {
        return Stream.of(
                        List.of(
                                "exchange.delete amq.direct",
                                "403 ACCESS_REFUSED - deletion of system exchange 'amq.direct' in vhost '/' not"
                                        + " allowed"),
                        List.of(
                                "exchange.unbind '' amq.fanout",
                                "403 ACCESS_REFUSED - operation not permitted on the default exchange"),
                        List.of(
                                "exchange.unbind amq.fanout ''",
                                "403 ACCESS_REFUSED - operation not permitted on the default exchange"),
                        List.of(
                                "queue.unbind q '' key",
                                "403 ACCESS_REFUSED - operation not permitted on the default exchange"),
                        List.of("queue.declare '' passive", "404 NOT_FOUND - no queue '' in vhost '/'"),
                        List.of(
                                "exchange.declare x direct alternate-exchange=5",
                                "406 PRECONDITION_FAILED - invalid type 'signedint' for arg 'alternate-exchange' in"
                                        + " exchange 'x' in vhost '/'"),
                        List.of(
                                "exchange.declare with direct",
                                "406 PRECONDITION_FAILED - inequivalent arg 'alternate-exchange' for exchange 'with' in"
                                        + " vhost '/': received none but current is the value 'other' of type"
                                        + " 'longstr'"),
                        List.of(
                                "queue.bind q amq.headers '' x-match=some",
                                "406 PRECONDITION_FAILED - Invalid x-match field value <<\"some\">>; expected all, any,"
                                        + " all-with-x, or any-with-x"),
                        List.of(
                                "queue.bind q amq.headers '' x-match=5",
                                "406 PRECONDITION_FAILED - Invalid x-match field type signedint (value 5); expected"
                                        + " longstr"),
                        List.of(
                                "exchange.bind amq.fanout amq.headers '' x-match=some",
                                "406 PRECONDITION_FAILED - Invalid x-match field value <<\"some\">>; expected all, any,"
                                        + " all-with-x, or any-with-x"),
                        List.of(
                                "basic.consume q tag x-priority=high",
                                "406 PRECONDITION_FAILED - invalid arg 'x-priority' for queue 'q' in vhost '/':"
                                        + " \"expected integer, got longstr\""))
                .map(row -> DynamicTest.dynamicTest(row.get(0), () -> {
                    String method = row.get(0).substring(0, row.get(0).indexOf(' '));
                    new AmqpStage()
                            .play("""
                            > 1 queue.declare q
                            > 1 exchange.declare with direct alternate-exchange=other
                            < 1 queue.declare-ok q 0 0
                            < 1 exchange.declare-ok
                            """ + "> 1 " + row.get(0) + "\n< 1 channel.close " + row.get(1) + " (" + method
                                    + ")");
                }));
    }

    @Test
    void shouldRefuseMethodsOfChannelsOnChannelZero() {
        stage.play("""
                > 0 queue.declare q
                < 0 connection.close 504 CHANNEL_ERROR - unexpected method in connection state running (queue.declare)
                """);
    }

    @Test
    void shouldRefuseMethodsOfConnectionsOnAChannel() {
        stage.play("""
                > 1 connection.open /
                < 0 connection.close 503 COMMAND_INVALID - unimplemented method (connection.open)
                """);
    }

    @Test
    void shouldRefuseToOpenAConnectionTwice() {
        stage.play("""
                > 0 connection.open /
                < 0 connection.close 504 CHANNEL_ERROR - unexpected method in connection state running \
                (connection.open)
                """);
    }

    @Test
    void shouldRefuseToOpenAChannelThatIsBeingClosed() {
        stage.play("""
                > 1 queue.declare none passive
                < 1 channel.close 404 NOT_FOUND - no queue 'none' in vhost '/' (queue.declare)
                > 1 channel.open
                < 0 connection.close 504 CHANNEL_ERROR - second 'channel.open' seen (channel.open)
                """);
    }

    @Test
    void shouldCompareExclusiveQueuesByMoreThanDurability() {
        stage.play("""
                > 1 queue.declare q exclusive
                < 1 queue.declare-ok q 0 0
                > 1 queue.declare q durable exclusive
                < 1 queue.declare-ok q 1 1
                """);
    }

    @Test
    void shouldSayWhichConditionADeletionMissed() {
        stage.play("""
                > 1 queue.declare q
                > 1 basic.publish '' q : m
                < 1 queue.declare-ok q 0 0
                > 1 queue.delete q if-unused if-empty
                < 1 channel.close 406 PRECONDITION_FAILED - queue 'q' in vhost '/' not empty (queue.delete)
                """);
    }

    @Test
    void shouldNotCountWhoGotAMessageAsAConsumer() {
        stage.play("""
                > 1 queue.declare q
                > 1 basic.publish '' q : m
                > 1 basic.get q
                < 1 queue.declare-ok q 0 0
                < 1 basic.get-ok 1 '' q 1 : m
                > 1 queue.delete q if-unused
                < 1 queue.delete-ok 0
                """);
    }

    @Test
    void shouldEndItsOwnQueuesBeforeItAgreesToAClose() {
        stage.play("""
                a> 1 queue.declare q exclusive
                a< 1 queue.declare-ok q 0 0
                a> 0 connection.close 200
                a< 0 connection.close-ok
                a! closed
                b> 1 queue.declare q passive
                b< 1 channel.close 404 NOT_FOUND - no queue 'q' in vhost '/' (queue.declare)
                """);
    }

    @Test
    void shouldPerformWhatWasSentBeforeAClose() {
        // When
        stage.play("""
                > 1 queue.declare q
                > 1 basic.publish '' q : m1
                > 1 basic.publish '' q : m2
                > 0 connection.close 200
                < 1 queue.declare-ok q 0 0
                < 0 connection.close-ok
                ! closed
                """);

        // Then
        assertThat(stage.stored("q")).containsExactly("m1", "m2");
    }

    @Test
    void shouldEndAnAutoDeleteQueueBeforeItsLastConsumerHearsOfItsEnd() {
        stage.play("""
                > 1 queue.declare q auto-delete
                > 1 basic.consume q one
                > 1 basic.cancel one
                > 1 queue.declare q passive
                < 1 queue.declare-ok q 0 0
                < 1 basic.consume-ok one
                < 1 basic.cancel-ok one
                < 1 channel.close 404 NOT_FOUND - no queue 'q' in vhost '/' (queue.declare)
                """);
    }
}
