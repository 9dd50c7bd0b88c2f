package dev.recado.broker;

import dev.recado.base.LoopTurns;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One event loop of the broker, with what is done once per turn instead of once per message: sealing builders, owners'
 * appends and hand-outs, sessions' socket writes.
 *
 * <p>A turn is everything that the loop does between two looks at its sockets. The first that marks itself dirty
 * schedules one end of turn. Only {@link #execute} may be called from other threads.
 */
final class Loop implements LoopWatch.Watched, ShardLoop {

    /** Passes over the dirty lists in one end of turn, before the sockets get their chance again. */
    private static final int PASSES_MAX = 4;

    private final int index;
    private final LoopTurns turns;
    private final Boundary boundary;
    private final ArrayDeque<TurnTask> dirtyOwners = new ArrayDeque<>();
    private final ArrayDeque<LoopLink> dirtyLinks = new ArrayDeque<>();
    private final Map<Long, LoopLink> links = new HashMap<>();
    private final Map<Integer, TapHub> taps = new HashMap<>();
    private final RunBuilders builders;
    private final Pressure pressure;
    private final MemoryDesk memory;
    private final TapShare tapShare;
    private final PatternMail patternMail;
    private final LoopCounters counters = new LoopCounters();
    private volatile Held held = new Held(0, 0, 0, 0, 0, 0, 0);
    private volatile Thread thread = Thread.currentThread();
    private boolean turnScheduled;
    private boolean started;

    /** What the shares of this loop hold, in bytes. */
    record Held(
            long unconfirmed, long waiting, long parked, long tailCache, long memoryTopics, long handed, long taps) {}

    Loop(
            int index,
            LoopTurns turns,
            Pressure pressure,
            MemoryDesk memory,
            TapShare tapShare,
            Consumer<Throwable> onBug) {
        this.tapShare = tapShare;
        this.index = index;
        this.turns = turns;
        this.pressure = pressure;
        this.memory = memory;
        this.boundary = new Boundary(onBug);
        this.builders = new RunBuilders(this);
        this.patternMail = new PatternMail(this);
    }

    @Override
    public int index() {
        return index;
    }

    boolean isCurrent() {
        return turns.isCurrent();
    }

    Boundary boundary() {
        return boundary;
    }

    RunBuilders builders() {
        return builders;
    }

    @Override
    public LoopCounters counters() {
        return counters;
    }

    /** What sessions that wait have waiting for room has filled its bound: their like are not read any more. */
    void pauseWhoWaits() {
        for (LoopLink link : links.values().toArray(LoopLink[]::new)) {
            link.unanswered().pauseIfCrowded();
        }
    }

    Map<Long, LoopLink> links() {
        return links;
    }

    /** The taps of this loop's sessions by partition. */
    Map<Integer, TapHub> taps() {
        return taps;
    }

    /** What taps of this loop's sessions hold. */
    TapShare tapShare() {
        return tapShare;
    }

    Pressure pressure() {
        return pressure;
    }

    @Override
    public MemoryDesk memory() {
        return memory;
    }

    /** What comes from other loops for pattern subscriptions of this one. Any thread. */
    PatternMail patternMail() {
        return patternMail;
    }

    /** As of the last {@link #takeStock}. Any thread. */
    Held held() {
        return held;
    }

    /** Called on each tick, and before the shares are told to somebody. */
    void takeStock() {
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

    @Override
    public void tap(int partition, TapBatch batch) {
        dispatch(() -> {
            TapHub hub = taps.get(partition);
            if (hub != null) {
                hub.offer(batch);
            }
        });
    }

    @Override
    public void endTaps(int partition, String reason) {
        dispatch(() -> {
            TapHub hub = taps.get(partition);
            if (hub != null) {
                hub.end(reason);
            }
        });
    }

    void markLink(LoopLink link) {
        dirtyLinks.add(link);
        scheduleTurn();
    }

    /** Recovery is done: what it marked is served, and everything from now on. Called on the loop. */
    void start() {
        thread = Thread.currentThread();
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
    LoopTurns.Timer every(long ms, Runnable task) {
        return turns.every(ms, () -> run(task));
    }

    @Override
    public void after(long ms, Runnable task) {
        turns.after(ms, () -> run(task));
    }

    @Override
    public void ping(Runnable pong) {
        turns.execute(pong);
    }

    @Override
    public StackTraceElement[] stack() {
        return thread.getStackTrace();
    }

    private void endTurn() {
        turnScheduled = false;
        for (int pass = 0; pass < PASSES_MAX && hasWork(); pass++) {
            sealAll();
            for (int owners = dirtyOwners.size(); owners > 0; owners--) {
                dirtyOwners.remove().onTurn();
            }
            for (int sessions = dirtyLinks.size(); sessions > 0; sessions--) {
                dirtyLinks.remove().onTurnEnd();
            }
        }
        if (hasWork()) {
            scheduleTurn();
        }
    }

    /** What all sessions acknowledged goes out, then what they published: the former may make room for the latter. */
    void sealAll() {
        for (LoopLink link : dirtyLinks) {
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
