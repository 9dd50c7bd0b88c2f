package dev.recado.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Those who read a log alone, each from a position of its own. */
public interface ReaderRules extends BrokerContract {

    private static SubscribeSpec reader(String topic, int credit, String from) {
        StartPosition position = StartPosition.parse(from);
        return new SubscribeSpec(
                SubscribeSpec.Kind.READER,
                topic,
                null,
                null,
                credit,
                position == null ? StartPosition.first() : position);
    }

    @ParameterizedTest
    @CsvSource({"first, a b c d", "last, c d", "next, d", "1, b c d", "7, d", "@0, a b c d"})
    default void shouldReadFromAPositionOfItsOwn(String from, String read) {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);
        session.publish(topic, "a", "b", "c");
        session.told();

        // When
        session.subscribe(reader("orders", 10, from));
        session.publish(topic, "d");

        // Then
        assertThat(session.told("got"))
                .extracting(line -> line.substring("got ".length()))
                .containsExactly(read.split(" "));
    }

    @Test
    default void shouldShareNothingWithOthersWhoRead() {
        // Given
        Topic topic = log("orders");
        ContractSession first = open();
        ContractSession second = open(1);
        first.publish(topic, "a", "b");
        first.told();

        // When
        first.subscribe(reader("orders", 10, "first"));
        first.subscribe(reader("orders", 10, "first"));
        second.subscribe(reader("orders", 10, "first"));

        // Then
        assertThat(first.told("got")).containsExactly("got a", "got b", "got a", "got b");
        assertThat(second.told("got")).containsExactly("got a", "got b");
    }

    @Test
    default void shouldHandAReaderNoMoreThanItsCredit() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        session.publish(topic, "a", "b", "c");
        session.told();

        // When
        SubscriptionLink reader = session.subscribe(reader("orders", 2, "first"));
        List<String> before = session.told("got");
        session.run(link -> reader.ack(0, 0, 0));

        // Then
        assertThat(before).containsExactly("got a", "got b");
        assertThat(session.told("got")).containsExactly("got c");
    }

    @Test
    default void shouldBeNoGroupAndCountAsNoBacklog() {
        // Given
        Topic topic = create("orders", NodeRig.log(1, 0, Overflow.REJECT).with(TopicSettings.LIMIT_MESSAGES, 2L));
        createGroup(topic, GroupSettings.DEFAULT);
        ContractSession session = open();
        SubscriptionLink member = session.subscribe(BrokerContract.group("orders", 10));
        ContractSession alone = open(1);
        alone.subscribe(reader("orders", 1, "first"));

        // When
        for (int i = 0; i < 6; i++) {
            long offset = i;
            session.publish(topic("orders"), "m" + i);
            session.run(link -> member.ack(0, offset, offset));
        }

        // Then
        TopicFigures figures = session.ask(link -> link.describe(topic("orders")));
        assertThat(figures.groups()).hasSize(1);
        assertThat(figures.groups().get(0).unfinished().backlog()).isZero();
        assertThat(session.told("refused")).isEmpty();
        assertThat(alone.told("got")).containsExactly("got m0");
    }

    @Test
    default void shouldLeaveNothingOfAReaderThatIsGone() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        session.publish(topic, "a");
        SubscriptionLink reader = session.subscribe(reader("orders", 10, "first"));
        session.ask(link -> reader.close());
        session.told();

        // When
        session.subscribe(reader("orders", 10, "first"));

        // Then
        assertThat(session.told("got")).containsExactly("got a");
        session.run(Link::close);
        ContractSession other = open();
        assertThat(other.<Long>ask(link -> link.delete(topic("orders"), new DeleteIf(true, false))))
                .isNotNegative();
    }

    @Test
    default void shouldCountAReaderAsUse() {
        // Given
        log("orders");
        ContractSession session = open();
        session.subscribe(reader("orders", 10, "first"));

        // When
        ContractSession other = open(1);
        ErrorCode refused = other.askInVain(link -> link.delete(topic("orders"), new DeleteIf(true, false)));

        // Then
        assertThat(refused).isEqualTo(ErrorCode.IN_USE);
    }

    @Test
    default void shouldGoOnWhereGroupsComeAndGo() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        session.subscribe(reader("orders", 10, "first"));
        createGroup(topic, GroupSettings.DEFAULT);
        int group = Objects.requireNonNull(topic("orders").group("g")).id();

        // When
        session.ask(link -> link.change(new CatalogChange.DeleteGroup(group)));
        session.publish(topic("orders"), "a");

        // Then
        assertThat(session.told("got")).containsExactly("got a");
    }

    @Test
    default void shouldTellAReaderOfTheEndOfItsTopic() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        session.subscribe(reader("orders", 10, "first"));
        session.told();

        // When
        delete(topic);

        // Then
        assertThat(session.told("ended")).hasSize(1);
    }

    @Test
    default void shouldReadEveryPartition() {
        // Given
        Topic topic = create("wide", NodeRig.log(3, 0, Overflow.BLOCK));
        ContractSession session = open();
        session.run(link -> {
            for (String key : new String[] {"k1", "k2", "k3", "k4", "k5", "k6"}) {
                session.note(link.publish(topic, ContractSession.draft(key, key), session.ticket()));
            }
        });
        session.told();

        // When
        session.subscribe(reader("wide", 10, "first"));

        // Then
        assertThat(session.told("got")).hasSize(6);
    }

    @Test
    default void shouldLetNobodyReadAQueueAlone() {
        // Given
        create("jobs", NodeRig.queue());
        ContractSession session = open();

        // When
        ErrorCode refused = session.askInVain(link -> link.subscribe(reader("jobs", 10, "first")));

        // Then
        assertThat(refused).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    default void shouldKeepInMemoryWhatAReaderHasLeft() {
        // Given
        Topic topic = create("live", NodeRig.memory(0, Overflow.BLOCK));
        ContractSession session = open();
        session.publish(topic, "before");
        SubscriptionLink reader = session.subscribe(reader("live", 1, "first"));
        session.told();

        // When
        session.publish(topic, "a", "b");
        session.run(link ->
                reader.ack(0, session.held("a").offset(), session.held("a").offset()));

        // Then
        assertThat(session.told("got")).containsExactly("got a", "got b");
    }
}
