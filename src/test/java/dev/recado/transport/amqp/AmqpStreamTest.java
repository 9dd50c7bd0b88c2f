package dev.recado.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.security.Identity;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Streams: logs that are read alone, or by the members of a group. */
class AmqpStreamTest {

    private final AmqpStage stage = new AmqpStage();

    @Test
    void shouldKeepByAgeAndSizeAndForNobody() {
        // When
        stage.play("""
                > 1 queue.declare s durable x-queue-type=stream x-max-age=7D x-max-length-bytes=1000
                < 1 queue.declare-ok s 0 0
                > 1 queue.declare t durable x-queue-type=stream
                < 1 queue.declare-ok t 0 0
                """);

        // Then
        TopicSettings settings = stage.topic("s").settings();
        assertThat(settings.kind()).isEqualTo(TopicKind.LOG);
        assertThat(settings.retentionTimeMs()).isEqualTo(7 * 86_400_000L);
        assertThat(settings.retentionBytes()).isEqualTo(1_000);
        assertThat(settings.retentionForce()).isTrue();
        assertThat(stage.topic("s").groups()).isEmpty();
        assertThat(stage.topic("t").settings().retentionTimeMs()).isEqualTo(-1);
        assertThat(stage.topic("t").settings().retentionBytes()).isEqualTo(-1);
    }

    @Test
    void shouldReadAloneWithACredit() {
        stage.play("""
                > 1 queue.declare s durable x-queue-type=stream
                < 1 queue.declare-ok s 0 0
                > 1 basic.publish '' s : m1
                > 1 basic.publish '' s h.a=1 : m2
                > 1 basic.publish '' s : m3
                > 1 basic.qos 0 2
                < 1 basic.qos-ok
                > 1 basic.consume s tag x-stream-offset=first
                < 1 basic.consume-ok tag
                < 1 basic.deliver tag 1 '' s headers={x-stream-offset=0} : m1
                < 1 basic.deliver tag 2 '' s headers={a=1,x-stream-offset=1} : m2
                b> 1 basic.qos 0 1
                b< 1 basic.qos-ok
                b> 1 basic.consume s tag x-stream-offset=2
                b< 1 basic.consume-ok tag
                b< 1 basic.deliver tag 1 '' s headers={x-stream-offset=2} : m3
                > 1 basic.ack 1
                < 1 basic.deliver tag 3 '' s headers={x-stream-offset=2} : m3
                """);
    }

    @Test
    void shouldLetMembersOfAGroupGiveBack() {
        stage.play("""
                > 1 queue.declare s durable x-queue-type=stream
                < 1 queue.declare-ok s 0 0
                > 1 basic.publish '' s : m1
                > 1 basic.publish '' s : m2
                > 1 basic.qos 0 1
                < 1 basic.qos-ok
                > 1 basic.consume s tag x-group=workers x-stream-offset=first
                < 1 basic.consume-ok tag
                < 1 basic.deliver tag 1 '' s headers={x-stream-offset=0} : m1
                > 1 basic.nack 1 requeue
                < 1 basic.deliver tag 2 redelivered '' s headers={x-stream-offset=0} : m1
                > 1 basic.ack 2
                < 1 basic.deliver tag 3 '' s headers={x-stream-offset=1} : m2
                """);
    }

    @Test
    void shouldBeginAGroupAtTheFirstMessageAndAReaderAtTheNext() {
        stage.play("""
                > 1 queue.declare s durable x-queue-type=stream
                < 1 queue.declare-ok s 0 0
                > 1 basic.publish '' s : m1
                > 1 basic.qos 0 10
                < 1 basic.qos-ok
                > 1 basic.consume s alone
                < 1 basic.consume-ok alone
                > 1 basic.consume s tag x-group=workers
                < 1 basic.consume-ok tag
                < 1 basic.deliver tag 1 '' s headers={x-stream-offset=0} : m1
                """);
    }

    @Test
    void shouldReadALogThatAnotherProtocolHasMade() {
        // Given
        stage.broker.change(
                new CatalogChange.CreateTopic(TopicName.of("news"), new UUID(7, 7), TopicSettings.DEFAULT, false),
                Identity.BROKER);

        // When / Then
        stage.play("""
                > 1 queue.declare news durable x-queue-type=stream x-max-age=3h
                < 1 queue.declare-ok news 2 0
                > 1 queue.declare news passive
                < 1 queue.declare-ok news 2 0
                > 1 basic.consume news tag
                < 1 channel.close 406 PRECONDITION_FAILED - consumer prefetch count is not set for \
                'queue 'news' in vhost '/'' (basic.consume)
                """);
    }
}
