package dev.recado.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.DeadLetterRoute;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.GroupKind;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** What a member has rejected is where it belongs before its topic is gone. */
public interface LetterRules extends BrokerContract {

    /** More of them than may be under way at a time. */
    int LETTERS = 2_500;

    private boolean isThere(String topic) {
        return stage().broker().catalog().topic(TopicName.of(topic)) != null;
    }

    private Topic mourned(TopicSettings settings) {
        Topic topic = create("brief", settings);
        createGroup(topic, GroupSettings.DEFAULT.with(GroupSettings.DEAD_LETTER, "graves"));
        return topic;
    }

    private static void rejectAll(SubscriptionLink subscription, int partitions) {
        for (int partition = 0; partition < partitions; partition++) {
            for (int offset = 0; offset < LETTERS; offset++) {
                subscription.reject(partition, offset, "broken");
            }
        }
    }

    private long stored(Topic topic) {
        TopicFigures figures = open(1).ask(link -> link.describe(topic));
        return figures.partitions().get(0).end();
    }

    /** Rejects all and ends the topic in one step. */
    private void rejectAndEnd(BiFunction<Link, Topic, Future<?>> ending) {
        // Given
        Topic topic = mourned(NodeRig.log(3, 0, Overflow.BLOCK));
        Topic graves = log("graves");
        ContractSession session = open(1);
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("brief", 3 * LETTERS));
        String[] texts = new String[LETTERS];
        Arrays.fill(texts, "m");
        session.publish(topic, texts);

        // When
        session.run(link -> {
            rejectAll(subscription, 3);
            ending.apply(link, topic).onComplete(done -> session.note(isThere("brief") ? "there" : "gone"));
        });
        stage().pass(2_000);

        // Then
        assertThat(session.told("gone")).hasSize(1);
        assertThat(stored(graves)).isEqualTo(LETTERS);
    }

    @Test
    default void shouldDeleteATopicBehindItsDeadLetters() {
        rejectAndEnd((link, topic) -> link.change(new CatalogChange.DeleteTopic(topic.uuid())));
    }

    @Test
    default void shouldDeleteATopicWithCountsBehindItsDeadLetters() {
        rejectAndEnd((link, topic) -> link.delete(topic, DeleteIf.ANY));
    }

    /** One that waits for room is refused if that takes long, and only its group tries again. */
    @Test
    default void shouldDeleteAGroupBehindItsDeadLetters() {
        // Given
        Topic graves = create("graves", NodeRig.log(1, 1, Overflow.BLOCK));
        createGroup(graves, GroupSettings.DEFAULT);
        Topic topic = mourned(NodeRig.log(1, 0, Overflow.BLOCK));
        ContractSession session = open(1);
        session.publish(graves, "full");
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("brief", 10));
        session.publish(topic, "a");
        int group = topic("brief").groups().iterator().next().id();

        // When
        session.run(link -> {
            subscription.reject(0, 0, "broken");
            link.change(new CatalogChange.DeleteGroup(group))
                    .onComplete(done -> session.note("deleted " + done.succeeded()));
        });
        stage().pass(1_000);
        int early = topic("brief").groups().size();
        session.ask(link -> link.purge(graves));
        stage().pass(1_000);

        // Then
        assertThat(early).isOne();
        assertThat(session.told("deleted")).containsExactly("deleted true");
        assertThat(topic("brief").groupCount()).isZero();
        assertThat(stored(graves)).isEqualTo(2);
    }

    /** Others that have none, or whose own are stuck, do not wait for those. */
    @Test
    default void shouldNotWaitForDeadLettersOfOtherGroups() {
        // Given
        Topic graves = create("graves", NodeRig.log(1, 1, Overflow.BLOCK));
        createGroup(graves, GroupSettings.DEFAULT);
        Topic topic = mourned(NodeRig.log(1, 0, Overflow.BLOCK));
        ContractSession session = open(1);
        session.publish(graves, "full");
        session.ask(link -> link.change(new CatalogChange.CreateGroup(
                topic.uuid(), "other", GroupKind.NAMED, GroupSettings.DEFAULT, StartPosition.first(), 0, false)));
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("brief", 10));
        session.publish(topic, "a");
        GroupDef other = topic("brief").group("other");
        assertThat(other).isNotNull();

        // When
        session.run(link -> {
            subscription.reject(0, 0, "broken");
            link.change(new CatalogChange.DeleteGroup(other.id()))
                    .onComplete(done -> session.note("deleted " + done.succeeded()));
        });
        stage().pass(1_000);

        // Then
        assertThat(session.told("deleted")).containsExactly("deleted true");
    }

    /** Of a queue, whose letters may come back to where they died. */
    @Test
    default void shouldDeleteATopicWhoseDeadLettersComeBackToIt() {
        // Given
        TopicSettings settings =
                NodeRig.queue().with(DeadLetterRoute.EXCHANGE, "").with(DeadLetterRoute.KEY, "round");
        Topic topic = create("round", settings);
        ContractSession session = open(1);
        SubscriptionLink subscription = session.subscribe(
                new SubscribeSpec(SubscribeSpec.Kind.GROUP, "round", "queue", null, 10, StartPosition.first()));
        session.publish(topic, "a", "b");

        // When
        session.run(link -> {
            subscription.reject(0, 0, "broken");
            link.delete(topic, DeleteIf.ANY).onComplete(done -> session.note("deleted " + done.succeeded()));
        });
        stage().pass(1_000);

        // Then
        assertThat(session.told("deleted")).containsExactly("deleted true");
    }

    /** They would be waited for without an end. */
    @Test
    default void shouldNotWaitForDeadLettersThatAreRefused() {
        // Given
        Topic graves = create("graves", NodeRig.log(1, 1, Overflow.REJECT));
        createGroup(graves, GroupSettings.DEFAULT);
        Topic topic = mourned(NodeRig.log(1, 0, Overflow.BLOCK));
        ContractSession session = open(1);
        session.publish(graves, "full");
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("brief", 10));
        session.publish(topic, "a");

        // When
        session.run(link -> {
            subscription.reject(0, 0, "broken");
            link.delete(topic, DeleteIf.ANY).onComplete(done -> session.note("deleted " + done.succeeded()));
        });
        stage().pass(1_000);

        // Then
        assertThat(session.told("deleted")).containsExactly("deleted true");
    }

    @Test
    default void shouldNotWaitForDeadLettersForLong() {
        // Given a topic that has them wait for room
        Topic graves = create("graves", NodeRig.log(1, 1, Overflow.BLOCK));
        createGroup(graves, GroupSettings.DEFAULT);
        Topic topic = mourned(NodeRig.log(1, 0, Overflow.BLOCK));
        ContractSession session = open(1);
        session.publish(graves, "full");
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("brief", 10));
        session.publish(topic, "a");

        // When
        session.run(link -> {
            subscription.reject(0, 0, "broken");
            link.delete(topic, DeleteIf.ANY).onComplete(done -> session.note("deleted " + done.succeeded()));
        });
        stage().pass(1_000);
        boolean early = isThere("brief");
        stage().pass(5_000);

        // Then
        assertThat(early).isTrue();
        assertThat(session.told("deleted")).containsExactly("deleted true");
    }

    @Test
    default void shouldEndWhatBelongsToAConnectionBehindItsDeadLetters() {
        // Given
        ContractSession session = open(1);
        CatalogChange creation = new CatalogChange.CreateTopic(
                TopicName.of("brief"),
                new UUID(5, 5),
                NodeRig.log(1, 0, Overflow.BLOCK).with(TopicSettings.EXCLUSIVE, true),
                false);
        session.ask(link -> link.change(creation));
        Topic topic = topic("brief");
        GroupSettings mourned = GroupSettings.DEFAULT.with(GroupSettings.DEAD_LETTER, "graves");
        session.ask(link -> link.change(new CatalogChange.CreateGroup(
                topic.uuid(), "g", GroupKind.NAMED, mourned, StartPosition.first(), 0, false)));
        Topic graves = log("graves");
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("brief", LETTERS));
        String[] texts = new String[LETTERS];
        Arrays.fill(texts, "m");
        session.publish(topic, texts);

        // When
        session.run(link -> {
            rejectAll(subscription, 1);
            link.close();
        });
        stage().pass(2_000);

        // Then
        assertThat(isThere("brief")).isFalse();
        assertThat(stored(graves)).isEqualTo(LETTERS);
    }
}
