package dev.recado.shard;

import static dev.recado.shard.SpillScene.MANY;
import static dev.recado.shard.SpillScene.MEMORY_BYTES;
import static dev.recado.shard.SpillScene.MESSAGE_BYTES;
import static dev.recado.shard.SpillScene.MIB;
import static dev.recado.shard.SpillScene.SPILLED;
import static dev.recado.shard.SpillScene.publish;
import static dev.recado.shard.SpillScene.received;
import static dev.recado.shard.SpillScene.spilling;
import static dev.recado.shard.SpillScene.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.broker.Patience;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.SimRig;
import dev.recado.node.TestSession;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Topics in memory that go on on the disk. */
@Timeout(60)
@ParameterizedClass
@ValueSource(longs = {1, 2})
class SpillTest {

    private final long seed;

    SpillTest(long seed) {
        this.seed = seed;
    }

    private SimRig start() {
        return SimRig.startWithMemory(seed, MEMORY_BYTES, 0);
    }

    private static long dropped(TestSession session) throws Exception {
        return session.call(() -> session.link().figures()).values().get("messages_dropped");
    }

    @ParameterizedTest
    @EnumSource(Overflow.class)
    void shouldKeepOnTheDiskWhatMemoryHasNoRoomFor(Overflow overflow) throws Exception {
        try (SimRig rig = start()) {
            // Given
            TestSession session = rig.sessionOn(0);
            session.acknowledge(true);
            Topic topic = session.create("jobs", spilling().with(TopicSettings.OVERFLOW, overflow));

            // When
            publish(rig, session, topic, 0, MANY);
            long onDisk = rig.disk().usedBytes(SPILLED);
            long inMemory = rig.inMemory(topic);
            session.subscribe("jobs", "queue", 100, StartPosition.first());
            rig.until(() -> session.received.size() == MANY);

            // Then
            assertThat(session.refusals).isEmpty();
            assertThat(session.confirmed).hasValue(MANY);
            assertThat(onDisk + inMemory).isGreaterThan((long) MANY * MESSAGE_BYTES);
            assertThat(inMemory).isLessThanOrEqualTo(MEMORY_BYTES / 2);
            assertThat(received(session)).isEqualTo(texts(0, MANY));
            assertThat(dropped(session)).isZero();
            rig.settle();
            assertThat(rig.disk().usedBytes(SPILLED)).isZero();
        }
    }

    @Test
    void shouldWriteNothingWhileMemorySuffices() throws Exception {
        try (SimRig rig = start()) {
            // Given
            TestSession session = rig.sessionOn(0);
            session.acknowledge(true);
            Topic topic = session.create("jobs", spilling());
            session.subscribe("jobs", "queue", 100, StartPosition.first());

            // When
            for (int at = 0; at < MANY; at += 100) {
                publish(rig, session, topic, at, at + 100);
            }

            // Then
            assertThat(received(session)).hasSize(MANY);
            assertThat(rig.disk().exists("spill")).isFalse();
        }
    }

    @Test
    void shouldBringBackToItsPlaceWhatWasSpilledMeanwhile() throws Exception {
        try (SimRig rig = start()) {
            // Given somebody has the first in hand, and all else comes behind them
            TestSession session = rig.sessionOn(0);
            session.acknowledge(false);
            Topic topic = session.create("jobs", spilling());
            TestSession holder = rig.sessionOn(1);
            holder.acknowledge(false);
            holder.subscribe("jobs", "queue", 10, StartPosition.first());
            publish(rig, session, topic, 0, MANY);
            int held = holder.received.size();

            // When
            holder.run(() -> holder.link().close());
            session.acknowledge(true);
            session.subscribe("jobs", "queue", 100, StartPosition.first());
            rig.until(() -> session.received.size() == MANY);

            // Then
            assertThat(held).isEqualTo(10);
            assertThat(received(session)).isEqualTo(texts(0, MANY));
        }
    }

    @Test
    void shouldHaveThePublisherWaitWhereTheDiskIsShortToo() throws Exception {
        try (SimRig rig = SimRig.startWithMemory(seed, MEMORY_BYTES, MIB)) {
            // Given less than twice what stored topics shall have
            TestSession session = rig.sessionOn(0, Patience.WAIT);
            session.acknowledge(true);
            Topic topic = session.create("jobs", spilling());
            rig.disk().capacity(rig.disk().usedBytes() + MIB + MIB / 2);
            rig.settle();

            // When
            publish(rig, session, topic, 0, MANY);
            long confirmed = session.confirmed.get();
            long onDisk = rig.disk().usedBytes(SPILLED);
            rig.disk().capacity(Long.MAX_VALUE);
            rig.until(() -> session.confirmed.get() == MANY);
            session.subscribe("jobs", "queue", 100, StartPosition.first());
            rig.until(() -> session.received.size() == MANY);

            // Then
            assertThat(confirmed).isBetween(1L, (long) MEMORY_BYTES / 2 / MESSAGE_BYTES);
            assertThat(onDisk).isZero();
            assertThat(session.shortages).doesNotContain("DISK_LOW");
            assertThat(received(session)).isEqualTo(texts(0, MANY));
        }
    }

    @Test
    void shouldKeepToItsLimitsByWhatIsOnTheDiskToo() throws Exception {
        try (SimRig rig = start()) {
            // Given
            long limit = 4L * MIB;
            TestSession session = rig.sessionOn(0);
            session.acknowledge(true);
            Topic topic = session.create("jobs", spilling().with(TopicSettings.LIMIT_BYTES, limit));

            // When
            publish(rig, session, topic, 0, MANY);
            session.subscribe("jobs", "queue", 100, StartPosition.first());
            rig.settle();

            // Then
            List<String> received = received(session);
            assertThat(received).isEqualTo(texts(MANY - received.size(), MANY));
            assertThat((double) received.size() * MESSAGE_BYTES).isBetween(limit * 0.9, limit * 1.07);
            assertThat(dropped(session)).isEqualTo(MANY - received.size());
        }
    }

    @Test
    void shouldLeaveNothingOfATopicThatEnds() throws Exception {
        try (SimRig rig = start()) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("jobs", spilling());
            Topic other = session.create("more", spilling());
            publish(rig, session, topic, 0, MANY);
            publish(rig, session, other, 0, MANY);
            long before = rig.disk().usedBytes(SPILLED);

            // When
            session.call(() -> session.link().change(new CatalogChange.DeleteTopic(topic.uuid())));
            session.call(() -> session.link().purge(other));
            rig.settle();

            // Then
            assertThat(before).isGreaterThan((long) MANY * MESSAGE_BYTES);
            assertThat(rig.disk().usedBytes(SPILLED)).isZero();
            assertThat(rig.disk().list("trash")).isEmpty();
        }
    }

    @Test
    void shouldBeginEmptyAfterACrash() throws Exception {
        try (SimRig rig = start()) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("jobs", spilling());
            publish(rig, session, topic, 0, MANY);
            long before = rig.disk().usedBytes(SPILLED);

            // When
            rig.crash();
            rig.restart();

            // Then
            TestSession again = rig.sessionOn(0);
            again.acknowledge(true);
            again.subscribe("jobs", "queue", 100, StartPosition.first());
            publish(rig, again, again.topic("jobs"), 0, 10);
            assertThat(before).isPositive();
            assertThat(rig.disk().list("spill")).isEmpty();
            assertThat(received(again)).isEqualTo(texts(0, 10));
        }
    }
}
