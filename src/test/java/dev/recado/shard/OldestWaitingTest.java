package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.TestSession;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When the oldest message was published that a group has not finished, and how many come a second. */
@Timeout(60)
class OldestWaitingTest {

    @TempDir
    Path directory;

    @Test
    void shouldCountTheFirstMessagesOfATopicInItsRate() throws Exception {
        // Given
        try (NodeRig rig = NodeRig.start(directory)) {
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("orders", TopicSettings.DEFAULT);

            // When
            session.publish(topic, 10, "first");
            rig.settle();
            rig.passTime(5_000);

            // Then
            assertThat(session.call(() -> session.link().describe(topic)).ratePerSecond())
                    .isBetween(0.5, 2.0);
        }
    }

    @Test
    void shouldTellTheOldestOfEachGroupInMemoryAndOnDisk() throws Exception {
        // Given
        NodeRig rig = NodeRig.start(directory);
        TestSession session = rig.sessionOn(0);
        Topic topic = session.create("orders", TopicSettings.DEFAULT);
        session.acknowledge(false);
        session.subscribe("orders", "slow", 1, StartPosition.first());
        TestSession fast = rig.sessionOn(0);
        session.publish(topic, 1, "old");
        await().until(() -> session.received.size() == 1);
        long oldMs = session.publishTimesMs.get(0);
        rig.passTime(5_000);
        fast.subscribe("orders", "fast", 100, StartPosition.first());
        session.publish(topic, 9, "new");
        await().until(() -> fast.received.size() == 10);
        rig.settle();

        // When
        TopicFigures inMemory = session.call(() -> session.link().describe(topic));
        rig.close();

        // Then
        assertThat(inMemory.groups()).extracting(group -> group.group().name()).containsExactly("fast", "slow");
        assertThat(inMemory.groups())
                .extracting(TopicFigures.GroupFigures::oldestMs)
                .containsExactly(-1L, oldMs);
        assertThat(inMemory.ratePerSecond()).isPositive();
        try (NodeRig again = NodeRig.start(directory)) {
            TestSession after = again.sessionOn(0);
            TopicFigures onDisk = after.call(() -> after.link().describe(after.topic("orders")));
            assertThat(onDisk.groups().get(1).oldestMs()).isEqualTo(oldMs);
            assertThat(onDisk.ratePerSecond()).isZero();
        }
    }

    @Test
    void shouldNotCountAFinishedMessageBeforeIt() throws Exception {
        // Given
        NodeRig rig = NodeRig.start(directory);
        TestSession session = rig.sessionOn(0);
        Topic topic = session.create("orders", TopicSettings.DEFAULT);
        session.subscribe("orders", "billing", 1, StartPosition.first());
        session.publish(topic, 3, "finished");
        await().until(() -> session.received.size() == 3);
        rig.settle();
        rig.passTime(120_000);
        session.acknowledge(false);
        session.publish(topic, 1, "waits");
        await().until(() -> session.received.size() == 4);
        long waitsSinceMs = session.publishTimesMs.get(3);
        rig.settle();
        rig.close();

        // When
        try (NodeRig again = NodeRig.start(directory)) {
            TestSession after = again.sessionOn(0);
            List<TopicFigures> figures = List.of(
                    after.call(() -> after.link().describe(after.topic("orders"))),
                    after.call(() -> after.link().describe(after.topic("orders"))));

            // Then
            assertThat(figures).allSatisfy(one -> {
                assertThat(one.groups().get(0).oldestMs()).isEqualTo(waitsSinceMs);
                assertThat(one.counts().oldestMs()).isEqualTo(waitsSinceMs);
            });
        }
    }

    @Test
    void shouldTellSinceWhenMessagesWaitForNobody() throws Exception {
        // Given
        NodeRig rig = NodeRig.start(directory);
        TestSession session = rig.sessionOn(0);
        Topic topic = session.create("orders", TopicSettings.DEFAULT);
        session.publish(topic, 2, "waits");
        rig.settle();
        rig.passTime(5_000);
        session.publish(topic, 1, "later");
        rig.settle();

        // When
        TopicFigures inMemory = session.call(() -> session.link().describe(topic));
        long firstMs = session.call(() -> session.link().browse(topic, StartPosition.first(), 1))
                .get(0)
                .run()
                .publishTimeMs();
        rig.close();

        // Then
        assertThat(inMemory.counts().backlog()).isEqualTo(3);
        assertThat(inMemory.counts().oldestMs()).isEqualTo(firstMs);
        try (NodeRig again = NodeRig.start(directory)) {
            TestSession after = again.sessionOn(0);
            TopicFigures onDisk = after.call(() -> after.link().describe(after.topic("orders")));
            assertThat(onDisk.counts().oldestMs()).isEqualTo(firstMs);
        }
    }
}
