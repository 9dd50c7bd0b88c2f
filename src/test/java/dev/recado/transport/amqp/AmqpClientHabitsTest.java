package dev.recado.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.core.topic.ExchangeType;
import dev.recado.transport.amqp.wire.AmqpFrames;
import dev.recado.transport.amqp.wire.MethodId;
import dev.recado.transport.amqp.wire.ShortString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What clients of the JVM do that the protocol's description does not lead one to expect. */
class AmqpClientHabitsTest {

    private final AmqpStage stage = new AmqpStage();

    /** The Java client, and whatever is built on it, sets these bits in each passive declare. */
    @Test
    void shouldIgnoreTheBitsOfThePassiveDeclaresOfTheJavaClient() {
        stage.exchange("x", ExchangeType.TOPIC);
        stage.play("""
                > 1 queue.declare q durable x-message-ttl=60000
                < 1 queue.declare-ok q 0 0
                b> 1 queue.declare q passive exclusive auto-delete
                b< 1 queue.declare-ok q 1 1
                b> 1 exchange.declare x '' passive
                b< 1 exchange.declare-ok
                > 1 queue.declare q passive exclusive auto-delete
                < 1 queue.declare-ok q 1 1
                b> 1 queue.declare none passive exclusive auto-delete
                b< 1 channel.close 404 NOT_FOUND - no queue 'none' in vhost '/' (queue.declare)
                """);
    }

    /** The Java client demands 60 seconds where none were offered. */
    @Test
    void shouldSendTheHeartbeatsThatTheJavaClientDemands() {
        // Given
        stage.heartbeatSeconds = 0;
        AmqpPeer peer = stage.connection("");
        peer.send(AmqpPeer.HEADER);
        peer.startOk("PLAIN", AmqpPeer.plain("guest", "guest"));
        peer.send("0 connection.tune-ok 2047 131072 60", "0 connection.open /");
        stage.turn();
        assertThat(AmqpStage.heard(peer)).contains("0 connection.tune 2047 131072 0", "0 connection.open-ok");

        // When
        stage.tick(30_000);

        // Then
        assertThat(AmqpStage.heard(peer)).containsExactly("heartbeat");
    }

    /** Camel sends numbers of 8 bytes where others send 4; the Java client as many as the program's type has. */
    @TestFactory
    Stream<DynamicTest> shouldCompareNumbersOfAnyLength() {
        byte[] eight = {0, 0, 0, 0, 0, 0, 0, 60};
        byte[] four = {0, 0, 0, 60};
        byte[] two = {0, 60};
        byte[] one = {60};
        return Stream.of(
                        new Object[] {'l', eight},
                        new Object[] {'L', eight},
                        new Object[] {'I', four},
                        new Object[] {'i', four},
                        new Object[] {'s', two},
                        new Object[] {'u', two},
                        new Object[] {'b', one},
                        new Object[] {'B', one})
                .map(row -> DynamicTest.dynamicTest("" + row[0], () -> {
                    AmqpStage fresh = new AmqpStage();
                    fresh.play("""
                            > 1 queue.declare q x-message-ttl=60
                            < 1 queue.declare-ok q 0 0
                            """);
                    fresh.peer("").send(declare((char) row[0], (byte[]) row[1]));
                    fresh.play("< 1 queue.declare-ok q 1 1");
                }));
    }

    @TestFactory
    Stream<DynamicTest> shouldTakeNothingButIntegersForNumbers() {
        byte[] eight = {0x40, 0x4e, 0, 0, 0, 0, 0, 0};
        return Stream.of(
                        new Object[] {'d', eight},
                        new Object[] {'S', new byte[] {0, 0, 0, 2, '6', '0'}},
                        new Object[] {'T', eight},
                        new Object[] {'V', new byte[0]},
                        new Object[] {'t', new byte[] {1}})
                .map(row -> DynamicTest.dynamicTest("" + row[0], () -> {
                    AmqpStage fresh = new AmqpStage();
                    AmqpPeer peer = fresh.connect("");
                    peer.send(declare((char) row[0], (byte[]) row[1]));
                    fresh.turn();
                    assertThat(AmqpStage.heard(peer))
                            .singleElement()
                            .asString()
                            .startsWith(
                                    "1 channel.close 406 PRECONDITION_FAILED - invalid arg 'x-message-ttl' for queue"
                                            + " 'q'")
                            .contains("expected integer, got ");
                }));
    }

    /** {@code queue.declare q} with a time to live of this type. */
    private static byte[] declare(char letter, byte[] value) {
        ByteWriter table = new ByteWriter(32);
        ShortString.put(table, "x-message-ttl");
        table.put(letter).put(value);
        ByteWriter out = new ByteWriter(64);
        int mark = AmqpFrames.begin(out, 1, MethodId.QUEUE_DECLARE);
        out.putShort(0);
        ShortString.put(out, "q");
        out.put(0).putInt(table.size()).put(table.toByteArray());
        AmqpFrames.end(out, mark);
        return out.toByteArray();
    }

    @Test
    void shouldNotCompareWhatItDoesNotKnow() {
        stage.play("""
                > 1 queue.declare q durable x-queue-type=classic
                < 1 queue.declare-ok q 0 0
                > 1 queue.declare q durable x-unknown=5 x-queue-version=2
                < 1 queue.declare-ok q 1 1
                """);
    }

    /** Spring's cache of channels; the other side may have a number of its own choice as long as there are few. */
    @Test
    void shouldOpenAChannelAgainStraightBehindItsEnd() {
        stage.channelsMax = 3;
        stage.play("""
                > 1 queue.declare q passive
                < 1 channel.close 404 NOT_FOUND - no queue 'q' in vhost '/' (queue.declare)
                > 1 channel.close-ok
                > 1 channel.open
                > 1 queue.declare q
                < 1 channel.open-ok
                < 1 queue.declare-ok q 0 0
                > 1 channel.close 200 OK
                > 1 channel.open
                > 9 channel.open
                < 1 channel.close-ok
                < 1 channel.open-ok
                < 9 channel.open-ok
                > 9 channel.close-ok
                < 0 connection.close 503 COMMAND_INVALID - unimplemented method (channel.close-ok)
                """);
    }

    /** Recovery of a topology, and programs that tidy up, do this twice. */
    @Test
    void shouldAgreeToWhatIsSoAlready() {
        stage.play("""
                > 1 queue.declare q
                < 1 queue.declare-ok q 0 0
                > 1 basic.cancel none
                > 1 queue.delete none
                > 1 exchange.delete none
                > 1 queue.unbind q none k
                > 1 queue.unbind none amq.direct k
                > 1 exchange.unbind none amq.direct k
                < 1 basic.cancel-ok none
                < 1 queue.delete-ok 0
                < 1 exchange.delete-ok
                < 1 queue.unbind-ok
                < 1 queue.unbind-ok
                < 1 exchange.unbind-ok
                > 1 queue.purge none
                < 1 channel.close 404 NOT_FOUND - no queue 'none' in vhost '/' (queue.purge)
                """);
    }

    /** What the Java client reports as a hard error, and what as a soft one: the connection goes on. */
    @TestFactory
    Stream<DynamicTest> shouldEndNoMoreThanWhatTheClientExpects() {
        return Stream.of(
                        List.of("exchange.declare x odd", "0 connection.close 503 "),
                        List.of("basic.publish '' q immediate : a", "0 connection.close 540 "),
                        List.of("basic.qos 5 1", "0 connection.close 540 "),
                        List.of("channel.flow", "0 connection.close 540 "),
                        List.of("basic.recover", "0 connection.close 540 "),
                        List.of("channel.open", "0 connection.close 504 "),
                        List.of("basic.ack 7", "1 channel.close 406 "),
                        List.of("basic.reject 7", "1 channel.close 406 "),
                        List.of("basic.nack 7 multiple", "1 channel.close 406 "),
                        List.of("queue.declare q x-message-ttl=5", "1 channel.close 406 "),
                        List.of("exchange.declare amq.topic direct durable", "1 channel.close 406 "))
                .map(row -> DynamicTest.dynamicTest(row.get(0), () -> {
                    AmqpStage fresh = new AmqpStage();
                    fresh.play("""
                            > 1 queue.declare q
                            < 1 queue.declare-ok q 0 0
                            """);
                    fresh.exchange("amq.topic", ExchangeType.TOPIC);
                    AmqpPeer peer = fresh.peer("");
                    peer.send("1 " + row.get(0));
                    fresh.turn();
                    assertThat(AmqpStage.heard(peer)).singleElement().asString().startsWith(row.get(1));
                }));
    }

    /** What RabbitMQ looks at first. */
    @Test
    void shouldEndTheConnectionForAConsumerTagThatIsUsedAlsoWhereThereIsNoQueue() {
        stage.play("""
                > 1 queue.declare q
                < 1 queue.declare-ok q 0 0
                > 1 basic.consume q t
                < 1 basic.consume-ok t
                > 1 basic.consume none t
                < 0 connection.close 530 NOT_ALLOWED - attempt to reuse consumer tag 't' (basic.consume)
                """);
    }

    @Test
    void shouldRefuseAnExclusiveConsumerOfAQueueWithOneActiveConsumer() {
        stage.play("""
                > 1 queue.declare q x-single-active-consumer=true
                < 1 queue.declare-ok q 0 0
                > 1 basic.consume q t exclusive
                < 1 channel.close 403 ACCESS_REFUSED - queue 'q' in vhost '/' in exclusive use (basic.consume)
                """);
    }

    @Test
    void shouldTellTheDeleterThatItsOwnConsumerIsGone() {
        stage.play("""
                > 1 queue.declare q
                < 1 queue.declare-ok q 0 0
                > 1 basic.consume q t
                < 1 basic.consume-ok t
                > 1 queue.delete q
                < 1 queue.delete-ok 0
                < 1 basic.cancel t no-wait
                """);
    }

    /** Two listeners of a container, or two of Moleculer's, share one channel and one queue. */
    @Test
    void shouldServeTwoConsumersOfOneQueueOnOneChannel() {
        stage.play("""
                > 1 queue.declare q durable auto-delete
                > 1 queue.declare q durable auto-delete
                > 1 basic.qos 0 1
                > 1 basic.consume q t1
                > 1 basic.consume q t2
                < 1 queue.declare-ok q 0 0
                < 1 queue.declare-ok q 1 1
                < 1 basic.qos-ok
                < 1 basic.consume-ok t1
                < 1 basic.consume-ok t2
                > 1 basic.publish '' q : a
                > 1 basic.publish '' q : b
                > 1 basic.publish '' q : c
                < 1 basic.deliver t1 1 '' q : a
                < 1 basic.deliver t2 2 '' q : b
                > 1 basic.ack 1
                < 1 basic.deliver t1 3 '' q : c
                > 1 basic.ack 0 multiple
                """);
        assertThat(stage.settled("q")).containsExactly("ack 0", "ack 1", "ack 2");
    }

    /** A program that may not log in learns why only where it said that it can; see the handshake for the rest. */
    @TestFactory
    Stream<DynamicTest> shouldEndALoginAsTheClientCanTakeIt() {
        byte[] wrong = AmqpPeer.plain("guest", "wrong");
        byte[] other = "other\0guest\0guest".getBytes(StandardCharsets.UTF_8);
        String close = "authentication_failure_close";
        return Stream.of(
                        new Object[] {"it can be told", wrong, close, 2},
                        new Object[] {"it cannot", wrong, "basic.nack", 1},
                        new Object[] {"it wants to be another", other, "basic.nack", 1})
                .map(row -> DynamicTest.dynamicTest((String) row[0], () -> {
                    AmqpStage fresh = new AmqpStage();
                    AmqpPeer peer = fresh.connection("");
                    peer.send(AmqpPeer.HEADER);
                    peer.startOk("PLAIN", (byte[]) row[1], (String) row[2]);
                    fresh.turn();
                    assertThat(AmqpStage.heard(peer)).hasSize((int) row[3]);
                    assertThat(peer.closed).isEqualTo((int) row[3] == 1);
                }));
    }
}
