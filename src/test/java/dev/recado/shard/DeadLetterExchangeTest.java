package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.broker.SubscriptionLink;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.message.Browsed;
import dev.recado.core.message.Headers;
import dev.recado.core.message.MessageView;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.DeadLetterRoute;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.ExchangeType;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.SimRig;
import dev.recado.node.TestSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What dies goes on through an exchange. */
@Timeout(60)
class DeadLetterExchangeTest {

    private static final TopicSettings QUEUE = NodeRig.queue();
    private static final String GRAVES = "graves";

    private SimRig rig;
    private TestSession session;

    @BeforeEach
    void start() {
        rig = SimRig.start(2);
        open();
    }

    private void open() {
        session = rig.sessionOn(0);
        session.acknowledge(false);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private static TopicSettings dying(TopicSettings base, String exchange, String key) {
        return base.with(DeadLetterRoute.EXCHANGE, exchange).with(DeadLetterRoute.KEY, key);
    }

    private static TopicSettings limited(long messages, Overflow overflow, Durability durability) {
        return NodeRig.settings(TopicKind.QUEUE, durability, 1, messages, 0, overflow, -1);
    }

    private static TopicSettings ttl(long ms) {
        return QUEUE.with(TopicSettings.TTL, ms);
    }

    private SubscriptionLink consume(String topic) throws Exception {
        return session.subscribe(topic, "queue", 10, StartPosition.first());
    }

    private void publish(Topic topic, int count) throws Exception {
        long before = session.confirmed.get();
        session.publish(topic, count, "m");
        rig.until(() -> session.confirmed.get() == before + count);
    }

    private void exchange(String name, ExchangeType type) throws Exception {
        session.call(() -> session.link().change(new CatalogChange.CreateExchange(TopicName.of(name), type)));
    }

    private void bind(String exchange, String topic, String key) throws Exception {
        CatalogChange.Target target =
                new CatalogChange.Target.ToTopic(session.topic(topic).uuid());
        session.call(
                () -> session.link().change(new CatalogChange.Bind(TopicName.of(exchange), target, key, Map.of())));
    }

    private List<Browsed> browse(String topic) throws Exception {
        return session.call(() -> session.link().browse(session.topic(topic), StartPosition.first(), 100));
    }

    private void awaitCount(String topic, int count) {
        rig.until(() -> browse(topic).size() >= count);
        rig.settle();
        rig.until(() -> browse(topic).size() == count);
    }

    private Map<String, String> headersOf(String topic, int index) throws Exception {
        Browsed found = browse(topic).get(index);
        MessageView view = new MessageView();
        view.read(found.run().bytes(), found.position());
        return Headers.toMap(view.bytes, view.headersStart, view.headersLength);
    }

    private long backlog(String topic) throws Exception {
        return session.call(() -> session.link().describe(session.topic(topic)))
                .counts()
                .backlog();
    }

    private long figure(String name) throws Exception {
        return session.call(() -> session.link().figures()).values().get(name);
    }

    /** The history of a dead letter, without its time. */
    private static String history(Map<String, String> headers) {
        return headers.get("dead-history").replaceAll(" time=[0-9]+", "");
    }

    @Test
    void shouldPublishWhatIsRejectedToAllThatAreBound() throws Exception {
        // Given two bound topics, and one that is not
        exchange("x", ExchangeType.DIRECT);
        session.create(GRAVES, QUEUE);
        session.create("copies", QUEUE);
        session.create("others", QUEUE);
        bind("x", GRAVES, "k");
        bind("x", "copies", "k");
        bind("x", "others", "jobs");
        Topic jobs = session.create("jobs", dying(QUEUE, "x", "k"));
        publish(jobs, 1);
        SubscriptionLink worker = consume("jobs");
        TestSession.Received received = session.next();

        // When
        session.run(() -> worker.reject(0, received.offset(), "broken"));

        // Then
        awaitCount(GRAVES, 1);
        awaitCount("copies", 1);
        assertThat(browse("others")).isEmpty();
        assertThat(backlog("jobs")).isZero();
        assertThat(headersOf(GRAVES, 0))
                .containsEntry("dead-reason", "broken")
                .containsEntry("dead-topic", "jobs")
                .containsEntry("dead-group", "queue")
                .containsEntry("dead-exchange", "x")
                .containsEntry("dead-key", "k");
        assertThat(history(headersOf(GRAVES, 0)))
                .isEqualTo("reason=rejected queue=jobs exchange= key=jobs count=1 first=1");
        assertThat(session.link().catalog().topic(TopicName.of("jobs.dead"))).isNull();
    }

    @Test
    void shouldKeepTheKeyThatAMessageHas() throws Exception {
        // Given
        exchange("x", ExchangeType.DIRECT);
        session.create(GRAVES, QUEUE);
        bind("x", GRAVES, "jobs");
        Topic jobs = session.create("jobs", dying(QUEUE, "x", DeadLetterRoute.OWN_KEY));
        publish(jobs, 1);
        SubscriptionLink worker = consume("jobs");
        TestSession.Received received = session.next();

        // When
        session.run(() -> worker.reject(0, received.offset(), "broken"));

        // Then
        awaitCount(GRAVES, 1);
        assertThat(headersOf(GRAVES, 0)).doesNotContainKey("dead-key");
    }

    @Test
    void shouldPublishWhatExpiresInTimeThoughNobodyLooks() throws Exception {
        // Given a queue that ends a while after its messages, and a key that is empty
        exchange("x", ExchangeType.DIRECT);
        session.create(GRAVES, QUEUE);
        bind("x", GRAVES, "");
        Topic delay = session.create("delay", dying(ttl(3_000), "x", "").with(TopicSettings.EXPIRES, 13_000));
        publish(delay, 3);

        // When
        rig.pass(2_900);
        boolean before = browse(GRAVES).isEmpty();
        rig.pass(1_100);

        // Then
        assertThat(before).isTrue();
        assertThat(browse(GRAVES)).hasSize(3);
        assertThat(history(headersOf(GRAVES, 2)))
                .isEqualTo("reason=expired queue=delay exchange= key=delay count=1 first=1");
        rig.until(() -> session.link().catalog().topic(TopicName.of("delay")) == null);
    }

    @Test
    void shouldPublishManyThatExpireAtOnce() throws Exception {
        // Given more than may be on their way
        session.create(GRAVES, QUEUE);
        Topic delay = session.create("delay", dying(ttl(1_000), "", GRAVES));
        publish(delay, 5_000);

        // When
        rig.pass(3_000);

        // Then
        rig.until(() -> backlog(GRAVES) == 5_000);
        assertThat(backlog("delay")).isZero();
        rig.settle();
        assertThat(backlog(GRAVES)).isEqualTo(5_000);
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void shouldPublishWhatALimitDrops(Durability durability) throws Exception {
        // Given
        session.create(GRAVES, QUEUE);
        Topic jobs = session.create("jobs", dying(limited(2, Overflow.DROP_OLDEST, durability), "", GRAVES));

        // When
        publish(jobs, 5);

        // Then the oldest are gone
        awaitCount(GRAVES, 3);
        assertThat(backlog("jobs")).isEqualTo(2);
        assertThat(history(headersOf(GRAVES, 0)))
                .isEqualTo("reason=maxlen queue=jobs exchange= key=jobs count=1 first=1");
        assertThat(headersOf(GRAVES, 0)).containsEntry("dead-offset", "0").containsEntry("dead-attempts", "0");
        consume("jobs");
        assertThat(session.next().offset()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void shouldPublishWhatDiesInAQueueWithPriorities(Durability durability) throws Exception {
        // Given more than there is room for: the oldest of the lowest priority goes first
        session.create(GRAVES, QUEUE);
        TopicSettings ranked = limited(3, Overflow.DROP_OLDEST, durability).with(TopicSettings.PRIORITIES, 9);
        Topic jobs = session.create("jobs", dying(ranked.with(TopicSettings.TTL, 60_000), "", GRAVES));
        session.publishRanked(jobs, "a", 5, 1, 9, 1, 0);
        awaitCount(GRAVES, 2);

        // When the others expire as they wait
        rig.pass(62_000);

        // Then what comes later finds nobody before it
        assertThat(browse(GRAVES)).hasSize(5);
        assertThat(history(headersOf(GRAVES, 4))).startsWith("reason=expired queue=jobs");
        assertThat(backlog("jobs")).isZero();
        session.publishRanked(jobs, "b", 0, 9);
        consume("jobs");
        assertThat(List.of(session.next().text(), session.next().text())).containsExactly("b1p9", "b0p0");
    }

    @Test
    void shouldPublishWhatWasDeliveredTooOften() throws Exception {
        // Given
        session.create(GRAVES, QUEUE);
        GroupSettings once = GroupSettings.DEFAULT;
        CatalogChange make = new CatalogChange.CreateTopic(
                TopicName.of("jobs"),
                new java.util.UUID(4, 4),
                dying(QUEUE, "", GRAVES),
                once.with(GroupSettings.MAX_DELIVERIES, 1),
                false);
        session.call(() -> session.link().change(make));
        publish(session.topic("jobs"), 1);
        SubscriptionLink worker = consume("jobs");
        TestSession.Received received = session.next();

        // When
        session.run(() -> worker.nack(0, received.offset(), 0));

        // Then
        awaitCount(GRAVES, 1);
        assertThat(history(headersOf(GRAVES, 0)))
                .isEqualTo("reason=delivery_limit queue=jobs exchange= key=jobs count=1 first=1");
    }

    @Test
    void shouldGoRoundAsLongAsSomebodyRejects() throws Exception {
        // Given work that is tried again after a while
        Topic work = session.create("work", dying(QUEUE, "", "wait"));
        session.create("wait", dying(ttl(1_000), "", "work"));
        publish(work, 1);
        SubscriptionLink worker = consume("work");

        // When
        List<String> histories = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            TestSession.Received received = session.next();
            session.run(() -> worker.reject(0, received.offset(), "not yet"));
            rig.until(() -> !session.received.isEmpty());
            histories.add(history(headersOf("work", 0)));
        }

        // Then
        assertThat(histories.get(2)).isEqualTo("""
                reason=expired queue=wait exchange= key=wait count=3, \
                reason=rejected queue=work exchange= key=work count=3 first=1""");
    }

    @Test
    void shouldDropWhatWouldGoRoundForEver() throws Exception {
        // Given two that lead to each other, and nobody
        Topic one = session.create("one", dying(ttl(1_000), "", "other"));
        session.create("other", dying(ttl(1_000), "", "one"));
        publish(one, 1);
        long before = figure("messages_dropped");

        // When
        rig.pass(5_000);

        // Then it came as far as the other
        assertThat(figure("messages_dropped") - before).isEqualTo(1);
        assertThat(backlog("one") + backlog("other")).isZero();
    }

    @Test
    void shouldDropAndCountWithoutAnExchange() throws Exception {
        // Given
        Topic jobs = session.create("jobs", dying(ttl(1_000), "nowhere", DeadLetterRoute.OWN_KEY));
        publish(jobs, 2);
        long before = figure("messages_dropped");

        // When
        rig.pass(3_000);

        // Then
        assertThat(figure("messages_dropped") - before).isEqualTo(2);
        assertThat(backlog("jobs")).isZero();
    }

    @Test
    void shouldGiveOnceToThoseThatHaveRoomAndTryTheOthersAgain() throws Exception {
        // Given one that is full, for a while
        exchange("x", ExchangeType.FANOUT);
        session.create(GRAVES, QUEUE);
        Topic full = session.create("full", limited(1, Overflow.REJECT, Durability.FSYNC));
        bind("x", GRAVES, "");
        bind("x", "full", "");
        publish(full, 1);
        Topic jobs = session.create("jobs", dying(ttl(1_000), "x", DeadLetterRoute.OWN_KEY));
        publish(jobs, 1);
        rig.pass(4_000);
        assertThat(backlog("jobs")).isEqualTo(1);

        // When
        session.acknowledge(true);
        consume("full");
        rig.pass(20_000);

        // Then
        assertThat(session.received).hasSize(2);
        assertThat(backlog(GRAVES)).isEqualTo(1);
        assertThat(backlog("jobs")).isZero();
    }

    @Test
    void shouldLeaveToAGroupWhatItNames() throws Exception {
        // Given a group with a place of its own
        session.create(GRAVES, QUEUE);
        Topic log = session.create("log", dying(NodeRig.log(1, 0, Overflow.BLOCK), "", GRAVES));
        GroupSettings base = GroupSettings.DEFAULT;
        session.createGroup(log, "own", base.with(GroupSettings.DEAD_LETTER, "mine"));
        session.createGroup(log, "common", base);
        publish(log, 1);
        SubscriptionLink own = session.subscribe("log", "own", 1, StartPosition.first());
        SubscriptionLink common = session.subscribe("log", "common", 1, StartPosition.first());
        rig.until(() -> session.received.size() == 2);

        // When
        session.run(() -> {
            own.reject(0, 0, "of one");
            common.reject(0, 0, "of the other");
        });

        // Then
        awaitCount(GRAVES, 1);
        rig.until(() -> session.link().catalog().topic(TopicName.of("mine")) != null);
        awaitCount("mine", 1);
        assertThat(headersOf(GRAVES, 0)).containsEntry("dead-group", "common");
        assertThat(headersOf("mine", 0)).doesNotContainKey("dead-history").containsEntry("dead-group", "own");
    }

    @Test
    void shouldPublishWhatAFullTopicRefuses() throws Exception {
        // Given
        session.create(GRAVES, QUEUE);
        Topic jobs =
                session.create("jobs", dying(limited(2, Overflow.REJECT_DEAD_LETTER, Durability.FSYNC), "", GRAVES));

        // When
        session.publish(jobs, 5, "m");

        // Then
        rig.until(() -> session.refusals.size() == 3);
        awaitCount(GRAVES, 3);
        assertThat(backlog("jobs")).isEqualTo(2);
        assertThat(history(headersOf(GRAVES, 0)))
                .isEqualTo("reason=maxlen queue=jobs exchange= key=jobs count=1 first=1");
        assertThat(headersOf(GRAVES, 0)).doesNotContainKeys("dead-offset", "dead-group");
    }

    /** Wherever the process ends between death and the end of the original, one of both is there. */
    @Test
    void shouldLoseNothingWhereverTheProcessEnds() throws Exception {
        // Given
        session.create(GRAVES, QUEUE);
        session.create("delay", dying(ttl(1_000), "", GRAVES));
        int published = 0;
        for (int crash = 0; crash < 12; crash++) {
            publish(session.topic("delay"), 3);
            published += 3;

            // When
            rig.pass(960 + 25L * crash);
            rig.crash();
            rig.restart();
            open();
            rig.until(() -> session.link().catalog().topic(TopicName.of("delay")) != null);

            // Then
            assertThat(backlog("delay") + backlog(GRAVES)).isGreaterThanOrEqualTo(published);
        }
        rig.pass(3_000);
        assertThat(backlog("delay")).isZero();
        assertThat(backlog(GRAVES)).isBetween((long) published, 2L * published);
    }
}
