package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.broker.SubscriptionLink;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.node.NodeRig;
import dev.recado.node.SimRig;
import dev.recado.node.TestSession;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts towards {@code max-deliveries}: members that vanish and processes that die, not those that leave. */
@Timeout(60)
@ParameterizedClass
@ValueSource(longs = {1, 2})
class CountedDeliveriesTest {

    private static final int DELIVERIES = 2;
    private static final GroupSettings TWO = atMost(DELIVERIES);

    private final long seed;

    CountedDeliveriesTest(long seed) {
        this.seed = seed;
    }

    @Test
    void shouldGiveUpAfterTheLastDeliveryOverCrashes() throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given a message that every process hands out before it dies
            for (int attempt = 1; attempt <= DELIVERIES; attempt++) {
                TestSession session = attempt == 1 ? withMessages(rig, 1) : rig.sessionOn(0);
                assertThat(take(rig, session, 5).attempt()).isEqualTo(attempt);
                rig.crash();
                rig.restart();
            }

            // When
            TestSession undertaker = rig.sessionOn(0);
            awaitDead(rig, undertaker, 1);

            // Then
            undertaker.subscribe("jobs.dead", "g", 5, StartPosition.first());
            assertThat(undertaker.next().text()).isEqualTo("m0");
            TestSession late = rig.sessionOn(1);
            late.subscribe("jobs", "g", 5, StartPosition.first());
            rig.settle();
            assertThat(late.received).isEmpty();
        }
    }

    @Test
    void shouldGiveUpAtOnceWhatHadMoreDeliveriesThanALowerLimitAllows() throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given a message that two consumers died at, one that waits for an hour and one without a delivery
            TestSession publisher = rig.sessionOn(0);
            Topic topic = publisher.create("jobs", NodeRig.log(1, 0, Overflow.BLOCK));
            publisher.createGroup(topic, "g", atMost(0));
            publisher.publish(topic, 2, "m");
            rig.until(() -> publisher.confirmed.get() == 2);
            TestSession first = rig.sessionOn(1);
            first.acknowledge(false);
            SubscriptionLink subscription = first.subscribe("jobs", "g", 2, StartPosition.first());
            first.next();
            first.next();
            first.run(() -> subscription.nack(0, 1, 3_600_000));
            first.run(() -> first.link().close());
            TestSession second = rig.sessionOn(1);
            assertThat(take(rig, second, 1).attempt()).isEqualTo(2);
            second.run(() -> second.link().close());
            publisher.publish(topic, 1, "new");
            rig.until(() -> publisher.confirmed.get() == 3);
            assertThat(dead(publisher)).isZero();

            // When
            int group = publisher.topic("jobs").groups().iterator().next().id();
            publisher.call(() -> publisher.link().change(new CatalogChange.AlterGroup(group, atMost(1))));

            // Then nobody is needed for it
            rig.until(() ->
                    dead(publisher) == 2 && figures(publisher).unfinished().backlog() == 1);
            publisher.subscribe("jobs.dead", "g", 5, StartPosition.first());
            assertThat(List.of(publisher.next().text(), publisher.next().text()))
                    .containsExactly("m0", "m1");
            assertThat(take(rig, rig.sessionOn(0), 5).text()).isEqualTo("new0");
        }
    }

    @Test
    void shouldNotCountOrderlyStops() throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            for (int attempt = 1; attempt <= DELIVERIES + 3; attempt++) {
                TestSession session = attempt == 1 ? withMessages(rig, 3) : rig.sessionOn(0);
                // As a stop does before it ends the sessions; the last life keeps its session until the end.
                take(rig, session, 5);
                assertThat(session.next().attempt()).isEqualTo(attempt);
                assertThat(session.next().attempt()).isEqualTo(attempt);
                rig.stop();
                rig.restart();
            }
        }
    }

    @Test
    void shouldNotCountSessionsThatEndWhileTheBrokerDrains() throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given
            TestSession first = withMessages(rig, 1);
            rig.drain();

            // When
            for (int attempt = 1; attempt <= DELIVERIES + 3; attempt++) {
                TestSession session = attempt == 1 ? first : rig.sessionOn(0);
                assertThat(take(rig, session, 5).attempt()).isEqualTo(attempt);
                session.run(() -> session.link().close());
            }

            // Then
            assertThat(dead(rig.sessionOn(0))).isZero();
        }
    }

    @Test
    void shouldNotCountWhoSaysGoodbyeAndCountWhoVanishes() throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given
            TestSession publisher = withMessages(rig, 1);
            publisher.run(() -> publisher.link().close());
            for (int attempt = 1; attempt <= DELIVERIES + 3; attempt++) {
                TestSession session = rig.sessionOn(attempt % 2);
                assertThat(take(rig, session, 5).attempt()).isEqualTo(attempt);
                session.run(() -> {
                    session.link().quit();
                    session.link().close();
                });
            }
            TestSession watcher = rig.sessionOn(0);
            assertThat(dead(watcher)).isZero();

            // When
            for (int vanished = 0; vanished < DELIVERIES; vanished++) {
                TestSession session = rig.sessionOn(0);
                take(rig, session, 5);
                session.run(() -> session.link().close());
            }

            // Then
            awaitDead(rig, watcher, 1);
        }
    }

    @Test
    void shouldSpareThoseThatStoodBesideTheOneThatKillsItsConsumer() throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given a message at which every consumer dies, in the middle of others
            TestSession publisher = withMessages(rig, 20);
            TestSession watcher = rig.sessionOn(0);
            publisher.run(() -> publisher.link().close());
            int lives = 0;

            // When
            while (unfinished(watcher) > 0 && lives < 20) {
                lives++;
                liveAndDieAt(rig, watcher, "m7");
            }

            // Then
            awaitDead(rig, watcher, 1);
            assertThat(lives).isLessThanOrEqualTo(DELIVERIES + 1);
            watcher.subscribe("jobs.dead", "g", 5, StartPosition.first());
            assertThat(watcher.next().text()).isEqualTo("m7");
        }
    }

    @Test
    void shouldSpareThoseOnOtherPartitionsToo() throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given messages on partitions of two loops, all at their last chance
            TestSession publisher = rig.sessionOn(0);
            Topic topic = publisher.create("jobs", NodeRig.log(8, 0, Overflow.BLOCK));
            assertThat(topic.partitions().stream()
                            .map(each -> rig.homeOf(each.shard()).index()))
                    .contains(0, 1);
            publisher.createGroup(topic, "g", TWO);
            publisher.publish(topic, 40, "m");
            rig.until(() -> publisher.confirmed.get() == 40);
            TestSession first = rig.sessionOn(0);
            first.acknowledge(false);
            first.subscribe("jobs", "g", 800, StartPosition.first());
            rig.until(() -> first.received.size() == 40);
            first.run(() -> first.link().close());
            TestSession second = rig.sessionOn(1);
            second.acknowledge(false);
            SubscriptionLink held = second.subscribe("jobs", "g", 800, StartPosition.first());

            // When each is settled before the next may come
            for (int i = 0; i < 40; i++) {
                TestSession.Received alone = second.next();
                assertThat(alone.attempt()).isEqualTo(2);
                rig.settle();
                assertThat(second.received).as("beside %s", alone).isEmpty();
                second.run(() -> {
                    for (int partition = 0; partition < 8; partition++) {
                        held.ack(partition, alone.offset(), alone.offset());
                    }
                });
            }

            // Then others come as many at a time as there is credit
            rig.until(() -> unfinished(publisher) == 0);
            assertThat(dead(publisher)).isZero();
            publisher.publish(topic, 40, "n");
            rig.until(() -> second.received.size() == 40);
        }
    }

    /** Takes what comes, and acknowledges none of a batch before it has looked at all of it. */
    private static void liveAndDieAt(SimRig rig, TestSession watcher, String fatal) throws Exception {
        TestSession session = rig.sessionOn(1);
        session.acknowledge(false);
        SubscriptionLink subscription = session.subscribe("jobs", "g", 50, StartPosition.first());
        while (unfinished(watcher) > 0) {
            TestSession.Received received = session.next();
            rig.settle();
            boolean dies = received.text().equals(fatal)
                    || session.received.stream().anyMatch(each -> each.text().equals(fatal));
            if (dies) {
                break;
            }
            session.run(() -> subscription.ack(0, received.offset(), received.offset()));
            rig.settle();
        }
        session.run(() -> session.link().close());
        rig.settle();
    }

    private static GroupSettings atMost(int deliveries) {
        return GroupSettings.DEFAULT
                .with(GroupSettings.LEASE_MS, 60_000)
                .with(GroupSettings.MAX_DELIVERIES, deliveries)
                .with(GroupSettings.BACK_OFF_MS, 0)
                .with(GroupSettings.BACK_OFF_MAX_MS, 0);
    }

    private static TestSession withMessages(SimRig rig, int count) throws Exception {
        TestSession session = rig.sessionOn(0);
        Topic topic = session.create("jobs", NodeRig.log(1, 0, Overflow.BLOCK));
        session.createGroup(topic, "g", TWO);
        session.publish(topic, count, "m");
        rig.until(() -> session.confirmed.get() == count);
        return session;
    }

    /** Subscribes, takes one message and keeps it; the log knows of that. */
    private static TestSession.Received take(SimRig rig, TestSession session, int credit) throws Exception {
        session.acknowledge(false);
        session.subscribe("jobs", "g", credit, StartPosition.first());
        TestSession.Received received = session.next();
        rig.settle();
        return received;
    }

    private static TopicFigures.GroupFigures figures(TestSession session) throws Exception {
        return session.call(() -> session.link().describe(session.topic("jobs")))
                .groups()
                .get(0);
    }

    /** Messages that may still be delivered. */
    private static long unfinished(TestSession session) throws Exception {
        TopicFigures.GroupFigures figures = figures(session);
        return figures.unfinished().ready() + figures.unfinished().leased();
    }

    private static long dead(TestSession session) throws Exception {
        return figures(session).totals().deadLettered();
    }

    private static void awaitDead(SimRig rig, TestSession session, long count) {
        rig.until(() -> dead(session) == count && figures(session).unfinished().backlog() == 0);
    }
}
