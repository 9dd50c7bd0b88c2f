package dev.recado.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.Refusal;
import dev.recado.broker.Link;
import dev.recado.broker.Patience;
import dev.recado.broker.PublishPort;
import dev.recado.broker.ReplyPort;
import dev.recado.broker.SessionInfo;
import dev.recado.broker.SessionPort;
import dev.recado.core.message.Draft;
import dev.recado.core.message.Headers;
import dev.recado.core.message.MessageView;
import dev.recado.security.Identity;
import dev.recado.security.Rights;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests and answers through {@code amq.rabbitmq.reply-to}, among AMQP clients and with others. */
class DirectRepliesTest {

    private static final String CONSUMED = """
            > 1 basic.consume amq.rabbitmq.reply-to t no-ack
            < 1 basic.consume-ok t
            """;

    private static final String ASKED = CONSUMED + """
            > 1 queue.declare q
            < 1 queue.declare-ok q 0 0
            > 1 basic.publish '' q reply-to=amq.rabbitmq.reply-to correlation-id=7 : what?
            """;

    private final AmqpStage stage = new AmqpStage();

    /** A session of another protocol. */
    private static final class Other implements SessionPort, PublishPort, ReplyPort {
        final List<String> replies = new ArrayList<>();

        @Override
        public void onReply(long correlation, MessageView reply) {
            replies.add(correlation + " " + reply.payloadText());
        }

        @Override
        public void onConfirmed(long firstTicket, int count, int partitionIndex, long firstOffset) {}

        @Override
        public void onRefused(long firstTicket, int count, Refusal refusal) {}

        @Override
        public void onClosedByBroker(Refusal refusal) {}

        @Override
        public void onTurnEnd() {}

        @Override
        public void onBackPressure(boolean pauseReading) {}
    }

    private Link other(Other port) {
        return stage.broker.open(port, Patience.REFUSE, SessionInfo.INTERNAL, new Identity("guest", Rights.ALL));
    }

    private static Draft draft(String payload) {
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        return new Draft().payload(bytes, 0, bytes.length);
    }

    @Test
    void shouldBringAnAnswerToWhoAsked() {
        stage.play(ASKED + """
                w> 1 basic.consume q w no-ack
                w< 1 basic.consume-ok w
                w< 1 basic.deliver w 1 '' q correlation-id=7 reply-to=amq.rabbitmq.reply-to.n1/0/0/1 : what?
                w> 1 confirm.select
                w< 1 confirm.select-ok
                w> 1 basic.publish '' amq.rabbitmq.reply-to.n1/0/0/1 correlation-id=7 : that
                w< 1 basic.ack 1
                < 1 basic.deliver t 1 '' amq.rabbitmq.reply-to.n1/0/0/1 correlation-id=7 : that
                w> 1 basic.publish '' amq.rabbitmq.reply-to.n1/0/0/1 mandatory correlation-id=7 : once more
                w< 1 basic.ack 2
                < 1 basic.deliver t 2 '' amq.rabbitmq.reply-to.n1/0/0/1 correlation-id=7 : once more
                """);
    }

    @Test
    void shouldHaveAConsumerOnEachChannel() {
        stage.play(CONSUMED + """
                > 2 channel.open
                < 2 channel.open-ok
                > 2 basic.consume amq.rabbitmq.reply-to t no-ack
                < 2 basic.consume-ok t
                > 2 queue.declare q
                < 2 queue.declare-ok q 0 0
                > 2 basic.publish '' q reply-to=amq.rabbitmq.reply-to : two
                > 1 basic.publish '' amq.rabbitmq.reply-to.n1/0/1/1 : for two
                < 2 basic.deliver t 1 '' amq.rabbitmq.reply-to.n1/0/1/1 : for two
                """);
    }

    @Test
    void shouldGiveOthersAnAddressThatTheyCanAnswerTo() {
        // Given
        stage.play(ASKED);
        MessageView request = stage.views("q").get(0);
        String address = Headers.find(request.bytes, request.headersStart, request.headersLength, Headers.REPLY_TO);

        // When
        Link worker = other(new Other());
        worker.reply(address, draft("that"));

        // Then: the correlation id is that of the request, though the answer names none
        assertThat(address).isEqualTo("n1/0/0/1");
        stage.play("< 1 basic.deliver t 1 '' amq.rabbitmq.reply-to.n1/0/0/1 correlation-id=7 : that");
    }

    @Test
    void shouldAnswerRequestsOfOthers() {
        // Given
        Other port = new Other();
        stage.play("""
                > 1 queue.declare q
                < 1 queue.declare-ok q 0 0
                > 1 basic.consume q w no-ack
                < 1 basic.consume-ok w
                """);
        Link asker = other(port);
        asker.request(stage.topic("q"), draft("what?"), 0, 5);

        // When
        stage.play("""
                < 1 basic.deliver w 1 '' q reply-to=amq.rabbitmq.reply-to.n1/0/1/5 : what?
                > 1 basic.publish '' amq.rabbitmq.reply-to.n1/0/1/5 : that
                """);

        // Then
        assertThat(port.replies).containsExactly("5 that");
    }

    @Test
    void shouldTellWhetherAnAddressIsThere() {
        stage.play("""
                > 1 queue.declare amq.rabbitmq.reply-to passive
                < 1 queue.declare-ok amq.rabbitmq.reply-to 0 1
                > 1 queue.delete amq.rabbitmq.reply-to
                < 1 queue.delete-ok 0
                """ + ASKED + """
                w> 1 queue.declare amq.rabbitmq.reply-to.n1/0/0/1 passive
                w< 1 queue.declare-ok amq.rabbitmq.reply-to.n1/0/0/1 0 1
                ~
                w> 1 basic.publish '' amq.rabbitmq.reply-to.n1/0/0/1 mandatory : late
                w< 1 basic.return 312 NO_ROUTE '' amq.rabbitmq.reply-to.n1/0/0/1 : late
                w> 1 queue.declare amq.rabbitmq.reply-to.n1/0/0/1 passive
                w< 1 channel.close 404 NOT_FOUND - no queue 'amq.rabbitmq.reply-to.n1/0/0/1' in vhost '/' \
                (queue.declare)
                """);
        assertThat(stage.broker.repliesDropped).isEqualTo(1);
    }

    @Test
    void shouldRefuseWhatIsNoReplyConsumer() {
        stage.play("""
                > 1 basic.consume amq.rabbitmq.reply-to t
                < 1 channel.close 406 PRECONDITION_FAILED - reply consumer cannot acknowledge (basic.consume)
                > 1 channel.close-ok
                > 1 channel.open
                < 1 channel.open-ok
                > 1 basic.publish '' q reply-to=amq.rabbitmq.reply-to : what?
                < 1 channel.close 406 PRECONDITION_FAILED - fast reply consumer does not exist (basic.publish)
                > 1 channel.close-ok
                > 1 channel.open
                < 1 channel.open-ok
                > 1 basic.get amq.rabbitmq.reply-to
                < 1 channel.close 404 NOT_FOUND - no queue 'amq.rabbitmq.reply-to' in vhost '/' (basic.get)
                > 1 channel.close-ok
                > 1 channel.open
                < 1 channel.open-ok
                """ + CONSUMED + """
                > 1 basic.consume amq.rabbitmq.reply-to u no-ack
                < 1 channel.close 406 PRECONDITION_FAILED - reply consumer already set (basic.consume)
                """);
    }

    @Test
    void shouldDeliverNothingAfterACancel() {
        stage.play(ASKED + """
                > 1 basic.cancel t
                < 1 basic.cancel-ok t
                > 1 basic.publish '' amq.rabbitmq.reply-to.n1/0/0/1 : late
                """);
        assertThat(stage.broker.repliesDropped).isEqualTo(1);
    }

    @Test
    void shouldDropWhatAClientThatDoesNotReadHasNoRoomFor() {
        // Given
        stage.play(ASKED);
        stage.peer("").full = true;
        Link worker = other(new Other());
        String megabyte = "x".repeat(1 << 20);

        // When
        for (int i = 0; i < 6; i++) {
            worker.reply("n1/0/0/1", draft(megabyte));
            stage.turn();
        }

        // Then
        assertThat(stage.broker.repliesDropped).isEqualTo(3);
        assertThat(stage.replies.usedBytes()).isGreaterThan(3 << 20);

        // When
        stage.peer("").close();

        // Then
        assertThat(stage.replies.usedBytes()).isZero();
    }
}
