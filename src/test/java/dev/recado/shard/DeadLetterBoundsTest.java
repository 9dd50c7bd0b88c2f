package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.broker.SubscriptionLink;
import dev.recado.core.message.Browsed;
import dev.recado.core.message.Headers;
import dev.recado.core.message.MessageView;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.DeadLetterRoute;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.SimRig;
import dev.recado.node.TestSession;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a limit drops goes on through an exchange, and what of it has to wait. */
@Timeout(60)
class DeadLetterBoundsTest {

    private static final TopicSettings QUEUE = NodeRig.queue();
    private static final String GRAVES = "graves";

    private SimRig rig;
    private TestSession session;

    @BeforeEach
    void start() {
        rig = SimRig.start(2);
        session = rig.sessionOn(0);
        session.acknowledge(false);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private static TopicSettings limited(long messages, long bytes, Overflow overflow) {
        return NodeRig.settings(TopicKind.QUEUE, Durability.FSYNC, 1, messages, bytes, overflow, -1);
    }

    /** Whose dead letters go to {@link #GRAVES}. */
    private static TopicSettings dying(TopicSettings base) {
        return base.with(DeadLetterRoute.EXCHANGE, "").with(DeadLetterRoute.KEY, GRAVES);
    }

    private SubscriptionLink consume(String topic) throws Exception {
        return session.subscribe(topic, "queue", 10, StartPosition.first());
    }

    private void publish(Topic topic, int count) throws Exception {
        long before = session.confirmed.get();
        session.publish(topic, count, "m");
        rig.until(() -> session.confirmed.get() == before + count);
    }

    private Map<String, String> headers(Browsed found) {
        MessageView view = new MessageView();
        view.read(found.run().bytes(), found.position());
        return Headers.toMap(view.bytes, view.headersStart, view.headersLength);
    }

    private TopicFigures.Counts counts(String topic) throws Exception {
        return session.call(() -> session.link().describe(session.topic(topic))).counts();
    }

    @Test
    void shouldPublishWhatALimitOfBytesDropsOfTheLowestPriority() throws Exception {
        // Given room for a few
        session.create(GRAVES, QUEUE);
        TopicSettings small = limited(0, 120, Overflow.DROP_OLDEST);
        Topic jobs = session.create("jobs", dying(small.with(TopicSettings.PRIORITIES, 9)));

        // When
        session.publishRanked(jobs, "a", 9, 9, 0, 0, 0, 0, 0, 0);
        rig.until(() -> session.confirmed.get() == 8);
        rig.settle();

        // Then the oldest of the lowest are gone, each with its letter
        List<Browsed> dead = session.call(() -> session.link().browse(session.topic(GRAVES), StartPosition.first(), 9));
        assertThat(dead).isNotEmpty();
        assertThat(counts("jobs").backlog()).isEqualTo(8L - dead.size());
        for (int i = 0; i < dead.size(); i++) {
            assertThat(headers(dead.get(i)))
                    .containsEntry("dead-offset", Integer.toString(2 + i))
                    .hasEntrySatisfying(
                            "dead-history", text -> assertThat(text).startsWith("reason=maxlen queue=jobs"));
        }
        consume("jobs");
        assertThat(List.of(session.next().text(), session.next().text())).containsExactly("a0p9", "a1p9");
    }

    /** A head for which there is no place among 2,000 on their way waits for one, and what stands behind it as well. */
    @Test
    void shouldHoldBackAnExpiredHeadWhileTooManyAreOnTheirWay() throws Exception {
        // Given a target that takes none
        Topic full = session.create(GRAVES, limited(1, 0, Overflow.REJECT));
        publish(full, 1);
        Topic delay = session.create("delay", dying(QUEUE.with(TopicSettings.TTL, 1_000)));
        publish(delay, 2_500);
        rig.pass(4_000);
        long expiredAtFirst = counts("delay").expired();
        SubscriptionLink reader = consume("delay");
        rig.pass(1_000);

        // When
        assertThat(session.received).isEmpty();
        session.run(reader::close);
        session.call(() -> session.link().change(new CatalogChange.DeleteTopic(full.uuid())));
        session.create(GRAVES, QUEUE);
        rig.pass(40_000);

        // Then
        assertThat(expiredAtFirst).isEqualTo(2_000);
        assertThat(counts("delay").expired()).isEqualTo(2_500);
        assertThat(counts("delay").backlog()).isZero();
        assertThat(counts(GRAVES).backlog()).isEqualTo(2_500);
    }

    /** Twenty times as many as may be on their way: publishers wait for the letters. */
    @Test
    void shouldKeepEachLetterOfWhatALimitDropsAtSpeed() throws Exception {
        // Given a queue for ten, whose letters go to another one, and whose go on from there
        session.create(GRAVES, QUEUE);
        session.create("second", dying(limited(10, 0, Overflow.DROP_OLDEST)));
        TopicSettings toSecond = limited(10, 0, Overflow.DROP_OLDEST)
                .with(DeadLetterRoute.EXCHANGE, "")
                .with(DeadLetterRoute.KEY, "second");
        Topic jobs = session.create("jobs", toSecond);

        // When
        publish(jobs, 20_000);
        rig.until(() -> counts(GRAVES).backlog() == 19_980);

        // Then
        assertThat(counts("jobs").backlog()).isEqualTo(10);
        assertThat(counts("second").backlog()).isEqualTo(10);
    }

    /** What letters are refused keeps nobody waiting: the limit holds without them. */
    @Test
    void shouldKeepNobodyWaitingForLettersThatAreRefused() throws Exception {
        // Given
        Topic full = session.create(GRAVES, limited(1, 0, Overflow.REJECT));
        publish(full, 1);
        Topic jobs = session.create("jobs", dying(limited(10, 0, Overflow.DROP_OLDEST)));

        // When
        publish(jobs, 5_000);
        rig.settle();

        // Then
        assertThat(counts("jobs").backlog()).isEqualTo(10L + 2_000);
        assertThat(counts("jobs").dropped()).isEqualTo(4_990L);
    }

    /** Two queues that die into each other, both at speed: each waits for the other, and both go on. */
    @Test
    void shouldGoOnWhereTwoQueuesDieIntoEachOther() throws Exception {
        // Given
        Topic one = session.create("one", dying(limited(10, 0, Overflow.DROP_OLDEST)));
        TopicSettings back = limited(10, 0, Overflow.DROP_OLDEST)
                .with(DeadLetterRoute.EXCHANGE, "")
                .with(DeadLetterRoute.KEY, "one");
        Topic other = session.create(GRAVES, back);

        // When
        long before = session.confirmed.get();
        session.publish(one, 10_000, "m");
        session.publish(other, 10_000, "m");
        rig.until(() -> session.confirmed.get() == before + 20_000);
        rig.pass(60_000);

        // Then
        assertThat(counts("one").backlog()).isEqualTo(10);
        assertThat(counts(GRAVES).backlog()).isEqualTo(10);
    }

    /** More at once than may be on their way: it is let in as a whole, and its letters follow. */
    @Test
    void shouldKeepEachLetterOfATransactionLargerThanWhatMayBeOnItsWay() throws Exception {
        // Given
        session.create(GRAVES, QUEUE);
        Topic jobs = session.create("jobs", dying(limited(10, 0, Overflow.DROP_OLDEST)));
        session.run(() -> session.link().begin());
        session.publish(jobs, 5_000, "m");

        // When
        session.call(() -> session.link().commit());
        rig.until(() -> counts(GRAVES).backlog() == 4_990);

        // Then
        assertThat(counts("jobs").backlog()).isEqualTo(10);
    }

    @Test
    void shouldKeepEachLetterOfWhatALimitOfBytesDropsAtSpeed() throws Exception {
        // Given
        session.create(GRAVES, QUEUE);
        Topic jobs = session.create("jobs", dying(limited(0, 1_000, Overflow.DROP_OLDEST)));

        // When
        publish(jobs, 20_000);
        rig.until(() -> counts("jobs").backlog() < 200);

        // Then
        assertThat(counts(GRAVES).backlog()).isEqualTo(20_000 - counts("jobs").backlog());
    }
}
