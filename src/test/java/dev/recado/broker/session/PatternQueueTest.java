package dev.recado.broker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.base.TimeSource;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.Node;
import dev.recado.node.NodeRig;
import dev.recado.node.TestSession;
import dev.recado.shard.LoopMemory;
import dev.recado.shard.PatternBlock;
import dev.recado.shard.PublishesUnderWay;
import dev.recado.shard.ShardOwner;
import dev.recado.shard.ShardProbe;
import io.netty.channel.DefaultEventLoop;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What pattern subscriptions that do not read cost, and whom. */
@Timeout(60)
class PatternQueueTest {

    private static final int MIB = NodeRig.MIB;

    @TempDir
    Path directory;

    private NodeRig rig;
    private TestSession publisher;

    @BeforeEach
    void start() throws Exception {
        rig = NodeRig.start(directory);
        publisher = rig.sessionOn(0);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private TestSession unread(int loop) throws Exception {
        TestSession session = rig.sessionOn(loop);
        session.acknowledge(false);
        session.takesDeliveries(false);
        return session;
    }

    private static SubscriptionLink subscribe(TestSession session, String pattern) throws Exception {
        return session.call(() -> session.link()
                .subscribe(new SubscribeSpec(
                        SubscribeSpec.Kind.PATTERN, pattern, null, null, 10_000, StartPosition.next())));
    }

    private long memoryTopics(int loop) throws Exception {
        Loop home = rig.loops().get(loop);
        return NodeRig.ask(home, () -> home.memory().memoryTopics().bytes());
    }

    private void publishMebibytes(Topic topic, int count) throws Exception {
        for (int done = 0; done < count; done += 10) {
            long before = publisher.confirmed.get();
            publisher.run(() -> NodeRig.sendMebibytes(publisher.link(), topic, 10));
            await().until(() -> publisher.confirmed.get() == before + 10);
        }
    }

    private void publish(Topic topic, int count, String prefix) throws Exception {
        long before = publisher.confirmed.get();
        publisher.publish(topic, count, prefix);
        await().until(() -> publisher.confirmed.get() == before + count);
    }

    /** A topic of durability memory at home on that loop; nobody is on it, so that it holds nothing itself. */
    private Topic topicOn(int loop, String prefix) throws Exception {
        for (int i = 0; ; i++) {
            Topic topic = publisher.create(prefix + i, NodeRig.memory(0, Overflow.BLOCK));
            if (rig.homeOf(topic) == loop) {
                return topic;
            }
        }
    }

    @Test
    void shouldHoldNoMoreThanItsBoundForOneThatDoesNotRead() throws Exception {
        // Given
        TestSession session = unread(1);
        SubscriptionLink subscription = subscribe(session, "#");
        List<Topic> topics = List.of(topicOn(0, "a"), topicOn(1, "b"));

        // When
        for (int round = 0; round < 3; round++) {
            for (Topic topic : topics) {
                publishMebibytes(topic, 10);
                publish(topic, 100, "small" + round + ".");
            }
        }
        rig.settle();

        // Then
        assertThat(memoryTopics(0) + memoryTopics(1)).isLessThan(10L * MIB);
        long dropped = session.call(() -> session.link().figures()).values().get("messages_dropped");
        assertThat(dropped).isPositive();
        session.acknowledge(true);
        session.takesDeliveries(true);
        session.received.clear();
        session.run(() -> {
            subscription.ack(0, 0, 100_000);
            subscription.written(0, 1L << 40);
        });
        await().until(() ->
                session.received.stream().anyMatch(message -> message.text().equals("small2.99")));
        assertThat(session.received)
                .extracting(TestSession.Received::offset)
                .isSorted()
                .doesNotHaveDuplicates();
        await().until(() -> memoryTopics(0) + memoryTopics(1) == 0);
    }

    @Test
    void shouldGiveBackEverythingWhenItsSessionHasGone() throws Exception {
        // Given
        TestSession session = unread(1);
        subscribe(session, "#");
        publishMebibytes(topicOn(0, "a"), 10);
        await().until(() -> memoryTopics(1) > MIB);

        // When
        session.run(() -> session.link().close());

        // Then
        await().until(() -> memoryTopics(1) == 0);
        assertThat(rig.loops().get(1).patternMail().bytes()).isZero();
    }

    @Test
    void shouldCopyOnceForAllQueuesOfALoop() throws Exception {
        // Given
        for (int i = 0; i < 50; i++) {
            subscribe(unread(1), "#");
        }
        Topic topic = topicOn(0, "a");

        // When
        publish(topic, 20_000, "a message of some length ");
        rig.settle();

        // Then
        assertThat(memoryTopics(1)).isBetween(200_000L, 4L * MIB);
    }

    @Test
    void shouldStopNeitherPublishersNorSmallQueuesWithManyThatDoNotRead() throws Exception {
        // Given
        TestSession small = unread(1);
        subscribe(small, "small");
        List<Topic> hogged = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            hogged.add(publisher.create("hog" + i, NodeRig.memory(0, Overflow.REJECT)));
            subscribe(unread(1), "hog" + i);
        }
        Topic quiet = publisher.create("small", TopicSettings.DEFAULT);
        publish(quiet, 20, "small");

        // When
        for (Topic topic : hogged) {
            publishMebibytes(topic, 10);
        }
        Topic firm = topicOn(1, "firm");
        TestSession consumer = unread(0);
        consumer.subscribe(firm.name().name(), "g", 1, StartPosition.first());
        publishMebibytes(firm, 20);
        rig.settle();

        // Then
        assertThat(publisher.refusals).isEmpty();
        assertThat(memoryTopics(1)).isLessThan(33L * MIB);
        for (int i = 0; i < 20; i++) {
            assertThat(small.next().text()).isEqualTo("small" + i);
        }
    }

    /** As one that does not take a large message while others wait for the memory. */
    @Test
    void shouldLeaveNothingOfASubscriptionThatTheBrokerEnds() throws Exception {
        // Given
        Topic topic = publisher.create("a.b", TopicSettings.DEFAULT);
        TestSession session = unread(1);
        subscribe(session, "a.#");
        ShardOwner shard = rig.node().owner(Node.MEMORY_SHARD - 1);
        publish(topic, 3, "m");
        await().until(() -> memoryTopics(1) > 0);

        // When
        NodeRig.ask(rig.loops().get(1), () -> {
            shard.partitions().forEach(queue -> ShardProbe.endMembers(queue, "slow"));
            return true;
        });

        // Then
        publish(topic, 3, "m");
        rig.settle();
        assertThat(memoryTopics(1)).isZero();
        assertThat(NodeRig.ask(rig.loops().get(1), () -> shard.partitions().size()))
                .isZero();
    }

    @Test
    void shouldDropTheOldestOnTheWayToALoopThatDoesNotCome() throws Exception {
        // Given
        DefaultEventLoop netty = new DefaultEventLoop();
        Loop loop = new Loop(
                0,
                NodeRig.turns(netty),
                new Pressure(1),
                new LoopMemory(1, 1, 1),
                new TapShare(1),
                new PublishesUnderWay(TimeSource.system()),
                failure -> {});
        CountDownLatch busy = new CountDownLatch(1);
        netty.execute(() -> awaitLatch(busy));
        LoopCounters sender = new LoopCounters();

        // When
        for (int i = 0; i < 100; i++) {
            PatternBlock block = new PatternBlock(new byte[1_000], 1_000, 3, 0, 0);
            loop.patternMail().send(block, new BoundPattern[2], 4_500, sender);
        }

        // Then
        assertThat(loop.patternMail().bytes()).isEqualTo(4_000);
        assertThat(sender.dropped).isEqualTo(96 * 3 * 2);
        busy.countDown();
        netty.shutdownGracefully();
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
