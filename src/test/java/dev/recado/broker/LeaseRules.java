package dev.recado.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of messages that members hold: settled, given back, or left behind. */
public interface LeaseRules extends BrokerContract {

    @Test
    default void shouldIgnoreAndCountAcknowledgementsOfWhatIsNotHeld() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("orders", 1));
        session.publish(topic, "a", "b");
        long before = stage().figure("acks_ignored");

        // When
        session.run(link -> {
            subscription.ack(0, 1, 1);
            subscription.nack(0, 1, 0);
            subscription.reject(0, 1, "no");
            subscription.ack(7, 0, 0);
            subscription.nack(-1, 0, 0);
        });

        // Then
        assertThat(stage().figure("acks_ignored")).isGreaterThanOrEqualTo(before + 1);
        session.run(link -> subscription.ack(0, 0, 0));
        assertThat(session.told("got")).containsExactly("got a", "got b");
    }

    @Test
    default void shouldCountAcknowledgementsThatNameNothing() {
        // Given
        ContractSession session = open();
        long before = stage().figure("acks_ignored");

        // When
        session.run(Link::ackIgnored);

        // Then
        assertThat(stage().figure("acks_ignored")).isEqualTo(before + 1);
    }

    @Test
    default void shouldAnswerEachDurableAcknowledgementOnce() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("orders", 10));
        session.publish(topic, "a", "b");
        session.told();

        // When
        session.run(link -> {
            subscription.ackDurably(0, 0);
            subscription.ackDurably(0, 1);
            subscription.ackDurably(0, 99);
        });
        stage().pass(1_000);

        // Then
        assertThat(session.told()).containsExactlyInAnyOrder("acked 0/0", "acked 0/1", "acked 0/99");
        assertThat(gotByTheNext("orders")).isEmpty();
    }

    @Test
    default void shouldDeliverAgainWhatIsGivenBack() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("orders", 10));
        session.publish(topic, "a", "b");
        session.told();

        // When
        session.run(link -> subscription.nack(0, 0, 0));

        // Then
        assertThat(session.told()).containsExactly("got a attempt 2");
    }

    @Test
    default void shouldDelayWhatIsGivenBackAsItIsTold() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("orders", 10));
        session.publish(topic, "a");
        session.told();

        // When
        session.run(link -> subscription.nack(0, 0, 20_000));
        stage().pass(15_000);
        List<String> early = session.told();
        stage().pass(10_000);

        // Then
        assertThat(early).isEmpty();
        assertThat(session.told()).containsExactly("got a attempt 2");
    }

    @Test
    default void shouldNeverDeliverAgainWhatIsRejected() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("orders", 10));
        session.publish(topic, "a", "b");

        // When
        session.run(link -> subscription.reject(0, 0, "no"));
        session.run(Link::close);

        // Then
        assertThat(gotByTheNext("orders")).containsExactly("got b attempt 2");
    }

    @Test
    default void shouldPutWhatIsRejectedAmongTheDeadLetters() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("orders", 10));
        session.publish(topic, "a");

        // When
        session.run(link -> subscription.reject(0, 0, "no"));

        // Then
        assertThat(session.browse(topic("orders.dead"), StartPosition.first(), 10))
                .containsExactly("0/0 a");
    }

    @Test
    default void shouldExtendOnlyLeasesThatAreHeld() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("orders", 1));
        session.publish(topic, "a", "b");

        // When
        boolean held = session.ask(link -> subscription.extend(0, 0, 60_000));
        boolean waiting = session.ask(link -> subscription.extend(0, 1, 60_000));
        boolean elsewhere = session.ask(link -> subscription.extend(5, 0, 60_000));
        session.run(link -> subscription.ack(0, 0, 0));
        boolean done = session.ask(link -> subscription.extend(0, 0, 60_000));

        // Then
        assertThat(List.of(held, waiting, elsewhere, done)).containsExactly(true, false, false, false);
    }

    @Test
    default void shouldEndALeaseWhenItWasToldTo() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("orders", 10));
        session.publish(topic, "a", "b");
        session.ask(link -> subscription.extend(0, 0, 100_000));
        session.told();

        // When
        stage().pass(60_000);
        List<String> before = session.told("got a");
        before.addAll(gotByTheNext("orders"));
        stage().pass(60_000);
        List<String> after = session.told("got a");
        after.addAll(gotByTheNext("orders"));

        // Then
        assertThat(before).isNotEmpty().noneMatch(line -> line.startsWith("got a"));
        assertThat(after).anyMatch(line -> line.startsWith("got a"));
    }

    @Test
    default void shouldGiveBackWhatASubscriptionHeldThatLeaves() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("orders", 10));
        session.publish(topic, "a", "b");
        session.told();

        // When
        session.ask(link -> subscription.close());
        session.ask(link -> subscription.close());
        session.publish(topic, "c");

        // Then
        assertThat(session.told()).containsExactly("confirmed 2 at 0/2");
        assertThat(gotByTheNext("orders")).containsExactly("got a attempt 2", "got b attempt 2", "got c");
    }

    /** Holds a message of a topic that gives each message up after one delivery that counts. */
    private ContractSession holdingItsLastDelivery() {
        Topic topic = log("orders");
        GroupSettings base = GroupSettings.DEFAULT;
        GroupSettings once = base.with(GroupSettings.MAX_DELIVERIES, 1);
        ContractSession session = open();
        createGroup(topic, once);
        session.subscribe(BrokerContract.group("orders", 10));
        session.publish(topic, "a");
        return session;
    }

    @Test
    default void shouldCountTheAttemptWhereASessionVanishes() {
        // Given
        ContractSession session = holdingItsLastDelivery();

        // When
        session.run(Link::close);

        // Then
        assertThat(gotByTheNext("orders")).isEmpty();
    }

    @Test
    default void shouldNotCountTheAttemptWhereASessionSaysGoodbye() {
        // Given
        ContractSession session = holdingItsLastDelivery();

        // When
        session.run(link -> {
            link.quit();
            link.close();
        });

        // Then
        assertThat(gotByTheNext("orders")).containsExactly("got a attempt 2");
    }

    @Test
    default void shouldNotCountTheAttemptWhereASubscriptionLeaves() {
        // Given
        ContractSession session = holdingItsLastDelivery();

        // When
        session.ask(link -> session.subscription().close());

        // Then
        assertThat(gotByTheNext("orders")).containsExactly("got a attempt 2");
    }

    @Test
    default void shouldHoldNothingForASessionThatClosesWhileItSubscribes() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);
        session.publish(topic, "a");
        session.told();
        List<Future<SubscriptionLink>> asked = new ArrayList<>();

        // When
        session.run(link -> {
            asked.add(link.subscribe(BrokerContract.group("orders", 10)));
            link.close();
        });

        // Then
        assertThat(asked.get(0).isComplete()).isTrue();
        assertThat(session.told()).isEmpty();
        assertThat(gotByTheNext("orders")).hasSize(1);
    }

    @Test
    default void shouldTellNothingBehindTheEndOfASubscription() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);
        session.subscribe(BrokerContract.group("orders", 1));
        SubscriptionLink consumer = session.subscribe(BrokerContract.pull("orders", "c"));
        session.subscribe(SubscribeSpec.tap("orders", SlowTap.BLOCK));
        session.publish(topic, "a", "b");
        session.told();

        // When
        delete(topic);
        List<String> told = session.told();
        session.run(link -> consumer.written(0, 10));
        log("orders");
        session.publish(topic("orders"), "c");

        // Then
        assertThat(told).containsExactly("ended", "ended", "ended");
        assertThat(session.told()).containsExactly("confirmed 2 at 0/0");
    }
}
