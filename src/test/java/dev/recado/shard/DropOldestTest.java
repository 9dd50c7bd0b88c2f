package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.GroupKind;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.SimRig;
import dev.recado.node.TestSession;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code overflow=drop-oldest} drops what is above the limit and nothing else. */
@Timeout(60)
class DropOldestTest {

    @TempDir
    Path directory;

    private static void publishBeforeAnybodyReads(NodeRig rig, TestSession session, TopicSettings settings, int count)
            throws Exception {
        Topic topic = session.create("latest", settings);
        session.call(() -> session.link()
                .change(new CatalogChange.CreateGroup(
                        topic.uuid(), "g", GroupKind.NAMED, GroupSettings.DEFAULT, StartPosition.first(), 0, false)));
        session.publish(topic, count, "m");
        await().until(() -> session.confirmed.get() == count);
        rig.settle();
        session.subscribe("latest", "g", 1_000, StartPosition.first());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 11, Integer.MAX_VALUE, 1L << 32, (1L << 32) + 5})
    void shouldDropNothingBelowTheLimit(long limit) throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            TestSession session = rig.sessionOn(0);
            publishBeforeAnybodyReads(rig, session, NodeRig.memory(limit, Overflow.DROP_OLDEST), 10);
            for (int i = 0; i < 10; i++) {
                assertThat(session.next().text()).isEqualTo("m" + i);
            }
        }
    }

    @Test
    void shouldDropTheOldestAboveTheLimit() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            TestSession session = rig.sessionOn(0);
            publishBeforeAnybodyReads(rig, session, NodeRig.log(1, 4, Overflow.DROP_OLDEST), 10);
            for (int i = 6; i < 10; i++) {
                assertThat(session.next().text()).isEqualTo("m" + i);
            }
        }
    }

    @Test
    void shouldCountNothingAsDroppedOfATopicThatWasDeleted() throws Exception {
        // Given what a group had finished is far above the limit, and its topic ends
        NodeRig rig = NodeRig.start(directory);
        TestSession session = rig.sessionOn(0);
        Topic topic = session.create("latest", NodeRig.log(1, 100, Overflow.DROP_OLDEST));
        session.acknowledge(true);
        session.subscribe("latest", "g", 100, StartPosition.first());
        for (int i = 1; i <= 10; i++) {
            int count = 50 * i;
            session.publish(topic, 50, "m");
            await().until(() -> session.received.size() == count);
            rig.settle();
        }
        session.call(() -> session.link().change(new CatalogChange.DeleteTopic(topic.uuid())));
        rig.settle();
        long before = dropped(session);
        rig.crash();

        // When / Then
        try (NodeRig again = NodeRig.start(directory)) {
            again.settle();
            assertThat(before).isZero();
            assertThat(dropped(again.sessionOn(0))).isZero();
        }
    }

    /** Of a loop's memory for such topics as much as makes everybody else wait is in other hands, or no longer. */
    private static void inOtherHands(ShardLoop home, boolean now) {
        home.execute(() -> {
            MemoryShare share = home.memory().memoryTopics();
            long bytes = now ? share.bytesMax() / 2 + 1 : -share.bytesMax() / 2 - 1;
            share.add(true, bytes);
            share.looseInHand(bytes);
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldHandOutWhatItHeldBackOnceOthersHaveSettledAllTheyHadAtOnce(long seed) throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("latest", NodeRig.memory(0, Overflow.DROP_OLDEST));
            ShardLoop home = rig.shardOf(topic).loop();
            inOtherHands(home, true);
            session.subscribe("latest", "g", 10, StartPosition.first());
            session.publish(topic, 3, "m");
            rig.pass(200);
            int early = session.received.size();

            // When nothing happens to this topic any more
            inOtherHands(home, false);
            rig.pass(200);

            // Then
            assertThat(early).isZero();
            assertThat(session.received).hasSize(3);
        }
    }

    private static long dropped(TestSession session) throws Exception {
        return session.call(() -> session.link().figures()).values().get("messages_dropped");
    }
}
