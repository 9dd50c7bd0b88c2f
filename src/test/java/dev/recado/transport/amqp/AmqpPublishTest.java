package dev.recado.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.message.Headers;
import dev.recado.core.message.MessageView;
import dev.recado.core.topic.ExchangeType;
import dev.recado.transport.FakeLink;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** {@code basic.publish} and its confirmations, as a client hears them. */
class AmqpPublishTest {

    private static final String SELECT = """
            > 1 queue.declare q
            < 1 queue.declare-ok q 0 0
            > 1 confirm.select
            < 1 confirm.select-ok
            """;

    private final AmqpStage stage = new AmqpStage();

    @Test
    void shouldStoreWithoutAWordWhereNothingIsConfirmed() {
        // When
        stage.play("""
                > 1 queue.declare q
                < 1 queue.declare-ok q 0 0
                > 1 basic.publish '' q : hello
                > 1 basic.publish '' q
                """);

        // Then
        assertThat(stage.stored("q")).containsExactly("hello", "");
    }

    @Test
    void shouldNotHaveWhatIsTransientWaitForTheDisk() {
        // When
        stage.play(SELECT + """
                > 1 basic.publish '' q delivery-mode=1 : transient
                < 1 basic.ack 1
                > 1 basic.publish '' q delivery-mode=2 : persistent
                > 1 basic.publish amq.fanout '' delivery-mode=1 : nowhere
                > 1 basic.publish '' q : unsaid
                < 1 basic.ack 4 multiple
                """);

        // Then
        assertThat(stage.broker.unsynced).contains("transient").doesNotContain("persistent", "unsaid");
    }

    @Test
    void shouldConfirmOneAndSeveralTogether() {
        stage.play(SELECT + """
                > 1 basic.publish '' q : a
                < 1 basic.ack 1
                > 1 basic.publish '' q : b
                > 1 basic.publish '' q : c
                < 1 basic.ack 3 multiple
                """);
    }

    @Test
    void shouldConfirmAloneWhatOvertakes() {
        // Given
        stage.broker.holdConfirms = true;
        stage.play(SELECT + """
                > 1 basic.publish '' q : a
                > 1 basic.publish '' q : b
                """);
        FakeLink link = stage.broker.links.get(0);

        // When
        link.confirm(1);
        stage.play("< 1 basic.ack 2");
        link.confirm(0);

        // Then
        stage.play("< 1 basic.ack 1");
    }

    /** RabbitMQ drops it too, or says nack. */
    @Test
    void shouldDropWithoutAWordWhatIsTooLongForItsQueue() {
        // Given
        stage.broker.holdConfirms = true;
        stage.play("""
                > 1 queue.declare q x-max-length-bytes=10
                < 1 queue.declare-ok q 0 0
                > 1 basic.publish '' q : longer than ten bytes
                > 2 channel.open
                < 2 channel.open-ok
                > 2 confirm.select
                < 2 confirm.select-ok
                > 2 basic.publish '' q : longer than ten bytes
                """);
        Refusal tooLong = Refusal.of(ErrorCode.MESSAGE_TOO_LONG, "94 bytes, limit 10");

        // When
        stage.broker.links.get(0).refuse(0, tooLong);
        stage.broker.links.get(1).refuse(0, tooLong);

        // Then
        stage.play("""
                < 2 basic.nack 1
                > 1 channel.flow active
                < 1 channel.flow-ok active
                """);
    }

    /** RabbitMQ 3.10.8 drops it and says nothing, 130,000 publishes and 470 deletions long. */
    @Test
    void shouldDropWithoutAWordWhatComesToAQueueThatIsDeletedMeanwhile() {
        // Given
        stage.broker.holdConfirms = true;
        stage.play("""
                > 1 queue.declare q
                < 1 queue.declare-ok q 0 0
                > 1 queue.bind q amq.fanout ''
                < 1 queue.bind-ok
                > 1 basic.publish '' q : a
                > 1 basic.publish amq.fanout '' : b
                b> 1 queue.delete q
                b< 1 queue.delete-ok 0
                """);
        FakeLink link = stage.broker.links.get(0);

        // When
        link.confirm(0);
        link.refuse(1, Refusal.of(ErrorCode.TOPIC_NOT_FOUND, "the topic was deleted"));

        // Then
        stage.play("""
                > 1 channel.flow active
                < 1 channel.flow-ok active
                """);
    }

    @Test
    void shouldAcknowledgeWhatComesToAQueueThatIsDeletedMeanwhile() {
        // Given
        stage.broker.holdConfirms = true;
        stage.play(SELECT + """
                > 1 basic.publish '' q : a
                b> 1 queue.delete q
                b< 1 queue.delete-ok 0
                """);

        // When
        stage.broker.links.get(0).confirm(0);

        // Then
        stage.play("< 1 basic.ack 1");
    }

    @Test
    void shouldAnswerASecondSelect() {
        stage.play(SELECT + """
                > 1 basic.publish '' q : a
                < 1 basic.ack 1
                > 1 confirm.select
                < 1 confirm.select-ok
                > 1 confirm.select no-wait
                > 1 basic.publish '' q : b
                < 1 basic.ack 2
                """);
    }

    @Test
    void shouldAcknowledgeWhatNoQueueGets() {
        stage.exchange("x", ExchangeType.DIRECT);
        stage.play(SELECT + """
                > 1 basic.publish '' none : lost
                < 1 basic.ack 1
                > 1 basic.publish x none : lost
                < 1 basic.ack 2
                """);
    }

    @Test
    void shouldReturnBeforeItConfirms() {
        stage.play(SELECT + """
                > 1 basic.publish '' none mandatory content-type=a h.n=5 : back
                < 1 basic.return 312 NO_ROUTE '' none content-type=a headers={n=5} : back
                < 1 basic.ack 1
                > 1 basic.publish '' q mandatory : there
                < 1 basic.ack 2
                """);
    }

    @Test
    void shouldReturnWhatAnExchangeLeadsNowhere() {
        stage.exchange("x", ExchangeType.DIRECT);
        stage.play(SELECT + """
                > 1 basic.publish x none mandatory : back
                < 1 basic.return 312 NO_ROUTE x none : back
                < 1 basic.ack 1
                > 1 queue.bind q x k
                < 1 queue.bind-ok
                > 1 basic.publish x k mandatory : there
                < 1 basic.ack 2
                """);
    }

    @Test
    void shouldReturnWithoutConfirmations() {
        stage.exchange("x", ExchangeType.DIRECT);
        stage.play("""
                > 1 basic.publish '' none mandatory : one
                > 1 basic.publish x none mandatory : two
                > 1 basic.publish x none mandatory
                < 1 basic.return 312 NO_ROUTE '' none : one
                < 1 basic.return 312 NO_ROUTE x none : two
                < 1 basic.return 312 NO_ROUTE x none :
                """);
    }

    @Test
    void shouldReturnALongBodyInFrames() {
        // Given
        stage.frameBytesMax = 8_192;
        String body = "0123456789".repeat(3_000);

        stage.play(SELECT + """
                > 1 basic.publish '' none mandatory : BODY
                < 1 basic.return 312 NO_ROUTE '' none : BODY
                < 1 basic.ack 1
                """.replace("BODY", body));
    }

    @Test
    void shouldEndTheChannelForAnExchangeThatIsNotThere() {
        stage.play(SELECT + """
                > 1 basic.publish none k : lost
                < 1 channel.close 404 NOT_FOUND - no exchange 'none' in vhost '/' (basic.publish)
                > 1 basic.publish '' q : dropped
                > 1 channel.close-ok
                > 1 channel.open
                < 1 channel.open-ok
                > 1 basic.get q
                < 1 basic.get-empty
                """);
    }

    @Test
    void shouldConfirmWhatWasStoredBeforeItEndsTheChannel() {
        stage.play(SELECT + """
                > 1 basic.publish '' nowhere : a
                > 1 basic.publish none k : lost
                < 1 basic.ack 1
                < 1 channel.close 404 NOT_FOUND - no exchange 'none' in vhost '/' (basic.publish)
                """);
    }

    @Test
    void shouldSayNothingMoreOfAChannelOnceItsCloseIsAnswered() {
        stage.play(SELECT + """
                > 1 basic.publish '' nowhere : a
                > 1 channel.close 200 bye
                > 1 channel.open
                < 1 basic.ack 1
                < 1 channel.close-ok
                < 1 channel.open-ok
                """);
    }

    @Test
    void shouldRefuseWhatIsTooLong() {
        // Given
        stage.messageBytesMax = 10;

        // When
        stage.play(SELECT + """
                > 1 basic.publish '' q : 01234567890
                > 1 basic.publish '' q : dropped
                < 1 channel.close 406 PRECONDITION_FAILED - message size 11 is larger than configured max \
                size 10 (basic.publish)
                > 1 channel.close-ok
                > 1 channel.open
                < 1 channel.open-ok
                """);

        // Then
        assertThat(stage.stored("q")).isEmpty();
    }

    @Test
    void shouldEndTheConnectionForImmediate() {
        stage.play(SELECT + """
                > 1 basic.publish '' q immediate : a
                < 0 connection.close 540 NOT_IMPLEMENTED - immediate=true (basic.publish)
                > 0 connection.close-ok
                ! closed
                """);
    }

    @TestFactory
    Stream<DynamicTest> shouldTakeAnExpirationThatIsANumber() {
        return Stream.of("5", "+5", "05", "0", "99999999999")
                .map(value -> DynamicTest.dynamicTest(value, () -> {
                    AmqpStage fresh = new AmqpStage();
                    fresh.play(SELECT + "> 1 basic.publish '' q expiration=" + value + " : a\n< 1 basic.ack 1");
                    assertThat(fresh.views("q").get(0).ttlMs).isEqualTo(Long.parseLong(value));
                }));
    }

    @TestFactory
    Stream<DynamicTest> shouldRefuseAnExpirationThatIsNone() {
        return Stream.of(
                        List.of("''", "'': no_integer"),
                        List.of("1.5", "'1.5': {leftover_string,\".5\"}"),
                        List.of("-1", "'-1': {value_negative,-1}"),
                        List.of("_5", "' 5': no_integer"),
                        List.of("abc", "'abc': no_integer"))
                .map(row -> DynamicTest.dynamicTest(row.get(0), () -> {
                    AmqpStage fresh = new AmqpStage();
                    fresh.play(SELECT + "> 1 basic.publish '' q expiration=" + row.get(0)
                            + " : a\n< 1 channel.close 406 PRECONDITION_FAILED - invalid expiration " + row.get(1)
                            + " (basic.publish)");
                    assertThat(fresh.stored("q")).isEmpty();
                }));
    }

    @Test
    void shouldTakeNoUserButTheOneWhoLoggedIn() {
        stage.play(SELECT + """
                > 1 basic.publish '' q user-id=guest : a
                < 1 basic.ack 1
                > 1 basic.publish '' q user-id=other : b
                < 1 channel.close 406 PRECONDITION_FAILED - user_id property set to 'other' but authenticated \
                user was 'guest' (basic.publish)
                > 1 channel.close-ok
                > 1 channel.open
                < 1 channel.open-ok
                > 1 basic.publish '' q user-id='' : c
                < 1 channel.close 406 PRECONDITION_FAILED - user_id property set to '' but authenticated user \
                was 'guest' (basic.publish)
                """);
    }

    @Test
    void shouldCopyToTheKeysOfCcAndBcc() {
        stage.play(SELECT + """
                > 1 queue.declare c
                > 1 queue.declare b
                < 1 queue.declare-ok c 0 0
                < 1 queue.declare-ok b 0 0
                > 1 basic.publish '' q h.CC=[c,q] h.BCC=[b] h.n=1 : a
                < 1 basic.ack 1
                > 1 basic.get c no-ack
                > 1 basic.get b no-ack
                < 1 basic.get-ok 1 '' q 1 headers={CC=[c,q],n=1} : a
                < 1 basic.get-ok 2 '' q 1 headers={CC=[c,q],n=1} : a
                > 1 basic.publish '' none mandatory h.BCC=[none2] : a
                < 1 basic.return 312 NO_ROUTE '' none headers={} : a
                < 1 basic.ack 2
                > 1 basic.publish '' none mandatory h.BCC=[b] : a
                < 1 basic.ack 3
                """);
        assertThat(stage.stored("q")).containsExactly("a");
    }

    @Test
    void shouldRefuseACcThatIsNoArray() {
        stage.play(SELECT + """
                > 1 basic.publish '' q h.CC=c : a
                < 1 channel.close 406 PRECONDITION_FAILED - invalid message: \
                {unacceptable_type_in_header,"CC",longstr} (basic.publish)
                """);
    }

    @Test
    void shouldKeepWhatOthersRead() {
        // Given
        stage.exchange("x", ExchangeType.FANOUT);

        // When
        stage.play("""
                > 1 queue.declare q
                < 1 queue.declare-ok q 0 0
                > 1 queue.bind q x ''
                < 1 queue.bind-ok
                > 1 basic.publish x key priority=4 content-type=text/plain h.a=5 h.b=t : hello
                """);

        // Then
        MessageView stored = stage.views("q").get(0);
        assertThat(stored.keyText()).isEqualTo("key");
        assertThat(stored.priority).isEqualTo(4);
        assertThat(Headers.toMap(stored.bytes, stored.headersStart, stored.headersLength))
                .containsEntry("content-type", "text/plain")
                .containsEntry("a", "5")
                .containsEntry("b", "t");
    }
}
