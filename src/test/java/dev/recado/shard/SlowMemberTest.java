package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.node.NodeRig;
import dev.recado.node.TestSession;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SlowMemberTest {

    private static final int BYTES = 15 * NodeRig.MIB;
    /** So many fill the share for large messages but for less than one more. */
    private static final int HOGS = 4;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path directory;

    @Test
    void shouldEndWhoDoesNotTakeALargeMessageThoughSomeRoomIsLeft() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession publisher = rig.sessionOn(0);
            Topic topic = topicWith(publisher, "large", HOGS + 1);
            List<TestSession> hogs = hogs(rig, "large");

            // When
            TestSession healthy = rig.sessionOn(0);
            healthy.subscribe("large", "g", 1, StartPosition.first());

            // Then
            assertThat(topic.partitionCount()).isEqualTo(1);
            awaitDelivery(rig, healthy);
            assertThat(hogs).anyMatch(hog -> hog.answers.contains("ended slow"));
        }
    }

    @Test
    void shouldEndWhoDoesNotTakeALargeMessageThatAnotherLoopWaitsFor() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession publisher = rig.sessionOn(0);
            Topic held = topicWith(publisher, "large", HOGS);
            String elsewhere = "";
            for (int i = 0; elsewhere.isEmpty(); i++) {
                Topic other = topicWith(publisher, "other" + i, 1);
                elsewhere = rig.homeOf(other) == rig.homeOf(held) ? "" : "other" + i;
            }
            List<TestSession> hogs = hogs(rig, "large");

            // When
            TestSession healthy = rig.sessionOn(0);
            healthy.subscribe(elsewhere, "g", 1, StartPosition.first());

            // Then
            awaitDelivery(rig, healthy);
            assertThat(hogs).anyMatch(hog -> hog.answers.contains("ended slow"));
        }
    }

    /** They read alone, each from a message of its own, and what they were handed is theirs though they cease. */
    @Test
    void shouldEndReadersThatHaveCeasedAndDoNotTakeALargeMessage() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession publisher = rig.sessionOn(0);
            Topic topic = topicWith(publisher, "large", HOGS + 1);
            List<TestSession> hogs = new ArrayList<>();
            for (int i = 0; i < HOGS; i++) {
                TestSession hog = rig.sessionOn(i % 2);
                hog.takesDeliveries(false);
                SubscriptionLink reading = read(hog, i);
                await().until(() -> hog.received.size() == 1);
                hog.call(reading::cease);
                hogs.add(hog);
            }

            // When
            TestSession healthy = rig.sessionOn(0);
            read(healthy, HOGS);

            // Then
            awaitDelivery(rig, healthy);
            List<TestSession> ended = hogs.stream()
                    .filter(hog -> hog.answers.contains("ended slow"))
                    .toList();
            assertThat(ended).isNotEmpty();
            int readers = NodeRig.ask(rig.shardOf(topic).loop(), () -> ShardProbe.groups(
                            rig.shardOf(topic).existing(topic.partition(0).id()))
                    .size());
            assertThat(readers).isEqualTo(2 + HOGS - ended.size());
            assertThat(rig.failures()).isEmpty();
        }
    }

    private static SubscriptionLink read(TestSession session, long offset) throws Exception {
        session.acknowledge(false);
        StartPosition from = new StartPosition.AtOffset(offset);
        SubscribeSpec spec = new SubscribeSpec(SubscribeSpec.Kind.READER, "large", null, null, 1, from);
        return session.call(() -> session.link().subscribe(spec));
    }

    private static Topic topicWith(TestSession publisher, String name, int messages) throws Exception {
        Topic topic = publisher.create(name, NodeRig.log(1, 0, Overflow.BLOCK));
        publisher.createGroup(topic, "g", patient());
        byte[] payload = new byte[BYTES];
        long before = publisher.confirmed.get();
        for (int i = 0; i < messages; i++) {
            int ticket = i;
            publisher.run(() -> publisher.link().publish(topic, new Draft().payload(payload, 0, BYTES), ticket));
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> publisher.confirmed.get() == before + messages);
        return topic;
    }

    /** Members that have been handed a message each and do not take it. */
    private static List<TestSession> hogs(NodeRig rig, String topic) throws Exception {
        List<TestSession> hogs = new ArrayList<>();
        for (int i = 0; i < HOGS; i++) {
            TestSession hog = rig.sessionOn(i % 2);
            hog.acknowledge(false);
            hog.takesDeliveries(false);
            hog.subscribe(topic, "g", 1, StartPosition.first());
            hogs.add(hog);
        }
        await().until(() -> hogs.stream().allMatch(hog -> hog.received.size() == 1));
        return hogs;
    }

    private static void awaitDelivery(NodeRig rig, TestSession healthy) {
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            rig.passTime(3_000);
            return !healthy.received.isEmpty();
        });
    }

    /** No lease ends meanwhile. */
    private static GroupSettings patient() {
        GroupSettings base = GroupSettings.DEFAULT;
        return base.with(GroupSettings.LEASE_MS, 12 * 3_600_000L);
    }
}
