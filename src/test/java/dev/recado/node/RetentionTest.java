package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What a log lets go of, by time and by bytes, and when a group that nobody uses ends. */
@Timeout(60)
@ParameterizedClass
@ValueSource(longs = {1, 2})
class RetentionTest {

    private static final long DAY = 24 * 3_600_000L;
    private static final int SEGMENT_BYTES = 64 << 10;
    private static final int KIB = 1 << 10;
    private static final String TEXT = "x".repeat(KIB);

    private final long seed;

    RetentionTest(long seed) {
        this.seed = seed;
    }

    private static TopicSettings log(long retentionMs, long retentionBytes, boolean force) {
        TopicSettings base = TopicSettings.DEFAULT;
        return base.with(TopicSettings.RETENTION_TIME, retentionMs)
                .with(TopicSettings.RETENTION_BYTES, retentionBytes)
                .with(TopicSettings.RETENTION_FORCE, force);
    }

    private static void publish(SimRig rig, TestSession session, Topic topic, int count) throws Exception {
        long until = session.confirmed.get() + count;
        session.publish(topic, count, TEXT);
        rig.until(() -> session.confirmed.get() >= until);
    }

    private static void retain(SimRig rig) {
        rig.flush();
        rig.settle();
    }

    private static TopicFigures.PartitionFigures figures(TestSession session, Topic topic) throws Exception {
        return session.call(() -> session.link().describe(topic)).partitions().get(0);
    }

    @Test
    void shouldLetGoOfWhatIsOlderThanRetentionTime() throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("news", log(2 * DAY, -1, false));
            publish(rig, session, topic, 10);
            retain(rig);
            rig.passTime(DAY);
            publish(rig, session, topic, 5);

            // When
            rig.passTime(DAY - 60_000);
            retain(rig);
            long before = figures(session, topic).logStart();
            rig.passTime(120_000);
            retain(rig);

            // Then
            assertThat(before).isZero();
            assertThat(figures(session, topic).logStart()).isEqualTo(10);
            assertThat(figures(session, topic).end()).isEqualTo(15);
        }
    }

    /** What frees space must not wait for the space that it frees. */
    @Test
    void shouldLetGoOnAFullDiskThoughSegmentsCannotBeWritten() throws Exception {
        try (SimRig rig = SimRig.startWithCache(seed, 1 << 20, 1 << 20)) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("news", log(2 * DAY, -1, true));
            publish(rig, session, topic, 1_000);
            retain(rig);
            rig.passTime(3 * DAY);
            rig.disk().capacity(rig.disk().usedBytes());
            session.publish(topic, 2_500, TEXT);

            // When / Then
            rig.until(() -> rig.shardOf(topic).partitions().iterator().next().logStart() == 1_000);
        }
    }

    @Test
    void shouldKeepWhatAGroupHasNotFinishedUnlessForced() throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic kept = session.create("kept", log(DAY, -1, false));
            Topic forced = session.create("forced", log(DAY, -1, true));
            for (Topic topic : new Topic[] {kept, forced}) {
                session.createGroup(topic, "g", GroupSettings.DEFAULT);
                publish(rig, session, topic, 10);
            }

            // When
            rig.passTime(2 * DAY);
            retain(rig);

            // Then
            assertThat(figures(session, kept).logStart()).isZero();
            assertThat(figures(session, forced).logStart()).isEqualTo(10);
        }
    }

    @Test
    void shouldLetGoOfWhatIsMoreThanRetentionBytes() throws Exception {
        try (SimRig rig = SimRig.startWithSegments(seed, SEGMENT_BYTES)) {
            // Given
            long retentionBytes = 3L * SEGMENT_BYTES;
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("news", log(-1, retentionBytes, false));
            for (int i = 0; i < 10; i++) {
                publish(rig, session, topic, 64);
                rig.flush();
                rig.settle();
            }
            long storedBytes = 640L * (KIB + 20);

            // When
            retain(rig);

            // Then
            long logStart = figures(session, topic).logStart();
            long keptBytes = storedBytes / 640 * (640 - logStart);
            assertThat(keptBytes)
                    .as("at most what is allowed, and the segment that is being written")
                    .isBetween(retentionBytes - 2L * SEGMENT_BYTES, retentionBytes + 2L * SEGMENT_BYTES);
            session.subscribe("news", "g", 1, StartPosition.first());
            assertThat(session.next().offset()).isEqualTo(logStart);
        }
    }

    @Test
    void shouldEndAGroupThatNobodyUsedForSoLong() throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("news", log(-1, -1, false));
            session.createGroup(topic, "unused", GroupSettings.DEFAULT);
            session.createGroup(topic, GroupDef.DEAD_LETTERS, GroupSettings.DEFAULT);
            session.subscribe("news", "used", 10, StartPosition.first());
            long expireAfterMs = TestNode.settings().groups().expireAfterMs();
            rig.settle();

            // When
            rig.passTime(expireAfterMs - 60_000);
            retain(rig);
            int before =
                    session.call(() -> session.link().describe(topic)).groups().size();
            rig.passTime(120_000);
            retain(rig);

            // Then
            assertThat(before).isEqualTo(3);
            rig.until(() ->
                    session.call(() -> session.link().describe(topic)).groups().size() == 2);
            assertThat(session.call(() -> session.link().describe(topic)).groups())
                    .as("what was done with dead letters is not forgotten")
                    .extracting(group -> group.group().name())
                    .containsExactlyInAnyOrder("used", GroupDef.DEAD_LETTERS);
        }
    }
}
