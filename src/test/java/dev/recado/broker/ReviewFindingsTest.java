package dev.recado.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.core.message.Draft;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicSettings;
import dev.recado.journal.JournalSettings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Findings of a review: each fails until its cause is mended. */
@Timeout(60)
class ReviewFindingsTest {

    private static final long MIB = ReviewRig.MIB;

    @TempDir
    Path directory;

    private static TopicSettings settings(Durability durability, int partitions, long limit, Overflow overflow) {
        TopicSettings base = TopicSettings.DEFAULT;
        return new TopicSettings(
                TopicKind.LOG,
                durability,
                partitions,
                base.retentionTimeMs(),
                base.retentionBytes(),
                false,
                limit,
                0,
                base.limitMessageBytes(),
                overflow,
                -1,
                0);
    }

    private static void send(Link link, Topic topic, int bytes, long ticket) {
        byte[] payload = new byte[bytes];
        link.publish(topic, new Draft().payload(payload, 0, bytes), ticket);
    }

    private static int loopOf(ReviewRig rig, Topic topic) {
        return rig.node.homeOf(topic.partition(0).shard()).index();
    }

    private static Topic topicAtHomeOn(ReviewRig rig, TestSession session, int loop) throws Exception {
        for (int i = 0; ; i++) {
            Topic topic = session.create("t" + i, TopicSettings.DEFAULT);
            if (loopOf(rig, topic) == loop) {
                return topic;
            }
        }
    }

    @Test
    void shouldServeSessionsOnLoopsThatAreNoShardsHome() throws Exception {
        try (ReviewRig rig = new ReviewRig(directory, 10, new JournalSettings(4 * MIB, 8 * MIB, 16 * MIB))) {
            Topic topic = rig.sessionOn(0).create("orders", TopicSettings.DEFAULT);
            TestSession ninth = rig.sessionOn(9);
            ninth.publish(topic, 1, "m");
            await().atMost(Duration.ofSeconds(3)).until(() -> ninth.confirmed.get() == 1);
        }
    }

    @Test
    void shouldCountUnconfirmedBytesBackToZero() throws Exception {
        try (ReviewRig rig = ReviewRig.start(directory)) {
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("orders", TopicSettings.DEFAULT);
            session.run(() -> {
                for (int i = 0; i < 6; i++) {
                    send(session.link(), topic, (int) MIB, i);
                }
            });
            await().until(() -> session.confirmed.get() == 6);
            assertThat(session.call(() -> session.link().figures()).values().get("bytes_unconfirmed"))
                    .isZero();
        }
    }

    @Test
    void shouldResumeEverySessionThatWasPaused() throws Exception {
        try (ReviewRig rig = ReviewRig.start(directory)) {
            Topic topic = rig.sessionOn(0).create("orders", TopicSettings.DEFAULT);
            Context context = rig.contextOn(0);
            AtomicBoolean pausedA = new AtomicBoolean();
            AtomicBoolean pausedB = new AtomicBoolean();
            AtomicLong confirmed = new AtomicLong();
            TestNode.onLoop(context, () -> {
                Link a = rig.node.open(port(pausedA, confirmed));
                Link b = rig.node.open(port(pausedB, confirmed));
                for (int i = 0; i < 5; i++) {
                    send(a, topic, (int) MIB, i);
                }
                for (int i = 0; i < 40; i++) {
                    send(b, topic, (int) MIB, i);
                }
                return null;
            });
            assertThat(pausedA.get() && pausedB.get()).isTrue();
            await().until(() -> confirmed.get() == 45);
            Thread.sleep(300);
            assertThat(pausedB).isFalse();
            assertThat(pausedA).as("session that nothing is unconfirmed of").isFalse();
        }
    }

    private static SessionPort port(AtomicBoolean paused, AtomicLong confirmed) {
        return (SessionPort) Proxy.newProxyInstance(
                SessionPort.class.getClassLoader(), new Class<?>[] {SessionPort.class}, (proxy, method, args) -> {
                    if (method.getName().equals("onBackPressure")) {
                        paused.set((Boolean) args[0]);
                    } else if (method.getName().equals("onConfirmed")) {
                        confirmed.addAndGet((Integer) args[1]);
                    }
                    return null;
                });
    }

    @Test
    void shouldSurviveTheDeletionOfATopicThatIsBeingTrimmed() throws Exception {
        try (ReviewRig rig = ReviewRig.start(directory)) {
            TestSession session = rig.sessionOn(0);
            TestSession other = rig.sessionOn(1);
            for (int round = 0; round < 40 && rig.failures.isEmpty(); round++) {
                Topic topic =
                        session.create("t" + round, settings(Durability.FSYNC, 1, 10, Overflow.DROP_OLDEST));
                Future<?>[] deleting = {null};
                for (int i = 0; i < 30; i++) {
                    other.publish(topic, 20, "m");
                    if (i == 10) {
                        session.run(() -> deleting[0] =
                                session.link().change(new CatalogChange.DeleteTopic(topic.uuid())));
                    }
                }
                TestNode.await(deleting[0]);
            }
            Thread.sleep(200);
            assertThat(rig.failures).isEmpty();
        }
    }

    @Test
    void shouldGiveBackMemoryOfATopicDeletedUnderLoad() throws Exception {
        try (ReviewRig rig = ReviewRig.start(directory)) {
            TestSession session = rig.sessionOn(0);
            TestSession other = rig.sessionOn(1);
            for (int round = 0; round < 30; round++) {
                Topic topic = session.create("t" + round, TopicSettings.DEFAULT);
                Future<?>[] deleting = {null};
                for (int i = 0; i < 30; i++) {
                    other.publish(topic, 20, "m");
                    if (i == 10) {
                        session.run(() -> deleting[0] =
                                session.link().change(new CatalogChange.DeleteTopic(topic.uuid())));
                    }
                }
                TestNode.await(deleting[0]);
            }
            Thread.sleep(500);
            assertThat(session.call(() -> session.link().figures()).values().get("bytes_tail_cache"))
                    .isZero();
        }
    }

    @Test
    void shouldFeedATapThatComesWhileTheLoopsLastOneGoes() throws Exception {
        try (ReviewRig rig = ReviewRig.start(directory)) {
            TestSession a = rig.sessionOn(0);
            TestSession b = rig.sessionOn(0);
            Topic topic = a.create("news", TopicSettings.DEFAULT);
            SubscribeSpec tap = new SubscribeSpec(
                    SubscribeSpec.Kind.TAP, "news", null, null, 1, StartPosition.next());
            Subscription first = a.call(() -> a.link().subscribe(tap));
            b.call(() -> {
                Future<Subscription> coming = b.link().subscribe(tap);
                first.close();
                return coming;
            });
            Thread.sleep(100);
            a.publish(topic, 1, "m");
            await().until(() -> a.confirmed.get() == 1);
            assertThat(b.next().text()).isEqualTo("m0");
        }
    }

    @Test
    void shouldKeepTheOrderOfASessionWhoseRunsWereHeldForATap() throws Exception {
        try (ReviewRig rig = ReviewRig.start(directory)) {
            TestSession control = rig.sessionOn(0);
            Topic topic = control.create("news", TopicSettings.DEFAULT);
            TestSession session = rig.sessionOn(loopOf(rig, topic));
            ShardOwner shard = rig.node.shard(topic.partition(0).shard());
            session.publish(topic, 1, "a");
            await().until(() -> session.confirmed.get() == 1);
            shard.submit(() -> shard.existing(topic.partition(0).id()).taps().hold(1));
            session.publish(topic, 1, "b");
            Thread.sleep(100);
            session.run(() -> {
                shard.submit(() -> shard.existing(topic.partition(0).id()).taps().hold(-1));
                byte[] payload = {'c'};
                session.link().publish(topic, new Draft().payload(payload, 0, 1), 99);
            });
            await().until(() -> session.confirmed.get() == 3);
            session.subscribe("news", "g", 10, StartPosition.first());
            assertThat(session.next().text() + session.next().text() + session.next().text())
                    .isEqualTo("a0b0c");
        }
    }

    @Test
    void shouldGoOnWhenSegmentsFindTheDiskFull() throws Exception {
        try (ReviewRig rig = ReviewRig.start(directory)) {
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("orders", TopicSettings.DEFAULT);
            rig.topicsFull = true;
            session.publish(topic, 10, "m");
            await().until(() -> session.confirmed.get() == 10);
            Thread.sleep(2_500);
            rig.topicsFull = false;
            assertThat(rig.failures).isEmpty();
        }
    }

    @Test
    void shouldTellAConsumerOfADamagedSegment() throws Exception {
        try (ReviewRig rig = ReviewRig.start(directory)) {
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("orders", TopicSettings.DEFAULT);
            session.publish(topic, 1000, "m");
            await().until(() -> session.confirmed.get() == 1000);
            rig.stop();
        }
        List<Path> files;
        try (var walk = Files.walk(directory.resolve("topics"))) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 0x55;
            Files.write(file, bytes);
        }
        try (ReviewRig rig = ReviewRig.start(directory)) {
            TestSession session = rig.sessionOn(0);
            session.subscribe("orders", "g", 10, StartPosition.first());
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> !session.received.isEmpty() || !session.answers.isEmpty());
        }
    }

    @Test
    void shouldWakeAShardThatWaitedForAnotherShardsFlush() throws Exception {
        try (ReviewRig rig = new ReviewRig(directory, 2, new JournalSettings(64 * MIB, 256 * MIB, 512 * MIB))) {
            TestSession session = rig.sessionOn(0);
            Topic big = session.create("big", TopicSettings.DEFAULT);
            Topic small = big;
            for (int i = 0; small.partition(0).shard() == big.partition(0).shard(); i++) {
                small = session.create("small" + i, TopicSettings.DEFAULT);
            }
            Topic other = small;
            AtomicBoolean go = new AtomicBoolean();
            rig.node.segments().execute(() -> {
                while (!go.get()) {
                    Thread.onSpinWait();
                    try {
                        Thread.sleep(5);
                    } catch (InterruptedException e) {
                        return;
                    }
                }
            });
            session.run(() -> {
                for (int i = 0; i < 100; i++) {
                    send(session.link(), big, (int) MIB, i);
                }
            });
            await().atMost(Duration.ofSeconds(20)).until(() -> rig.node.segments().behindBytes() >= 64 * MIB);
            TestSession late = rig.sessionOn(1);
            late.publish(other, 1, "m");
            Thread.sleep(300);
            go.set(true);
            await().atMost(Duration.ofSeconds(20)).until(() -> session.confirmed.get() == 100);
            await().atMost(Duration.ofMillis(500)).until(() -> late.confirmed.get() == 1);
        }
    }

    @Test
    void shouldKeepAutomaticGroupsToTheirSize() throws Exception {
        try (ReviewRig rig = ReviewRig.start(directory)) {
            TestSession publisher = rig.sessionOn(1);
            Topic topic = publisher.create("news", TopicSettings.DEFAULT);
            SubscribeSpec spec =
                    new SubscribeSpec(SubscribeSpec.Kind.PULL, "news", null, null, 1, StartPosition.first());
            for (int i = 0; i < 9; i++) {
                TestSession each = rig.sessionOn(0);
                each.call(() -> each.link().subscribe(spec));
            }
            List<TestSession> late = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                late.add(rig.sessionOn(0));
            }
            List<Future<Subscription>> joining = new ArrayList<>();
            for (TestSession each : late) {
                publisher.publish(topic, 50, "m");
                each.run(() -> joining.add(each.link().subscribe(spec)));
            }
            for (Future<Subscription> each : joining) {
                TestNode.await(each);
            }
            TopicFigures figures = publisher.call(() -> publisher.link().describe(topic));
            assertThat(figures.groups()).allMatch(group -> group.members() <= 10);
        }
    }

    @Test
    void shouldKeepAnAnsweredResetOverACrash() throws Exception {
        ReviewRig rig = ReviewRig.start(directory);
        TestSession session = rig.sessionOn(0);
        Topic topic = session.create("orders", TopicSettings.DEFAULT);
        Subscription mine = session.subscribe("orders", "g", 1000, StartPosition.first());
        session.acknowledge(true);
        session.publish(topic, 100, "m");
        await().until(() -> session.received.size() == 100);
        session.call(mine::close);
        // Progress that is older than 10 ms and not yet written rides behind the reset's own entry.
        Thread.sleep(30);
        session.call(() -> session.link()
                .resetGroup(session.topic("orders"), "g", StartPosition.first()));
        rig.crash();
        try (ReviewRig again = ReviewRig.start(directory)) {
            TestSession after = again.sessionOn(0);
            after.subscribe("orders", "g", 1000, StartPosition.first());
            assertThat(after.next().text()).isEqualTo("m0");
        }
    }

    @Test
    void shouldNotLetLogicalTimeRunBackwards() throws Exception {
        long before;
        try (ReviewRig rig = ReviewRig.start(directory)) {
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("orders", TopicSettings.DEFAULT);
            for (int i = 0; i < 50; i++) {
                session.publish(topic, 1, "m");
                long wanted = i + 1;
                await().until(() -> session.confirmed.get() == wanted);
            }
            before = session.call(() -> session.link().browse(topic, StartPosition.last(), 1))
                    .get(0)
                    .run()
                    .lamport();
            rig.stop();
        }
        try (ReviewRig rig = ReviewRig.start(directory)) {
            TestSession session = rig.sessionOn(0);
            Topic topic = session.topic("orders");
            session.publish(topic, 1, "m");
            await().until(() -> session.confirmed.get() == 1);
            assertThat(session.call(() -> session.link().browse(topic, StartPosition.last(), 1))
                            .get(0)
                            .run()
                            .lamport())
                    .isGreaterThan(before);
        }
    }

    @Test
    void shouldNotShowPatternSubscribersWhatWasRefused() throws Exception {
        try (ReviewRig rig = ReviewRig.start(directory)) {
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("small", settings(Durability.FSYNC, 1, 10, Overflow.REJECT));
            TestSession other = rig.sessionOn(0);
            other.call(() -> other.link()
                    .subscribe(new SubscribeSpec(
                            SubscribeSpec.Kind.PATTERN, "#", null, null, 1000, StartPosition.next())));
            session.publish(topic, 15, "m");
            await().until(() -> session.refusals.size() == 5);
            Thread.sleep(300);
            assertThat(other.received).hasSize(10);
        }
    }

    @Test
    void shouldForgetParkedPublishesOfASessionThatIsGone() throws Exception {
        try (ReviewRig rig = ReviewRig.start(directory)) {
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("small", settings(Durability.FSYNC, 1, 1, Overflow.BLOCK));
            session.call(() -> session.link()
                    .change(new CatalogChange.CreateGroup(
                            topic.uuid(),
                            "g",
                            dev.recado.core.topic.GroupKind.NAMED,
                            dev.recado.core.group.GroupSettings.DEFAULT,
                            StartPosition.first(),
                            0,
                            false)));
            session.publish(topic, 1, "full");
            await().until(() -> session.confirmed.get() == 1);
            TestSession dying = rig.sessionOn(1);
            byte[] payload = "once".getBytes(java.nio.charset.StandardCharsets.UTF_8);
            Draft draft = new Draft().payload(payload, 0, payload.length);
            dying.run(() -> {
                dying.link().publishNumbered(topic, draft, 1, "p", 7);
                dying.link().close();
            });
            Thread.sleep(100);
            TestSession again = rig.sessionOn(1);
            again.call(() -> again.link().producer("p", 0));
            again.run(() -> again.link().publishNumbered(topic, draft, 1, "p", 7));
            Thread.sleep(100);
            TestSession consumer = rig.sessionOn(0);
            consumer.subscribe("small", "g", 10, StartPosition.first());
            await().until(() -> again.confirmed.get() == 1);
            Thread.sleep(500);
            assertThat(consumer.received.stream().filter(each -> each.text().equals("once")))
                    .hasSize(1);
        }
    }

    @Test
    void shouldForgetTheIdOfASessionThatDiedWhileJoining() throws Exception {
        try (ReviewRig rig = ReviewRig.start(directory)) {
            TestSession session = rig.sessionOn(0);
            session.create("news", TopicSettings.DEFAULT);
            SubscribeSpec spec =
                    new SubscribeSpec(SubscribeSpec.Kind.PULL, "news", null, null, 1, StartPosition.first());
            for (int i = 0; i < 20; i++) {
                TestSession dying = rig.sessionOn(1);
                dying.run(() -> {
                    dying.link().subscribe(spec);
                    dying.link().close();
                });
            }
            Thread.sleep(500);
            var holders = Registry.class.getDeclaredField("holders");
            holders.setAccessible(true);
            assertThat((java.util.Map<?, ?>) holders.get(rig.node.registry())).isEmpty();
        }
    }

    @Test
    void shouldNotReviveAGroupThatIsDeletedWhileSomebodyJoins() throws Exception {
        try (ReviewRig rig = ReviewRig.start(directory)) {
            TestSession session = rig.sessionOn(0);
            TestSession other = rig.sessionOn(1);
            Topic topic = session.create("wide", settings(Durability.FSYNC, 64, 0, Overflow.BLOCK));
            session.publish(topic, 640, "m");
            await().until(() -> session.confirmed.get() == 640);
            for (int round = 0; round < 10; round++) {
                TestSession each = rig.sessionOn(1);
                session.subscribe("wide", "g" + round, 100, StartPosition.first()).close();
                Topic now = session.topic("wide");
                String name = "g" + round;
                Future<?>[] joining = {null};
                other.publish(topic, 640, "x");
                each.run(() -> joining[0] = each.link()
                        .subscribe(new SubscribeSpec(
                                SubscribeSpec.Kind.GROUP, "wide", name, null, 100, StartPosition.first())));
                session.call(() -> session.link()
                        .change(new CatalogChange.DeleteGroup(now.group(name).id())));
                try {
                    TestNode.await(joining[0]);
                } catch (java.util.concurrent.ExecutionException refused) {
                    continue;
                }
            }
            Thread.sleep(300);
            assertThat(session.call(() -> session.link().describe(session.topic("wide"))).groups())
                    .isEmpty();
        }
    }

    @Test
    void shouldNotFailWhileItStopsUnderLoad() throws Exception {
        for (int round = 0; round < 6; round++) {
            Path own = directory.resolve("n" + round);
            Files.createDirectories(own);
            ReviewRig rig = ReviewRig.start(own);
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("orders", TopicSettings.DEFAULT);
            Subscription mine = session.subscribe("orders", "g", 100_000, StartPosition.first());
            session.acknowledge(false);
            session.publish(topic, 2_000, "m");
            await().until(() -> session.received.size() >= 2_000);
            Future<Void> stopping = rig.start.stop();
            AtomicLong next = new AtomicLong();
            while (!stopping.isComplete()) {
                session.run(() -> mine.ack(0, next.get(), next.getAndIncrement()));
            }
            for (int i = 0; i < 40; i++) {
                session.run(() -> mine.ack(0, next.get(), next.getAndIncrement()));
                Thread.sleep(10);
            }
            assertThat(rig.failures).as("round " + round).isEmpty();
            rig.crash();
        }
    }

    @Test
    void shouldNotStopTheBrokerBecauseRetentionMeetsDamage() throws Exception {
        try (ReviewRig rig = ReviewRig.start(directory)) {
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("orders", TopicSettings.DEFAULT);
            session.publish(topic, 1000, "m");
            await().until(() -> session.confirmed.get() == 1000);
            rig.stop();
        }
        List<Path> files;
        try (var walk = Files.walk(directory.resolve("topics"))) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 0x55;
            Files.write(file, bytes);
        }
        try (ReviewRig rig = ReviewRig.start(directory)) {
            Thread.sleep(7_000);
            assertThat(rig.failures).isEmpty();
        }
    }

    @Test
    void shouldBeginAGroupWhereItWasAnsweredOverACrash() throws Exception {
        Path copy = directory.resolve("copy");
        Path own = Files.createDirectories(directory.resolve("own"));
        try (ReviewRig rig = ReviewRig.start(own)) {
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("orders", TopicSettings.DEFAULT);
            session.publish(topic, 3, "old");
            await().until(() -> session.confirmed.get() == 3);
            Thread.sleep(1_000);
            rig.journalWrites.set(1);
            session.call(() -> session.link()
                    .change(new CatalogChange.CreateGroup(
                            topic.uuid(),
                            "g",
                            dev.recado.core.topic.GroupKind.NAMED,
                            dev.recado.core.group.GroupSettings.DEFAULT,
                            StartPosition.next(),
                            0,
                            false)));
            // Power fails here: what is on disk now is what the next start finds.
            try (var walk = Files.walk(own)) {
                for (Path from : walk.toList()) {
                    Files.copy(from, copy.resolve(own.relativize(from).toString()));
                }
            }
            rig.journalWrites.set(-1);
        }
        try (ReviewRig again = ReviewRig.start(copy)) {
            TestSession session = again.sessionOn(0);
            session.publish(session.topic("orders"), 5, "new");
            await().until(() -> session.confirmed.get() == 5);
            session.subscribe("orders", "g", 10, StartPosition.next());
            assertThat(session.next().text()).isEqualTo("new0");
        }
    }
}
