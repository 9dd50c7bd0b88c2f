package dev.recado.shard;

import static dev.recado.shard.SpillScene.MANY;
import static dev.recado.shard.SpillScene.MEMORY_BYTES;
import static dev.recado.shard.SpillScene.SPILLED;
import static dev.recado.shard.SpillScene.publish;
import static dev.recado.shard.SpillScene.received;
import static dev.recado.shard.SpillScene.spilling;
import static dev.recado.shard.SpillScene.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.message.Browsed;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.Spilling;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.SimRig;
import dev.recado.node.TestSession;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What a memory topic has on the disk is read as what it has in memory. */
@Timeout(60)
@ParameterizedClass
@ValueSource(longs = {1, 2})
class SpillReadTest {

    private static final GroupSettings PATIENT =
            GroupSettings.DEFAULT.with(GroupSettings.LEASE_MS, 0L).with(GroupSettings.MAX_DELIVERIES, 0);

    private final long seed;

    SpillReadTest(long seed) {
        this.seed = seed;
    }

    private SimRig start() {
        return SimRig.startWithMemory(seed, MEMORY_BYTES, 0);
    }

    private static TopicSettings log() {
        return spilling().with(TopicSettings.KIND, TopicKind.LOG).with(TopicSettings.OVERFLOW, Overflow.BLOCK);
    }

    @Test
    void shouldGiveEachGroupAllThatItHasLeft() throws Exception {
        try (SimRig rig = start()) {
            // Given one group has finished half, another one nothing
            TestSession session = rig.sessionOn(0);
            session.acknowledge(true);
            Topic topic = session.create("news", log());
            session.createGroup(topic, "slow", PATIENT);
            TestSession fast = rig.sessionOn(1);
            fast.acknowledge(true);
            fast.subscribe("news", "fast", 100, StartPosition.first());
            publish(rig, session, topic, 0, MANY / 2);
            fast.run(() -> fast.link().close());
            publish(rig, session, topic, MANY / 2, MANY);
            long before = rig.disk().usedBytes(SPILLED);

            // When
            TestSession late = rig.sessionOn(1);
            late.acknowledge(true);
            late.subscribe("news", "late", 100, StartPosition.first());
            session.subscribe("news", "slow", 100, StartPosition.first());
            rig.until(() -> late.received.size() == MANY && session.received.size() == MANY);
            TestSession again = rig.sessionOn(1);
            again.acknowledge(true);
            again.subscribe("news", "fast", 100, StartPosition.first());
            rig.until(() -> again.received.size() == MANY - MANY / 2);

            // Then
            assertThat(before).isPositive();
            assertThat(received(fast)).isEqualTo(texts(0, MANY / 2));
            assertThat(received(again)).isEqualTo(texts(MANY / 2, MANY));
            assertThat(received(session)).isEqualTo(texts(0, MANY));
            assertThat(received(late)).isEqualTo(texts(0, MANY));
        }
    }

    @Test
    void shouldSpareALateGroupWhatNobodyElseNeeds() throws Exception {
        try (SimRig rig = start()) {
            // Given every other one is finished, whether it was on the disk by then or not
            TestSession session = rig.sessionOn(0);
            session.acknowledge(false);
            Topic topic = session.create("news", log());
            session.createGroup(topic, "slow", PATIENT);
            SubscriptionLink slow = session.subscribe("news", "slow", 2 * MANY, StartPosition.first());
            publish(rig, session, topic, 0, MANY);
            List<TestSession.Received> held = new ArrayList<>();
            session.received.drainTo(held);
            session.run(() -> held.stream()
                    .filter(each -> each.offset() % 2 == 1)
                    .forEach(each -> slow.ack(0, each.offset(), each.offset())));
            rig.settle();

            // When
            TestSession late = rig.sessionOn(1);
            late.acknowledge(true);
            late.subscribe("news", "late", 100, StartPosition.first());
            rig.settle();

            // Then
            assertThat(held).hasSize(MANY);
            assertThat(received(late))
                    .containsAll(texts(0, MANY).stream()
                            .filter(text -> Integer.parseInt(text.substring(1)) % 2 == 0)
                            .toList());
        }
    }

    @Test
    void shouldServeWhoReadsAloneAndWhoBrowses() throws Exception {
        try (SimRig rig = start()) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("news", log());
            session.createGroup(topic, "slow", PATIENT);
            publish(rig, session, topic, 0, MANY / 2);
            long midMs = rig.node().time().wallMs();
            publish(rig, session, topic, MANY / 2, MANY);

            // When
            TestSession reader = rig.sessionOn(1);
            reader.acknowledge(true);
            SubscribeSpec spec = new SubscribeSpec(
                    SubscribeSpec.Kind.READER, "news", null, null, 100, new StartPosition.AtTime(midMs));
            reader.call(() -> reader.link().subscribe(spec));
            rig.until(() -> reader.received.size() == MANY - MANY / 2);
            List<Browsed> browsed = session.call(() -> session.link().browse(topic, StartPosition.first(), 100));

            // Then
            assertThat(received(reader)).isEqualTo(texts(MANY / 2, MANY));
            assertThat(browsed)
                    .extracting(Browsed::offset)
                    .startsWith(0L, 1L, 2L)
                    .hasSize(100);
        }
    }

    @Test
    void shouldTellWhatIsOnTheDiskAndSinceWhenTheOldestWaits() throws Exception {
        try (SimRig rig = start()) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("jobs", spilling());
            long firstMs = rig.node().time().wallMs();
            publish(rig, session, topic, 0, MANY);

            // When
            TopicFigures figures = session.call(() -> session.link().describe(topic));

            // Then
            assertThat(figures.counts().spilled()).isEqualTo(rig.disk().usedBytes(SPILLED));
            assertThat(figures.counts().bytes())
                    .isGreaterThan(figures.counts().spilled())
                    .isGreaterThan((long) MANY * SpillScene.MESSAGE_BYTES);
            assertThat(figures.groups().get(0).oldestMs()).isBetween(firstMs, firstMs + 100);
            assertThat(figures.counts().backlog()).isEqualTo(MANY);
        }
    }

    @Test
    void shouldServeTheHighestPriorityFirst() throws Exception {
        try (SimRig rig = start()) {
            // Given
            TestSession session = rig.sessionOn(0);
            session.acknowledge(true);
            Topic topic = session.create("jobs", spilling().with(TopicSettings.PRIORITIES, 2));
            publish(rig, session, topic, 0, MANY, number -> number % 3);

            // When
            session.subscribe("jobs", "queue", 50, StartPosition.first());
            rig.until(() -> session.received.size() == MANY);

            // Then
            List<String> expected = new ArrayList<>();
            for (int level = 2; level >= 0; level--) {
                int current = level;
                texts(0, MANY).stream()
                        .filter(text -> Integer.parseInt(text.substring(1)) % 3 == current)
                        .forEach(expected::add);
            }
            assertThat(received(session)).isEqualTo(expected);
        }
    }

    @Test
    void shouldReadBackWhatIsLeftOfRunsThatAreMostlyFinished() throws Exception {
        try (SimRig rig = start()) {
            // Given: of what a member had in hand one in twenty is left, which the sweep has copied out of its run
            TestSession session = rig.sessionOn(0);
            session.acknowledge(false);
            Topic topic = session.create("jobs", spilling());
            SubscriptionLink holder = session.subscribe("jobs", "queue", 100, StartPosition.first());
            publish(rig, session, topic, 0, 100);
            session.run(() -> {
                for (int offset = 0; offset < 100; offset++) {
                    if (offset % 20 != 7) {
                        holder.ack(0, offset, offset);
                    }
                }
            });
            rig.settle();
            assertThat(received(session)).hasSize(100);
            session.run(() -> session.link().close());
            TestSession other = rig.sessionOn(1);

            // When
            publish(rig, other, topic, 100, MANY);
            other.acknowledge(true);
            other.subscribe("jobs", "queue", 100, StartPosition.first());
            rig.until(() -> other.received.size() == MANY - 95 || !other.answers.isEmpty());

            // Then
            List<String> left = new ArrayList<>(List.of("m7", "m27", "m47", "m67", "m87"));
            left.addAll(texts(100, MANY));
            assertThat(received(other)).isEqualTo(left);
        }
    }

    @Test
    void shouldMakeDeadLettersOfWhatIsOnTheDisk() throws Exception {
        try (SimRig rig = start()) {
            // Given
            TestSession session = rig.sessionOn(0);
            session.acknowledge(false);
            Topic topic = session.create("jobs", spilling());
            SubscriptionLink holder = session.subscribe("jobs", "queue", 20, StartPosition.first());
            publish(rig, session, topic, 0, MANY);

            // When
            session.run(() -> {
                for (int offset = 0; offset < 20; offset++) {
                    holder.reject(0, offset, "no");
                }
            });
            rig.settle();

            // Then
            Topic dead = session.topic("jobs.dead");
            List<Browsed> letters = session.call(() -> session.link().browse(dead, StartPosition.first(), 100));
            assertThat(letters).hasSize(20);
        }
    }

    @Test
    void shouldGoOnWithWhatIsOnTheDiskWhereItIsToSpillNoMore() throws Exception {
        try (SimRig rig = start()) {
            // Given
            TestSession session = rig.sessionOn(0);
            session.acknowledge(true);
            Topic topic = session.create("jobs", log());
            session.createGroup(topic, "g", PATIENT);
            publish(rig, session, topic, 0, MANY);
            long before = rig.disk().usedBytes(SPILLED);

            // When
            session.call(() -> session.link()
                    .change(new CatalogChange.AlterTopic(
                            topic.uuid(), topic.settings().with(Spilling.KEY, false))));
            publish(rig, session, session.topic("jobs"), MANY, MANY + 40);
            long after = rig.disk().usedBytes(SPILLED);
            session.subscribe("jobs", "g", 100, StartPosition.first());
            rig.until(() -> session.received.size() == MANY + 40);

            // Then
            assertThat(after).isEqualTo(before);
            assertThat(received(session)).isEqualTo(texts(0, MANY + 40));
        }
    }
}
