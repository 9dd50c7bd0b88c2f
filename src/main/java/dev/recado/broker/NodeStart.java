package dev.recado.broker;

import dev.recado.base.TimeSource;
import dev.recado.core.message.EntryType;
import dev.recado.journal.DamagedException;
import dev.recado.journal.Disk;
import dev.recado.journal.JournalRecovery;
import dev.recado.journal.JournalSettings;
import dev.recado.journal.JournalWriter;
import dev.recado.journal.RecoveredJournal;
import dev.recado.journal.SegmentSettings;
import dev.recado.journal.SegmentStore;
import dev.recado.journal.StateFile;
import dev.recado.journal.StorageException;
import dev.recado.replication.LogClock;
import dev.recado.replication.ShardLog;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds, starts and stops a node: loops, recovery, journal, a new epoch for every shard, then work. The order of
 * stopping is the reverse: nothing new, everything committed, a checkpoint, then the threads end, none of them
 * interrupted.
 */
public final class NodeStart {

    private static final Logger LOG = LoggerFactory.getLogger(NodeStart.class);
    private static final long TICK_MS = 50;
    private static final int MIB = 1024 * 1024;
    private static final long RETRY_MS = 500;
    /** How long a stop waits for a storage that takes nothing. */
    private static final long STOP_PATIENCE_MS = 1_000;

    private static final long STOP_LOOK_MS = 100;

    private final Vertx vertx;
    private final Disk disk;
    private final BrokerSettings settings;
    private final JournalSettings journalSettings;
    private final StorageWatch watch;
    private final SegmentDesk segments;
    private final Node node;
    private final Housekeeping housekeeping;
    private final LoopWatch loopWatch;
    private final @Nullable Losses losses;
    private final JournalWriter[] writer = new JournalWriter[1];

    /** Everything that a node is built from; {@code onFailure} hears of bugs and failed storage, from any thread. */
    public record Parts(
            Vertx vertx,
            Disk disk,
            int shards,
            String version,
            BrokerSettings settings,
            JournalSettings journal,
            SegmentSettings segments,
            TimeSource time,
            Consumer<Throwable> onFailure) {}

    private NodeStart(Parts parts, List<Loop> loops, @Nullable Losses losses) {
        this.losses = losses;
        this.vertx = parts.vertx();
        this.disk = parts.disk();
        this.settings = parts.settings();
        this.journalSettings = parts.journal();
        this.watch = new StorageWatch(parts.time());
        this.segments = new SegmentDesk(new SegmentStore(disk, parts.segments()), watch, parts.onFailure());
        this.node = new Node(
                parts.version(), settings, parts.time(), parts.shards(), loops, segments, watch, parts.onFailure());
        this.housekeeping = new Housekeeping(node, disk, watch, writer);
        this.loopWatch = LoopWatch.logging(loops);
    }

    /** One instance an event loop: where the broker's loops come from. */
    private static final class LoopVerticle extends VerticleBase {
        private final Parts parts;
        private final List<Loop> loops;
        private final AtomicInteger numbers;
        private final HandedShare.Large handed;

        private LoopVerticle(Parts parts, List<Loop> loops, AtomicInteger numbers, HandedShare.Large handed) {
            this.handed = handed;
            this.parts = parts;
            this.loops = loops;
            this.numbers = numbers;
        }

        @Override
        public Future<?> start() {
            BrokerSettings settings = parts.settings();
            int all = settings.eventLoops();
            loops.add(new Loop(
                    numbers.getAndIncrement(),
                    ((ContextInternal) context).nettyEventLoop(),
                    new Pressure(settings.mailboxBytesMax() / all),
                    new MemoryDesk(
                            settings.tailCacheBytes() / all,
                            settings.memoryTopicBytes() / all,
                            settings.parkedBytesAllMax() / all,
                            Math.max(settings.memoryTopicBytes() / all, settings.messageBytesMax() + MIB),
                            handed),
                    parts.onFailure()));
            return Future.succeededFuture();
        }
    }

    /** Starts a node; completes when every shard leads and the node takes work. */
    public static Future<NodeStart> start(Parts parts) {
        return make(parts, null)
                .compose(start ->
                        start.run().onSuccess(unused -> start.startTicks()).map(unused -> start));
    }

    /**
     * Starts a node past all damage and stops it in order, so that a state file stands behind the damage. To be called
     * twice, so that both do. Fails where the storage does not take one.
     */
    public static Future<Void> salvage(Parts parts) {
        return make(parts, new Losses()).compose(start -> start.run()
                .compose(unused -> start.unlessStorageWaits("a checkpoint", start.checkpointed(), true))
                .compose(unused -> start.stop()));
    }

    private static Future<NodeStart> make(Parts parts, @Nullable Losses losses) {
        List<Loop> loops = new CopyOnWriteArrayList<>();
        AtomicInteger numbers = new AtomicInteger();
        BrokerSettings settings = parts.settings();
        // Two of the largest in any case: two readers of segments may have made an array each of one message.
        long twoLargest = 2L * (settings.messageBytesMax() + MIB);
        HandedShare.Large handed = new HandedShare.Large(Math.max(settings.memoryTopicBytes(), twoLargest));
        DeploymentOptions each =
                new DeploymentOptions().setInstances(parts.settings().eventLoops());
        return parts.vertx()
                .deployVerticle(() -> new LoopVerticle(parts, loops, numbers, handed), each)
                .map(deployed -> {
                    List<Loop> ordered = new ArrayList<>(loops);
                    ordered.sort((left, right) -> Integer.compare(left.index(), right.index()));
                    return new NodeStart(parts, ordered, losses);
                });
    }

    public Broker broker() {
        return node;
    }

    Housekeeping housekeeping() {
        return housekeeping;
    }

    private Future<Void> run() {
        return vertx.executeBlocking(this::recover).compose(recovered -> beginJournal(recovered)
                .compose(unused -> deployJournal())
                .compose(unused -> lead())
                .compose(unused -> recovered.recovery().anyKept() ? settleKept() : Future.succeededFuture()));
    }

    /** What recovery found, for the journal that goes on behind it. */
    private record Recovered(Recovery recovery, RecoveredJournal journal, long kept) {}

    private Recovered recover() {
        long began = System.nanoTime();
        Recovery recovery = new Recovery(node, disk, losses);
        RecoveredJournal recovered = recovery.run();
        List<StateFile.State> states = StateFile.readAll(disk);
        tellStates(states);
        for (Loop loop : node.loops()) {
            LogClock clock = LogClock.started(node.time().wallMs(), node.time().monotonicMs());
            ShardOwner memory = new ShardOwner(node, new ShardLog(0xFFFF, 0, 0, 0, clock), loop);
            memory.begin();
            node.memoryShards().add(memory);
        }
        node.catalogDesk(new CatalogDesk(node, node.shard(node.metaShard())));
        LOG.info(
                "recovered journalEnd={} tornTail={} topics={} ms={}",
                recovered.endPosition(),
                recovered.tornTail(),
                node.catalog().topicCount(),
                (System.nanoTime() - began) / 1_000_000);
        segments.onRecovered();
        return new Recovered(recovery, recovered, StateFile.keptFrom(states));
    }

    /** Deletion goes on where the last run was: by what states still name, and by what its trims did not reach. */
    private void tellStates(List<StateFile.State> states) {
        List<byte[]> sections = new ArrayList<>();
        for (StateFile.State state : states) {
            byte[] section = state.sections().get(Checkpointer.SEGMENTS);
            if (section != null) {
                sections.add(section);
            }
        }
        segments.await(() -> segments.store().onStatesKnown(sections));
        for (ShardOwner shard : node.shards()) {
            shard.forEachPartition(owner -> {
                DamagedException damage =
                        segments.store().damage(owner.partition().id());
                if (damage != null) {
                    LOG.error("partition damaged, its consumers are refused until recado repair", damage);
                    owner.onDamaged();
                }
                if (segments.store().oldestOffset(owner.partition().id()) < owner.logStart()) {
                    segments.deleteBelow(owner.partition(), owner.logStart());
                }
            });
        }
        segments.await(() -> {
            if (segments.store().trashWaits()) {
                node.spaceReturn().onFreed();
            }
        });
    }

    /** Without space for the journal's next file it waits for that. */
    private Future<Void> beginJournal(Recovered recovered) {
        return vertx.<Void>executeBlocking(() -> {
                    RecoveredJournal journal = JournalRecovery.listedAgain(disk, recovered.journal());
                    writer[0] = JournalWriter.resume(disk, journalSettings, journal, recovered.kept());
                    watch.goesOn(StorageWatch.Part.JOURNAL);
                    Checkpointer checkpointer = new Checkpointer(node, disk, writer[0]::giveReserve);
                    node.journal(new JournalVerticle(
                            writer[0],
                            journalSettings,
                            recovered.recovery().startPosition(),
                            watch,
                            checkpointer::start,
                            node::fail));
                    return null;
                })
                .recover(failure -> failure instanceof StorageException storage
                                && watch.mayWait(StorageWatch.Part.JOURNAL, storage)
                        ? vertx.timer(RETRY_MS, TimeUnit.MILLISECONDS).compose(unused -> beginJournal(recovered))
                        : Future.failedFuture(failure));
    }

    /**
     * Where segments held what the journal did not, nobody is given later offsets before two states say so. The start
     * waits a moment for that; where the storage takes no states, it goes on, and those partitions refuse publishes.
     */
    private Future<Void> settleKept() {
        Promise<Void> settled = Promise.promise();
        checkpointed().compose(unused -> checkpointed()).onSuccess(unused -> {
            node.eachShard(
                    shard -> shard.forEachPartition(owner -> owner.admission().settled(true)));
            settled.tryComplete();
        });
        vertx.timer(STOP_PATIENCE_MS, TimeUnit.MILLISECONDS).onComplete(unused -> settled.tryComplete());
        return settled.future();
    }

    private Future<Void> checkpointed() {
        Promise<Void> done = Promise.promise();
        node.journal().checkpoint(() -> node.loops().get(0).execute(done::complete));
        return done.future();
    }

    private Future<String> deployJournal() {
        DeploymentOptions options = new DeploymentOptions()
                .setThreadingModel(ThreadingModel.WORKER)
                .setWorkerPoolName("recado-journal")
                .setWorkerPoolSize(1);
        return vertx.deployVerticle(node.journal(), options);
    }

    /** Every shard promises itself a new epoch, durably, and begins it with a no-op (I3, I4, I8). */
    private Future<Void> lead() {
        long nonce = ThreadLocalRandom.current().nextLong();
        List<Long> epochs = new ArrayList<>();
        Promise<Void> led = Promise.promise();
        for (ShardOwner shard : node.shards()) {
            epochs.add(shard.log().stand());
        }
        node.journal().promise(writer -> addPromises(writer, epochs, nonce), () -> beginEpochs(epochs, led));
        return led.future();
    }

    private void addPromises(JournalWriter journal, List<Long> epochs, long nonce) {
        for (ShardOwner shard : node.shards()) {
            int number = shard.log().shard();
            journal.addPromise(number, epochs.get(number), settings.nodeId(), nonce);
        }
    }

    private void beginEpochs(List<Long> epochs, Promise<Void> led) {
        for (Loop loop : node.loops()) {
            loop.execute(loop::start);
        }
        AtomicInteger left = new AtomicInteger(node.shards().size());
        AtomicLong waitingMs = new AtomicLong();
        for (ShardOwner shard : node.shards()) {
            shard.loop().execute(() -> {
                long epoch = epochs.get(shard.log().shard());
                waitingMs.accumulateAndGet(shard.clock().lead(epoch), Math::max);
                shard.begin();
                shard.propose(EntryType.NO_OP, new byte[0], () -> {
                    shard.openMissingGroups(() -> {
                        if (left.decrementAndGet() == 0) {
                            tellWaiting(waitingMs.get());
                            led.complete();
                        }
                    });
                });
            });
        }
    }

    private static void tellWaiting(long ms) {
        if (ms > 0) {
            LOG.warn(
                    "long since the last entry by the wall clock; it counts towards ages in {} min, unless the clock is"
                            + " put right before ms={}",
                    LogClock.STANDS_MS / 60_000,
                    ms);
        }
    }

    private void startTicks() {
        for (Loop loop : node.loops()) {
            loop.every(TICK_MS, () -> tick(loop));
        }
        housekeeping.start(vertx);
        loopWatch.start();
    }

    private void tick(Loop loop) {
        loop.takeStock();
        if (node.stopping()) {
            node.shards().stream().filter(shard -> shard.loop() == loop).forEach(ShardOwner::goOn);
            return;
        }
        long nowMs = node.time().monotonicMs();
        for (ShardOwner shard : node.shards()) {
            if (shard.loop() == loop) {
                shard.onTick(nowMs);
            }
        }
        node.memoryShard(loop).onTick(nowMs);
        // Behind the owners, who judge members by whether somebody waits: who is woken waits again in the next turn.
        loop.memory().handed().onTick();
        node.browses().onTick(nowMs);
        for (TapHub hub : loop.taps().values().toArray(TapHub[]::new)) {
            hub.onTick(nowMs);
        }
    }

    /** The broker is about to end its sessions: what they hold returns to its groups without counting. */
    public void drain() {
        node.drain();
    }

    /**
     * Refuses new publishes, takes back what members still hold, commits what is under way, takes a checkpoint and ends
     * the threads. What the storage does not take is left out: nothing of it was confirmed.
     */
    public Future<Void> stop() {
        node.stopTaking();
        housekeeping.stop(vertx);
        node.eachShard(ShardOwner::refuseParked);
        Promise<Void> committed = Promise.promise();
        AtomicInteger left = new AtomicInteger(node.shards().size());
        for (ShardOwner shard : node.shards()) {
            shard.submit(() -> {
                shard.takeLeasesBack();
                shard.progress().writeDurably(() -> {
                    if (left.decrementAndGet() == 0) {
                        committed.complete();
                    }
                });
            });
        }
        return unlessStorageWaits("what groups finished last", committed.future(), false)
                .compose(unused -> unlessStorageWaits("a checkpoint", checkpointed(), false))
                .compose(unused -> {
                    Promise<Void> written = Promise.promise();
                    // What follows runs on a loop: the journal's own thread ends with Vert.x.
                    node.journal().finish(() -> {
                        writer[0].close();
                        node.loops().get(0).execute(written::complete);
                    });
                    return written.future();
                })
                .compose(unused -> vertx.executeBlocking(() -> {
                    loopWatch.stop();
                    segments.stop();
                    node.coldReads().stop();
                    segments.store().close();
                    return null;
                }))
                .mapEmpty();
    }

    /** Completes with {@code step}; once the storage has taken nothing for a while, without it, or fails if it must. */
    private Future<Void> unlessStorageWaits(String what, Future<Void> step, boolean must) {
        Promise<Void> done = Promise.promise();
        long timer = vertx.setPeriodic(STOP_LOOK_MS, unused -> {
            segments.execute(segments::retry);
            boolean late = watch.writersWaitMs() >= STOP_PATIENCE_MS;
            if (late && must) {
                done.tryFail("the storage takes nothing, make room and try again: not written is " + what);
            } else if (late && done.tryComplete()) {
                LOG.warn("the storage takes nothing, the broker stops without writing what={}", what);
            }
        });
        step.onComplete(result -> done.tryComplete());
        return done.future().onComplete(unused -> vertx.cancelTimer(timer));
    }
}
