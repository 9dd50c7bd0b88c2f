package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.broker.SubscriptionLink;
import dev.recado.broker.session.Loop;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.message.Browsed;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.GroupKind;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicSettings;
import dev.recado.shard.PartitionOwner;
import dev.recado.shard.ShardProbe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is held in memory while somebody does not finish a message. */
@Timeout(60)
class HeldMessageTest {

    private static final int MIB = NodeRig.MIB;
    private static final int LARGE = 200 * 1024;

    @TempDir
    Path directory;

    private NodeRig rig;
    private TestSession publisher;
    private TestSession holder;

    @BeforeEach
    void start() throws Exception {
        rig = NodeRig.start(directory);
        publisher = rig.sessionOn(0);
        holder = rig.sessionOn(1);
        holder.acknowledge(false);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private static TopicSettings settings(TopicKind kind, Durability durability, long limitBytes, Overflow overflow) {
        return NodeRig.settings(kind, durability, 1, 0, limitBytes, overflow, -1);
    }

    private long inMemory(Topic topic) throws Exception {
        Loop loop = rig.node().loops().get(rig.homeOf(topic));
        return NodeRig.ask(
                loop, () -> loop.memory().memoryTopics().bytes() + loop.memory().tailBytes());
    }

    /** The holder has the first message of {@code topic} in hand; a group beside it, if any, takes all others. */
    private SubscriptionLink hold(Topic topic, String group) throws Exception {
        SubscriptionLink held = holder.subscribe(topic.name().name(), group, 1, StartPosition.first());
        publish(topic, 1);
        assertThat(holder.next().offset()).isZero();
        return held;
    }

    /** Publishes messages of one MiB each, waiting for each ten. */
    private void publishMebibytes(Topic topic, int count) throws Exception {
        for (int done = 0; done < count; done += 10) {
            long before = publisher.confirmed.get();
            publisher.run(() -> NodeRig.sendMebibytes(publisher.link(), topic, 10));
            await().until(() -> publisher.confirmed.get() == before + 10);
        }
    }

    private void publish(Topic topic, int count) throws Exception {
        long before = publisher.confirmed.get();
        publisher.publish(topic, count, "m");
        await().until(() -> publisher.confirmed.get() == before + count);
    }

    private void publish(Topic topic, String name, int bytes) throws Exception {
        byte[] payload = Arrays.copyOf((name + " ").getBytes(StandardCharsets.UTF_8), bytes);
        long before = publisher.confirmed.get();
        publisher.run(() -> publisher.link().publish(topic, new Draft().payload(payload, 0, bytes), 0));
        await().until(() -> publisher.confirmed.get() == before + 1);
    }

    private static String nameOf(TestSession.Received message) {
        return message.text().substring(0, message.text().indexOf(' '));
    }

    @Test
    void shouldNotKeepWhatOthersFinishedBehindAHeldMessageOfAMemoryTopic() throws Exception {
        // Given
        Topic topic = publisher.create("ram", NodeRig.memory(0, Overflow.BLOCK));
        SubscriptionLink held = hold(topic, "g");
        TestSession worker = rig.sessionOn(1);
        worker.subscribe("ram", "g", 100, StartPosition.first());

        // When
        publishMebibytes(topic, 50);

        // Then
        await().until(() -> worker.received.size() == 50);
        await().until(() -> inMemory(topic) < 1_000);
        holder.run(() -> held.ack(0, 0, 0));
        await().until(() -> inMemory(topic) == 0);
    }

    @Test
    void shouldRedeliverAHeldMessageOfWhichTheRunIsGone() throws Exception {
        // Given
        Topic topic = publisher.create("ram", NodeRig.memory(0, Overflow.BLOCK));
        SubscriptionLink held = holder.subscribe("ram", "g", 1, StartPosition.first());
        publish(topic, 1_000);
        assertThat(holder.next().text()).isEqualTo("m0");
        TestSession worker = rig.sessionOn(1);
        worker.subscribe("ram", "g", 100, StartPosition.first());
        await().until(() -> worker.received.size() == 999);
        publishMebibytes(topic, 10);
        await().until(() -> worker.received.size() == 1_009);
        await().until(() -> inMemory(topic) < 1_000);

        // When
        worker.received.clear();
        holder.call(held::close);

        // Then
        assertThat(worker.next()).isEqualTo(new TestSession.Received(0, 2, "m0"));
    }

    private void createGroup(Topic topic, String name) throws Exception {
        CatalogChange group = new CatalogChange.CreateGroup(
                topic.uuid(), name, GroupKind.NAMED, GroupSettings.DEFAULT, StartPosition.first(), 0, false);
        publisher.call(() -> publisher.link().change(group));
    }

    private long backlogOf(Topic topic, String group) {
        PartitionOwner owner = rig.shardOf(topic).existing(topic.partition(0).id());
        return Objects.requireNonNull(ShardProbe.group(Objects.requireNonNull(owner), group))
                .backlog();
    }

    @Test
    void shouldShowANewGroupWhatIsStillThere() throws Exception {
        // Given
        Topic topic = publisher.create("ram", NodeRig.memory(0, Overflow.BLOCK));
        hold(topic, "g");
        TestSession worker = rig.sessionOn(1);
        worker.subscribe("ram", "g", 100, StartPosition.first());
        publish(topic, 500);
        publishMebibytes(topic, 10);
        await().until(() -> inMemory(topic) < 1_000);

        // When
        createGroup(topic, "idle");
        rig.settle();
        long idle = NodeRig.ask(rig.shardOf(topic).loop(), () -> backlogOf(topic, "idle"));
        TestSession late = rig.sessionOn(0);
        late.subscribe("ram", "late", 1_000, StartPosition.first());
        publisher.publish(topic, 1, "new");

        // Then
        assertThat(idle).isEqualTo(1);
        assertThat(late.next().text()).isEqualTo("m0");
        assertThat(late.next().text()).isEqualTo("new0");
        List<Browsed> browsed = late.call(() -> late.link().browse(topic, StartPosition.first(), 1_000));
        assertThat(browsed).extracting(Browsed::offset).startsWith(0L);
        assertThat(browsed).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void shouldNotKeepWhatOthersFinishedBehindAHeldMessageOfAQueueOnDisk() throws Exception {
        // Given
        Topic topic = publisher.create("jobs", settings(TopicKind.QUEUE, Durability.OS, 0, Overflow.BLOCK));
        SubscriptionLink held = hold(topic, "queue");
        TestSession worker = rig.sessionOn(1);
        worker.subscribe("jobs", "queue", 100, StartPosition.first());

        // When
        publishMebibytes(topic, 20);

        // Then
        await().until(() -> worker.received.size() == 20);
        await().until(() -> inMemory(topic) < 1_000);
        worker.received.clear();
        holder.call(held::close);
        assertThat(worker.next().text()).isEqualTo("m0");
    }

    @Test
    void shouldKeepLittleBehindAHeldMessageWhereTheOldestAreDropped() throws Exception {
        // Given
        Topic topic =
                publisher.create("latest", settings(TopicKind.LOG, Durability.MEMORY, MIB + 500, Overflow.DROP_OLDEST));
        SubscriptionLink held = hold(topic, "g");

        // When
        publishMebibytes(topic, 50);

        // Then
        await().until(() -> inMemory(topic) < 2 * MIB + 1_000);
        holder.run(() -> {
            held.ack(0, 0, 0);
            held.written(0, MIB);
        });
        assertThat(holder.next().offset()).isEqualTo(50);
    }

    private Topic dropping(String name) throws Exception {
        return publisher.create(name, settings(TopicKind.LOG, Durability.MEMORY, MIB, Overflow.DROP_OLDEST));
    }

    @Test
    void shouldCountBytesAndNotMeanSizes() throws Exception {
        // Given
        Topic topic = dropping("mixed");
        createGroup(topic, "g");

        // When
        for (int i = 0; i < 10; i++) {
            publish(topic, "large" + i, LARGE);
        }
        for (int i = 0; i < 5; i++) {
            publish(topic, "small" + i, 100);
        }

        // Then
        rig.settle();
        holder.acknowledge(true);
        holder.subscribe("mixed", "g", 1_000, StartPosition.first());
        for (int i = 5; i < 10; i++) {
            assertThat(nameOf(holder.next())).isEqualTo("large" + i);
        }
        for (int i = 0; i < 5; i++) {
            assertThat(nameOf(holder.next())).isEqualTo("small" + i);
        }
    }

    @Test
    void shouldKeepTheNewestThoughLeasedOnesUseUpTheLimit() throws Exception {
        // Given
        Topic topic = publisher.create("readings", NodeRig.log(1, 2, Overflow.DROP_OLDEST));
        SubscriptionLink held = holder.subscribe("readings", "slow", 10, StartPosition.first());
        publisher.publish(topic, 2, "r");
        assertThat(holder.next().text()).isEqualTo("r0");
        assertThat(holder.next().text()).isEqualTo("r1");
        holder.call(held::close);
        SubscriptionLink again = holder.subscribe("readings", "slow", 2, StartPosition.first());
        assertThat(holder.next().text()).isEqualTo("r0");
        assertThat(holder.next().text()).isEqualTo("r1");

        // When
        publisher.publish(topic, 4, "new");
        await().until(() -> publisher.confirmed.get() == 6);
        rig.settle();

        // Then
        holder.run(() -> again.ack(0, 0, 1));
        assertThat(holder.next().text()).isEqualTo("new2");
        assertThat(holder.next().text()).isEqualTo("new3");
    }

    @Test
    void shouldNotStopOtherMemoryTopicsWithWhatItKeepsReady() throws Exception {
        // Given
        List<Topic> sameLoop = new ArrayList<>();
        for (int i = 0; sameLoop.size() < 2; i++) {
            Overflow overflow = sameLoop.isEmpty() ? Overflow.DROP_OLDEST : Overflow.REJECT;
            Topic topic = publisher.create("t" + i, NodeRig.memory(0, overflow));
            if (rig.homeOf(topic) == 0) {
                sameLoop.add(topic);
            }
        }
        for (Topic topic : sameLoop) {
            createGroup(topic, "g");
        }

        // When
        publishMebibytes(sameLoop.get(0), 50);
        publishMebibytes(sameLoop.get(1), 20);

        // Then
        assertThat(publisher.refusals).isEmpty();
        assertThat(inMemory(sameLoop.get(0))).isLessThan(33L * MIB);
        holder.acknowledge(true);
        holder.subscribe(sameLoop.get(0).name().name(), "g", 100, StartPosition.first());
        await().until(() ->
                !holder.received.isEmpty() && holder.received.stream().anyMatch(message -> message.offset() == 49));
    }
}
