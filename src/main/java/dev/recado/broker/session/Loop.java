package dev.recado.broker.session;

import dev.recado.base.LoopTurns;
import dev.recado.base.Refusal;
import dev.recado.core.message.Draft;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.Partition;
import dev.recado.shard.ColdPace;
import dev.recado.shard.LoopMemory;
import dev.recado.shard.PublishesUnderWay;
import dev.recado.shard.Receipts;
import dev.recado.shard.RunTarget;
import dev.recado.shard.ShardLoop;
import dev.recado.shard.TurnTask;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One event loop of the broker, with what is done once per turn instead of once per message: sealing builders, owners'
 * appends and hand-outs, sessions' socket writes.
 *
 * <p>A turn is everything that the loop does between two looks at its sockets. The first that marks itself dirty
 * schedules one end of turn. Only {@link #execute} may be called from other threads.
 */
public final class Loop implements ShardLoop {

    /** Passes over the dirty lists in one end of turn, before the sockets get their chance again. */
    private static final int PASSES_MAX = 4;

    private static final long TOKENS_MS = 1_000;

    private final int index;
    private final LoopTurns turns;
    private final Boundary boundary;
    private final ArrayDeque<TurnTask> dirtyOwners = new ArrayDeque<>();
    private final ArrayDeque<OpenLink> dirtyLinks = new ArrayDeque<>();
    /** By their tokens, in the order of opening, which is that of their numbers. */
    private final Map<Long, OpenLink> links = new LinkedHashMap<>();

    private final SampleClock samples = new SampleClock();
    private final Map<Integer, TapHub> taps = new HashMap<>();
    private final RunBuilders builders;
    private final Pressure pressure;
    private final LoopMemory memory;
    private final ColdPace coldPace;
    private final TapShare tapShare;
    private final PatternMail patternMail;
    private final LoopCounters counters = new LoopCounters();
    private volatile Held held = new Held(0, 0, 0, 0, 0, 0, 0);
    private boolean turnScheduled;
    private boolean started;
    private boolean wasShort;
    private long tokensMs;

    /** What the shares of this loop hold, in bytes. */
    public record Held(
            long unconfirmed, long waiting, long parked, long tailCache, long memoryTopics, long handed, long taps) {}

    public Loop(
            int index,
            LoopTurns turns,
            Pressure pressure,
            LoopMemory memory,
            TapShare tapShare,
            PublishesUnderWay publishes,
            Consumer<Throwable> onBug) {
        this.tapShare = tapShare;
        this.index = index;
        this.turns = turns;
        this.pressure = pressure;
        this.memory = memory;
        this.boundary = new Boundary(onBug);
        this.coldPace = new ColdPace(this, publishes);
        this.builders = new RunBuilders(this, this::scheduleTurn);
        this.patternMail = new PatternMail(this);
    }

    @Override
    public int index() {
        return index;
    }

    public boolean isCurrent() {
        return turns.isCurrent();
    }

    Boundary boundary() {
        return boundary;
    }

    RunBuilders builders() {
        return builders;
    }

    /**
     * Publishes one message to one partition, whose shard is {@code target}; {@code receipts} hears of it under {@code
     * ticket}.
     *
     * @return its stored bytes
     */
    public int publish(
            RunTarget target,
            Partition partition,
            Draft draft,
            Receipts receipts,
            long ticket,
            @Nullable String producer,
            long sequence) {
        int bytes = builders.add(target, partition, draft, receipts, ticket, producer, sequence);
        counters.published++;
        counters.publishedBytes += bytes;
        return bytes;
    }

    @Override
    public LoopCounters counters() {
        return counters;
    }

    /** What sessions that wait have waiting for room has filled its bound: their like are not read any more. */
    void pauseWhoWaits() {
        for (OpenLink link : links.values().toArray(OpenLink[]::new)) {
            link.pauseIfCrowded();
        }
    }

    Map<Long, OpenLink> links() {
        return links;
    }

    /** The taps of this loop's sessions by partition. */
    Map<Integer, TapHub> taps() {
        return taps;
    }

    /** What taps of this loop's sessions hold. */
    public TapShare tapShare() {
        return tapShare;
    }

    Pressure pressure() {
        return pressure;
    }

    @Override
    public LoopMemory memory() {
        return memory;
    }

    @Override
    public ColdPace coldPace() {
        return coldPace;
    }

    /** What comes from other loops for pattern subscriptions of this one. Any thread. */
    public PatternMail patternMail() {
        return patternMail;
    }

    /** As of the last {@link #takeStock}. Any thread. */
    public Held held() {
        return held;
    }

    /** When what sessions count is sampled. */
    SampleClock samples() {
        return samples;
    }

    void onTick(long nowMs) {
        samples.onTick(nowMs);
        for (TapHub hub : taps.values().toArray(TapHub[]::new)) {
            hub.onTick(nowMs);
        }
    }

    /** Whether tokens are to be looked at, as once in a second. */
    boolean isTokenCheckDue(long nowMs) {
        boolean due = nowMs - tokensMs >= TOKENS_MS;
        tokensMs = due ? nowMs : tokensMs;
        return due;
    }

    /** Whether publishes find no disk or memory is looked at: sessions hear of what is new to them. */
    void onShortage(@Nullable Refusal now) {
        if (now != null || wasShort) {
            wasShort = now != null;
            for (OpenLink link : links.values().toArray(OpenLink[]::new)) {
                link.record().onShortage(now, link.port());
            }
        }
    }

    /** Called on each tick, and before the shares are told to somebody. */
    public void takeStock() {
        held = new Held(
                pressure.bytes(),
                pressure.parkedBytes(),
                memory.parked().bytes(),
                memory.tailBytes(),
                memory.memoryTopics().bytes(),
                memory.handed().bytes(),
                tapShare.bytes());
    }

    @Override
    public void execute(Runnable task) {
        turns.execute(() -> run(task));
    }

    @Override
    public void executeBehindSockets(Runnable task) {
        turns.executeBehindSockets(() -> run(task));
    }

    @Override
    public void dispatch(Runnable task) {
        if (isCurrent()) {
            task.run();
        } else {
            execute(task);
        }
    }

    @Override
    public void markOwner(TurnTask owner) {
        dirtyOwners.add(owner);
        scheduleTurn();
    }

    /** Hands {@code runs} to the taps that sessions of this loop have on a partition. Any thread. */
    public void tap(int partition, List<StoredRun> runs) {
        dispatch(() -> {
            TapHub hub = taps.get(partition);
            if (hub != null) {
                hub.offer(new LoopTapBatch(hub.partitionIndex(), runs));
            }
        });
    }

    /** Ends them. Any thread. */
    public void endTaps(int partition, String reason) {
        dispatch(() -> {
            TapHub hub = taps.get(partition);
            if (hub != null) {
                hub.end(reason);
            }
        });
    }

    void markLink(OpenLink link) {
        dirtyLinks.add(link);
        scheduleTurn();
    }

    /** Recovery is done: what it marked is served, and everything from now on. Called on the loop. */
    public void start() {
        started = true;
        scheduleTurn();
    }

    /** Asks for an end of turn. */
    void scheduleTurn() {
        if (started && !turnScheduled) {
            turnScheduled = true;
            execute(this::endTurn);
        }
    }

    /** Runs {@code task} on this loop again and again; what was missed while the loop stood still is not made up. */
    public LoopTurns.Timer every(long ms, Runnable task) {
        return turns.every(ms, () -> run(task));
    }

    @Override
    public void after(long ms, Runnable task) {
        turns.after(ms, () -> run(task));
    }

    private void endTurn() {
        try {
            for (int pass = 0; pass < PASSES_MAX && hasWork(); pass++) {
                sealAll();
                for (int owners = dirtyOwners.size(); owners > 0; owners--) {
                    dirtyOwners.remove().onTurn();
                }
                for (int sessions = dirtyLinks.size(); sessions > 0; sessions--) {
                    dirtyLinks.remove().onTurnEnd();
                }
            }
        } finally {
            turnScheduled = hasWork();
            if (turnScheduled) {
                // What is handed out of memory goes on and on, and a publish waits in a socket meanwhile.
                executeBehindSockets(this::endTurn);
            }
        }
    }

    /** What all sessions acknowledged goes out, then what they published: the former may make room for the latter. */
    void sealAll() {
        for (OpenLink link : dirtyLinks) {
            link.flushUnsent();
        }
        builders.sealAll();
    }

    private boolean hasWork() {
        return builders.isDirty() || !dirtyOwners.isEmpty() || !dirtyLinks.isEmpty();
    }

    private void run(Runnable task) {
        boundary.run(task);
    }
}
