package dev.recado.broker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.core.message.Browsed;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.TestNode;
import dev.recado.node.TestSession;
import dev.recado.shard.ShardProbe;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What BROWSE finds, and how much of it at a time. */
@Timeout(60)
class BrowseQueueTest {

    @TempDir
    Path directory;

    @Test
    void shouldStopAtOneMebibyteOverAllPartitions() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("wide", NodeRig.log(4, 0, Overflow.BLOCK));
            session.publish(topic, 16, "x".repeat(200_000));
            await().until(() -> session.confirmed.get() == 16);

            // When
            List<Browsed> found = session.call(() -> session.link().browse(topic, StartPosition.first(), 1_000));

            // Then
            assertThat(found).hasSize(6);
            assertThat(found.get(0).partitionIndex()).isZero();
            assertThat(found.get(5).partitionIndex()).isEqualTo(1);
        }
    }

    @Test
    void shouldAnswerManyThatAskAtOnce() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession publisher = rig.sessionOn(0);
            Topic topic = publisher.create("t", TopicSettings.DEFAULT);
            publisher.publish(topic, 100, "m");
            await().until(() -> publisher.confirmed.get() == 100);

            // When
            List<Future<List<Browsed>>> asked = new CopyOnWriteArrayList<>();
            for (int i = 0; i < 20; i++) {
                TestSession each = rig.sessionOn(i % 2);
                each.run(() -> asked.add(each.link().browse(topic, StartPosition.first(), 50)));
            }

            // Then
            for (Future<List<Browsed>> each : asked) {
                assertThat(TestNode.await(each)).hasSize(50);
            }
        }
    }

    @Test
    void shouldNotSearchForSessionsThatAreGone() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given a search that takes long, and others behind it
            TestSession publisher = rig.sessionOn(0);
            Topic topic = publisher.create("t", TopicSettings.DEFAULT);
            publisher.publish(topic, 100, "m");
            await().until(() -> publisher.confirmed.get() == 100);
            rig.settle();
            int elsewhere = 1 - rig.homeOf(topic);
            List<TestSession> gone = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                gone.add(rig.sessionOn(elsewhere));
            }
            TestSession patient = rig.sessionOn(elsewhere);
            CountDownLatch held = new CountDownLatch(1);
            rig.shardOf(topic).loop().execute(() -> awaitQuietly(held));
            List<Future<List<Browsed>>> asked = new CopyOnWriteArrayList<>();
            for (TestSession each : gone) {
                each.run(() -> asked.add(each.link().browse(topic, StartPosition.first(), 50)));
            }
            patient.run(() -> asked.add(patient.link().browse(topic, StartPosition.first(), 5)));

            // When
            for (TestSession each : gone) {
                each.run(() -> each.link().close());
            }

            // Then
            List<Boolean> ended =
                    asked.subList(1, 20).stream().map(Future::failed).toList();
            held.countDown();
            assertThat(ended).containsOnly(true);
            assertThat(TestNode.await(asked.get(20))).hasSize(5);
            assertThat(TestNode.await(asked.get(0))).isEmpty();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void shouldReadALargeMessageOnceForAllWhoHoldIt() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("t", TopicSettings.DEFAULT);
            session.publish(topic, 1, "x".repeat(3_000_000));
            session.publish(topic, 3, "y".repeat(1_000_000));
            await().until(() -> session.confirmed.get() == 4);
            await().until(() -> rig.node().owners().stream()
                    .flatMap(shard -> shard.partitions().stream())
                    .filter(owner -> owner.topic().id() == topic.id())
                    .allMatch(owner -> ShardProbe.isTailEmpty(owner)));

            // When
            List<Browsed> found = new ArrayList<>();
            Set<Integer> arrays = new HashSet<>();
            for (int i = 0; i < 5; i++) {
                found.addAll(session.call(() -> session.link().browse(topic, StartPosition.first(), 1)));
            }
            found.forEach(one -> arrays.add(System.identityHashCode(one.run().bytes())));

            // Then
            assertThat(found).hasSize(5);
            assertThat(arrays).hasSize(1);
        }
    }
}
