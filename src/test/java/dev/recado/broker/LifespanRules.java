package dev.recado.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Topics that end by themselves while the node runs. */
public interface LifespanRules extends BrokerContract {

    long EXPIRES_MS = 60_000;
    long A_WHILE_MS = 1_000;

    private boolean isThere(String topic) {
        return stage().broker().catalog().topic(TopicName.of(topic)) != null;
    }

    private static TopicSettings autoDelete(int partitions) {
        return NodeRig.log(partitions, 0, Overflow.BLOCK).with(TopicSettings.AUTO_DELETE, true);
    }

    private static TopicSettings expires() {
        return NodeRig.log(1, 0, Overflow.BLOCK).with(TopicSettings.EXPIRES, EXPIRES_MS);
    }

    private Topic grouped(String name, TopicSettings settings) {
        Topic topic = create(name, settings);
        createGroup(topic, GroupSettings.DEFAULT);
        return topic;
    }

    @Test
    default void shouldEndWithItsLastMemberAndNotBeforeTheFirst() {
        // Given
        Topic topic = grouped("brief", autoDelete(3));
        ContractSession first = open(0);
        ContractSession second = open(1);

        // When
        stage().pass(EXPIRES_MS);
        boolean before = isThere("brief");
        SubscriptionLink one = first.subscribe(BrokerContract.group("brief", 10));
        SubscriptionLink two = second.subscribe(BrokerContract.group("brief", 10));
        first.publish(topic, "a", "b", "c");
        first.run(link -> one.close());
        stage().pass(A_WHILE_MS);
        boolean withOne = isThere("brief");
        second.run(link -> two.close());
        stage().pass(A_WHILE_MS);

        // Then
        assertThat(before).isTrue();
        assertThat(withOne).isTrue();
        assertThat(isThere("brief")).isFalse();
    }

    @Test
    default void shouldStayWhereItIsUsedByWhoIsNoMember() {
        // Given
        Topic topic = create("brief", expires());
        ContractSession session = open(1);

        // When
        stage().pass(EXPIRES_MS - A_WHILE_MS);
        session.run(link -> link.use(topic));
        stage().pass(EXPIRES_MS - A_WHILE_MS);
        boolean before = isThere("brief");
        stage().pass(2 * A_WHILE_MS);

        // Then
        assertThat(before).isTrue();
        assertThat(isThere("brief")).isFalse();
    }

    @Test
    default void shouldEndWithASessionThatIsGone() {
        // Given
        grouped("brief", autoDelete(1));
        ContractSession session = open(1);
        session.subscribe(BrokerContract.group("brief", 10));

        // When
        session.run(Link::close);
        stage().pass(A_WHILE_MS);

        // Then
        assertThat(isThere("brief")).isFalse();
    }

    @Test
    default void shouldNotCountAMemberThatHasCeased() {
        // Given
        grouped("brief", autoDelete(2));
        ContractSession session = open(1);
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("brief", 10));

        // When
        session.ask(link -> subscription.cease());
        stage().pass(A_WHILE_MS);

        // Then
        assertThat(isThere("brief")).isFalse();
        assertThat(session.told("ended")).hasSize(1);
    }

    @Test
    default void shouldAnswerBehindTheEndWhereAMemberCeasesThatWasTheLast() {
        for (int partitions = 1; partitions < 4; partitions++) {
            // Given
            String name = "brief" + partitions;
            Topic topic = grouped(name, autoDelete(partitions));
            ContractSession session = open(1);
            SubscriptionLink subscription = session.subscribe(BrokerContract.group(name, 10));
            session.publish(topic, "a", "b");
            session.told();

            // When
            session.run(link -> subscription
                    .cease()
                    .onComplete(ceased -> session.note("ceased, " + (isThere(name) ? "there" : "gone"))));
            stage().pass(A_WHILE_MS);

            // Then
            assertThat(session.told()).startsWith("ceased, gone").hasSize(2);
            session.run(Link::close);
        }
    }

    /** More of them than may be under way at a time. */
    @Test
    default void shouldLeaveNoDeadLetterBehindWhereAMemberCeasesThatWasTheLast() {
        // Given
        int count = 2_500;
        Topic topic = create("brief", autoDelete(1));
        createGroup(topic, GroupSettings.DEFAULT.with(GroupSettings.DEAD_LETTER, "graves"));
        Topic graves = log("graves");
        ContractSession session = open(1);
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("brief", count));
        String[] texts = new String[count];
        Arrays.fill(texts, "m");
        session.publish(topic, texts);

        // When
        session.run(link -> {
            for (int offset = 0; offset < count; offset++) {
                subscription.reject(0, offset, "broken");
            }
            subscription.cease().onComplete(ceased -> session.note("ceased, " + (isThere("brief") ? "there" : "gone")));
        });
        stage().pass(5 * A_WHILE_MS);

        // Then
        assertThat(session.told("ceased")).containsExactly("ceased, gone");
        TopicFigures figures = session.ask(link -> link.describe(graves));
        assertThat(figures.partitions().get(0).end()).isEqualTo(count);
    }

    /** As long as a letter is refused the topic stays, and nobody waits for that. */
    @Test
    default void shouldAnswerAMemberThatCeasesWhileADeadLetterIsRefused() {
        // Given
        Topic graves = create("graves", NodeRig.log(1, 1, Overflow.REJECT));
        createGroup(graves, GroupSettings.DEFAULT);
        Topic topic = create("brief", autoDelete(1));
        createGroup(topic, GroupSettings.DEFAULT.with(GroupSettings.DEAD_LETTER, "graves"));
        ContractSession session = open(1);
        session.publish(graves, "full");
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("brief", 10));
        session.publish(topic, "a");

        // When
        session.run(link -> {
            subscription.reject(0, 0, "broken");
            subscription.cease().onComplete(ceased -> session.note("ceased"));
        });
        stage().pass(A_WHILE_MS);
        List<String> told = session.told("ceased");
        boolean whileRefused = isThere("brief");
        session.ask(link -> link.purge(graves));
        stage().pass(20_000);

        // Then
        assertThat(told).hasSize(1);
        assertThat(whileRefused).isTrue();
        assertThat(isThere("brief")).isFalse();
    }

    /** Who hears that the last member has ceased may rely on it that the topic ends, and make another one. */
    @Test
    default void shouldStayWhenItIsMadeAnewAfterItsLastMemberHasCeased() {
        // Given
        Topic old = grouped("brief", autoDelete(1));
        ContractSession session = open(1);
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("brief", 10));
        CatalogChange again = new CatalogChange.CreateTopic(old.name(), new UUID(7, 7), autoDelete(1), true);

        // When
        session.ask(link -> subscription.cease().compose(ceased -> link.change(again)));
        stage().pass(A_WHILE_MS);

        // Then
        assertThat(stage().broker().catalog().topic(new UUID(7, 7))).isNotNull();
        assertThat(stage().broker().catalog().topic(old.uuid())).isNull();
    }

    @Test
    default void shouldStayWithoutTheSetting() {
        // Given
        grouped("stays", NodeRig.log(1, 0, Overflow.BLOCK));
        ContractSession session = open(1);
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("stays", 10));

        // When
        session.run(link -> subscription.close());
        stage().pass(2 * EXPIRES_MS);

        // Then
        assertThat(isThere("stays")).isTrue();
    }

    /** Whoever comes first: a member that has joined keeps the topic, and one that comes too late is told so. */
    @Test
    default void shouldNotEndUnderAMemberThatJoinsWhenTheLastLeaves() {
        for (int i = 0; i < 20; i++) {
            // Given
            String name = "brief" + i;
            grouped(name, autoDelete(2));
            ContractSession leaving = open(0);
            ContractSession joining = open(1);
            SubscriptionLink last = leaving.subscribe(BrokerContract.group(name, 10));
            int waitMs = 5 * i;

            // When
            leaving.begin(link -> last.close());
            stage().pass(waitMs);
            joining.beginLater(link -> link.subscribe(BrokerContract.group(name, 10))
                    .onComplete(done -> joining.note(done.succeeded() ? "joined" : "refused")));
            stage().settle();
            stage().pass(A_WHILE_MS);

            // Then
            List<String> told = joining.told();
            assertThat(told).hasSize(1);
            assertThat(isThere(name)).isEqualTo(told.contains("joined"));
            joining.run(Link::close);
            leaving.run(Link::close);
        }
    }

    @Test
    default void shouldExpireWhileNobodyIsAMemberAlsoWhereSomebodyPublishes() {
        // Given
        Topic topic = create("brief", expires());
        create("never-used", expires());
        ContractSession session = open(1);

        // When
        stage().pass(EXPIRES_MS - A_WHILE_MS);
        session.publish(topic, "a");
        boolean before = isThere("brief");
        stage().pass(2 * A_WHILE_MS);

        // Then
        assertThat(before).isTrue();
        assertThat(isThere("brief")).isFalse();
        assertThat(isThere("never-used")).isFalse();
    }

    @Test
    default void shouldNotExpireUnderAMemberAndCountFromItsLeaving() {
        // Given
        grouped("brief", expires());
        ContractSession session = open(1);
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("brief", 10));

        // When
        stage().pass(2 * EXPIRES_MS);
        session.run(link -> subscription.close());
        stage().pass(EXPIRES_MS - A_WHILE_MS);
        boolean before = isThere("brief");
        stage().pass(2 * A_WHILE_MS);

        // Then
        assertThat(before).isTrue();
        assertThat(isThere("brief")).isFalse();
    }

    @Test
    default void shouldCountAnewWhereSomebodyCreatesItAgain() {
        // Given
        create("brief", expires());
        ContractSession session = open(1);

        // When
        stage().pass(EXPIRES_MS - A_WHILE_MS);
        session.ask(link ->
                link.change(new CatalogChange.CreateTopic(TopicName.of("brief"), UUID.randomUUID(), expires(), true)));
        stage().pass(EXPIRES_MS - A_WHILE_MS);
        boolean before = isThere("brief");
        stage().pass(2 * A_WHILE_MS);

        // Then
        assertThat(before).isTrue();
        assertThat(isThere("brief")).isFalse();
    }

    @Test
    default void shouldExpireAsItsSettingsAreAltered() {
        // Given
        Topic topic = create("brief", NodeRig.log(1, 0, Overflow.BLOCK));
        ContractSession session = open(1);

        // When
        session.ask(link -> link.change(new CatalogChange.AlterTopic(topic.uuid(), expires())));
        stage().pass(EXPIRES_MS - A_WHILE_MS);
        boolean before = isThere("brief");
        stage().pass(2 * A_WHILE_MS);

        // Then
        assertThat(before).isTrue();
        assertThat(isThere("brief")).isFalse();
    }
}
