package dev.recado.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.TopicName;
import dev.recado.security.Identity;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Queues that others delete meanwhile, or that are others' alone. */
class AmqpQueueOfOthersTest {

    private static final String DECLARED = """
            > 1 queue.declare q
            < 1 queue.declare-ok q 0 0
            """;

    private final AmqpStage stage = new AmqpStage();

    /** One that declares beside one that deletes comes after it or before, and does not fail. */
    @Test
    void shouldMakeAQueueAnewThatIsDeletedWhileItIsDeclared() {
        // Given
        stage.play(DECLARED);
        UUID old = stage.topic("q").uuid();

        // When
        stage.peer("").send("1 queue.declare q");
        stage.broker.change(new CatalogChange.DeleteTopic(old), Identity.BROKER);

        // Then
        stage.play("< 1 queue.declare-ok q 0 0");
        assertThat(stage.topic("q").uuid()).isNotEqualTo(old);
    }

    @Test
    void shouldSayOfAQueueThatIsDeletedWhileItIsLookedAtThatThereIsNone() {
        // Given
        stage.play(DECLARED);

        // When
        stage.peer("").send("1 queue.declare q passive");
        stage.broker.change(new CatalogChange.DeleteTopic(stage.topic("q").uuid()), Identity.BROKER);

        // Then
        stage.play("< 1 channel.close 404 NOT_FOUND - no queue 'q' in vhost '/' (queue.declare)");
    }

    /** As a client that makes a queue for each answer and deletes it. */
    @Test
    void shouldKeepNoTraceOfExclusiveQueuesThatHaveEnded() {
        // Given
        stage.play("> 1 queue.declare kept exclusive\n< 1 queue.declare-ok kept 0 0");
        OwnedQueues owned = stage.peer("").session().connection().owned();

        // When
        for (int i = 0; i < 200; i++) {
            stage.play("""
                    > 1 queue.declare q exclusive
                    < 1 queue.declare-ok q 0 0
                    > 1 queue.delete q
                    < 1 queue.delete-ok 0
                    """);
        }

        // Then
        assertThat(owned.count()).isLessThan(20);
        stage.play("""
                > 0 connection.close 200 bye
                < 0 connection.close-ok
                ! closed
                """);
        assertThat(stage.broker.catalog.topic(TopicName.of("kept"))).isNull();
    }

    @Test
    void shouldNotLetOthersUnbindAnExclusiveQueue() {
        stage.play("""
                > 1 queue.declare q exclusive
                < 1 queue.declare-ok q 0 0
                > 1 queue.bind q amq.direct key
                < 1 queue.bind-ok
                b> 1 queue.unbind q amq.direct other
                b< 1 queue.unbind-ok
                b> 1 queue.unbind q amq.direct key
                b< 1 channel.close 405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'q' in vhost \
                '/'. It could be originally declared on another connection or the exclusive property value does not \
                match that of the original declaration. (queue.unbind)
                """);
    }

    @Test
    void shouldSayWhoseAQueueIsBeforeWhatIsWrongWithItsArguments() {
        stage.play("""
                > 1 queue.declare q exclusive
                < 1 queue.declare-ok q 0 0
                b> 1 queue.declare q exclusive x-dead-letter-routing-key=k
                b< 1 channel.close 405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'q' in vhost \
                '/'. It could be originally declared on another connection or the exclusive property value does not \
                match that of the original declaration. (queue.declare)
                """);
    }
}
