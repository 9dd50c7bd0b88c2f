package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.base.ErrorCode;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the mark of the heap does to publishers and to consumers. */
@Timeout(60)
class MemoryLowTest {

    @TempDir
    Path directory;

    private static long memoryLow(TestSession session) throws Exception {
        return session.call(() -> session.link().figures()).values().getOrDefault("memory_low", -1L);
    }

    @Test
    void shouldRefusePublishersAndServeConsumersAboveTheMark() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("news", TopicSettings.DEFAULT);
            session.publish(topic, 3, "before");
            await().until(() -> session.confirmed.get() == 3);
        }
        try (NodeRig rig = NodeRig.startWithHeapMark(directory, 0)) {
            // Given
            TestSession session = rig.sessionOn(0);
            System.gc();
            await().until(() -> memoryLow(session) == 1);

            // When
            session.publish(session.topic("news"), 2, "refused");
            Topic inMemory = session.create("memory", NodeRig.memory(0, Overflow.BLOCK));
            session.publish(inMemory, 2, "refused");
            session.subscribe("news", "g", 10, StartPosition.first());

            // Then
            for (int i = 0; i < 3; i++) {
                assertThat(session.next().text()).isEqualTo("before" + i);
            }
            await().until(() -> session.refusals.size() == 4);
            assertThat(session.refusals).allMatch(refusal -> refusal.code() == ErrorCode.MEMORY_LOW);
            assertThat(session.confirmed).hasValue(0);
            assertThat(rig.failures()).isEmpty();
        }
    }

    @Test
    void shouldTakePublishersAgainBelowTheMark() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("news", TopicSettings.DEFAULT);

            // When
            rig.node().memoryLow(true);
            await().until(() -> memoryLow(session) == 0);
            session.publish(topic, 1, "m");

            // Then
            await().until(() -> session.confirmed.get() == 1);
            assertThat(session.refusals).isEmpty();
        }
    }
}
