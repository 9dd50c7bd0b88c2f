package dev.recado.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.core.message.Browsed;
import dev.recado.core.message.Draft;
import dev.recado.core.message.Headers;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.ExchangeType;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of publishes. */
public interface PublishRules extends BrokerContract {

    private Topic limited(String name, Overflow overflow) {
        return create(name, NodeRig.settings(TopicKind.LOG, Durability.FSYNC, 1, 2, 0, overflow, -1));
    }

    private void exchange(String name, ExchangeType type, Topic... bound) {
        ContractSession session = open();
        session.ask(link -> link.change(new CatalogChange.CreateExchange(TopicName.of(name), type)));
        for (Topic topic : bound) {
            for (String key : new String[] {"k", "k2"}) {
                CatalogChange bind = new CatalogChange.Bind(TopicName.of(name), topic.uuid(), key, Map.of());
                session.ask(link -> link.change(bind));
            }
        }
        session.run(Link::close);
    }

    @Test
    default void shouldConfirmEachPublishOnceInOrderUnderConsecutiveOffsets() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();

        // When
        session.publish(topic, "a", "b");
        session.publish(topic, "c");

        // Then
        assertThat(session.told()).containsExactly("confirmed 0 at 0/0", "confirmed 1 at 0/1", "confirmed 2 at 0/2");
    }

    @Test
    default void shouldConfirmPublishesOfEverySession() {
        // Given
        Topic topic = log("orders");
        ContractSession here = open(0);
        ContractSession there = open(1);

        // When
        here.begin(link -> here.note(link.publish(topic, ContractSession.draft("a"), here.ticket())));
        there.begin(link -> there.note(link.publish(topic, ContractSession.draft("b"), there.ticket())));
        stage().settle();

        // Then
        assertThat(here.told()).hasSize(1).first().asString().startsWith("confirmed 0 at 0/");
        assertThat(there.told()).hasSize(1).first().asString().startsWith("confirmed 0 at 0/");
    }

    @Test
    default void shouldCopyTheBytesBeforePublishReturns() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        session.subscribe(BrokerContract.group("orders", 10));
        Draft draft = ContractSession.draft("abc");

        // When
        session.run(link -> {
            link.publish(topic, draft, session.ticket());
            Arrays.fill(draft.payloadBytes, (byte) 'x');
        });

        // Then
        assertThat(session.told("got")).containsExactly("got abc");
    }

    @Test
    default void shouldTellNothingMoreOfAPublishThatIsRefusedAtOnce() {
        // Given
        TopicSettings base = TopicSettings.DEFAULT;
        Topic topic = create("orders", base.with(TopicSettings.LIMIT_MESSAGE_BYTES, 4));
        ContractSession session = open();

        // When
        session.publish(topic, "too long", "fits");

        // Then
        assertThat(session.told()).containsExactly("refused at once MESSAGE_TOO_LONG", "confirmed 0 at 0/0");
    }

    @Test
    default void shouldReportTheFirstOffsetOfADuplicate() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();

        // When
        for (long sequence : new long[] {1, 2, 1}) {
            session.run(link -> session.note(link.publishNumbered(
                    topic, ContractSession.draft("m" + sequence), session.ticket(), "p", sequence)));
        }

        // Then
        assertThat(session.told()).containsExactly("confirmed 0 at 0/0", "confirmed 1 at 0/1", "confirmed 2 at 0/0");
        assertThat(session.browse(topic, StartPosition.first(), 10)).hasSize(2);
    }

    @Test
    default void shouldStoreOnceInEachTopicThatABindingNames() {
        // Given
        Topic here = log("here");
        Topic there = create("there", NodeRig.memory(0, Overflow.BLOCK));
        exchange("all", ExchangeType.FANOUT, here, there);
        ContractSession session = open();
        session.subscribe(BrokerContract.group("here", 10));
        session.subscribe(BrokerContract.group("there", 10));

        // When
        session.run(link ->
                session.note(link.publishThrough("all", "k", ContractSession.draft("m"), session.ticket(), null, 0)));

        // Then
        assertThat(session.told()).containsExactlyInAnyOrder("routed 0 to 2", "got m", "got m");
    }

    @Test
    default void shouldConfirmWhatGoesToOneTopicLikeAnyOtherWhereTopicsAreNotCounted() {
        // Given
        Topic here = log("here");
        exchange("one", ExchangeType.FANOUT, here);
        exchange("two", ExchangeType.FANOUT, here, log("there"));
        exchange("none", ExchangeType.FANOUT);
        ContractSession session = open();
        session.countsNoTopics();

        // When
        for (String exchange : List.of("one", "one", "two", "one", "none")) {
            session.run(link -> session.note(
                    link.publishThrough(exchange, "k", ContractSession.draft("m"), session.ticket(), null, 0)));
        }

        // Then
        assertThat(session.told())
                .containsExactlyInAnyOrder(
                        "confirmed 0 at 0/0",
                        "confirmed 1 at 0/1",
                        "routed 2 to 2",
                        "confirmed 3 at 0/3",
                        "routed 4 to 0");
    }

    @Test
    default void shouldTellThatNoBindingMatched() {
        // Given
        exchange("some", ExchangeType.DIRECT, log("orders"));
        ContractSession session = open();

        // When
        session.run(link -> session.note(
                link.publishThrough("some", "other", ContractSession.draft("m"), session.ticket(), null, 0)));

        // Then
        assertThat(session.told()).containsExactly("routed 0 to 0");
    }

    @Test
    default void shouldRefuseAnUnknownExchangeAtOnce() {
        // Given
        ContractSession session = open();

        // When
        session.run(link ->
                session.note(link.publishThrough("none", "k", ContractSession.draft("m"), session.ticket(), null, 0)));

        // Then
        assertThat(session.told()).containsExactly("refused at once EXCHANGE_NOT_FOUND");
    }

    @Test
    default void shouldRefuseOneThroughAnExchangeOnceWhereATopicIsFull() {
        // Given
        Topic full = limited("full", Overflow.REJECT);
        exchange("all", ExchangeType.FANOUT, log("orders"), full);
        ContractSession session = open();
        session.takesNothing();
        session.subscribe(BrokerContract.group("full", 1));
        session.publish(full, "a", "b");
        session.told();

        // When
        session.run(link ->
                session.note(link.publishThrough("all", "k", ContractSession.draft("m"), session.ticket(), null, 0)));

        // Then
        assertThat(session.told()).containsExactly("refused 2 TOPIC_FULL");
    }

    @Test
    default void shouldHaveStoredWhatItToldOfRouting() {
        // Given
        Topic topic = log("orders");
        exchange("some", ExchangeType.DIRECT, topic);
        ContractSession session = open();

        // When
        session.run(link ->
                session.note(link.publishThrough("some", "k", ContractSession.draft("m"), session.ticket(), null, 0)));

        // Then
        assertThat(session.told()).containsExactly("routed 0 to 1");
        assertThat(session.browse(topic, StartPosition.first(), 10)).hasSize(1);
    }

    @Test
    default void shouldReadItsOwnPublishes() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);

        // When
        List<Browsed> found = session.ask(link -> {
            link.publish(topic, ContractSession.draft("m"), session.ticket());
            return link.browse(topic, StartPosition.first(), 10);
        });

        // Then
        assertThat(found).hasSize(1);
    }

    @Test
    default void shouldRefuseOnceATopicThatWasFullIsFullForTooLong() {
        // Given
        Topic topic = limited("full", Overflow.BLOCK);
        ContractSession session = open();
        session.takesNothing();
        session.subscribe(BrokerContract.group("full", 1));

        // When
        session.publish(topic, "a", "b", "c");
        List<String> before = session.told("refused");
        stage().pass(10_000);

        // Then
        assertThat(before).isEmpty();
        assertThat(session.told()).containsExactly("refused 2 TOPIC_FULL");
    }

    @Test
    default void shouldConfirmWhatWaitedOnceThereIsRoom() {
        // Given
        Topic topic = limited("full", Overflow.BLOCK);
        ContractSession session = open();
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("full", 1));
        session.publish(topic, "a", "b", "c");
        boolean waited = session.link().hasParked();
        session.told();

        // When
        session.run(link -> subscription.ack(0, 0, 0));

        // Then
        assertThat(waited).isTrue();
        assertThat(session.told("confirmed")).containsExactly("confirmed 2 at 0/2");
        assertThat(session.link().hasParked()).isFalse();
    }

    @Test
    default void shouldRefuseAtOnceWhatWaitsWhenTheSessionSaysSo() {
        // Given
        Topic topic = limited("full", Overflow.BLOCK);
        ContractSession session = open();
        session.subscribe(BrokerContract.group("full", 1));
        session.publish(topic, "a", "b", "c");
        session.told();

        // When
        session.run(Link::refuseParked);

        // Then
        assertThat(session.told()).containsExactly("refused 2 TOPIC_FULL");
        assertThat(session.link().hasParked()).isFalse();
    }

    @Test
    default void shouldStopAndResumeReadingOnceWhileASessionThatWaitsWaits() {
        // Given
        Topic topic = limited("full", Overflow.BLOCK);
        ContractSession consumer = open(1);
        SubscriptionLink subscription = consumer.subscribe(BrokerContract.group("full", 1));
        ContractSession session = new ContractSession(stage(), 0, Patience.WAIT);

        // When
        session.publish(topic, "a", "b", "c", "d");
        session.run(Link::refuseParked);
        stage().pass(10_000);
        List<String> waiting = session.told();
        consumer.run(link -> subscription.ack(0, 0, 1));
        consumer.run(link -> subscription.ack(0, 1, 1));

        // Then
        assertThat(waiting).containsExactlyInAnyOrder("confirmed 0 at 0/0", "confirmed 1 at 0/1", "pause");
        assertThat(session.told())
                .containsExactlyInAnyOrder("confirmed 2 at 0/2", "confirmed 3 at 0/3", "resume")
                .containsSubsequence("confirmed 2 at 0/2", "confirmed 3 at 0/3");
    }

    @Test
    default void shouldStopAndResumeReadingOnceWhileTooMuchIsUnconfirmed() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);
        byte[] payload = new byte[200_000];

        // When
        session.run(link -> {
            for (int i = 0; i < 50; i++) {
                session.note(link.publish(topic, new Draft().payload(payload, 0, payload.length), session.ticket()));
            }
        });
        stage().pass(5_000);

        // Then
        List<String> told = session.told();
        assertThat(told)
                .hasSize(52)
                .filteredOn(line -> !line.startsWith("confirmed"))
                .containsExactly("pause", "resume");
    }

    @Test
    default void shouldBeginAProducersNumbersWhereItSays() {
        // Given
        ContractSession session = open(1);

        // When
        long next = session.ask(link -> link.producer("p", 7));

        // Then
        assertThat(next).isEqualTo(7);
    }

    @Test
    default void shouldGoOnBehindAProducersHighestNumber() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        session.ask(link -> link.producer("p", 1));
        session.run(link ->
                session.note(link.publishNumbered(topic, ContractSession.draft("m"), session.ticket(), "p", 41)));

        // When
        long next = open(1).ask(link -> link.producer("p", 1));

        // Then
        assertThat(next).isEqualTo(42);
    }

    @Test
    default void shouldEndTheOlderSessionOfAProducer() {
        // Given
        Topic topic = log("orders");
        ContractSession older = open(1);
        older.subscribe(BrokerContract.group("orders", 10));
        older.ask(link -> link.producer("p", 1));

        // When
        ContractSession newer = open(0);
        newer.ask(link -> link.producer("p", 1));
        newer.publish(topic, "m");

        // Then
        assertThat(older.told()).containsExactly("closed " + ErrorCode.SESSION_REPLACED);
    }

    @ParameterizedTest
    @EnumSource(
            value = Overflow.class,
            names = {"BLOCK", "REJECT"})
    default void shouldCountInWhatTheOlderSessionOfAProducerPublished(Overflow overflow) {
        Topic topic = create("orders", NodeRig.log(1, 1_000, overflow));
        for (int i = 0; i < 50; i++) {
            // Given
            String producer = "p" + i;
            ContractSession older = open(i % 2);
            older.ask(link -> link.producer(producer, 1));
            ContractSession newer = open(1 - i % 2);
            List<Long> next = new ArrayList<>();

            // When
            older.beginLater(link -> {
                for (int sequence = 1; sequence <= 3; sequence++) {
                    link.publishNumbered(topic, ContractSession.draft("m"), older.ticket(), producer, sequence);
                }
            });
            newer.begin(link -> link.producer(producer, 1).onSuccess(next::add));
            stage().settle();

            // Then
            Long behind = open().ask(link -> link.producer(producer, 1));
            assertThat(next).containsExactly(behind);
        }
    }

    @Test
    default void shouldLeaveTheDraftOfARequestAsItWas() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        session.subscribe(BrokerContract.group("orders", 10));
        byte[] headers = Headers.of(Map.of("colour", "red"));
        Draft draft = ContractSession.draft("question").headers(headers, 0, headers.length);

        // When
        session.run(link -> session.note(link.request(topic, draft, session.ticket(), 5)));

        // Then
        assertThat(draft.headersBytes).isSameAs(headers);
        assertThat(draft.headersStart).isZero();
        assertThat(draft.headersLength).isEqualTo(headers.length);
        assertThat(session.headers).containsEntry("colour", "red").containsKey(Headers.REPLY_TO);
    }
}
