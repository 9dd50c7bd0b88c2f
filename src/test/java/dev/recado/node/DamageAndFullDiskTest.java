package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import dev.recado.journal.DamagedException;
import dev.recado.journal.NioDisk;
import dev.recado.journal.Repair;
import dev.recado.shard.ShardOwner;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of segments: a full disk, damage, and topics deleted while they are written. */
@Timeout(60)
class DamageAndFullDiskTest {

    @TempDir
    Path directory;

    @Test
    void shouldGoOnWhenSegmentsFindTheDiskFull() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("orders", TopicSettings.DEFAULT);
            rig.disk().topicsFull(true);
            session.publish(topic, 10, "m");
            await().until(() -> session.confirmed.get() == 10);
            rig.flush();
            await().until(() -> rig.disk().refusedWrites() >= 3);

            // When
            rig.disk().topicsFull(false);

            // Then
            await().until(() -> rig.node().segments().behindBytes() == 0);
            assertThat(rig.failures()).isEmpty();
        }
    }

    @Test
    void shouldTellAConsumerOfADamagedSegment() throws Exception {
        // Given
        storeAndDamage();
        try (NodeRig rig = NodeRig.start(directory)) {
            TestSession session = rig.sessionOn(0);

            // When
            session.subscribe("orders", "g", 10, StartPosition.first());

            // Then
            assertThat(session.nextAnswer()).isEqualTo("ended damaged");
            assertThat(session.received).allMatch(message -> message.text().equals("m" + message.offset()));
            assertThatThrownBy(() -> session.subscribe("orders", "g", 10, StartPosition.first()))
                    .hasMessageContaining("topic=orders run recado repair");
            assertThat(rig.failures()).isEmpty();
        }
    }

    @Test
    void shouldTellADirectoryInThePlaceOfASegmentAtOnce() throws Exception {
        // Given
        store();
        try (NodeRig rig = NodeRig.start(directory)) {
            for (Path file : filesBelow(directory.resolve("topics"))) {
                Files.delete(file);
                Files.createDirectory(file);
            }
            TestSession session = rig.sessionOn(0);

            // When
            session.subscribe("orders", "g", 10, StartPosition.first());

            // Then
            assertThat(session.nextAnswer()).isEqualTo("ended damaged");
            assertThat(rig.failures()).isEmpty();
        }
    }

    @Test
    void shouldRepairADirectoryInThePlaceOfASegment() throws Exception {
        // Given
        store();
        for (Path file : filesBelow(directory.resolve("topics"))) {
            Files.delete(file);
            Files.writeString(Files.createDirectory(file).resolve("theirs"), "precious");
        }

        // When
        List<DamagedException> damages =
                Repair.mendSegments(new NioDisk(directory)).damages();

        // Then
        assertThat(damages).hasSize(1);
        assertThat(filesBelow(directory.resolve("damaged"))).hasSize(1).allSatisfy(file -> assertThat(file)
                .hasContent("precious"));
        assertThat(Inspection.look(new NioDisk(directory), 8).damages()).isEmpty();
    }

    @Test
    void shouldNotStopTheBrokerBecauseRetentionMeetsDamage() throws Exception {
        // Given
        storeAndDamage();

        // When
        try (NodeRig rig = NodeRig.start(directory)) {
            TestSession session = rig.sessionOn(0);
            Topic topic = session.topic("orders");
            ShardOwner shard = rig.shardOf(topic);
            int partition = topic.partition(0).id();
            await().until(() -> NodeRig.ask(shard.loop(), () -> Objects.requireNonNull(shard.existing(partition))
                    .damaged()));

            // Then
            session.publish(topic, 1, "later");
            await().until(() -> session.confirmed.get() == 1);
            assertThat(rig.failures()).isEmpty();
        }
    }

    private void store() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("orders", TopicSettings.DEFAULT);
            session.publish(topic, 1000, "m");
            await().until(() -> session.confirmed.get() == 1000);
        }
    }

    private void storeAndDamage() throws Exception {
        store();
        for (Path file : filesBelow(directory.resolve("topics"))) {
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 0x55;
            Files.write(file, bytes);
        }
    }

    private static List<Path> filesBelow(Path root) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void shouldSurviveTheDeletionOfATopicThatIsBeingTrimmed() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession session = rig.sessionOn(0);
            TestSession other = rig.sessionOn(1);

            // When
            for (int round = 0; round < 40 && rig.failures().isEmpty(); round++) {
                Topic topic = session.create("t" + round, NodeRig.log(1, 10, Overflow.DROP_OLDEST));
                deleteUnderLoad(session, other, topic);
            }

            // Then
            rig.settle();
            assertThat(rig.failures()).isEmpty();
        }
    }

    @Test
    void shouldGiveBackMemoryOfATopicDeletedUnderLoad() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession session = rig.sessionOn(0);
            TestSession other = rig.sessionOn(1);

            // When
            for (int round = 0; round < 30; round++) {
                deleteUnderLoad(session, other, session.create("t" + round, TopicSettings.DEFAULT));
            }

            // Then
            rig.settle();
            await().until(() ->
                    session.call(() -> session.link().figures()).values().get("bytes_tail_cache") == 0);
        }
    }

    private static void deleteUnderLoad(TestSession session, TestSession publisher, Topic topic) throws Exception {
        Future<?>[] deleting = {Future.succeededFuture()};
        for (int i = 0; i < 30; i++) {
            publisher.publish(topic, 20, "m");
            if (i == 10) {
                session.run(() -> deleting[0] = session.link().change(new CatalogChange.DeleteTopic(topic.uuid())));
            }
        }
        TestNode.await(deleting[0]);
    }
}
