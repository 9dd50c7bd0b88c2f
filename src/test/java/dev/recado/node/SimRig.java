package dev.recado.node;

import dev.recado.broker.Patience;
import dev.recado.broker.session.BrokerSettings;
import dev.recado.broker.session.Loop;
import dev.recado.broker.session.LoopBroker;
import dev.recado.core.topic.Topic;
import dev.recado.journal.SegmentSettings;
import dev.recado.journal.SimDisk;
import dev.recado.shard.ShardOwner;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A simulated node in the place of a {@link NodeRig}: nothing happens beside the test, and that something does not
 * happen is said of a second that has passed whole. With even seeds what sessions and shards say to each other crosses
 * as bytes.
 */
public final class SimRig implements AutoCloseable {

    private static final int SHARDS = 8;
    private static final int HEAP_MARK_NEVER = 100;
    /** Longer than whatever comes of itself: ticks, progress, back-off of a few attempts, retention. */
    private static final long SETTLE_MS = 1_000;

    private static final int SPILL_SEGMENT_BYTES = 256 * 1024;
    private static final long LOOK_MS = 10;
    private static final long UNTIL_MS_MAX = 60_000;

    private final NodeWorld world;
    private boolean runs;

    private SimRig(long seed, BrokerSettings settings, SegmentSettings segments) {
        NodeShape shape = new NodeShape(SHARDS, "recado/sim", settings, NodeRig.SMALL_JOURNAL, segments);
        world = new NodeWorld(seed, seed % 2 == 0, shape);
        restart();
    }

    /** A node that has started. */
    public static SimRig start(long seed) {
        return startWanting(seed, 0);
    }

    /** One on whose disk publishes are refused while less than {@code diskFreeMin} is free. */
    public static SimRig startWanting(long seed, long diskFreeMin) {
        BrokerSettings settings =
                settings(diskFreeMin, TestNode.settings().groups().heldBytesMax());
        return new SimRig(seed, settings, SegmentSettings.defaults());
    }

    /** One with so much memory in which groups keep track of messages. */
    public static SimRig startHolding(long seed, long groupHeldBytesMax) {
        return new SimRig(seed, settings(0, groupHeldBytesMax), SegmentSettings.defaults());
    }

    /** One with segments of {@code segmentBytes}, so that a topic soon has several. */
    public static SimRig startWithSegments(long seed, int segmentBytes) {
        BrokerSettings settings = settings(0, TestNode.settings().groups().heldBytesMax());
        return new SimRig(seed, settings, NodeRig.segments(segmentBytes));
    }

    /** One in which little may wait for segments. */
    public static SimRig startWithCache(long seed, long tailCacheBytes, long diskFreeMin) throws Exception {
        BrokerSettings base = settings(diskFreeMin, TestNode.settings().groups().heldBytesMax());
        List<Object> values = new ArrayList<>();
        List<Class<?>> types = new ArrayList<>();
        for (RecordComponent component : BrokerSettings.class.getRecordComponents()) {
            boolean cache = component.getName().equals("tailCacheBytes");
            values.add(cache ? tailCacheBytes : component.getAccessor().invoke(base));
            types.add(component.getType());
        }
        BrokerSettings settings = BrokerSettings.class
                .getDeclaredConstructor(types.toArray(Class<?>[]::new))
                .newInstance(values.toArray());
        return new SimRig(seed, settings, SegmentSettings.defaults());
    }

    /** One whose loops have so much memory together for topics in memory. */
    public static SimRig startWithMemory(long seed, long memoryTopicBytes, long diskFreeMin) {
        BrokerSettings base = settings(diskFreeMin, TestNode.settings().groups().heldBytesMax());
        BrokerSettings.Storage storage = base.storage();
        BrokerSettings settings = new BrokerSettings(
                base.nodeId(),
                base.eventLoops(),
                base.publishing(),
                base.groups(),
                base.taps(),
                new BrokerSettings.Storage(
                        storage.tailCacheBytes(),
                        memoryTopicBytes,
                        diskFreeMin,
                        storage.heapMarkPercent(),
                        storage.producerExpireAfterMs(),
                        storage.retentionEveryMs()),
                base.defaults());
        return new SimRig(seed, settings, NodeRig.segments(SPILL_SEGMENT_BYTES));
    }

    private static BrokerSettings settings(long diskFreeMin, long groupHeldBytesMax) {
        return NodeRig.settings(NodeWorld.LOOPS, diskFreeMin, groupHeldBytesMax, HEAP_MARK_NEVER);
    }

    /** Starts again on what the disk holds. */
    public void restart() {
        WorldTruth.require(world.start(), "the start");
        runs = true;
    }

    /** The same with a wall clock that is ahead of the true time. */
    public void restartAhead(long wallAheadMs) {
        putWallAhead(wallAheadMs);
        restart();
    }

    /** Puts the wall clock, and it alone, so far ahead of the true time. */
    public void putWallAhead(long ms) {
        world.schedule().putWallAhead(ms);
    }

    /** Ends the process without stopping anything in order. */
    public void crash() {
        world.crash(false);
        runs = false;
    }

    /** Stops in order. */
    public void stop() {
        runs = false;
        world.stop();
    }

    /** Stops in order, unless it has ended. */
    @Override
    public void close() {
        if (runs) {
            stop();
        }
    }

    public Node node() {
        return world.node();
    }

    public SimDisk disk() {
        return world.disk();
    }

    public Loop homeOf(int shard) {
        return node().homeOf(shard);
    }

    /** The number of the loop at home for the topic's first partition. */
    public int homeOf(Topic topic) {
        return homeOf(topic.partition(0).shard()).index();
    }

    public ShardOwner shardOf(Topic topic) {
        return node().owner(topic.partition(0).shard());
    }

    /** Bytes of messages that the loop of a topic keeps in memory. */
    public long inMemory(Topic topic) {
        Loop loop = homeOf(topic.partition(0).shard());
        return loop.memory().memoryTopics().bytes() + loop.memory().tailBytes();
    }

    public LoopBroker sessions() {
        return node().sessions();
    }

    /** The broker is about to end its sessions. */
    public void drain() {
        node().drain();
    }

    public TestSession sessionOn(int loop) {
        return sessionOn(loop, Patience.REFUSE);
    }

    public TestSession sessionOn(int loop, Patience patience) {
        TestSession session = new TestSession(new SimHome(loop));
        world.on(loop, () -> session.open(node().sessions(), patience));
        return session;
    }

    /** A loop of the simulation. */
    private final class SimHome implements TestSession.Home {
        private final int loop;

        private SimHome(int loop) {
            this.loop = loop;
        }

        @Override
        public <T> T onLoop(Supplier<T> task) {
            return SimRig.this.onLoop(loop, task);
        }

        @Override
        public <T> T await(Future<T> answer) throws Exception {
            return SimRig.this.await(answer);
        }

        @Override
        public <T> @Nullable T next(BlockingQueue<T> told) {
            try {
                until(() -> !told.isEmpty());
            } catch (AssertionError nothing) {
                world.check(); // a broken rule is not nothing
                return null;
            }
            return told.poll();
        }
    }

    /** Asks {@code question} on a loop. */
    public <T> T onLoop(int loop, Supplier<T> question) {
        Promise<T> answer = Promise.promise();
        world.on(loop, () -> answer.complete(question.get()));
        return answer.future().result();
    }

    /** Waits for an answer, which must come. */
    public <T> T await(Future<T> answer) throws Exception {
        world.runUntil(answer::isComplete, "an answer");
        if (answer.failed()) {
            throw new ExecutionException(answer.cause());
        }
        return answer.result();
    }

    /** Lets time pass until {@code condition} holds, which must come. */
    public void until(Callable<Boolean> condition) {
        long endMs = world.schedule().monotonicMs() + UNTIL_MS_MAX;
        while (!holds(condition)) {
            WorldTruth.require(world.schedule().monotonicMs() < endMs, "it never comes");
            world.pass(LOOK_MS);
        }
    }

    private static boolean holds(Callable<Boolean> condition) {
        try {
            return condition.call();
        } catch (Exception failed) {
            throw new AssertionError("a condition failed", failed);
        }
    }

    /** Holds the journal's thread up, or lets it go on. */
    public void holdJournal(boolean held) {
        world.holdJournal(held);
    }

    /** Runs task by task until {@code condition} holds, so that nothing more has happened than it takes. */
    public void stepUntil(BooleanSupplier condition) {
        world.runUntil(condition, "what a test waits for");
    }

    /** Lets everything happen that comes of itself. */
    public void settle() {
        pass(SETTLE_MS);
    }

    /** Lets time pass, with all that happens meanwhile. */
    public void pass(long ms) {
        world.pass(ms);
    }

    /** Moves the node's clocks forward, as where its process stood still. */
    public void passTime(long ms) {
        world.schedule().standStill(ms);
    }

    /** Takes a checkpoint behind whatever is under way. */
    public void checkpoint() throws Exception {
        Promise<Void> done = Promise.promise();
        node().journal().checkpoint(done::complete);
        await(done.future());
    }

    /** Has every shard hand to the flusher what segments do not hold yet, and waits until they do. */
    public void flush() {
        for (ShardOwner shard : node().owners()) {
            shard.loop().dispatch(() -> shard.feed().flush());
        }
        until(() -> node().segments().behindBytes() == 0);
    }
}
