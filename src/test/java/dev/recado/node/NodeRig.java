package dev.recado.node;

import dev.recado.base.LoopTurns;
import dev.recado.base.TimeSource;
import dev.recado.broker.Link;
import dev.recado.broker.Patience;
import dev.recado.broker.session.BrokerSettings;
import dev.recado.broker.session.Loop;
import dev.recado.broker.session.LoopBroker;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicSettings;
import dev.recado.journal.Disk;
import dev.recado.journal.JournalSettings;
import dev.recado.journal.NioDisk;
import dev.recado.journal.SegmentSettings;
import dev.recado.shard.Asker;
import dev.recado.shard.ShardCommand;
import dev.recado.shard.ShardLoop;
import dev.recado.shard.ShardOwner;
import dev.recado.shard.ShardProbe;
import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A node whose loops, journal sizes, disk and clock a test chooses, and whose inside it may look at. */
public final class NodeRig implements AutoCloseable {

    public static final int MIB = 1024 * 1024;

    static final JournalSettings SMALL_JOURNAL = new JournalSettings(4 * MIB, 8 * MIB, 16 * MIB);
    private static final long RETENTION_EVERY_MS = 300;
    private static final long STOP_MS = 10_000;
    private static final int ROUNDS = 3;

    private final Vertx vertx;
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final AtomicLong aheadMs = new AtomicLong();
    private final AtomicLong wallAheadMs = new AtomicLong();
    private final SwitchableDisk disk;
    private final NodeStart start;
    private final Node node;
    private boolean ended;

    private NodeRig(SwitchableDisk disk, int loops, JournalSettings journal, long diskFreeMin, long wallAheadMs)
            throws Exception {
        this(disk, settings(loops, diskFreeMin), journal, SegmentSettings.defaults(), wallAheadMs);
    }

    private NodeRig(
            SwitchableDisk disk,
            BrokerSettings settings,
            JournalSettings journal,
            SegmentSettings segments,
            long wallAheadMs)
            throws Exception {
        this.wallAheadMs.set(wallAheadMs);
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(settings.eventLoops()));
        this.disk = disk;
        try {
            start = TestNode.await(
                    NodeStart.start(parts(vertx, disk, settings, journal, segments, clock(), failures::add)));
        } catch (Exception refused) {
            TestNode.await(vertx.close());
            throw refused;
        }
        node = start.node();
    }

    private static NodeStart.Parts parts(
            Vertx vertx,
            Disk disk,
            BrokerSettings settings,
            JournalSettings journal,
            SegmentSettings segments,
            TimeSource time,
            Consumer<Throwable> onFailure) {
        return new NodeStart.Parts(
                vertx, disk, new NodeShape(8, "recado/test", settings, journal, segments), time, onFailure);
    }

    /** Starts past all damage and stops, as a repair does. */
    public static void salvage(Path directory, JournalSettings journal) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        try {
            TestNode.await(NodeStart.salvage(parts(
                    vertx,
                    new NioDisk(directory),
                    settings(2, 0),
                    journal,
                    SegmentSettings.defaults(),
                    TimeSource.system(),
                    failure -> {})));
        } finally {
            TestNode.await(vertx.close());
        }
    }

    public static NodeRig start(Path directory) throws Exception {
        return start(directory, 2, SMALL_JOURNAL);
    }

    public static NodeRig start(Path directory, int loops, JournalSettings journal) throws Exception {
        return new NodeRig(new SwitchableDisk(directory), loops, journal, 0, 0);
    }

    /** Starts with segments of {@code segmentBytes}, so that a topic soon has several. */
    public static NodeRig startWithSegments(Path directory, int segmentBytes) throws Exception {
        return new NodeRig(new SwitchableDisk(directory), settings(2, 0), SMALL_JOURNAL, segments(segmentBytes), 0);
    }

    static SegmentSettings segments(int segmentBytes) {
        SegmentSettings base = SegmentSettings.defaults();
        return new SegmentSettings(segmentBytes, base.indexEveryBytes(), base.syncEveryBytes(), base.trashDelayMs());
    }

    /** Starts on a disk that may be short of space already; below {@code diskFreeMin} publishes are refused. */
    public static NodeRig start(SwitchableDisk disk, long diskFreeMin) throws Exception {
        return new NodeRig(disk, 2, SMALL_JOURNAL, diskFreeMin, 0);
    }

    public static NodeRig start(SwitchableDisk disk, JournalSettings journal) throws Exception {
        return new NodeRig(disk, 2, journal, 0, 0);
    }

    /** Starts while the wall clock is ahead of the true time. */
    public static NodeRig startAhead(Path directory, long wallAheadMs) throws Exception {
        return new NodeRig(new SwitchableDisk(directory), 2, SMALL_JOURNAL, 0, wallAheadMs);
    }

    /** Starts with so much memory in which groups keep track of messages. */
    public static NodeRig startHolding(Path directory, long groupHeldBytesMax) throws Exception {
        return new NodeRig(
                new SwitchableDisk(directory),
                settings(2, 0, groupHeldBytesMax),
                SMALL_JOURNAL,
                SegmentSettings.defaults(),
                0);
    }

    /** Starts with a mark of the heap, 0 to 100, above which publishes are refused; 0 is passed by every collection. */
    public static NodeRig startWithHeapMark(Path directory, int percent) throws Exception {
        BrokerSettings settings = settings(2, 0, TestNode.settings().groups().heldBytesMax(), percent);
        return new NodeRig(new SwitchableDisk(directory), settings, SMALL_JOURNAL, SegmentSettings.defaults(), 0);
    }

    private static BrokerSettings settings(int loops, long diskFreeMin) {
        return settings(loops, diskFreeMin, TestNode.settings().groups().heldBytesMax());
    }

    private static BrokerSettings settings(int loops, long diskFreeMin, long groupHeldBytesMax) {
        return settings(
                loops,
                diskFreeMin,
                groupHeldBytesMax,
                TestNode.settings().storage().heapMarkPercent());
    }

    static BrokerSettings settings(int loops, long diskFreeMin, long groupHeldBytesMax, int heapMarkPercent) {
        BrokerSettings base = TestNode.settings();
        return new BrokerSettings(
                base.nodeId(),
                loops,
                base.publishing(),
                new BrokerSettings.Groups(
                        base.groupMembersMax(),
                        base.groups().expireAfterMs(),
                        groupHeldBytesMax,
                        base.progressEveryMs(),
                        base.handedBytesMax()),
                base.taps(),
                new BrokerSettings.Storage(
                        base.storage().tailCacheBytes(),
                        base.storage().memoryTopicBytes(),
                        diskFreeMin,
                        heapMarkPercent,
                        base.storage().producerExpireAfterMs(),
                        RETENTION_EVERY_MS),
                base.defaults());
    }

    private TimeSource clock() {
        TimeSource system = TimeSource.system();
        return new TimeSource() {
            @Override
            public long wallMs() {
                return system.wallMs() + aheadMs.get() + wallAheadMs.get();
            }

            @Override
            public long monotonicMs() {
                return system.monotonicMs() + aheadMs.get();
            }
        };
    }

    /** Of a topic; what is not said here is as by default, without priorities. {@code limit…} is 0 for none. */
    public static TopicSettings settings(
            TopicKind kind,
            Durability durability,
            int partitions,
            long limitMessages,
            long limitBytes,
            Overflow overflow,
            long ttlMs) {
        TopicSettings base = TopicSettings.DEFAULT;
        return base.with(TopicSettings.KIND, kind)
                .with(TopicSettings.DURABILITY, durability)
                .with(TopicSettings.PARTITIONS, partitions)
                .with(TopicSettings.LIMIT_MESSAGES, limitMessages)
                .with(TopicSettings.LIMIT_BYTES, limitBytes)
                .with(TopicSettings.OVERFLOW, overflow)
                .with(TopicSettings.TTL, ttlMs);
    }

    public static TopicSettings log(int partitions, long limitMessages, Overflow overflow) {
        return settings(TopicKind.LOG, Durability.FSYNC, partitions, limitMessages, 0, overflow, -1);
    }

    /** A queue of one partition without limits. */
    public static TopicSettings queue() {
        return settings(TopicKind.QUEUE, Durability.FSYNC, 1, 0, 0, Overflow.BLOCK, -1);
    }

    /** A log of one partition in memory, with at most {@code limitMessages}; 0 for any number. */
    public static TopicSettings memory(long limitMessages, Overflow overflow) {
        return settings(TopicKind.LOG, Durability.MEMORY, 1, limitMessages, 0, overflow, -1);
    }

    /** Publishes {@code count} messages of one MiB, tickets from 0; on the link's loop. */
    public static void sendMebibytes(Link link, Topic topic, int count) {
        byte[] payload = new byte[MIB];
        for (int i = 0; i < count; i++) {
            link.publish(topic, new Draft().payload(payload, 0, payload.length), i);
        }
    }

    public Node node() {
        return node;
    }

    public SwitchableDisk disk() {
        return disk;
    }

    /** What the node has told of bugs and of failed storage. */
    public List<Throwable> failures() {
        return failures;
    }

    /** Moves the node's clocks forward. */
    public void passTime(long ms) {
        aheadMs.addAndGet(ms);
    }

    /** Puts the wall clock, and it alone, so far ahead of the true time. */
    public void putWallAhead(long ms) {
        wallAheadMs.set(ms);
    }

    /** Has every shard look at the clocks. */
    public void tick() throws Exception {
        for (ShardOwner shard : node.owners()) {
            ask(shard.loop(), () -> {
                shard.onTick(clock().monotonicMs());
                return true;
            });
        }
    }

    /** The broker as transports see it. */
    public LoopBroker sessions() {
        return node.sessions();
    }

    public List<Loop> loops() {
        return node.loops();
    }

    /** The turns of a loop that is no broker's. */
    public static LoopTurns turns(EventLoop loop) {
        return new NettyTurns(loop);
    }

    /** The broker is about to end its sessions. */
    public void drain() {
        node.drain();
    }

    public Loop homeOf(int shard) {
        return node.homeOf(shard);
    }

    public ShardOwner metaShard() {
        return node.owner(node.metaShard());
    }

    /** Bytes handed to the segments' writer and not yet written. */
    public long behindBytes() {
        return node.behindBytes();
    }

    /** Runs {@code task} where segments are written. */
    public void onFlusher(Runnable task) {
        node.segments().execute(task);
    }

    /** Has retention look at everything. */
    public void retain() {
        start.housekeeping().retain();
    }

    /** Opens a session on the loop with that number. */
    public TestSession sessionOn(int loop) throws Exception {
        return sessionOn(loop, Patience.REFUSE);
    }

    public TestSession sessionOn(int loop, Patience patience) throws Exception {
        Context context = contextOn(node.loops().get(loop));
        TestSession session = new TestSession(context);
        TestNode.onLoop(context, () -> {
            session.open(node.sessions(), patience);
            return null;
        });
        return session;
    }

    public Loop loop(int index) {
        return node.loops().get(index);
    }

    private Context contextOn(Loop loop) throws Exception {
        Context context;
        do {
            context = ((VertxInternal) vertx).createEventLoopContext();
        } while (!TestNode.onLoop(context, loop::isCurrent));
        return context;
    }

    /** The number of the loop at home for the topic's first partition. */
    public int homeOf(Topic topic) {
        return node.homeOf(topic.partition(0).shard()).index();
    }

    public ShardOwner shardOf(Topic topic) {
        return node.owner(topic.partition(0).shard());
    }

    /** Asks {@code question} on {@code loop} and waits for the answer. */
    public static <T> T ask(ShardLoop loop, Supplier<T> question) throws Exception {
        Promise<T> answer = Promise.promise();
        loop.execute(() -> answer.complete(question.get()));
        return TestNode.await(answer.future());
    }

    /** Once around all loops: what they had waiting is done, what that led to elsewhere maybe not. */
    public void visitLoops() throws Exception {
        for (Loop loop : node.loops()) {
            ask(loop, () -> true);
        }
    }

    /**
     * Three times through every shard's log and the flusher: what was asked of the broker before has had its
     * consequences.
     */
    public void settle() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            List<Future<Void>> written = new ArrayList<>();
            for (ShardOwner shard : node.owners()) {
                Promise<Void> done = Promise.promise();
                Asker behind = new NodeAsker(answer -> ShardProbe.writeProgress(shard, done::complete));
                shard.tell(new ShardCommand.NextNumber("/", "nobody", behind, 0));
                written.add(done.future());
            }
            for (Future<Void> each : written) {
                TestNode.await(each);
            }
            Promise<Void> flushed = Promise.promise();
            node.segments().execute(flushed::complete);
            TestNode.await(flushed.future());
            visitLoops();
        }
    }

    /** Takes a checkpoint behind whatever is under way, and waits for it. */
    public void checkpoint() throws Exception {
        Promise<Void> done = Promise.promise();
        node.journal().checkpoint(done::complete);
        TestNode.await(done.future());
    }

    /** Has every shard hand to the flusher what segments do not hold yet. */
    public void flush() {
        for (ShardOwner shard : node.owners()) {
            shard.loop().dispatch(() -> shard.feed().flush());
        }
    }

    /** Ends the process's hold on the directory without stopping anything in order, as a crash would. */
    public void crash() throws Exception {
        ended = true;
        TestNode.await(vertx.close());
        disk.leave();
    }

    /** Begins to stop the node in order; {@link #crash} then ends its loops. */
    public Future<Void> beginStop() {
        return start.stop();
    }

    @Override
    public void close() {
        if (ended) {
            return;
        }
        ended = true;
        try {
            start.stop().toCompletionStage().toCompletableFuture().get(STOP_MS, TimeUnit.MILLISECONDS);
            TestNode.await(vertx.close());
        } catch (Exception failed) {
            vertx.close();
            throw new AssertionError("the node did not stop", failed);
        } finally {
            disk.leave();
        }
        if (!failures.isEmpty()) {
            throw new AssertionError("the node failed", failures.get(0));
        }
    }
}
