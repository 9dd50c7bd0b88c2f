package dev.recado.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.ExchangeType;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.security.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rare commands of sessions, and their ends. */
public interface ControlRules extends BrokerContract {

    private static CatalogChange created(String name) {
        return new CatalogChange.CreateTopic(TopicName.of(name), new UUID(1, 7), TopicSettings.DEFAULT, false);
    }

    @Test
    default void shouldAnswerAChangeOnceItIsVisible() {
        // Given
        ContractSession session = open(1);
        List<Boolean> visible = new ArrayList<>();

        // When
        session.run(link -> link.change(created("orders"))
                .onSuccess(catalog -> visible.addAll(List.of(
                        catalog.topic(TopicName.of("orders")) != null,
                        link.catalog().topic(TopicName.of("orders")) != null))));

        // Then
        assertThat(visible).containsExactly(true, true);
    }

    @Test
    default void shouldAnswerAChangeOfTheProgramOnceItIsVisible() {
        // Given
        List<Boolean> visible = new ArrayList<>();

        // When
        stage().on(1, () -> stage().broker()
                .change(created("orders"), Identity.BROKER)
                .onSuccess(catalog -> visible.add(stage().broker().catalog().topic(TopicName.of("orders")) != null)));
        stage().settle();

        // Then
        assertThat(visible).containsExactly(true);
    }

    @Test
    default void shouldRefuseAChangeThatCannotBe() {
        // Given
        ContractSession session = open();
        session.ask(link -> link.change(created("orders")));
        CatalogChange other =
                new CatalogChange.CreateTopic(TopicName.of("orders"), new UUID(1, 8), NodeRig.queue(), false);

        // When
        ErrorCode twice = session.askInVain(link -> link.change(other));
        ErrorCode exchange = session.askInVain(
                link -> link.change(new CatalogChange.Bind(TopicName.of("none"), new UUID(1, 7), "k", Map.of())));

        // Then
        assertThat(twice).isEqualTo(ErrorCode.TOPIC_EXISTS);
        assertThat(exchange).isEqualTo(ErrorCode.EXCHANGE_NOT_FOUND);
    }

    @Test
    default void shouldPurgeForAllGroupsAndSayHowManyWereUnfinished() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("orders", 2));
        session.publish(topic, "a", "b", "c", "d");
        session.run(link -> subscription.ack(0, 0, 0));
        session.told();

        // When
        long purged = session.ask(link -> link.purge(topic("orders")));
        session.run(link -> subscription.addCredit(10));
        session.publish(topic, "e");

        // Then
        assertThat(purged).isEqualTo(3);
        assertThat(session.browse(topic, StartPosition.first(), 10)).containsExactly("0/4 e");
        assertThat(session.told()).containsExactlyInAnyOrder("confirmed 4 at 0/4", "got e");
    }

    @Test
    default void shouldPurgeWhatNobodyHoldsAndLeaveTheRestToItsMembers() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("orders", 3));
        session.publish(topic, "a", "b", "c", "d", "e");
        session.run(link -> subscription.ack(0, 0, 0));
        assertThat(session.told("got")).containsExactly("got a", "got b", "got c", "got d");

        // When
        session.publish(topic, "f", "g");
        long purged = session.ask(link -> link.purgeUnheld(topic("orders")));
        session.run(link -> {
            subscription.nack(0, 1, 0);
            subscription.ack(0, 2, 3);
        });
        session.publish(topic, "h");
        long again = session.ask(link -> link.purgeUnheld(topic("orders")));

        // Then
        assertThat(purged).isEqualTo(3);
        assertThat(session.told("got")).containsExactly("got b attempt 2", "got h");
        assertThat(again).isZero();
    }

    @Test
    default void shouldSayHowManyItPurgedWhereThereIsNoGroup() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);
        session.publish(topic, "a", "b");

        // When
        long purged = session.ask(link -> link.purge(topic));

        // Then
        assertThat(purged).isEqualTo(2);
        assertThat(session.browse(topic, StartPosition.first(), 10)).isEmpty();
    }

    @Test
    default void shouldForgetLeasesWhenAGroupIsMoved() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("orders", 2));
        session.publish(topic, "a", "b", "c");
        session.run(link -> subscription.ack(0, 0, 0));
        session.told();

        // When
        session.ask(link -> link.resetGroup(topic("orders"), "g", StartPosition.first()));

        // Then
        assertThat(session.told("got")).containsExactly("got a", "got b");
    }

    @Test
    default void shouldBrowseOldestFirstWithoutConsuming() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);
        session.publish(topic, "a", "b", "c");

        // When
        List<String> two = session.browse(topic, StartPosition.first(), 2);
        List<String> later = session.browse(topic, new StartPosition.AtOffset(1), 10);
        List<String> last = session.browse(topic, StartPosition.last(), 10);
        List<String> none = session.browse(topic, StartPosition.next(), 10);
        session.told();
        session.subscribe(BrokerContract.group("orders", 10));

        // Then
        assertThat(two).containsExactly("0/0 a", "0/1 b");
        assertThat(later).containsExactly("0/1 b", "0/2 c");
        assertThat(last).containsExactly("0/2 c");
        assertThat(none).isEmpty();
        assertThat(session.told()).containsExactly("got a", "got b", "got c");
    }

    @Test
    default void shouldBrowseAtMostAThousandAndNoMoreBehindAMebibyte() {
        // Given
        Topic many = log("many");
        Topic large = log("large");
        ContractSession session = open();
        session.run(link -> {
            for (int i = 0; i < 1_100; i++) {
                session.note(link.publish(many, ContractSession.draft("m"), session.ticket()));
            }
        });
        for (int i = 0; i < 8; i++) {
            session.publish(large, "x".repeat(200_000));
        }
        stage().pass(5_000);

        // When
        int ofMany = session.browse(many, StartPosition.first(), 5_000).size();
        int ofLarge = session.browse(large, StartPosition.first(), 5_000).size();

        // Then
        assertThat(ofMany).isEqualTo(1_000);
        assertThat(ofLarge).isEqualTo(6);
    }

    @Test
    default void shouldDescribeATopicAsItIs() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("orders", 2));
        session.publish(topic, "a", "b", "c");

        // When
        TopicFigures figures = session.ask(link -> {
            subscription.ack(0, 0, 0);
            link.publish(topic, ContractSession.draft("d"), session.ticket());
            return link.describe(topic("orders"));
        });

        // Then
        assertThat(figures.counts().kept()).isEqualTo(4);
        assertThat(figures.counts().backlog()).isEqualTo(3);
        assertThat(figures.partitions())
                .extracting(TopicFigures.PartitionFigures::end)
                .containsExactly(4L);
        assertThat(figures.groups()).singleElement().satisfies(group -> {
            assertThat(group.members()).isEqualTo(1);
            assertThat(group.unfinished().floor()).isEqualTo(1);
            assertThat(group.unfinished().backlog()).isEqualTo(3);
            assertThat(group.totals().acked()).isEqualTo(1);
        });
    }

    @Test
    default void shouldRefuseCommandsOnATopicThatIsGone() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);
        session.subscribe(BrokerContract.group("orders", 2));
        Topic before = topic("orders");
        delete(topic);

        // When
        ErrorCode described = session.askInVain(link -> link.describe(before));
        ErrorCode browsed = session.askInVain(link -> link.browse(before, StartPosition.first(), 1));
        ErrorCode purged = session.askInVain(link -> link.purge(before));
        ErrorCode moved = session.askInVain(link -> link.resetGroup(before, "g", StartPosition.first()));

        // Then
        assertThat(List.of(described, browsed, purged, moved)).containsOnly(ErrorCode.TOPIC_NOT_FOUND);
    }

    @Test
    default void shouldRefuseOnceWhatIsPublishedToATopicThatIsGone() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);
        delete(topic);

        // When
        session.publish(topic, "a");

        // Then
        assertThat(session.told()).singleElement().asString().endsWith("TOPIC_NOT_FOUND");
    }

    @Test
    default void shouldRefuseToMoveAGroupThatThereIsNot() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();

        // When
        ErrorCode refused = session.askInVain(link -> link.resetGroup(topic, "none", StartPosition.first()));

        // Then
        assertThat(refused).isEqualTo(ErrorCode.GROUP_NOT_FOUND);
    }

    @Test
    default void shouldRefuseToMoveAGroupThatIsGone() {
        // Given
        log("orders");
        ContractSession session = open(1);
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("orders", 2));
        session.ask(link -> subscription.close());
        Topic before = topic("orders");
        int group = Objects.requireNonNull(before.group("g")).id();
        session.ask(link -> link.change(new CatalogChange.DeleteGroup(group)));

        // When
        ErrorCode refused = session.askInVain(link -> link.resetGroup(before, "g", StartPosition.first()));

        // Then
        assertThat(refused).isEqualTo(ErrorCode.GROUP_NOT_FOUND);
        assertThat(topic("orders").group("g")).isNull();
    }

    @Test
    default void shouldEndSubscriptionsOfAGroupThatIsDeleted() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);
        session.subscribe(BrokerContract.group("orders", 2));
        int group = Objects.requireNonNull(topic("orders").group("g")).id();

        // When
        session.ask(link -> link.change(new CatalogChange.DeleteGroup(group)));
        session.publish(topic, "a");

        // Then
        assertThat(session.told()).containsExactly("ended", "confirmed 0 at 0/0");
    }

    @Test
    default void shouldCountSessions() {
        // Given
        Long before = figures().values().get("sessions");

        // When
        ContractSession session = open(1);
        Long one = figures().values().get("sessions");
        session.run(Link::close);

        // Then
        assertThat(one).isEqualTo(before + 1);
        assertThat(figures().values().get("sessions")).isEqualTo(before);
    }

    @Test
    default void shouldTellTheEndOfATurnOnceWhereThatIsAskedFor() {
        // Given
        ContractSession session = open(1);

        // When
        session.begin(link -> {
            link.markDirty();
            link.markDirty();
        });
        stage().settle();

        // Then
        assertThat(session.turnEnds()).isEqualTo(1);
    }

    @Test
    default void shouldTellNoEndOfATurnThatNobodyAskedFor() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("orders", 2));

        // When
        session.publish(topic, "a");
        session.run(link -> subscription.ack(0, 0, 0));

        // Then
        assertThat(session.turnEnds()).isZero();
    }

    @Test
    default void shouldTellNothingBehindTheEndOfASession() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("orders", 10));
        session.subscribe(SubscribeSpec.tap("orders", SlowTap.BLOCK));
        session.run(link -> link.watchInterest(topic));
        session.told();

        // When
        session.run(link -> {
            link.publish(topic, ContractSession.draft("a"), session.ticket());
            link.publish(topic, ContractSession.draft("b"), session.ticket());
            subscription.ackDurably(0, 0);
            link.close();
            link.close();
        });
        delete(topic);

        // Then
        assertThat(session.told()).isEmpty();
    }

    /** What is in a full topic once there is room, after a session has left something waiting. */
    private List<String> leftWaiting(Patience patience, boolean throughAnExchange) {
        Topic topic = create("full", NodeRig.log(1, 1, Overflow.BLOCK));
        ContractSession consumer = open(1);
        SubscriptionLink subscription = consumer.subscribe(BrokerContract.group("full", 1));
        TopicName name = TopicName.of("all");
        consumer.ask(link -> link.change(new CatalogChange.CreateExchange(name, ExchangeType.FANOUT)));
        consumer.ask(link -> link.change(new CatalogChange.Bind(name, topic.uuid(), "", Map.of())));
        consumer.publish(topic, "a");
        ContractSession session = new ContractSession(stage(), 0, patience);
        session.run(link -> session.note(
                throughAnExchange
                        ? link.publishThrough("all", "", ContractSession.draft("b"), session.ticket(), null, 0)
                        : link.publish(topic, ContractSession.draft("b"), session.ticket())));
        session.run(Link::close);
        consumer.run(link -> subscription.ack(0, 0, 0));
        return consumer.browse(topic, StartPosition.first(), 10);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    default void shouldForgetWhatWaitsOfASessionThatEnds(boolean throughAnExchange) {
        assertThat(leftWaiting(Patience.REFUSE, throughAnExchange)).containsExactly("0/0 a");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    default void shouldKeepWhatWaitsOfAPatientSessionThatEnds(boolean throughAnExchange) {
        assertThat(leftWaiting(Patience.WAIT, throughAnExchange)).containsExactly("0/0 a", "0/1 b");
    }

    @Test
    default void shouldStoreWhatWasPublishedBeforeTheEndOfASession() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);

        // When
        session.run(link -> {
            link.publish(topic, ContractSession.draft("a"), session.ticket());
            link.close();
        });

        // Then
        assertThat(open().browse(topic, StartPosition.first(), 10)).containsExactly("0/0 a");
    }
}
