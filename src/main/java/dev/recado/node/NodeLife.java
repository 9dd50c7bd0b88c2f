package dev.recado.node;

import dev.recado.base.ClockPair;
import dev.recado.base.LoopTurns;
import dev.recado.broker.session.BrokerSettings;
import dev.recado.broker.session.Loop;
import dev.recado.broker.session.Pressure;
import dev.recado.broker.session.TapShare;
import dev.recado.core.message.EntryType;
import dev.recado.core.topic.CatalogChange;
import dev.recado.journal.DamagedException;
import dev.recado.journal.JournalRecovery;
import dev.recado.journal.JournalWriter;
import dev.recado.journal.RecoveredJournal;
import dev.recado.journal.SegmentStore;
import dev.recado.journal.SpillFolder;
import dev.recado.journal.StateFile;
import dev.recado.journal.StorageException;
import dev.recado.replication.LogClock;
import dev.recado.replication.ShardLog;
import dev.recado.shard.Asker;
import dev.recado.shard.HandedShare;
import dev.recado.shard.LoopMemory;
import dev.recado.shard.PublishesUnderWay;
import dev.recado.shard.ShardCommand;
import dev.recado.shard.ShardOwner;
import dev.recado.shard.ShardView;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a node on its ports: loops, recovery, journal, a new epoch for every shard, then work. The order of
 * stopping is the reverse: nothing new, everything committed, a checkpoint, then the threads end, none of them
 * interrupted.
 */
final class NodeLife {

    private static final Logger LOG = LoggerFactory.getLogger(NodeLife.class);
    private static final long TICK_MS = 50;
    private static final int MIB = 1024 * 1024;
    private static final long RETRY_MS = 500;
    /** How long a stop waits for a storage that takes nothing. */
    private static final long STOP_PATIENCE_MS = 1_000;

    private static final long STOP_LOOK_MS = 100;

    private final NodePorts ports;
    private final NodeShape shape;
    private final StorageWatch watch;
    private final SegmentFlusher segments;
    private final Node node;
    private final Housekeeping housekeeping;
    private final @Nullable Losses losses;
    private final JournalWriter[] writer = new JournalWriter[1];

    /** {@code losses}: what a repair gives up; null at a start, which gives up nothing. */
    NodeLife(NodeShape shape, NodePorts ports, @Nullable Losses losses) {
        this.losses = losses;
        this.ports = ports;
        this.shape = shape;
        this.watch = new StorageWatch(ports.time());
        SegmentStore store = new SegmentStore(ports.disk(), shape.segments());
        this.segments = new SegmentFlusher(ports.threads().flusher(), store, watch, ports.onFailure());
        this.node = new Node(shape, ports, loops(shape.settings(), ports), segments, watch);
        this.housekeeping = new Housekeeping(node, ports.disk(), watch, writer);
    }

    private static List<Loop> loops(BrokerSettings settings, NodePorts ports) {
        int all = ports.loops().size();
        // Two of the largest in any case: two readers of segments may have made an array each of one message.
        long twoLargest = 2L * (settings.publishing().messageBytesMax() + MIB);
        HandedShare.Large handed =
                new HandedShare.Large(Math.max(settings.storage().memoryTopicBytes(), twoLargest));
        PublishesUnderWay publishes = new PublishesUnderWay(ports.time());
        List<Loop> loops = new ArrayList<>();
        for (LoopTurns turns : ports.loops()) {
            LoopMemory memory = new LoopMemory(
                    settings.storage().tailCacheBytes() / all,
                    settings.storage().memoryTopicBytes() / all,
                    settings.publishing().parkedBytesAllMax() / all,
                    handed);
            TapShare taps = new TapShare(Math.max(
                    settings.storage().memoryTopicBytes() / all,
                    settings.publishing().messageBytesMax() + MIB));
            Pressure pressure = new Pressure(settings.publishing().mailboxBytesMax() / all);
            loops.add(new Loop(loops.size(), turns, pressure, memory, taps, publishes, ports.onFailure()));
        }
        return loops;
    }

    /** Recovers, leads every shard and begins to work; completes then, on one of its threads. */
    Future<Void> start() {
        return run().compose(unused -> endTransientExchanges())
                .compose(unused -> new TopicEnds(node).endTransient())
                .onSuccess(unused -> {
                    new TopicEnds(node).countAnew();
                    startTicks();
                });
    }

    /** What is not durable ends with the run of the node that it was made in. */
    private Future<Void> endTransientExchanges() {
        boolean none = node.catalog().exchanges().stream()
                .allMatch(exchange -> exchange.settings().isDurable());
        if (none) {
            return Future.succeededFuture();
        }
        Promise<Void> ended = Promise.promise();
        Loop loop = node.homeOf(node.metaShard());
        loop.dispatch(() -> node.catalogLog()
                .change(new CatalogChange.EndTransientExchanges(), loop, (catalog, refusal) -> ended.complete()));
        return ended.future();
    }

    /** Recovers past all damage and stops, so that a state file stands behind it. */
    Future<Void> salvage() {
        return run().compose(unused -> unlessStorageWaits("a checkpoint", checkpointed(), true))
                .compose(unused -> stop());
    }

    Node node() {
        return node;
    }

    Housekeeping housekeeping() {
        return housekeeping;
    }

    private Future<Void> run() {
        return blocking(this::recover).compose(recovered -> beginJournal(recovered)
                .compose(unused -> lead())
                .compose(unused -> recovered.recovery().anyKept() ? settleKept() : Future.succeededFuture()));
    }

    /** Runs {@code work} where it may block. */
    private <T> Future<T> blocking(Callable<T> work) {
        Promise<T> done = Promise.promise();
        ports.threads().life().execute(() -> {
            T result;
            try {
                result = work.call();
            } catch (Throwable failure) {
                done.fail(failure);
                return;
            }
            done.complete(result);
        });
        return done.future();
    }

    /** What recovery found, for the journal that goes on behind it. */
    private record Recovered(Recovery recovery, RecoveredJournal journal, long kept) {}

    private Recovered recover() {
        long began = System.nanoTime();
        SpillFolder.empty(ports.disk());
        watch.reserveUsed(JournalWriter.lacksReserve(ports.disk()));
        Recovery recovery = new Recovery(node, ports.disk(), losses);
        RecoveredJournal recovered = recovery.run();
        List<StateFile.State> states = StateFile.readAll(ports.disk());
        tellStates(states);
        ClockPair clocks = new ClockPair(node.time()).now();
        for (Loop loop : node.loops()) {
            LogClock clock = LogClock.started(clocks.wallMs(), clocks.monotonicMs());
            ShardOwner memory = new ShardOwner(
                    node, node.effects(), new ShardLog(Node.MEMORY_SHARD - loop.index(), 0, 0, 0, clock), loop);
            memory.begin();
            node.addMemory(memory);
        }
        node.catalogLog(new CatalogLog(node, node.owner(node.metaShard())));
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
        segments.store().onStatesKnown(sections);
        for (ShardOwner shard : node.owners()) {
            shard.forEachPartition(owner -> {
                DamagedException damage =
                        segments.store().damage(owner.partition().id());
                if (damage != null) {
                    LOG.error(
                            "partition damaged, its consumers are refused until recado repair damage={}",
                            damage.getMessage());
                    owner.onDamaged();
                }
                if (segments.store().oldestOffset(owner.partition().id()) < owner.logStart()) {
                    segments.deleteBelow(owner.partition().id(), owner.logStart());
                }
            });
        }
        if (segments.store().trashWaits()) {
            node.spaceReturn().onFreed();
        }
    }

    /** Without space for the journal's next file it waits for that. */
    private Future<Void> beginJournal(Recovered recovered) {
        Promise<Void> begun = Promise.promise();
        blocking(() -> {
                    begin(recovered);
                    return null;
                })
                .onSuccess(unused -> begun.complete())
                .onFailure(failure -> {
                    if (failure instanceof StorageException storage
                            && watch.mayWait(StorageWatch.Part.JOURNAL, storage)) {
                        ports.threads().life().after(RETRY_MS, () -> beginJournal(recovered)
                                .onComplete(begun));
                    } else {
                        begun.fail(failure);
                    }
                });
        return begun.future();
    }

    private void begin(Recovered recovered) {
        RecoveredJournal journal = JournalRecovery.listedAgain(ports.disk(), recovered.journal());
        LongSupplier salts = ports.chance()::nextLong;
        writer[0] = JournalWriter.resume(ports.disk(), shape.journal(), journal, recovered.kept(), salts);
        watch.goesOn(StorageWatch.Part.JOURNAL);
        Checkpointer checkpointer = new Checkpointer(node, ports.disk(), writer[0]::giveReserve);
        node.journal(new GroupCommit(
                ports.threads().journal(),
                writer[0],
                shape.journal(),
                recovered.recovery().startPosition(),
                watch,
                checkpointer::start,
                node::fail));
    }

    /**
     * Where segments held what the journal did not, nobody is given later offsets before two states say so. The start
     * waits a moment for that; where the storage takes no states, it goes on, and those partitions refuse publishes.
     */
    private Future<Void> settleKept() {
        Promise<Void> settled = Promise.promise();
        checkpointed().compose(unused -> checkpointed()).onSuccess(unused -> {
            node.tellShards(new ShardCommand.Settled());
            settled.tryComplete();
        });
        ports.threads().life().after(STOP_PATIENCE_MS, settled::tryComplete);
        return settled.future();
    }

    private Future<Void> checkpointed() {
        Promise<Void> done = Promise.promise();
        node.journal().checkpoint(() -> node.loops().get(0).execute(done::complete));
        return done.future();
    }

    /** Every shard promises itself a new epoch, durably, and begins it with a no-op (I3, I4, I8). */
    private Future<Void> lead() {
        long nonce = ports.chance().nextLong();
        List<Long> epochs = new ArrayList<>();
        Promise<Void> led = Promise.promise();
        for (ShardOwner shard : node.owners()) {
            epochs.add(shard.log().stand());
        }
        node.journal().promise(writer -> addPromises(writer, epochs, nonce), () -> beginEpochs(epochs, led));
        return led.future();
    }

    private void addPromises(JournalWriter journal, List<Long> epochs, long nonce) {
        for (ShardOwner shard : node.owners()) {
            int number = shard.log().shard();
            journal.addPromise(number, epochs.get(number), shape.settings().nodeId(), nonce);
        }
    }

    private void beginEpochs(List<Long> epochs, Promise<Void> led) {
        for (Loop loop : node.loops()) {
            loop.execute(loop::start);
        }
        AtomicInteger left = new AtomicInteger(node.shards().size());
        AtomicLong waitingMs = new AtomicLong();
        for (ShardOwner shard : node.owners()) {
            shard.loop().execute(() -> {
                long epoch = epochs.get(shard.log().shard());
                waitingMs.accumulateAndGet(shard.clock().lead(epoch), Math::max);
                shard.begin();
                shard.propose(EntryType.NO_OP, new byte[0], () -> {
                    shard.topics().openMissingGroups(() -> {
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
        housekeeping.start(node.loops().get(0));
    }

    private void tick(Loop loop) {
        loop.takeStock();
        if (node.stopping()) {
            node.owners().stream().filter(shard -> shard.loop() == loop).forEach(ShardOwner::goOn);
            return;
        }
        long nowMs = node.time().monotonicMs();
        for (ShardOwner shard : node.owners()) {
            if (shard.loop() == loop) {
                shard.onTick(nowMs);
            }
        }
        node.owner(Node.MEMORY_SHARD - loop.index()).onTick(nowMs);
        // Behind the owners, who judge members by whether somebody waits: who is woken waits again in the next turn.
        loop.memory().handed().onTick();
        node.sessions().onTick(loop, nowMs);
    }

    /**
     * Refuses new publishes, takes back what members still hold, commits what is under way, takes a checkpoint and ends
     * the threads. What the storage does not take is left out: nothing of it was confirmed.
     */
    Future<Void> stop() {
        node.stopTaking();
        housekeeping.stop();
        node.tellShards(new ShardCommand.RefuseAllParked(ShardView.STOPPING));
        Promise<Void> committed = Promise.promise();
        AtomicInteger left = new AtomicInteger(node.shards().size());
        Asker progress = new NodeAsker(done -> {
            if (left.decrementAndGet() == 0) {
                committed.complete();
            }
        });
        node.tellShards(new ShardCommand.TakeLeasesBack(progress, 0));
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
                .compose(unused -> blocking(() -> {
                    segments.stop();
                    node.coldReads().stop();
                    segments.store().close();
                    SpillFolder.empty(ports.disk());
                    return null;
                }));
    }

    /** Completes with {@code step}; once the storage has taken nothing for a while, without it, or fails if it must. */
    private Future<Void> unlessStorageWaits(String what, Future<Void> step, boolean must) {
        Promise<Void> done = Promise.promise();
        LoopTurns.Timer timer = node.loops().get(0).every(STOP_LOOK_MS, () -> {
            segments.execute(() -> segments.retry(false));
            boolean late = watch.writersWaitMs() >= STOP_PATIENCE_MS;
            if (late && must) {
                done.tryFail("the storage takes nothing, make room and try again: not written is " + what);
            } else if (late && done.tryComplete()) {
                LOG.warn("the storage takes nothing, the broker stops without writing what={}", what);
            }
        });
        step.onComplete(result -> done.tryComplete());
        return done.future().onComplete(unused -> timer.cancel());
    }
}
