package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.core.message.Draft;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import dev.recado.journal.JournalSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.TestNode;
import dev.recado.node.TestSession;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Publishing: on every loop, in order, counted, and never forgotten where it has to wait. */
@Timeout(60)
class PublishOrderTest {

    private static final int MIB = NodeRig.MIB;

    @TempDir
    Path directory;

    @Test
    void shouldServeSessionsOnLoopsThatAreNoShardsHome() throws Exception {
        try (NodeRig rig = NodeRig.start(directory, 10, new JournalSettings(4 * MIB, 8 * MIB, 16 * MIB))) {
            // Given
            Topic topic = rig.sessionOn(0).create("orders", TopicSettings.DEFAULT);
            TestSession ninth = rig.sessionOn(9);

            // When
            ninth.publish(topic, 1, "m");

            // Then
            await().atMost(Duration.ofSeconds(3)).until(() -> ninth.confirmed.get() == 1);
        }
    }

    @Test
    void shouldCountUnconfirmedBytesBackToZero() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("orders", TopicSettings.DEFAULT);

            // When
            session.run(() -> NodeRig.sendMebibytes(session.link(), topic, 6));
            await().until(() -> session.confirmed.get() == 6);

            // Then
            assertThat(session.call(() -> session.link().figures()).values().get("bytes_unconfirmed"))
                    .isZero();
        }
    }

    @Test
    void shouldResumeEverySessionThatWasPaused() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession first = rig.sessionOn(0);
            TestSession second = rig.sessionOn(0);
            Topic topic = first.create("orders", TopicSettings.DEFAULT);
            boolean[] paused = {false, false};

            // When
            first.run(() -> {
                NodeRig.sendMebibytes(first.link(), topic, 5);
                NodeRig.sendMebibytes(second.link(), topic, 40);
                paused[0] = first.paused();
                paused[1] = second.paused();
            });

            // Then
            assertThat(paused).containsExactly(true, true);
            await().until(() -> first.confirmed.get() == 5 && second.confirmed.get() == 40);
            await().until(() -> !second.paused());
            await("session that nothing is unconfirmed of").until(() -> !first.paused());
        }
    }

    @Test
    void shouldKeepTheOrderOfASessionWhoseRunsWereHeldForATap() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            Topic topic = rig.sessionOn(0).create("news", TopicSettings.DEFAULT);
            TestSession session = rig.sessionOn(rig.homeOf(topic));
            ShardOwner shard = rig.shardOf(topic);
            session.publish(topic, 1, "a");
            await().until(() -> session.confirmed.get() == 1);
            shard.tell(holdUp(topic, 1));
            session.publish(topic, 1, "b");
            rig.settle();
            assertThat(session.confirmed).hasValue(1);

            // When
            session.run(() -> {
                shard.tell(holdUp(topic, -1));
                byte[] payload = {'c'};
                session.link().publish(topic, new Draft().payload(payload, 0, 1), 99);
            });

            // Then
            await().until(() -> session.confirmed.get() == 3);
            session.subscribe("news", "g", 10, StartPosition.first());
            assertThat(session.next().text()
                            + session.next().text()
                            + session.next().text())
                    .isEqualTo("a0b0c");
        }
    }

    @Test
    void shouldWakeAShardThatWaitedForAnotherShardsFlush() throws Exception {
        JournalSettings roomy = new JournalSettings(64 * MIB, 256 * MIB, 512 * MIB);
        try (NodeRig rig = NodeRig.start(directory, 2, roomy)) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic big = session.create("big", TopicSettings.DEFAULT);
            Topic small = onAnotherShard(session, big);
            CompletableFuture<Void> flusherGoesOn = new CompletableFuture<>();
            rig.onFlusher(flusherGoesOn::join);
            session.run(() -> NodeRig.sendMebibytes(session.link(), big, 100));
            await().atMost(Duration.ofSeconds(20)).until(() -> rig.behindBytes() >= 64L * MIB);
            TestSession late = rig.sessionOn(1);
            late.publish(small, 1, "m");
            rig.visitLoops();
            rig.visitLoops();
            assertThat(late.confirmed).hasValue(0);

            // When
            flusherGoesOn.complete(null);

            // Then
            await().atMost(Duration.ofSeconds(20)).until(() -> session.confirmed.get() == 100);
            await().atMost(Duration.ofMillis(500)).until(() -> late.confirmed.get() == 1);
        }
    }

    @Test
    void shouldStopThoughShardsWaitForAnotherShardsFlush() throws Exception {
        JournalSettings roomy = new JournalSettings(64 * MIB, 256 * MIB, 512 * MIB);
        try (NodeRig rig = NodeRig.start(directory, 2, roomy)) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic big = session.create("big", TopicSettings.DEFAULT);
            CompletableFuture<Void> flusherGoesOn = new CompletableFuture<>();
            rig.onFlusher(flusherGoesOn::join);
            session.run(() -> NodeRig.sendMebibytes(session.link(), big, 100));
            await().atMost(Duration.ofSeconds(20)).until(() -> rig.behindBytes() >= 64L * MIB);

            // When
            Future<Void> stopped = rig.beginStop();
            rig.visitLoops();
            flusherGoesOn.complete(null);

            // Then
            TestNode.await(stopped);
            rig.crash();
        }
    }

    private static Topic onAnotherShard(TestSession session, Topic other) throws Exception {
        Topic topic = other;
        for (int i = 0; topic.partition(0).shard() == other.partition(0).shard(); i++) {
            topic = session.create("small" + i, TopicSettings.DEFAULT);
        }
        return topic;
    }

    @Test
    void shouldNotLetLogicalTimeRunBackwards() throws Exception {
        // Given
        long before;
        try (NodeRig rig = NodeRig.start(directory)) {
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("orders", TopicSettings.DEFAULT);
            for (int i = 1; i <= 50; i++) {
                session.publish(topic, 1, "m");
                long wanted = i;
                await().pollInterval(Duration.ofMillis(5)).until(() -> session.confirmed.get() == wanted);
            }
            before = lamportOfLast(session, topic);
        }

        // When
        try (NodeRig rig = NodeRig.start(directory)) {
            TestSession session = rig.sessionOn(0);
            Topic topic = session.topic("orders");
            session.publish(topic, 1, "m");
            await().until(() -> session.confirmed.get() == 1);

            // Then
            assertThat(lamportOfLast(session, topic)).isGreaterThan(before);
        }
    }

    private static long lamportOfLast(TestSession session, Topic topic) throws Exception {
        return session.call(() -> session.link().browse(topic, StartPosition.last(), 1))
                .get(0)
                .run()
                .lamport();
    }

    private static ShardCommand holdUp(Topic topic, int change) {
        return new ShardCommand.ToPartition(topic.partition(0), new PartitionCommand.HoldUp(change));
    }
}
