package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.GroupKind;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicSettings;
import dev.recado.journal.StateFile;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node does not do, however long it is waited for. */
@Timeout(60)
@ParameterizedClass
@ValueSource(longs = {1, 2})
class NodeQuietTest {

    private static final long FREE_MIN = 1L << 30;
    private static final int STORED_MEBIBYTES = 4;
    private static final long MINUTE = 60_000;

    private final long seed;
    private SimRig rig;
    private TestSession session;

    NodeQuietTest(long seed) {
        this.seed = seed;
    }

    @BeforeEach
    void start() {
        rig = SimRig.startWanting(seed, FREE_MIN);
        session = rig.sessionOn(0);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private Topic store() throws Exception {
        Topic topic = session.create("orders", NodeRig.queue());
        session.run(() -> NodeRig.sendMebibytes(session.link(), topic, STORED_MEBIBYTES));
        rig.until(() -> session.confirmed.get() == STORED_MEBIBYTES);
        rig.flush();
        return topic;
    }

    /** Half of what is wanted is free: low, and nothing finds it full. */
    private void makeLow() {
        rig.disk().capacity(rig.disk().usedBytes() + FREE_MIN / 2);
        rig.until(() -> rig.node().diskLow());
    }

    /** Of the newest checkpoint. */
    private long sequence() {
        StateFile.State state = StateFile.read(rig.disk());
        return state == null ? 0 : state.sequence();
    }

    @Test
    void shouldMakeTwoCheckpointsForWhatWasFreedAndNoMore() throws Exception {
        // Given
        Topic topic = store();
        rig.checkpoint();
        long atFirst = sequence();
        makeLow();
        rig.until(() -> sequence() == atFirst + 2); // for the journal that was there
        session.call(() -> session.link().purge(topic));
        rig.until(() -> sequence() == atFirst + 4);

        // When
        rig.pass(MINUTE);
        rig.passTime(10 * MINUTE);
        rig.pass(MINUTE);

        // Then
        assertThat(rig.node().diskLow()).isTrue();
        assertThat(sequence()).isEqualTo(atFirst + 4);
    }

    @Test
    void shouldMakeTwoCheckpointsForWhatWasPurgedOnceItIsIdleAndNoMore() throws Exception {
        // Given
        Topic topic = store();
        rig.checkpoint();
        session.call(() -> session.link().purge(topic));
        long before = sequence();
        rig.settle();
        assertThat(rig.disk().usedBytes("topics")).isGreaterThan(NodeRig.MIB);

        // When
        rig.pass(10_000);
        long early = sequence();
        rig.pass(10_000);

        // Then
        assertThat(early).isEqualTo(before);
        assertThat(rig.disk().usedBytes("topics")).isLessThan(NodeRig.MIB);
        assertThat(sequence()).isEqualTo(before + 2);
        rig.pass(MINUTE);
        rig.passTime(10 * MINUTE);
        rig.pass(MINUTE);
        assertThat(sequence()).isEqualTo(before + 2);
    }

    private List<Future<Catalog>> beginGroup() throws Exception {
        Topic topic = session.create("orders", TopicSettings.DEFAULT);
        session.publish(topic, 3, "old");
        rig.until(() -> session.confirmed.get() == 3);
        CatalogChange group = new CatalogChange.CreateGroup(
                topic.uuid(), "g", GroupKind.NAMED, GroupSettings.DEFAULT, StartPosition.next(), 0, false);
        List<Future<Catalog>> creating = new ArrayList<>();
        session.run(() -> creating.add(session.link().change(group)));
        // The catalog shows the group once its entry is durable; the group's beginning is written after that.
        rig.stepUntil(() -> session.topic("orders").group("g") != null);
        rig.holdJournal(true);
        return creating;
    }

    @Test
    void shouldAnswerAGroupOnlyOnceItsBeginningIsCommitted() throws Exception {
        // When
        List<Future<Catalog>> creating = beginGroup();
        rig.settle();
        boolean answered = creating.get(0).isComplete();
        rig.holdJournal(false);

        // Then
        assertThat(answered).isFalse();
        rig.await(creating.get(0));
    }

    @Test
    void shouldBeginAGroupBehindTheOldMessagesThoughACrashTookItsBeginning() throws Exception {
        // Given
        beginGroup();
        rig.settle();

        // When
        rig.crash();
        rig.restart();

        // Then
        TestSession after = rig.sessionOn(0);
        Topic topic = after.topic("orders");
        rig.until(() -> !groupsOf(after, topic).isEmpty());
        assertThat(groupsOf(after, topic))
                .extracting(figures -> figures.group().name(), figures -> figures.unfinished()
                        .floor())
                .containsExactly(tuple("g", 3L));
        after.publish(topic, 5, "new");
        after.subscribe("orders", "g", 10, StartPosition.next());
        assertThat(after.next().text()).isEqualTo("new0");
    }

    private static List<TopicFigures.GroupFigures> groupsOf(TestSession session, Topic topic) throws Exception {
        return session.call(() -> session.link().describe(topic)).groups();
    }

    @Test
    void shouldLetPullsWaitBehindWhatTheSocketHasNotTaken() throws Exception {
        // Given
        Topic topic = session.create("default", TopicSettings.DEFAULT);
        SubscriptionLink subscription = session.call(() -> session.link()
                .subscribe(
                        new SubscribeSpec(SubscribeSpec.Kind.PULL, "default", null, "me", 1, StartPosition.first())));
        String large = "x".repeat(700_000);
        session.publish(topic, 4, large);

        // When
        for (int ticket = 1; ticket <= 5; ticket++) {
            int next = ticket;
            session.run(() -> subscription.pull(next));
        }

        // Then
        assertThat(session.nextAnswer()).isEqualTo(large + 0);
        assertThat(session.nextAnswer()).isEqualTo(large + 1);
        rig.settle();
        assertThat(groupsOf(session, topic).get(0).unfinished().leased()).isEqualTo(2);
        assertThat(session.answers).isEmpty();
        session.run(() -> subscription.written(0, 700_000));
        assertThat(session.nextAnswer()).isEqualTo(large + 2);
        session.run(() -> subscription.written(0, 1_400_000));
        assertThat(session.nextAnswer()).isEqualTo(large + 3);
        assertThat(session.nextAnswer()).isEqualTo("none");
    }
}
