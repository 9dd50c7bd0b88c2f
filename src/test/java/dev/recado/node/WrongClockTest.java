package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.base.TimeSource;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.message.Browsed;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.GroupKind;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import dev.recado.shard.PartitionOwner;
import dev.recado.shard.ShardProbe;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A wall clock that is wrong for a while, and one that is put right: what grows old, what is deleted, what is told. */
@Timeout(60)
class WrongClockTest {

    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    @TempDir
    Path directory;

    private static TopicSettings log(long ttlMs) {
        TopicSettings base = TopicSettings.DEFAULT;
        return base.with(TopicSettings.TTL, ttlMs);
    }

    private static void publish(TestSession session, Topic topic, String text) throws Exception {
        long until = session.confirmed.get() + 1;
        session.publish(topic, 1, text);
        await().until(() -> session.confirmed.get() >= until);
    }

    private static PartitionOwner owner(NodeRig rig, Topic topic) {
        return Objects.requireNonNull(
                rig.shardOf(topic).existing(topic.partition(0).id()));
    }

    private static long logStart(NodeRig rig, Topic topic) throws Exception {
        return NodeRig.ask(rig.shardOf(topic).loop(), () -> owner(rig, topic).logStart());
    }

    /** Everything is in segments, every shard has looked at the clock, and retention has looked at everything. */
    private static void retain(NodeRig rig) throws Exception {
        rig.flush();
        rig.settle();
        rig.tick();
        rig.retain();
        rig.settle();
    }

    private static List<Long> times(TestSession session, Topic topic, StartPosition from) throws Exception {
        return session.call(() -> session.link().browse(topic, from, 10)).stream()
                .map(message -> message.run().publishTimeMs())
                .toList();
    }

    private static List<Long> offsets(TestSession session, Topic topic, StartPosition from) throws Exception {
        return session.call(() -> session.link().browse(topic, from, 10)).stream()
                .map(Browsed::offset)
                .toList();
    }

    @Test
    void shouldEndMessagesInTimeWhileTheWallClockIsBehindWhereItWas() throws Exception {
        // Given
        try (NodeRig rig = NodeRig.startAhead(directory, HOUR)) {
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("t", log(5_000));
            publish(session, topic, "early");
            rig.putWallAhead(0);
            publish(session, topic, "late");

            // When
            rig.passTime(6_000);
            publish(session, topic, "new");
            session.subscribe("t", "g", 10, StartPosition.first());

            // Then
            assertThat(session.next().text()).isEqualTo("new0");
        }
    }

    @Test
    void shouldEndMessagesInTimeAfterARestartToo() throws Exception {
        // Given
        NodeRig rig = NodeRig.startAhead(directory, HOUR);
        TestSession session = rig.sessionOn(0);
        Topic topic = session.create("t", log(5_000));
        publish(session, topic, "early");
        rig.crash();

        // When
        try (NodeRig again = NodeRig.start(directory)) {
            TestSession after = again.sessionOn(0);
            publish(after, after.topic("t"), "late");
            again.passTime(6_000);
            publish(after, after.topic("t"), "new");
            after.subscribe("t", "g", 10, StartPosition.first());

            // Then
            assertThat(after.next().text()).isEqualTo("new0");
        }
    }

    @Test
    void shouldNotEndMessagesByAJump() throws Exception {
        // Given
        try (NodeRig rig = NodeRig.start(directory)) {
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("t", log(HOUR));
            Topic memory = session.create("m", memory(HOUR));
            session.call(() -> session.link()
                    .change(new CatalogChange.CreateGroup(
                            memory.uuid(),
                            "keeps",
                            GroupKind.NAMED,
                            GroupSettings.DEFAULT,
                            StartPosition.first(),
                            0,
                            false)));
            publish(session, topic, "durable");
            publish(session, memory, "memory");

            // When
            rig.putWallAhead(30 * DAY);
            session.subscribe("t", "g", 10, StartPosition.first());
            String durable = session.next().text();
            session.subscribe("m", "keeps", 10, StartPosition.first());
            String kept = session.next().text();

            // Then
            assertThat(durable).isEqualTo("durable0");
            assertThat(kept).isEqualTo("memory0");
        }
    }

    private static TopicSettings memory(long ttlMs) {
        TopicSettings base = log(ttlMs);
        return base.with(TopicSettings.DURABILITY, Durability.MEMORY).with(TopicSettings.TTL, ttlMs);
    }

    @Test
    void shouldDeleteWhatGrewOldThoughTheBrokerWasStartedTwice() throws Exception {
        // Given
        Topic topic = stored();
        NodeRig first = NodeRig.startAhead(directory, 30 * DAY);
        first.settle();
        first.crash();

        // When
        try (NodeRig rig = NodeRig.startAhead(directory, 30 * DAY)) {
            rig.passTime(10 * MINUTE);
            rig.tick();
            rig.settle();
            rig.crash();
        }
        try (NodeRig rig = NodeRig.startAhead(directory, 30 * DAY)) {
            retain(rig);

            // Then
            assertThat(logStart(rig, topic)).isEqualTo(1);
        }
    }

    /** A topic with one message in a data directory whose broker has stopped. */
    private Topic stored() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("t", log(-1));
            publish(session, topic, "m");
            return topic;
        }
    }

    @Test
    void shouldTellTheWallClockAsItIsAndPassOverWhatIsLaterThanNow() throws Exception {
        // Given
        long began = TimeSource.system().wallMs();
        try (NodeRig rig = NodeRig.startAhead(directory, HOUR)) {
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("t", log(-1));
            publish(session, topic, "ahead");
            rig.putWallAhead(0);
            publish(session, topic, "right");
            publish(session, topic, "right");

            // When
            List<Long> times = times(session, topic, StartPosition.first());

            // Then
            long now = TimeSource.system().wallMs();
            assertThat(times.get(0)).isBetween(began + HOUR, now + HOUR);
            assertThat(times.get(1)).isBetween(began, now);
            assertThat(offsets(session, topic, new StartPosition.AtTime(began))).containsExactly(1L, 2L);
            assertThat(offsets(session, topic, new StartPosition.AtTime(now + HOUR)))
                    .isEmpty();
            rig.flush();
            rig.settle();
            NodeRig.ask(rig.shardOf(topic).loop(), () -> ShardProbe.evict(owner(rig, topic)));
            assertThat(offsets(session, topic, new StartPosition.AtTime(began))).containsExactly(1L, 2L);
            rig.passTime(2 * HOUR);
            assertThat(offsets(session, topic, new StartPosition.AtTime(began + HOUR)))
                    .containsExactly(0L, 1L, 2L);
        }
    }

    @Test
    void shouldFindWhatWasPublishedAheadInSegmentsThoughMemoryBeginsBefore() throws Exception {
        // Given
        try (NodeRig rig = NodeRig.startAhead(directory, HOUR)) {
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("t", log(-1));
            publish(session, topic, "ahead");
            rig.flush();
            rig.settle();
            NodeRig.ask(rig.shardOf(topic).loop(), () -> ShardProbe.evict(owner(rig, topic)));
            rig.putWallAhead(0);
            publish(session, topic, "right");

            // When
            rig.passTime(2 * HOUR);
            long half = TimeSource.system().wallMs() + HOUR / 2;

            // Then
            assertThat(offsets(session, topic, new StartPosition.AtTime(half))).containsExactly(0L, 1L);
        }
    }
}
