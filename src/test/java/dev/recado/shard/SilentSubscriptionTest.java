package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.broker.SubscriptionLink;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.group.Strategy;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicName;
import dev.recado.node.NodeRig;
import dev.recado.node.SimRig;
import dev.recado.node.TestSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Members that let a lease end, on one partition and on several, on one loop and on two; time is the test's. */
@Timeout(60)
@ParameterizedClass
@ValueSource(longs = {1, 2})
class SilentSubscriptionTest {

    private static final int LEASE_MS = 60_000;

    private final long seed;

    SilentSubscriptionTest(long seed) {
        this.seed = seed;
    }

    private static GroupSettings settings(Strategy strategy) {
        return GroupSettings.DEFAULT
                .with(GroupSettings.STRATEGY, strategy)
                .with(GroupSettings.LEASE_MS, LEASE_MS)
                .with(GroupSettings.MAX_DELIVERIES, 4)
                .with(GroupSettings.BACK_OFF_MS, 0)
                .with(GroupSettings.BACK_OFF_MAX_MS, 0);
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    void shouldMakeNoDeadLettersBesideAHealthyMember(Strategy strategy) throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given three members that say nothing and one that acknowledges
            TestSession publisher = rig.sessionOn(0);
            Topic topic = publisher.create("jobs", NodeRig.log(1, 0, Overflow.BLOCK));
            publisher.createGroup(topic, "g", settings(strategy));
            for (int i = 0; i < 3; i++) {
                TestSession silent = rig.sessionOn(i % 2);
                silent.acknowledge(false);
                silent.subscribe("jobs", "g", 256, StartPosition.first());
            }
            TestSession healthy = rig.sessionOn(1);
            healthy.subscribe("jobs", "g", 256, StartPosition.first());

            // When
            publisher.publish(topic, 400, "m");
            for (int lease = 0; lease < 4; lease++) {
                rig.settle();
                rig.passTime(LEASE_MS);
                awaitNoExpiredLease(rig, topic);
            }

            // Then
            rig.until(() -> figures(publisher, topic).unfinished().backlog() == 0);
            assertThat(figures(publisher, topic).totals().deadLettered()).isZero();
            assertThat(publisher.link().catalog().topic(TopicName.of("jobs.dead")))
                    .isNull();
        }
    }

    @Test
    void shouldBeSilentOnEveryPartitionAndHeardOnEveryPartition() throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given a subscription that holds something on one partition, beside another
            TestSession publisher = rig.sessionOn(0);
            Topic topic = publisher.create("wide", NodeRig.log(8, 0, Overflow.BLOCK));
            assertThat(topic.partitions().stream()
                            .map(each -> rig.homeOf(each.shard()).index()))
                    .contains(0, 1);
            publisher.createGroup(topic, "g", settings(Strategy.ROUND_ROBIN));
            TestSession holder = rig.sessionOn(0);
            holder.acknowledge(false);
            SubscriptionLink held = holder.subscribe("wide", "g", 800, StartPosition.first());
            publisher.publish(topic, 1, "held");
            TestSession.Received first = holder.next();
            TestSession other = rig.sessionOn(1);
            other.subscribe("wide", "g", 800, StartPosition.first());

            // When its lease ends
            rig.passTime(LEASE_MS);
            rig.until(() -> silent(rig, topic).equals(Map.of(1, 8)));
            publisher.publish(topic, 80, "m");

            // Then
            rig.until(() -> other.received.size() == 81);
            assertThat(holder.received).isEmpty();

            // When it acknowledges late
            int partition = partitionOf(rig, topic);
            holder.run(() -> held.ack(partition, first.offset(), first.offset()));
            rig.until(() -> silent(rig, topic).equals(Map.of(0, 8)));
            publisher.publish(topic, 80, "m");

            // Then
            rig.until(() -> other.received.size() + holder.received.size() == 161);
            assertThat(holder.received).isNotEmpty();
        }
    }

    @Test
    void shouldHearOfAMemberByItsCredit() throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given
            TestSession publisher = rig.sessionOn(0);
            Topic topic = publisher.create("wide", NodeRig.log(3, 0, Overflow.BLOCK));
            publisher.createGroup(topic, "g", settings(Strategy.ROUND_ROBIN));
            TestSession holder = rig.sessionOn(1);
            holder.acknowledge(false);
            SubscriptionLink held = holder.subscribe("wide", "g", 300, StartPosition.first());
            rig.sessionOn(0).subscribe("wide", "g", 300, StartPosition.first());
            publisher.publish(topic, 60, "m");
            holder.next();
            rig.settle();
            rig.passTime(LEASE_MS);
            rig.until(() -> silent(rig, topic).equals(Map.of(1, 3)));

            // When
            holder.run(() -> held.addCredit(3));

            // Then
            rig.until(() -> silent(rig, topic).equals(Map.of(0, 3)));
        }
    }

    @Test
    void shouldTakeSilenceAlongWhereAMemberLeaves() throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given
            TestSession publisher = rig.sessionOn(0);
            Topic topic = publisher.create("wide", NodeRig.log(3, 0, Overflow.BLOCK));
            publisher.createGroup(topic, "g", settings(Strategy.ROUND_ROBIN));
            TestSession gone = rig.sessionOn(0);
            gone.acknowledge(false);
            gone.subscribe("wide", "g", 300, StartPosition.first());
            rig.sessionOn(1).subscribe("wide", "g", 300, StartPosition.first());
            publisher.publish(topic, 60, "m");
            gone.next();
            rig.settle();
            rig.passTime(LEASE_MS);
            rig.until(() -> silent(rig, topic).equals(Map.of(1, 3)));

            // When
            gone.run(() -> gone.link().close());
            TestSession heir = rig.sessionOn(0);
            heir.subscribe("wide", "g", 300, StartPosition.first());
            publisher.publish(topic, 60, "m");

            // Then
            rig.until(() -> heir.received.size() >= 20);
            assertThat(silent(rig, topic)).isEqualTo(Map.of(0, 3));
        }
    }

    private static TopicFigures.GroupFigures figures(TestSession session, Topic topic) throws Exception {
        return session.call(() -> session.link().describe(topic)).groups().get(0);
    }

    private static void awaitNoExpiredLease(SimRig rig, Topic topic) {
        rig.until(() -> {
            long nowMs = rig.node().time().monotonicMs();
            return groups(rig, topic).stream().allMatch(group -> group.nextDeadlineMs() > nowMs);
        });
    }

    /** On how many partitions there are how many silent members. */
    private static Map<Integer, Integer> silent(SimRig rig, Topic topic) throws Exception {
        Map<Integer, Integer> partitions = new java.util.HashMap<>();
        for (Snapshot group : groups(rig, topic)) {
            partitions.merge(group.silent(), 1, Integer::sum);
        }
        return partitions;
    }

    private record Snapshot(int partition, int silent, long nextDeadlineMs, long end) {}

    private static int partitionOf(SimRig rig, Topic topic) throws Exception {
        return groups(rig, topic).get(0).partition();
    }

    private static List<Snapshot> groups(SimRig rig, Topic topic) throws Exception {
        List<Snapshot> snapshots = new ArrayList<>();
        for (var partition : topic.partitions()) {
            ShardOwner shard = rig.node().owner(partition.shard());
            snapshots.add(rig.onLoop(shard.loop().index(), () -> {
                PartitionOwner owner = java.util.Objects.requireNonNull(shard.existing(partition.id()));
                GroupOwner group =
                        java.util.Objects.requireNonNull(owner.groups().named("g"));
                return new Snapshot(
                        partition.index(),
                        group.group().silentCount(),
                        group.group().nextDeadlineMs(),
                        owner.end());
            }));
        }
        return snapshots;
    }
}
