package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.message.EntryType;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.node.NodeRig;
import dev.recado.node.TestSession;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Purges, retention and what of them a crash leaves. */
@Timeout(60)
class TrimOrderTest {

    @TempDir
    Path directory;

    @Test
    void shouldDeliverAfterACrashBehindAPurge() throws Exception {
        // Given
        NodeRig rig = NodeRig.start(directory);
        TestSession session = rig.sessionOn(0);
        Topic topic = session.create("q", NodeRig.queue());
        session.publish(topic, 10, "old");
        await().until(() -> session.confirmed.get() == 10);
        session.call(() -> session.link().purge(topic));
        rig.settle();
        rig.crash();

        // When
        try (NodeRig again = NodeRig.start(directory)) {
            TestSession after = again.sessionOn(0);
            after.subscribe("q", "queue", 10, StartPosition.first());
            after.publish(after.topic("q"), 1, "new");

            // Then
            assertThat(after.next()).isEqualTo(new TestSession.Received(10, 1, "new0"));
        }
    }

    @Test
    void shouldDeliverWhatWasHeldAfterACrashBehindAPurgeOfTheRest() throws Exception {
        // Given
        NodeRig rig = NodeRig.start(directory);
        TestSession session = rig.sessionOn(0);
        session.acknowledge(false);
        Topic topic = session.create("q", NodeRig.queue());
        session.publish(topic, 10, "old");
        await().until(() -> session.confirmed.get() == 10);
        session.subscribe("q", "queue", 2, StartPosition.first());
        session.next();
        session.next();
        long purged = session.call(() -> session.link().purgeUnheld(topic));
        rig.crash();

        // When
        try (NodeRig again = NodeRig.start(directory)) {
            TestSession after = again.sessionOn(0);
            after.subscribe("q", "queue", 10, StartPosition.first());
            after.publish(after.topic("q"), 1, "new");

            // Then
            assertThat(purged).isEqualTo(8);
            assertThat(after.next().text()).isEqualTo("old0");
            assertThat(after.next().text()).isEqualTo("old1");
            assertThat(after.next()).isEqualTo(new TestSession.Received(10, 1, "new0"));
        }
    }

    @Test
    void shouldDeliverAfterACrashBehindATrimThatStandsBeforeItsProgress() throws Exception {
        // Given: the order in which earlier builds wrote
        NodeRig rig = NodeRig.start(directory);
        TestSession session = rig.sessionOn(0);
        Topic topic = session.create("q", NodeRig.queue());
        session.publish(topic, 10, "old");
        await().until(() -> session.confirmed.get() == 10);
        NodeRig.ask(rig.shardOf(topic).loop(), () -> {
            ShardOwner shard = rig.shardOf(topic);
            dev.recado.base.ByteWriter body = new dev.recado.base.ByteWriter(16);
            body.putInt(topic.partition(0).id()).putLong(6);
            shard.propose(EntryType.TRIM, body.toByteArray(), Proposed.NOTHING);
            PartitionOwner owner = java.util.Objects.requireNonNull(
                    shard.existing(topic.partition(0).id()));
            owner.groups().all()[0].onLogStart(6);
            return true;
        });
        rig.settle();
        rig.crash();

        // When
        try (NodeRig again = NodeRig.start(directory)) {
            TestSession after = again.sessionOn(0);
            after.subscribe("q", "queue", 10, StartPosition.first());

            // Then
            for (int offset = 6; offset < 10; offset++) {
                assertThat(after.next()).isEqualTo(new TestSession.Received(offset, 1, "old" + offset));
            }
        }
    }

    @Test
    void shouldAnswerADurableAcknowledgementWhereNoProgressIsKept() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("a.b", NodeRig.memory(0, Overflow.BLOCK));
            session.acknowledge(false);
            SubscriptionLink pattern = session.call(() -> session.link()
                    .subscribe(new SubscribeSpec(
                            SubscribeSpec.Kind.PATTERN, "a.#", null, null, 10, StartPosition.next())));
            SubscriptionLink tap = session.call(() -> session.link()
                    .subscribe(new SubscribeSpec(SubscribeSpec.Kind.TAP, "a.b", null, null, 10, StartPosition.next())));
            SubscriptionLink group = session.subscribe("a.b", "g", 10, StartPosition.next());
            session.publish(topic, 1, "m");
            await().until(() -> session.received.size() == 3);

            // When
            session.run(() -> {
                pattern.ackDurably(0, 0);
                tap.ackDurably(0, 0);
                group.ackDurably(0, 0);
                group.ackDurably(5, 0);
            });

            // Then
            for (int i = 0; i < 4; i++) {
                assertThat(session.nextAnswer()).isEqualTo("acked 0");
            }
        }
    }
}
