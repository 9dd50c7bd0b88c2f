package dev.recado.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.ExchangeDef;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.security.Identity;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two connections to two virtual hosts, which name their queues and exchanges alike. */
class AmqpVirtualHostTest {

    private final AmqpStage stage = new AmqpStage();

    @BeforeEach
    void connect() {
        stage.broker.change(new CatalogChange.CreateNamespace("shop"), Identity.BROKER);
        stage.connect("A");
        stage.connect("B", "shop");
    }

    @Test
    void shouldHaveTheStandardExchangesInEachThatIsOpened() {
        assertThat(stage.broker.catalog.exchanges())
                .extracting(ExchangeDef::name)
                .hasSize(10)
                .contains(TopicName.of("amq.direct"), new TopicName("shop", "amq.direct"));
    }

    @Test
    void shouldKeepQueuesAndExchangesOfOneNameApart() {
        stage.play("""
                A> 1 queue.declare q
                A< 1 queue.declare-ok q 0 0
                A> 1 exchange.declare x fanout
                A< 1 exchange.declare-ok
                B> 1 exchange.declare x direct
                B< 1 exchange.declare-ok
                B> 1 queue.declare q durable
                B< 1 queue.declare-ok q 0 0
                B> 1 queue.bind q x k
                B< 1 queue.bind-ok
                B> 1 basic.publish x k : of b by x
                B> 1 basic.publish '' q : of b by name
                A> 1 basic.publish '' q : of a by name
                A> 1 basic.publish x k : of a, bound to nothing
                """);
        stage.turn();

        // Then
        assertThat(stage.stored("q")).containsExactly("of a by name");
        Topic theirs = stage.broker.catalog.topic(new TopicName("shop", "q"));
        assertThat(theirs).isNotNull();
        assertThat(stage.broker.log(theirs).partitions.get(0)).hasSize(2);
    }

    @Test
    void shouldGiveEachItsOwnMessages() {
        stage.play("""
                A> 1 queue.declare q
                A< 1 queue.declare-ok q 0 0
                B> 1 queue.declare q
                B< 1 queue.declare-ok q 0 0
                A> 1 basic.publish '' q : of a
                B> 1 basic.publish '' q : of b
                B> 1 basic.get q no-ack
                B< 1 basic.get-ok 1 '' q 1 : of b
                A> 1 basic.get q no-ack
                A< 1 basic.get-ok 1 '' q 1 : of a
                """);
    }

    @Test
    void shouldNotFindWhatIsElsewhere() {
        stage.play("""
                A> 1 queue.declare q
                A< 1 queue.declare-ok q 0 0
                B> 1 queue.declare q passive
                B< 1 channel.close 404 NOT_FOUND - no queue 'q' in vhost 'shop' (queue.declare)
                """);
    }

    @Test
    void shouldEndTheConnectionsOfAVirtualHostThatIsDeleted() {
        // Given
        stage.play("""
                B> 2 channel.open
                B< 2 channel.open-ok
                """);

        // When
        stage.broker.change(new CatalogChange.DeleteNamespace("shop", true), Identity.BROKER);

        // Then
        stage.play("""
                B< 0 connection.close 320 CONNECTION_FORCED - broker forced connection closure with reason \
                'vhost 'shop' is deleted' ()
                A> 2 channel.open
                A< 2 channel.open-ok
                """);
    }

    @Test
    void shouldEndAConnectionThatOpensAChannelWhereTheVirtualHostIsGone() {
        // Given one without a channel
        stage.play("""
                B> 1 channel.close
                B< 1 channel.close-ok
                """);
        stage.broker.change(new CatalogChange.DeleteNamespace("shop", true), Identity.BROKER);

        // When, Then
        stage.play("""
                B> 2 channel.open
                B< 0 connection.close 530 NOT_ALLOWED - vhost shop not found (channel.open)
                """);
    }
}
