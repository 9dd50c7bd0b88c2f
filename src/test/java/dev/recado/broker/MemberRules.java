package dev.recado.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.node.NodeRig;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members of groups: what they join, their credit, and what they are handed. */
public interface MemberRules extends BrokerContract {

    @Test
    default void shouldSayWhatItJoined() {
        // Given
        create("wide", NodeRig.log(3, 0, Overflow.BLOCK));

        // When
        SubscriptionLink subscription = open().subscribe(BrokerContract.group("wide", 10));

        // Then
        assertThat(subscription.topic()).isEqualTo("wide");
        assertThat(subscription.group()).isEqualTo("g");
        assertThat(subscription.consumerId()).isEmpty();
        assertThat(subscription.partitionCount()).isEqualTo(3);
        subscription.attach("kept");
        assertThat(subscription.attachment()).isEqualTo("kept");
    }

    @Test
    default void shouldGiveNoConsumerIdToMembersThatAreNoConsumers() {
        // Given
        log("orders");
        create("queue", NodeRig.queue());
        SubscribeSpec automatic =
                new SubscribeSpec(SubscribeSpec.Kind.GROUP, "orders", null, null, 10, StartPosition.first());
        SubscribeSpec queue =
                new SubscribeSpec(SubscribeSpec.Kind.GROUP, "queue", null, null, 10, StartPosition.first());

        // When
        ContractSession session = open();
        SubscriptionLink first = session.subscribe(automatic);
        SubscriptionLink second = session.subscribe(queue);

        // Then
        assertThat(first.consumerId()).isEmpty();
        assertThat(second.consumerId()).isEmpty();
    }

    @Test
    default void shouldRefuseToSubscribeToATopicThatIsMissing() {
        // Given
        ContractSession session = open();

        // When
        ErrorCode member = session.askInVain(link -> link.subscribe(BrokerContract.group("none", 1)));
        ErrorCode consumer = session.askInVain(link -> link.subscribe(BrokerContract.pull("none", "c")));
        ErrorCode tap = session.askInVain(link -> link.subscribe(SubscribeSpec.tap("none", SlowTap.BLOCK)));

        // Then
        assertThat(List.of(member, consumer, tap)).containsOnly(ErrorCode.TOPIC_NOT_FOUND);
    }

    /** Has a session subscribe while another one does {@code change}; answers what the first one is told. */
    private List<String> subscribedWhile(SubscribeSpec spec, CatalogChange change) {
        ContractSession session = open(1);
        ContractSession other = open(0);
        session.begin(link -> link.subscribe(spec)
                .onComplete(answer -> session.note(answer.succeeded() ? "subscribed" : "not subscribed")));
        other.begin(link -> link.change(change));
        stage().settle();
        List<String> told = session.told();
        session.run(Link::close);
        other.run(Link::close);
        return told;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    default void shouldTellTheEndOfASubscriptionBehindItsBeginning(boolean taps) {
        for (int i = 0; i < 30; i++) {
            // Given
            String name = "wide" + i;
            Topic topic = create(name, NodeRig.log(3, 0, Overflow.BLOCK));
            SubscribeSpec spec = taps ? SubscribeSpec.tap(name, SlowTap.BLOCK) : BrokerContract.group(name, 10);

            // When
            List<String> told = subscribedWhile(spec, new CatalogChange.DeleteTopic(topic.uuid()));

            // Then
            assertThat(told).isIn(List.of("subscribed", "ended"), List.of("not subscribed"));
        }
    }

    @Test
    default void shouldTellTheEndOfAGroupBehindTheBeginningOfASubscription() {
        for (int i = 0; i < 30; i++) {
            // Given
            String name = "wide" + i;
            Topic topic = create(name, NodeRig.log(3, 0, Overflow.BLOCK));
            createGroup(topic, GroupSettings.DEFAULT);
            int group = Objects.requireNonNull(topic(name).group("g")).id();

            // When
            List<String> told = subscribedWhile(BrokerContract.group(name, 10), new CatalogChange.DeleteGroup(group));

            // Then
            boolean isMadeAnew = topic(name).group("g") != null;
            List<String> alone = List.of(isMadeAnew ? "subscribed" : "not subscribed");
            assertThat(told).isIn(alone, List.of("subscribed", "ended"), List.of("not subscribed"));
        }
    }

    @Test
    default void shouldDeliverInOrderAndNeverBeyondTheCredit() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("orders", 2));

        // When
        session.publish(topic, "a", "b", "c", "d", "e");
        List<String> first = session.told("got");
        session.run(link -> subscription.ack(0, 0, 0));
        List<String> second = session.told("got");
        session.run(link -> subscription.addCredit(1));
        List<String> third = session.told("got");

        // Then
        assertThat(first).containsExactly("got a", "got b");
        assertThat(second).containsExactly("got c");
        assertThat(third).containsExactly("got d");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    default void shouldLetAMemberHoldOneOfEachPartitionUnlessItSpendsItsCredit(boolean spends) {
        // Given
        Topic topic = create("wide", NodeRig.log(3, 0, Overflow.BLOCK));
        ContractSession session = open(1);
        session.subscribe(BrokerContract.group("wide", 1).withSpending(spends));

        // When
        session.run(link -> {
            for (int i = 0; i < 20; i++) {
                session.note(link.publish(topic, ContractSession.draft("k" + i, "m"), session.ticket()));
            }
        });
        stage().pass(2_000);

        // Then
        assertThat(session.told("got")).hasSize(spends ? 1 : 3);
    }

    @Test
    default void shouldSpendCreditForGoodWhereThatIsAskedFor() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        SubscriptionLink subscription =
                session.subscribe(BrokerContract.group("orders", 2).withSpending(true));
        session.publish(topic, "a", "b", "c", "d");

        // When
        session.run(link -> subscription.ack(0, 0, 1));
        List<String> first = session.told("got");
        session.run(link -> subscription.addCredit(1));

        // Then
        assertThat(first).containsExactly("got a", "got b");
        assertThat(session.told("got")).containsExactly("got c");
    }

    @Test
    default void shouldHandNoMoreThanAMebibyteThatTheSocketDidNotTake() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("orders", 100));
        session.takesNothing();

        // When
        for (int i = 0; i < 20; i++) {
            session.publish(topic, "m" + i + "x".repeat(100_000));
        }
        stage().pass(1_000);
        int first = session.told("got").size();
        session.run(link -> subscription.written(
                0, session.held.stream().mapToLong(ContractSession.Held::bytes).sum()));

        // Then
        assertThat(first).isBetween(1, 11);
        assertThat(session.told("got")).isNotEmpty();
    }

    @Test
    default void shouldHandEachMessageToOneMember() {
        // Given
        Topic topic = log("orders");
        ContractSession one = open(0);
        ContractSession other = open(1);
        one.subscribe(BrokerContract.group("orders", 10));
        other.subscribe(BrokerContract.group("orders", 10));

        // When
        one.publish(topic, "a", "b", "c", "d");

        // Then
        List<String> all = new ArrayList<>(one.told("got"));
        List<String> there = other.told("got");
        assertThat(all).isSorted();
        assertThat(there).isSorted();
        all.addAll(there);
        assertThat(all).containsExactlyInAnyOrder("got a", "got b", "got c", "got d");
    }

    @Test
    default void shouldBeginWhereANewGroupSaysAndWhereAnOldOneIs() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        session.publish(topic, "a", "b", "c");
        SubscribeSpec fromOne =
                new SubscribeSpec(SubscribeSpec.Kind.GROUP, "orders", "late", null, 10, new StartPosition.AtOffset(1));
        SubscribeSpec fromNow =
                new SubscribeSpec(SubscribeSpec.Kind.GROUP, "orders", "late", null, 10, StartPosition.next());

        // When
        SubscriptionLink first = session.subscribe(fromOne);
        List<String> got = session.told("got");
        session.run(link -> first.ack(0, 1, 1));
        session.ask(link -> first.close());
        session.subscribe(fromNow);

        // Then
        assertThat(got).containsExactly("got b", "got c");
        assertThat(session.told("got")).containsExactly("got c attempt 2");
    }

    @Test
    default void shouldNeverDeliverAgainWhatIsAcknowledged() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("orders", 10));
        session.publish(topic, "a", "b", "c");

        // When
        session.run(link -> {
            subscription.ack(0, 0, 1);
            link.close();
        });

        // Then
        assertThat(gotByTheNext("orders")).containsExactly("got c attempt 2");
    }
}
