package dev.recado.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.message.Draft;
import dev.recado.core.message.Headers;
import dev.recado.transport.FakeBroker;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Consumers, what they are delivered and how they settle it, and {@code basic.get}. */
class AmqpConsumeTest {

    private static final String DECLARED = """
            > 1 queue.declare q
            < 1 queue.declare-ok q 0 0
            """;

    private final AmqpStage stage = new AmqpStage();

    private static String publish(String... bodies) {
        StringBuilder lines = new StringBuilder();
        for (String body : bodies) {
            lines.append("> 1 basic.publish '' q : ").append(body).append('\n');
        }
        return DECLARED + lines;
    }

    @Test
    void shouldDeliverWithPropertiesAndAcknowledge() {
        stage.play(DECLARED + """
                > 1 basic.consume q t
                < 1 basic.consume-ok t
                > 1 basic.publish '' q content-type=a/b delivery-mode=2 priority=3 timestamp=7 h.x=5 h.y=[a,b] : hello
                < 1 basic.deliver t 1 '' q content-type=a/b headers={x=5,y=[a,b]} delivery-mode=2 priority=3 \
                timestamp=7 : hello
                > 1 basic.publish '' q
                < 1 basic.deliver t 2 '' q :
                > 1 basic.ack 1
                """);
        assertThat(stage.settled("q")).containsExactly("ack 0");
    }

    @Test
    void shouldAnswerBeforeTheFirstDelivery() {
        stage.play(publish("a", "b") + """
                > 1 basic.consume q t
                < 1 basic.consume-ok t
                < 1 basic.deliver t 1 '' q : a
                < 1 basic.deliver t 2 '' q : b
                """);
    }

    @Test
    void shouldNameAConsumer() {
        // Given
        AmqpPeer peer = stage.connect("");

        // When
        peer.send("1 queue.declare q", "1 basic.consume q ''", "1 basic.consume q ''");
        stage.turn();

        // Then
        List<String> heard = AmqpStage.heard(peer);
        assertThat(heard).hasSize(3);
        assertThat(heard.get(1)).matches("1 basic\\.consume-ok amq\\.ctag-\\S+");
        assertThat(heard.get(2)).isNotEqualTo(heard.get(1));
    }

    @Test
    void shouldAcknowledgeSeveralAtOnce() {
        stage.play(publish("a", "b", "c", "d") + """
                > 1 basic.consume q t
                < 1 basic.consume-ok t
                < 1 basic.deliver t 1 '' q : a
                < 1 basic.deliver t 2 '' q : b
                < 1 basic.deliver t 3 '' q : c
                < 1 basic.deliver t 4 '' q : d
                > 1 basic.ack 2
                > 1 basic.ack 3 multiple
                > 1 basic.ack 0 multiple
                > 1 basic.ack 0 multiple
                """);
        assertThat(stage.settled("q")).containsExactly("ack 1", "ack 0", "ack 2", "ack 3");
    }

    @Test
    void shouldRequeueWhatIsGivenBack() {
        stage.play(publish("a", "b", "c") + """
                > 1 basic.qos 0 3
                < 1 basic.qos-ok
                > 1 basic.consume q t
                < 1 basic.consume-ok t
                < 1 basic.deliver t 1 '' q : a
                < 1 basic.deliver t 2 '' q : b
                < 1 basic.deliver t 3 '' q : c
                > 1 basic.nack 2 requeue
                < 1 basic.deliver t 4 redelivered '' q : b
                > 1 basic.reject 1 requeue
                < 1 basic.deliver t 5 redelivered '' q : a
                > 1 basic.nack 4 multiple
                > 1 basic.reject 5
                """);
        assertThat(stage.settled("q"))
                .containsExactly(
                        "nack 1 delay 0",
                        "nack 0 delay 0",
                        "reject 2 rejected",
                        "reject 1 rejected",
                        "reject 0 rejected");
    }

    @Test
    void shouldEndTheChannelForATagThatIsNotKnown() {
        stage.play(publish("a") + """
                > 1 basic.consume q t
                < 1 basic.consume-ok t
                < 1 basic.deliver t 1 '' q : a
                > 1 basic.ack 1
                > 1 basic.ack 1
                < 1 channel.close 406 PRECONDITION_FAILED - unknown delivery tag 1 (basic.ack)
                > 1 channel.close-ok
                > 1 channel.open
                < 1 channel.open-ok
                > 1 basic.nack 5 multiple requeue
                < 1 channel.close 406 PRECONDITION_FAILED - unknown delivery tag 5 (basic.nack)
                > 1 channel.close-ok
                > 1 channel.open
                < 1 channel.open-ok
                > 1 basic.reject 0
                < 1 channel.close 406 PRECONDITION_FAILED - unknown delivery tag 0 (basic.reject)
                """);
    }

    @Test
    void shouldGiveBackWhatAChannelHeldThatEnds() {
        stage.play(publish("a", "b") + """
                > 1 basic.consume q t
                < 1 basic.consume-ok t
                < 1 basic.deliver t 1 '' q : a
                < 1 basic.deliver t 2 '' q : b
                > 1 basic.ack 9
                < 1 channel.close 406 PRECONDITION_FAILED - unknown delivery tag 9 (basic.ack)
                > 1 channel.close-ok
                > 1 channel.open
                < 1 channel.open-ok
                > 1 basic.get q
                < 1 basic.get-ok 1 redelivered '' q 1 : a
                """);
    }

    @Test
    void shouldHandOutNoMoreThanThePrefetch() {
        stage.play(publish("a", "b", "c", "d") + """
                > 1 basic.qos 0 2
                < 1 basic.qos-ok
                > 1 basic.consume q t
                < 1 basic.consume-ok t
                < 1 basic.deliver t 1 '' q : a
                < 1 basic.deliver t 2 '' q : b
                > 1 basic.ack 1
                < 1 basic.deliver t 3 '' q : c
                > 1 basic.qos 0 3
                < 1 basic.qos-ok
                < 1 basic.deliver t 4 '' q : d
                """);
    }

    @Test
    void shouldSettleAtOnceWithoutAcknowledgements() {
        stage.play(publish("a", "b") + """
                > 1 basic.qos 0 1
                < 1 basic.qos-ok
                > 1 basic.consume q t no-ack
                < 1 basic.consume-ok t
                < 1 basic.deliver t 1 '' q : a
                < 1 basic.deliver t 2 '' q : b
                """);
        assertThat(stage.settled("q")).containsExactly("ack 0", "ack 1");
        stage.play("""
                > 1 basic.ack 1
                < 1 channel.close 406 PRECONDITION_FAILED - unknown delivery tag 1 (basic.ack)
                """);
    }

    @Test
    void shouldCancelBehindWhatIsOnItsWay() {
        // Given
        stage.play(publish("a", "b"));
        AmqpPeer peer = stage.peer("");
        peer.full = true;
        peer.send("1 basic.consume q t");
        stage.turn();

        // When
        peer.send("1 basic.cancel t");
        stage.turn();
        peer.take();

        // Then
        stage.play("""
                < 1 basic.consume-ok t
                < 1 basic.deliver t 1 '' q : a
                < 1 basic.deliver t 2 '' q : b
                < 1 basic.cancel-ok t
                > 1 basic.publish '' q : c
                > 1 basic.ack 1
                > 1 basic.nack 2 requeue
                > 1 basic.get q
                < 1 basic.get-ok 3 redelivered '' q 1 : b
                """);
        assertThat(stage.settled("q")).containsExactly("ack 0", "nack 1 delay 0");
    }

    @Test
    void shouldDeliverNothingBehindTheEndOfAChannelThatCancels() {
        // Given
        stage.play(publish("a"));
        stage.broker.holdConfirms = true;
        AmqpPeer peer = stage.peer("");
        peer.full = true;
        peer.send("1 basic.publish '' q : b", "1 basic.consume q t");
        stage.turn();
        peer.send("1 basic.cancel t");
        stage.turn();

        // When
        stage.broker.links.get(0).refuse(1, Refusal.of(ErrorCode.INVALID_ARGUMENT, "no"));
        peer.take();

        // Then
        stage.play("""
                < 1 basic.consume-ok t
                < 1 channel.close 406 PRECONDITION_FAILED - no (basic.publish)
                > 1 channel.close-ok
                """);
    }

    @Test
    void shouldCancelWhatIsNotThere() {
        stage.play(DECLARED + """
                > 1 basic.cancel none
                < 1 basic.cancel-ok none
                > 1 basic.cancel none no-wait
                > 1 basic.consume q t no-wait
                > 1 basic.cancel t no-wait
                > 1 basic.publish '' q : a
                > 1 basic.consume q t
                < 1 basic.consume-ok t
                < 1 basic.deliver t 1 '' q : a
                """);
    }

    @Test
    void shouldEndTheConnectionForATagThatIsUsed() {
        stage.play(DECLARED + """
                > 1 basic.consume q t
                < 1 basic.consume-ok t
                > 1 basic.consume q t
                < 0 connection.close 530 NOT_ALLOWED - attempt to reuse consumer tag 't' (basic.consume)
                """);
    }

    @Test
    void shouldTakeATagOnAnotherChannel() {
        stage.play(DECLARED + """
                > 2 channel.open
                < 2 channel.open-ok
                > 1 basic.consume q t
                > 2 basic.consume q t
                < 1 basic.consume-ok t
                < 2 basic.consume-ok t
                """);
    }

    @Test
    void shouldRefuseAConsumerOfAQueueInExclusiveUse() {
        stage.play(DECLARED + """
                > 2 channel.open
                < 2 channel.open-ok
                > 2 basic.consume q t exclusive
                < 2 basic.consume-ok t
                > 1 basic.consume q t
                < 1 channel.close 403 ACCESS_REFUSED - queue 'q' in vhost '/' in exclusive use (basic.consume)
                > 1 channel.close-ok
                > 1 channel.open
                < 1 channel.open-ok
                > 1 basic.get q
                < 1 channel.close 403 ACCESS_REFUSED - queue 'q' in vhost '/' in exclusive use (basic.get)
                """);
    }

    @Test
    void shouldGetOneByOne() {
        stage.play(publish("a", "b") + """
                > 1 basic.get q
                < 1 basic.get-ok 1 '' q 1 : a
                > 1 basic.get q no-ack
                < 1 basic.get-ok 2 '' q 1 : b
                > 1 basic.get q
                < 1 basic.get-empty
                > 1 basic.nack 1 requeue
                > 1 basic.get q
                < 1 basic.get-ok 3 redelivered '' q 1 : a
                > 1 basic.ack 3
                > 1 basic.get none
                < 1 channel.close 404 NOT_FOUND - no queue 'none' in vhost '/' (basic.get)
                """);
        assertThat(stage.settled("q")).containsExactly("ack 1", "nack 0 delay 0", "ack 0");
        assertThat(stage.broker.log(stage.topic("q")).groups.get("queue").members)
                .isEmpty();
    }

    @Test
    void shouldRecover() {
        stage.play(publish("a", "b") + """
                > 1 basic.get q
                < 1 basic.get-ok 1 '' q 1 : a
                > 1 basic.recover requeue
                < 1 basic.recover-ok
                > 1 basic.get q
                < 1 basic.get-ok 2 redelivered '' q 1 : a
                > 1 basic.recover-async requeue
                > 1 basic.get q
                < 1 basic.get-ok 3 redelivered '' q 1 : a
                """);
    }

    @Test
    void shouldTellThatAQueueIsGone() {
        stage.play(DECLARED + """
                > 2 channel.open
                < 2 channel.open-ok
                > 2 basic.consume q t
                < 2 basic.consume-ok t
                > 1 queue.delete q
                < 1 queue.delete-ok 0
                < 2 basic.cancel t no-wait
                > 2 basic.cancel t
                < 2 basic.cancel-ok t
                """);
    }

    @Test
    void shouldTellThatAQueueIsGoneBehindTheAnswer() {
        stage.play(DECLARED + """
                > 1 basic.consume q t
                < 1 basic.consume-ok t
                > 1 queue.delete q
                < 1 queue.delete-ok 0
                < 1 basic.cancel t no-wait
                """);
    }

    @Test
    void shouldNotTellWhoDoesNotWantToKnow() {
        // Given
        stage.capabilities = new String[0];

        // Then
        stage.play(DECLARED + """
                > 1 basic.consume q t
                < 1 basic.consume-ok t
                > 1 queue.delete q
                < 1 queue.delete-ok 0
                > 1 queue.declare q
                < 1 queue.declare-ok q 0 0
                > 1 basic.consume q t
                < 1 basic.consume-ok t
                """);
    }

    @Test
    void shouldShareAQueueBetweenConsumers() {
        stage.play(DECLARED + """
                > 1 basic.consume q t1
                > 1 basic.consume q t2
                < 1 basic.consume-ok t1
                < 1 basic.consume-ok t2
                > 1 basic.publish '' q : a
                > 1 basic.publish '' q : b
                < 1 basic.deliver t1 1 '' q : a
                < 1 basic.deliver t2 2 '' q : b
                """);
    }

    @Test
    void shouldDeliverALongBodyInFrames() {
        // Given
        stage.frameBytesMax = 8_192;

        // Then
        stage.play(DECLARED + """
                > 1 basic.publish '' q : BODY
                > 1 basic.publish '' q : next
                > 1 basic.consume q t
                < 1 basic.consume-ok t
                < 1 basic.deliver t 1 '' q : BODY
                < 1 basic.deliver t 2 '' q : next
                > 1 basic.publish '' q : BODY
                < 1 basic.deliver t 3 '' q : BODY
                """.replace("BODY", "0123456789".repeat(50_000)));
        assertThat(stage.budget.usedBytes()).isZero();
    }

    @Test
    void shouldDeliverWhatAnotherProtocolPublished() {
        // Given
        stage.play(DECLARED);
        ByteWriter headers = new ByteWriter(64);
        Headers.put(headers, "content-type", "text/plain");
        Headers.put(headers, "n", "5");
        byte[] payload = "hello".getBytes(StandardCharsets.UTF_8);
        Draft draft = new Draft().payload(payload, 0, payload.length);
        draft.headers(headers.array(), 0, headers.size());

        // When
        stage.broker.store(stage.topic("q"), 0, FakeBroker.message(draft));

        // Then
        stage.play("""
                > 1 basic.consume q t
                < 1 basic.consume-ok t
                < 1 basic.deliver t 1 '' q content-type=text/plain headers={n=5} : hello
                """);
    }
}
