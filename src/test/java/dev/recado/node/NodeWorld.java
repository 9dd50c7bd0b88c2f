package dev.recado.node;

import static dev.recado.node.WorldTruth.require;

import dev.recado.base.LoopTurns;
import dev.recado.broker.Patience;
import dev.recado.core.group.GroupProbe;
import dev.recado.core.topic.Topic;
import dev.recado.journal.JournalSettings;
import dev.recado.journal.SegmentSettings;
import dev.recado.journal.SimDisk;
import dev.recado.shard.PartitionOwner;
import dev.recado.shard.ShardOwner;
import dev.recado.shard.ShardPort;
import dev.recado.shard.ShardProbe;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A whole node in a simulation: its loops, journal, flusher and readers run on one thread in an order that a seed
 * draws, on a disk that loses power in the middle of whatever it does. {@link WorldScript} says what sessions do, and
 * {@link WorldTruth} what they must never hear. Whatever a seed finds is found again by it.
 */
final class NodeWorld {

    static final int LOOPS = 2;
    static final int SHARDS = 3;

    private static final int KIB = 1024;
    /** How long the node may take for anything that nothing holds up, by its own clock. */
    private static final long ANSWER_MS_MAX = 120_000;

    /** How long a start has to do without space before somebody makes some. */
    private static final long SPACE_MS = 3_000;

    private static final int MOMENTS = 40;
    private static final int MOMENT_MS_MAX = 20;

    private final Random random;
    private final SimSchedule schedule;
    private final SimDisk disk;
    private final WorldTruth truth = new WorldTruth();
    private final WorldFacts facts;
    private final List<WorldSession> sessions = new ArrayList<>();
    private final List<SimSchedule.Line> loops = new ArrayList<>();
    private final boolean largeDisk;
    private final boolean asBytes;
    private final NodeShape shape;
    private SimSchedule.@Nullable Line journal;
    private @Nullable NodeLife life;
    private @Nullable Throwable failure;
    private boolean dead;

    /** {@code asBytes}: what sessions and shards say to each other crosses as bytes. */
    NodeWorld(long seed, WorldFacts facts, boolean asBytes) {
        this(new Random(seed), new SimDisk(seed), facts, asBytes, smallShape(), false);
    }

    /** A node of that shape, which has all the space that it wants. */
    NodeWorld(long seed, boolean asBytes, NodeShape shape) {
        this(new Random(seed), new SimDisk(seed), new WorldFacts(), asBytes, shape, true);
    }

    private NodeWorld(Random random, SimDisk disk, WorldFacts facts, boolean asBytes, NodeShape shape, boolean roomy) {
        this.asBytes = asBytes;
        this.shape = shape;
        this.facts = facts;
        this.random = random;
        this.disk = disk;
        schedule = new SimSchedule(random);
        largeDisk = random.nextInt(10) == 0 || roomy;
        giveSpace();
    }

    /** Space without end, or too little for the journal's reserve. */
    void giveSpace() {
        disk.capacity(largeDisk || disk.size("journal/reserve") > 0 ? Long.MAX_VALUE / 2 : 6L * KIB * KIB);
    }

    Random random() {
        return random;
    }

    SimSchedule schedule() {
        return schedule;
    }

    SimDisk disk() {
        return disk;
    }

    WorldTruth truth() {
        return truth;
    }

    WorldFacts facts() {
        return facts;
    }

    /** Sessions of this life that are not over. */
    List<WorldSession> sessions() {
        sessions.removeIf(WorldSession::ended);
        return sessions;
    }

    Node node() {
        return Objects.requireNonNull(life).node();
    }

    /** Whether the process is gone. */
    boolean dead() {
        return dead;
    }

    /** Begins a life: false where it ended before the node was ready. */
    boolean start() {
        dead = false;
        failure = null;
        NodePorts ports = ports();
        life = new NodeLife(shape, ports, null);
        Future<Void> started = life.start();
        for (long endMs = schedule.monotonicMs() + SPACE_MS;
                !started.isComplete() && schedule.monotonicMs() < endMs; ) {
            pass(100);
            if (dead) {
                return false;
            }
        }
        giveSpace(); // it waits for that
        runUntil(started::isComplete, "the start");
        if (started.failed() && !dead) {
            onFailure(started.cause());
        }
        check();
        return !dead;
    }

    private NodePorts ports() {
        loops.clear();
        List<LoopTurns> turns = new ArrayList<>();
        for (int i = 0; i < LOOPS; i++) {
            SimSchedule.Line loop = schedule.line("loop " + i);
            loops.add(loop);
            turns.add(loop);
        }
        journal = schedule.line("journal");
        SimSchedule.Line readers = schedule.threads("readers");
        facts.readers(readers);
        return new NodePorts(
                turns,
                new NodePorts.Threads(journal, schedule.line("flusher"), readers, schedule.line("life")),
                disk,
                schedule,
                new SimChance(random),
                this::port,
                this::onFailure);
    }

    private ShardPort port(ShardOwner shard) {
        return asBytes ? new CommandsAsBytes(shard, truth, facts) : shard;
    }

    private static NodeShape smallShape() {
        return new NodeShape(
                SHARDS,
                "recado/sim",
                WorldScript.settings(),
                new JournalSettings(64 * KIB, 48 * KIB, 256 * KIB),
                new SegmentSettings(8 * KIB, KIB, 16 * KIB, 10_000));
    }

    private void onFailure(Throwable told) {
        Throwable cause = told;
        while (cause.getCause() != null && !(cause instanceof SimDisk.PowerLoss)) {
            cause = cause.getCause();
        }
        if (cause instanceof SimDisk.PowerLoss) {
            dead = true;
        } else if (failure == null) {
            failure = told;
        }
    }

    /** What the node told of itself, or a session found, ends the simulation. */
    void check() {
        AssertionError violation = truth.violation();
        if (violation != null) {
            throw violation;
        }
        if (failure != null && !dead) {
            throw new AssertionError("the node failed", failure);
        }
        NodeLife now = life;
        if (now != null && !dead) {
            noteTheDying(now.node());
        }
    }

    private void noteTheDying(Node node) {
        for (ShardOwner shard : node.owners()) {
            for (PartitionOwner owner : shard.partitions()) {
                Topic topic = owner.topic();
                int partition = owner.partition().index();
                ShardProbe.eachGroup(owner, (def, group) -> {
                    GroupProbe.dying(group).forEach(offset -> truth.onDying(topic, def.id(), partition, offset));
                    boolean deadLetters = !"".equals(def.settings().deadLetter());
                    truth.onHeld(topic, def.id(), partition, GroupProbe.leased(group), deadLetters);
                });
            }
        }
    }

    /** The journal's thread stands still, or goes on. */
    void holdJournal(boolean held) {
        Objects.requireNonNull(journal).hold(held);
    }

    /** The process ends where it is. */
    void crash(boolean powerLost) {
        facts.onCrash(disk, life, dead);
        dead = true;
        schedule.forgetAll();
        sessions.clear();
        truth.onCrash(powerLost);
        if (powerLost) {
            disk.restart();
        } else {
            disk.kill();
        }
    }

    WorldSession open() {
        WorldSession session = new WorldSession(truth, schedule, random);
        Patience patience = random.nextInt(4) == 0 ? Patience.WAIT : Patience.REFUSE;
        int loop = random.nextInt(LOOPS);
        on(loop, () -> session.open(node().sessions(), patience, loop));
        sessions.add(session);
        return session;
    }

    /** Runs {@code task} as code of a session on a loop, and whatever comes before it there. */
    void on(int loop, Runnable task) {
        boolean[] done = {false};
        loops.get(loop).execute(() -> {
            task.run();
            done[0] = true;
        });
        runUntil(() -> done[0], "a turn");
    }

    /** Runs {@code task} on a loop when its turn comes. */
    void later(int loop, Runnable task) {
        loops.get(loop).execute(task);
    }

    boolean isOn(int loop) {
        return loops.get(loop).isCurrent();
    }

    /** Has {@code session} do something, some time: what it does runs on its loop when its turn comes. */
    void tell(WorldSession session, Runnable task) {
        loops.get(session.loop()).execute(() -> {
            if (!session.ended()) {
                task.run();
            }
        });
    }

    /** Runs up to {@code tasks} tasks. */
    void run(int tasks) {
        for (int i = 0; i < tasks && !dead && schedule.runOne(); i++) {
            check();
        }
    }

    /** Lets time pass, with all that happens meanwhile. */
    void pass(long ms) {
        long endMs = schedule.monotonicMs() + ms;
        while (!dead) {
            while (!dead && schedule.runOne()) {
                check();
                passAMoment(endMs);
            }
            if (schedule.monotonicMs() >= endMs) {
                return;
            }
            schedule.passTo(endMs);
        }
    }

    /** Runs until {@code done}; fails where that never comes though nothing holds it up. */
    void runUntil(BooleanSupplier done, String what) {
        long endMs = schedule.monotonicMs() + ANSWER_MS_MAX;
        while (!dead && !done.getAsBoolean()) {
            if (!schedule.runOne()) {
                require(schedule.monotonicMs() < endMs, "it never comes: " + what);
                schedule.passTo(endMs);
            }
            check();
            passAMoment(endMs);
        }
    }

    /** Now and then time goes on though somebody has work: a disk is slow, or a loop. */
    private void passAMoment(long endMs) {
        if (random.nextInt(MOMENTS) == 0) {
            schedule.passTo(Math.min(endMs, schedule.monotonicMs() + 1 + random.nextInt(MOMENT_MS_MAX)));
        }
    }

    /** Stops the node in order; the next start finds everything. */
    void stop() {
        Future<Void> stopped = Objects.requireNonNull(life).stop();
        runUntil(stopped::isComplete, "the stop");
        if (!dead) {
            require(stopped.succeeded(), "the stop failed: " + stopped.cause());
            require(sessionBugs() == 0, "a session's code failed");
            schedule.forgetAll();
            sessions.clear();
            if (random.nextBoolean()) {
                disk.restart(); // a stop in order has left nothing that a power loss takes
            } else {
                disk.kill();
            }
            truth.onCrash(false);
        }
    }

    /** What a start would find on the disk as it is, but for one file. */
    Map<String, String> recovered(String without) {
        NodeWorld twin = new NodeWorld(new Random(0), disk.copy(0), new WorldFacts(), false, shape, largeDisk);
        twin.schedule.startAt(schedule);
        twin.disk.delete(without);
        twin.disk.kill();
        twin.life = new NodeLife(shape, twin.ports(), null);
        Future<Void> started = twin.life.start();
        twin.schedule.runOne(); // what comes behind it is work
        require(!started.failed(), "a start without " + without + " fails: " + started.cause());
        return twin.state();
    }

    private long sessionBugs() {
        return node().loops().stream()
                .mapToLong(loop -> loop.counters().sessionBugs())
                .sum();
    }

    /** What is applied and must be the same after any recovery: the catalog, and where each partition ends. */
    Map<String, String> state() {
        return WorldState.of(node());
    }

    List<Topic> topics() {
        Map<String, Topic> topics = new TreeMap<>();
        node().catalog().topics().forEach(topic -> topics.put(topic.name().name(), topic));
        return List.copyOf(topics.values());
    }

    /** The partitions of a topic that the node has open. */
    List<PartitionOwner> owners(Topic topic) {
        List<PartitionOwner> owners = new ArrayList<>();
        for (ShardOwner shard : node().owners()) {
            for (PartitionOwner owner : shard.partitions()) {
                if (owner.topic().uuid().equals(topic.uuid())) {
                    owners.add(owner);
                }
            }
        }
        return owners;
    }
}
