package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.broker.SubscribeSpec;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Those who read alone beside checkpoints, restarts and retention. */
@Timeout(60)
@ParameterizedClass
@ValueSource(longs = {1, 2})
class ReadersTest {

    private static final long DAY = 24 * 3_600_000L;
    private static final int COUNT = 500;

    private final long seed;

    ReadersTest(long seed) {
        this.seed = seed;
    }

    private static Topic publish(SimRig rig, TestSession session, TopicSettings settings) throws Exception {
        Topic topic = session.create("news", settings);
        long until = session.confirmed.get() + COUNT;
        session.publish(topic, COUNT, "m");
        rig.until(() -> session.confirmed.get() >= until);
        return topic;
    }

    private static void read(TestSession session, int credit, StartPosition from) throws Exception {
        SubscribeSpec spec = new SubscribeSpec(SubscribeSpec.Kind.READER, "news", null, null, credit, from);
        session.call(() -> session.link().subscribe(spec));
    }

    private static List<Long> received(TestSession session, int count) throws InterruptedException {
        List<Long> offsets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            offsets.add(session.next().offset());
        }
        return offsets;
    }

    @Test
    void shouldLeaveNothingInAStateThatIsWritten() throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given
            TestSession session = rig.sessionOn(0);
            publish(rig, session, TopicSettings.DEFAULT);
            read(session, 100, StartPosition.first());
            rig.settle();

            // When
            rig.checkpoint();
            rig.crash();
            rig.restart();

            // Then
            TestSession next = rig.sessionOn(1);
            Topic topic = next.topic("news");
            assertThat(next.call(() -> next.link().describe(topic)).groups())
                    .extracting(group -> group.group().name())
                    .doesNotContain(GroupDef.READER);
            assertThat(next.call(() -> next.link().describe(topic)).counts().backlog())
                    .isEqualTo(COUNT);
            read(next, COUNT, StartPosition.first());
            rig.settle();
            assertThat(received(next, COUNT))
                    .isEqualTo(IntStream.range(0, COUNT).mapToObj(Long::valueOf).toList());
        }
    }

    @Test
    void shouldReadWhatOnlySegmentsHold() throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given
            TestSession session = rig.sessionOn(0);
            publish(rig, session, TopicSettings.DEFAULT);
            rig.flush();
            rig.settle();

            // When
            read(session, COUNT, new StartPosition.AtOffset(100));
            rig.settle();

            // Then
            assertThat(received(session, COUNT - 100))
                    .isEqualTo(
                            IntStream.range(100, COUNT).mapToObj(Long::valueOf).toList());
        }
    }

    @Test
    void shouldHoldBackNoRetention() throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = publish(rig, session, TopicSettings.DEFAULT.with(TopicSettings.RETENTION_TIME, DAY));
            session.acknowledge(false);
            read(session, 1, StartPosition.first());
            rig.settle();

            // When
            rig.passTime(2 * DAY);
            rig.flush();
            rig.settle();

            // Then
            assertThat(session.call(() -> session.link().describe(topic))
                            .partitions()
                            .get(0)
                            .logStart())
                    .isEqualTo(COUNT);
        }
    }
}
