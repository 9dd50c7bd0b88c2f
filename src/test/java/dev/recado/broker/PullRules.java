package dev.recado.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.Topic;
import dev.recado.node.NodeRig;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Classic consumers, which ask for each message. */
public interface PullRules extends BrokerContract {

    @Test
    default void shouldAnswerEachPullOnceWithAMessageOrNothing() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);
        session.publish(topic, "a", "b");
        SubscriptionLink consumer = session.subscribe(BrokerContract.pull("orders", "c"));
        session.told();

        // When
        session.run(link -> {
            consumer.pull(11);
            consumer.pull(12);
            consumer.pull(13);
        });

        // Then
        assertThat(session.told("pulled")).containsExactly("pulled 11 a", "pulled 12 b", "pulled 13 nothing");
    }

    @Test
    default void shouldPullFromEveryPartition() {
        // Given
        Topic topic = create("wide", NodeRig.log(3, 0, Overflow.BLOCK));
        ContractSession session = open();
        session.run(link -> {
            for (String key : new String[] {"k1", "k2", "k3", "k4", "k5", "k6"}) {
                session.note(link.publish(topic, ContractSession.draft(key, key), session.ticket()));
            }
        });
        SubscriptionLink consumer = session.subscribe(BrokerContract.pull("wide", "c"));

        // When
        for (int i = 0; i < 7; i++) {
            int ticket = i;
            session.run(link -> consumer.pull(ticket));
        }

        // Then
        List<String> told = session.told("pulled");
        assertThat(told).hasSize(7).last().isEqualTo("pulled 6 nothing");
        assertThat(told.stream().map(line -> line.substring(9)).sorted())
                .containsExactly("k1", "k2", "k3", "k4", "k5", "k6", "nothing");
    }

    @Test
    default void shouldTellAConsumerOfWhatWaitsWhenItJoins() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        session.publish(topic, "a", "b");
        session.told();

        // When
        session.subscribe(BrokerContract.pull("orders", "c"));

        // Then
        assertThat(session.told()).containsExactly("available 2");
    }

    @Test
    default void shouldTellAConsumerWhenItsGroupTurnsNonEmpty() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        session.subscribe(BrokerContract.pull("orders", "c"));

        // When
        session.publish(topic, "a");

        // Then
        assertThat(session.told("available")).containsExactly("available 1");
    }

    @Test
    default void shouldTellAConsumerOfWhatWaitsAtMostEverySecond() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        session.subscribe(BrokerContract.pull("orders", "c"));

        // When
        for (int i = 0; i < 35; i++) {
            session.publish(topic, "m" + i);
            stage().pass(100);
        }

        // Then
        assertThat(session.told("available")).hasSizeBetween(1, 5);
    }

    @Test
    default void shouldGiveAConsumerAGroupOfItsOwn() {
        // Given
        log("orders");

        // When
        SubscriptionLink consumer = open().subscribe(BrokerContract.pull("orders", "c"));

        // Then
        assertThat(consumer.consumerId()).isEqualTo("c");
        assertThat(consumer.group()).isEqualTo("c");
    }

    @Test
    default void shouldPickAnIdThatRejoinsItsGroup() {
        // Given
        log("orders");
        ContractSession session = open();
        SubscriptionLink picked = session.subscribe(BrokerContract.pull("orders", null));
        session.run(Link::close);

        // When
        SubscriptionLink again = open(1).subscribe(BrokerContract.pull("orders", picked.consumerId()));

        // Then
        assertThat(picked.consumerId()).isNotEmpty();
        assertThat(again.group()).isEqualTo(picked.group());
        assertThat(again.consumerId()).isEqualTo(picked.consumerId());
    }

    @Test
    default void shouldEndTheOlderSessionOfAConsumer() {
        // Given
        Topic topic = log("orders");
        ContractSession older = open(1);
        SubscriptionLink before = older.subscribe(BrokerContract.pull("orders", "c"));
        older.publish(topic, "a");
        older.run(link -> before.pull(1));
        older.told();

        // When
        ContractSession newer = open(0);
        SubscriptionLink consumer = newer.subscribe(BrokerContract.pull("orders", "c"));
        stage().pass(5_000);
        newer.run(link -> consumer.pull(2));

        // Then
        assertThat(older.told()).containsExactly("closed SESSION_REPLACED");
        assertThat(newer.told("pulled")).containsExactly("pulled 2 a attempt 2");
    }

    @Test
    default void shouldHoldNothingOfAPullBehindTheEndOfItsSession() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);
        SubscriptionLink consumer = session.subscribe(BrokerContract.pull("orders", "c"));
        session.publish(topic, "a");
        session.told();

        // When
        session.run(link -> {
            consumer.pull(1);
            link.quit();
            link.close();
        });

        // Then
        assertThat(session.told()).isEmpty();
        ContractSession next = open(0);
        SubscriptionLink again = next.subscribe(BrokerContract.pull("orders", "c"));
        next.run(link -> again.pull(2));
        assertThat(next.told("pulled")).singleElement().asString().startsWith("pulled 2 a");
    }
}
