package dev.recado.node;

import dev.recado.base.Check;
import dev.recado.base.LoopTurns;
import dev.recado.base.TimeSource;
import dev.recado.base.WorkerTurns;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * All threads of a simulated node on one: lines of tasks, of which chance picks the next, and a clock that moves when
 * there is nothing to do, and now and then before that. One seed gives one order.
 */
final class SimSchedule implements TimeSource {

    /** 2026-11-20, 00:00 UTC. */
    private static final long EPOCH_MS = 1_795_132_800_000L;

    /** Tasks without the clock moving, after which the node is said to spin. */
    private static final int TASKS_AT_ONCE_MAX = 50_000;

    private final Random random;
    private final List<Line> lines = new ArrayList<>();
    private final PriorityQueue<Timed> timers = new PriorityQueue<>();
    private long nowMs = 1_000;
    private long wallAheadMs;
    private long sequence;
    private long trace;
    private int tasksNow;
    private @Nullable Line running;

    SimSchedule(Random random) {
        this.random = random;
    }

    private record Timed(long dueMs, long sequence, Line line, Runnable task) implements Comparable<Timed> {
        @Override
        public int compareTo(Timed other) {
            return dueMs != other.dueMs ? Long.compare(dueMs, other.dueMs) : Long.compare(sequence, other.sequence);
        }
    }

    /** One thread, or several, whose tasks then run in any order. */
    final class Line implements LoopTurns, WorkerTurns {
        private final String name;
        private final boolean ordered;
        private final List<Runnable> waiting = new ArrayList<>();
        private boolean ended;
        private boolean held;
        private long ran;

        private Line(String name, boolean ordered) {
            this.name = name;
            this.ordered = ordered;
        }

        /** Whether nothing of it runs for now. */
        void hold(boolean hold) {
            held = hold;
        }

        private boolean isBusy() {
            return !held && !waiting.isEmpty();
        }

        /** Tasks that have run. */
        long ran() {
            return ran;
        }

        @Override
        public void execute(Runnable task) {
            if (!ended) {
                waiting.add(task);
            }
        }

        @Override
        public void after(long ms, Runnable task) {
            timers.add(new Timed(nowMs + ms, sequence++, this, task));
        }

        @Override
        public boolean isCurrent() {
            return running == this;
        }

        @Override
        public Timer every(long ms, Runnable task) {
            boolean[] cancelled = {false};
            repeat(ms, task, cancelled);
            return () -> cancelled[0] = true;
        }

        private void repeat(long ms, Runnable task, boolean[] cancelled) {
            after(ms, () -> {
                if (!cancelled[0]) {
                    repeat(ms, task, cancelled);
                    task.run();
                }
            });
        }

        @Override
        public boolean end() {
            Check.that(running != this, "a line is not ended by its own task");
            while (!waiting.isEmpty()) {
                runNext();
            }
            ended = true;
            return true;
        }

        private void runNext() {
            Runnable task = waiting.remove(ordered ? 0 : random.nextInt(waiting.size()));
            Line before = running;
            running = this;
            ran++;
            trace = (trace * 31 + name.hashCode()) * 31 + nowMs;
            try {
                task.run();
            } finally {
                running = before;
            }
        }
    }

    Line line(String name) {
        return add(new Line(name, true));
    }

    Line threads(String name) {
        return add(new Line(name, false));
    }

    private Line add(Line line) {
        lines.add(line);
        return line;
    }

    /** The process is gone: no line runs anything any more. Time goes on. */
    void forgetAll() {
        lines.forEach(line -> line.ended = true);
        lines.clear();
        timers.clear();
    }

    @Override
    public long wallMs() {
        return EPOCH_MS + nowMs + wallAheadMs;
    }

    @Override
    public long monotonicMs() {
        return nowMs;
    }

    /** Shows the time that {@code other} does. */
    void startAt(SimSchedule other) {
        nowMs = other.nowMs;
        wallAheadMs = other.wallAheadMs;
    }

    void putWallAhead(long ms) {
        wallAheadMs = ms;
    }

    /** Stands for everything that has run, and when: two runs of one seed have the same. */
    long trace() {
        return trace;
    }

    /** Runs one task, of any line that has one; false where nobody has any at this time. */
    boolean runOne() {
        int busy = 0;
        for (int i = 0; i < lines.size(); i++) {
            busy += lines.get(i).isBusy() ? 1 : 0;
        }
        if (busy == 0) {
            return false;
        }
        Check.that(tasksNow++ < TASKS_AT_ONCE_MAX, "the node spins", nowMs);
        int pick = random.nextInt(busy);
        for (int i = 0; ; i++) {
            Line line = lines.get(i);
            if (line.isBusy() && pick-- == 0) {
                line.runNext();
                return true;
            }
        }
    }

    /** The process stands still for so long: what is due meanwhile runs once, behind what waits. */
    void standStill(long ms) {
        nowMs += ms;
        passTo(nowMs);
    }

    /** Moves the clock to the next timer, but not beyond {@code endMs}; what is due waits in its line then. */
    void passTo(long endMs) {
        Timed next = timers.peek();
        nowMs = Math.max(nowMs, next == null ? endMs : Math.min(endMs, next.dueMs()));
        tasksNow = 0;
        while (!timers.isEmpty() && timers.element().dueMs() <= nowMs) {
            Timed due = timers.remove();
            due.line().execute(due.task());
        }
    }
}
