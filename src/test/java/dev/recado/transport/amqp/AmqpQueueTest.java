package dev.recado.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.ExchangeType;
import dev.recado.core.topic.TopicName;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Queues and exchanges are declared, bound, purged and deleted. The fake broker counts one message and one member. */
class AmqpQueueTest {

    private static final String DECLARED = """
            > 1 queue.declare q
            < 1 queue.declare-ok q 0 0
            """;

    private final AmqpStage stage = new AmqpStage();

    @Test
    void shouldDeclareAQueueTwice() {
        stage.play("""
                > 1 queue.declare q durable x-max-length=5 x-message-ttl=1000 x-queue-type=classic
                < 1 queue.declare-ok q 0 0
                > 1 queue.declare q durable x-max-length=5 x-message-ttl=1000 x-unknown=1
                < 1 queue.declare-ok q 1 1
                """);
    }

    @TestFactory
    Stream<DynamicTest> shouldRefuseAQueueThatIsDeclaredOtherwise() {
        return Stream.of(
                        List.of("q", "durable': received 'false' but current is 'true'"),
                        List.of(
                                "q durable",
                                "x-message-ttl': received none but current is the value '1000' of type 'signedint'"),
                        List.of("q durable x-message-ttl=5", "x-message-ttl': received '5' but current is '1000'"),
                        List.of(
                                "q durable x-message-ttl=1000 x-max-length=5",
                                "x-max-length': received the value '5' of type 'signedint' but current is none"),
                        List.of(
                                "q durable x-message-ttl=1000 x-max-priority=5",
                                "x-max-priority': received the value '5' of type 'signedint' but current is none"),
                        List.of(
                                "q durable x-message-ttl=1000 x-overflow=reject-publish",
                                "x-overflow': received the value 'reject-publish' of type 'longstr' but current is"
                                        + " none"),
                        List.of(
                                "q durable x-message-ttl=1000 x-dead-letter-exchange=x",
                                "x-dead-letter-exchange': received the value 'x' of type 'longstr' but current is"
                                        + " none"),
                        List.of(
                                "q durable x-message-ttl=1000 x-single-active-consumer=true",
                                "x-single-active-consumer': received the value 'true' of type 'bool' but current is"
                                        + " none"),
                        List.of(
                                "q durable x-message-ttl=1000 x-delivery-limit=3",
                                "x-delivery-limit': received the value '3' of type 'signedint' but current is none"))
                .map(row -> DynamicTest.dynamicTest(row.get(0), () -> {
                    AmqpStage fresh = new AmqpStage();
                    fresh.play("""
                            > 1 queue.declare q durable x-message-ttl=1000
                            < 1 queue.declare-ok q 0 0
                            """);
                    String arg = row.get(1).replaceFirst("'", "' for queue 'q' in vhost '/'");
                    fresh.play("> 1 queue.declare " + row.get(0)
                            + "\n< 1 channel.close 406 PRECONDITION_FAILED - inequivalent arg '" + arg
                            + " (queue.declare)");
                }));
    }

    @TestFactory
    Stream<DynamicTest> shouldRefuseArgumentsThatCannotBe() {
        return Stream.of(
                        List.of("x-message-ttl=abc", "\"expected integer, got longstr\""),
                        List.of("x-message-ttl=~d5", "\"expected integer, got double\""),
                        List.of("x-message-ttl=-1", "{value_negative,-1}"),
                        List.of("x-expires=0", "{value_zero,0}"),
                        List.of("x-overflow=none", "invalid_overflow"),
                        List.of("x-overflow=5", "{unacceptable_type,signedint}"),
                        List.of("x-single-active-consumer=5", "{unacceptable_type,signedint}"),
                        List.of("x-max-priority=256", "{max_value_exceeded,256}"),
                        List.of("x-max-priority=-1", "{value_negative,-1}"),
                        List.of("x-max-priority=abc", "\"expected integer, got longstr\""),
                        List.of("x-dead-letter-routing-key=k", "routing_key_but_no_dlx_defined"),
                        List.of("x-dead-letter-exchange=5", "{unacceptable_type,signedint}"),
                        List.of("x-queue-type=odd", "\"unsupported queue type 'odd'\""))
                .map(row -> DynamicTest.dynamicTest(row.get(0), () -> {
                    AmqpStage fresh = new AmqpStage();
                    String argument = row.get(0).substring(0, row.get(0).indexOf('='));
                    fresh.play("> 1 queue.declare q " + row.get(0)
                            + "\n< 1 channel.close 406 PRECONDITION_FAILED - invalid arg '" + argument
                            + "' for queue 'q' in vhost '/': " + row.get(1) + " (queue.declare)");
                    assertThat(fresh.broker.catalog.topic(TopicName.of("q"))).isNull();
                }));
    }

    @Test
    void shouldUseAQueueThatIsAskedAfter() {
        // When: a program that only asks keeps a queue that expires
        stage.play("""
                > 1 queue.declare q x-expires=60000
                < 1 queue.declare-ok q 0 0
                > 1 queue.declare q passive
                < 1 queue.declare-ok q 1 1
                > 1 queue.declare none passive
                < 1 channel.close 404 NOT_FOUND - no queue 'none' in vhost '/' (queue.declare)
                """);

        // Then
        assertThat(stage.broker.log(stage.topic("q")).uses).isOne();
    }

    @Test
    void shouldTakeTheLeastOfEachArgument() {
        stage.play("""
                > 1 queue.declare q x-message-ttl=0 x-max-length=0 x-max-length-bytes=0
                < 1 queue.declare-ok q 0 0
                > 1 queue.declare a/b x-delivery-limit=5 x-single-active-consumer=true x-overflow=reject-publish
                < 1 queue.declare-ok a/b 0 0
                """);
    }

    @Test
    void shouldDeclareAQueueWithPriorities() {
        // When
        stage.play(
                """
                > 1 queue.declare q durable x-max-priority=255
                < 1 queue.declare-ok q 0 0
                > 1 queue.declare q durable x-max-priority=255
                < 1 queue.declare-ok q 1 1
                > 1 queue.declare q durable x-max-priority=9
                < 1 channel.close 406 PRECONDITION_FAILED - inequivalent arg WHAT (queue.declare)
                """.replace("WHAT", "'x-max-priority' for queue 'q' in vhost '/': received '9' but current is '255'"));

        // Then
        assertThat(Objects.requireNonNull(stage.broker.catalog.topic(TopicName.of("q")))
                        .settings()
                        .priorities())
                .isEqualTo(255);
    }

    @Test
    void shouldCountWhatIsGivenBackWhereDeliveriesAreLimited() {
        // When
        stage.play("""
                > 1 queue.declare free
                > 1 queue.declare twice x-delivery-limit=2
                > 1 queue.declare once x-delivery-limit=0
                < 1 queue.declare-ok free 0 0
                < 1 queue.declare-ok twice 0 0
                < 1 queue.declare-ok once 0 0
                """);

        // Then
        assertThat(group("free").nackCounts()).isFalse();
        assertThat(group("free").maxDeliveries()).isZero();
        assertThat(group("twice").nackCounts()).isTrue();
        assertThat(group("twice").maxDeliveries()).isEqualTo(3);
        assertThat(group("once").nackCounts()).isTrue();
        assertThat(group("once").maxDeliveries()).isEqualTo(1);
    }

    private GroupSettings group(String queue) {
        return stage.topic(queue).groups().iterator().next().settings();
    }

    @Test
    void shouldTakeAnyNameThatIsShortEnough() {
        stage.play("""
                > 1 queue.declare ä:b#c*d,e
                < 1 queue.declare-ok ä:b#c*d,e 0 0
                > 1 queue.declare LONG
                < 1 queue.declare-ok LONG 0 0
                > 1 queue.delete LONG
                < 1 queue.delete-ok 0
                """.replace("LONG", "n".repeat(255)));
    }

    @Test
    void shouldIgnoreAllButPassiveWhereItIsPassive() {
        stage.play("""
                > 1 queue.declare q durable
                < 1 queue.declare-ok q 0 0
                > 1 queue.declare q passive exclusive auto-delete x-message-ttl=5
                < 1 queue.declare-ok q 1 1
                > 1 queue.declare q passive no-wait
                > 1 queue.declare none passive
                < 1 channel.close 404 NOT_FOUND - no queue 'none' in vhost '/' (queue.declare)
                """);
    }

    @Test
    void shouldNameAQueueAndRememberTheLastOne() {
        // Given
        AmqpPeer peer = stage.connect("");

        // When
        peer.send("1 queue.declare ''");
        stage.turn();
        String answer = AmqpStage.heard(peer).get(0);

        // Then
        assertThat(answer).matches("1 queue\\.declare-ok amq\\.gen-[A-Za-z0-9_-]{22} 0 0");
        String name = answer.split(" ")[2];
        stage.play("""
                > 1 basic.publish '' NAME : a
                > 1 basic.get '' no-ack
                < 1 basic.get-ok 1 '' NAME 1 : a
                > 1 queue.declare NAME
                < 1 queue.declare-ok NAME 1 1
                > 1 queue.purge ''
                < 1 queue.purge-ok 0
                > 1 queue.delete ''
                < 1 queue.delete-ok 0
                """.replace("NAME", name));
    }

    @Test
    void shouldRefuseNamesThatAreTheBrokers() {
        stage.play("""
                > 1 queue.declare amq.mine
                < 1 channel.close 403 ACCESS_REFUSED - queue name 'amq.mine' contains reserved prefix 'amq.*' \
                (queue.declare)
                """);
    }

    @TestFactory
    Stream<DynamicTest> shouldKnowNoQueueBeforeOneIsDeclared() {
        return Stream.of("queue.purge ''", "queue.delete ''", "basic.get ''", "basic.consume '' t", "queue.bind '' x k")
                .map(method -> DynamicTest.dynamicTest(method, () -> {
                    AmqpStage fresh = new AmqpStage();
                    fresh.play("> 1 " + method
                            + "\n< 1 channel.close 404 NOT_FOUND - no previously declared queue ("
                            + method.split(" ")[0] + ")");
                }));
    }

    @Test
    void shouldPurge() {
        stage.play(DECLARED + """
                > 1 basic.publish '' q : a
                > 1 basic.publish '' q : b
                > 1 basic.get q no-ack
                < 1 basic.get-ok 1 '' q 1 : a
                > 1 queue.purge q
                < 1 queue.purge-ok 1
                > 1 queue.purge q no-wait
                > 1 basic.get q
                < 1 basic.get-empty
                > 1 queue.purge none
                < 1 channel.close 404 NOT_FOUND - no queue 'none' in vhost '/' (queue.purge)
                """);
    }

    @Test
    void shouldDeleteWhereNothingSpeaksAgainstIt() {
        stage.play(DECLARED + """
                > 1 basic.publish '' q : a
                > 1 queue.delete q if-empty
                < 1 channel.close 406 PRECONDITION_FAILED - queue 'q' in vhost '/' not empty (queue.delete)
                > 1 channel.close-ok
                > 1 channel.open
                < 1 channel.open-ok
                > 1 basic.consume q t
                < 1 basic.consume-ok t
                < 1 basic.deliver t 1 '' q : a
                > 1 queue.delete q if-unused
                < 1 channel.close 406 PRECONDITION_FAILED - queue 'q' in vhost '/' in use (queue.delete)
                > 1 channel.close-ok
                > 1 channel.open
                < 1 channel.open-ok
                > 1 queue.delete q if-unused
                < 1 queue.delete-ok 1
                """);
    }

    @Test
    void shouldDeleteWhatIsNotThere() {
        stage.play(DECLARED + """
                > 1 queue.delete none
                > 1 queue.delete none if-unused if-empty
                > 1 exchange.delete none
                > 1 queue.unbind none none k
                > 1 queue.unbind q none k
                > 1 exchange.unbind none none k
                < 1 queue.delete-ok 0
                < 1 queue.delete-ok 0
                < 1 exchange.delete-ok
                < 1 queue.unbind-ok
                < 1 queue.unbind-ok
                < 1 exchange.unbind-ok
                > 1 queue.delete q no-wait
                > 1 queue.delete q
                < 1 queue.delete-ok 0
                """);
    }

    @Test
    void shouldBindAndUnbind() {
        stage.exchange("x", ExchangeType.DIRECT);
        stage.play(DECLARED + """
                > 1 queue.bind q x a n=5
                < 1 queue.bind-ok
                > 1 queue.bind q x a n=5
                < 1 queue.bind-ok
                > 1 queue.bind '' x b no-wait
                > 1 basic.publish x b : one
                > 1 queue.unbind q x c
                < 1 queue.unbind-ok
                > 1 queue.unbind q x b
                < 1 queue.unbind-ok
                > 1 basic.publish x b mandatory : two
                < 1 basic.return 312 NO_ROUTE x b : two
                """);
        assertThat(stage.stored("q")).containsExactly("one");
    }

    @Test
    void shouldRefuseToBindWhatIsNotThere() {
        stage.play(DECLARED + """
                > 1 queue.bind q none k
                < 1 channel.close 404 NOT_FOUND - no exchange 'none' in vhost '/' (queue.bind)
                > 1 channel.close-ok
                > 1 channel.open
                < 1 channel.open-ok
                > 1 queue.bind none none k
                < 1 channel.close 404 NOT_FOUND - no exchange 'none' in vhost '/' (queue.bind)
                > 1 channel.close-ok
                > 1 channel.open
                < 1 channel.open-ok
                > 1 queue.bind q '' k
                < 1 channel.close 403 ACCESS_REFUSED - operation not permitted on the default exchange (queue.bind)
                """);
    }

    @Test
    void shouldKeepAnExclusiveQueueAsLongAsItsConnection() {
        stage.play("""
                > 1 queue.declare q exclusive
                < 1 queue.declare-ok q 0 0
                > 1 channel.close 200 bye
                > 1 channel.open
                < 1 channel.close-ok
                < 1 channel.open-ok
                > 1 queue.declare q passive
                < 1 queue.declare-ok q 1 1
                > 0 connection.close 200 bye
                < 0 connection.close-ok
                ! closed
                """);
        assertThat(stage.broker.catalog.topic(TopicName.of("q"))).isNull();
    }

    @Test
    void shouldDeleteAnExclusiveQueueWhereTheClientIsGone() {
        stage.play("""
                > 1 queue.declare q exclusive
                < 1 queue.declare-ok q 0 0
                ~
                """);
        assertThat(stage.broker.catalog.topic(TopicName.of("q"))).isNull();
    }

    @Test
    void shouldDeclareExchanges() {
        stage.play("""
                > 1 exchange.declare x topic durable
                < 1 exchange.declare-ok
                > 1 exchange.declare x topic durable
                < 1 exchange.declare-ok
                > 1 exchange.declare x odd passive
                < 1 exchange.declare-ok
                > 1 exchange.declare x topic durable no-wait
                > 1 exchange.declare x direct durable
                < 1 channel.close 406 PRECONDITION_FAILED - inequivalent arg 'type' for exchange 'x' in vhost '/': \
                received 'direct' but current is 'topic' (exchange.declare)
                > 1 channel.close-ok
                > 1 channel.open
                < 1 channel.open-ok
                > 1 exchange.declare none direct passive
                < 1 channel.close 404 NOT_FOUND - no exchange 'none' in vhost '/' (exchange.declare)
                """);
    }

    @Test
    void shouldBindExchangesToEachOther() {
        stage.exchange("a", ExchangeType.FANOUT);
        stage.exchange("b", ExchangeType.FANOUT);
        stage.play(DECLARED + """
                > 1 queue.bind q b ''
                > 1 exchange.bind b a ''
                < 1 queue.bind-ok
                < 1 exchange.bind-ok
                > 1 basic.publish a k : one
                > 1 exchange.unbind b a ''
                < 1 exchange.unbind-ok
                > 1 basic.publish a k : two
                > 1 exchange.delete b if-unused
                < 1 channel.close 406 PRECONDITION_FAILED - exchange 'b' in vhost '/' in use (exchange.delete)
                """);
        assertThat(stage.stored("q")).containsExactly("one");
    }
}
