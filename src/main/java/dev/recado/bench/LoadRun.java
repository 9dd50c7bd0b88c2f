package dev.recado.bench;

import dev.recado.base.Plural;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One load run from its first connection to its result. {@link #run} blocks its caller, which is also the thread that
 * collects the figures; only {@link #end} may be called by others.
 */
public final class LoadRun {

    private static final long READY_NANOS = 60_000_000_000L;
    private static final long JOIN_MS = 10_000;
    private static final long FINISH_MS = 60_000;
    /** As {@link #FINISH_MS}, of a broker that has failed already. */
    private static final long FINISH_FAILED_MS = 2_000;
    /** From the call of {@link #end} to the end of the run. */
    private static final long END_MS_MIN = 1_000;

    private static final long END_MS_MAX = 10_000;
    /** How long nothing may arrive before a verifier believes that nothing comes, and how long it waits for that. */
    private static final long QUIET_NANOS = 250_000_000;

    private static final long QUIET_NANOS_MAX = 1_000_000_000;
    private static final long POLL_NANOS = 2_000_000;
    private static final long START_DELAY_NANOS = 5_000_000;

    private final LoadPlan plan;
    private final LoadTransport transport;
    private final Consumer<Interval> progress;
    private final RunState state;

    /** {@code progress} hears of each stretch of the run as it ends. */
    public LoadRun(LoadPlan plan, LoadTransport transport, Consumer<Interval> progress) {
        this.plan = plan;
        this.transport = transport;
        this.progress = progress;
        state = new RunState(plan);
    }

    /** The transports that there are. */
    public static List<LoadTransport> transports() {
        return ServiceLoader.load(LoadTransport.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /** Sends no more, waits for what is under way and comes to its result, within {@link #endLimitMs}. */
    public void end() {
        // The other half is for the threads to end and for the broker's last answer.
        state.end(System.nanoTime() + endLimitMs() * 1_000_000 / 2);
    }

    /** How long the run lasts at most once {@link #end} was called; what blocks in the transport's begin excepted. */
    public long endLimitMs() {
        return Math.max(END_MS_MIN, Math.min(END_MS_MAX, plan.timing().drainMs()));
    }

    /**
     * Runs.
     *
     * @throws java.net.ConnectException where no broker answers at first
     * @throws LoadException where the broker refuses the topics
     */
    public LoadResult run() throws IOException {
        transport.prepare(plan);
        LoadThreads threads = new LoadThreads(state, transport);
        FigureLog figures = new FigureLog(state, threads, progress);
        long startedAtMs = System.currentTimeMillis();
        try {
            threads.startConsumers();
            await(threads::areConsumersReady);
            threads.startPublishers();
            await(threads::arePublishersReady);
            begin();
            figures.begin();
            send(figures, threads);
            figures.onSendingEnd();
            drain(figures, threads);
            figures.end();
        } finally {
            state.stop();
            threads.join(state.isEnding() ? endLimitMs() / 5 : JOIN_MS);
        }
        if (threads.sent() == 0) {
            state.fail("sent nothing");
        }
        Map<String, String> broker = finish();
        return result(threads, figures, startedAtMs, broker);
    }

    private void begin() {
        long startNanos = System.nanoTime() + START_DELAY_NANOS;
        long measureFromNanos = startNanos + plan.timing().warmUpMs() * 1_000_000;
        Schedule schedule = plan.publishing().isOpenLoop()
                ? new Schedule(
                        startNanos,
                        plan.publishing().ratePerSecond(),
                        plan.publishing().publishers())
                : null;
        long endNanos = measureFromNanos + plan.timing().durationMs() * 1_000_000;
        state.begin(new RunState.Times(schedule, startNanos, measureFromNanos, endNanos));
    }

    private void await(BooleanSupplier ready) {
        long deadline = System.nanoTime() + READY_NANOS;
        while (!ready.getAsBoolean() && state.failure() == null) {
            if (state.isEnding()) {
                state.fail("stopped before its begin");
            } else if (System.nanoTime() - deadline > 0) {
                state.fail("not all connections were ready within " + READY_NANOS / 1_000_000_000 + " s");
            }
            LockSupport.parkNanos(this, POLL_NANOS);
        }
    }

    /** Collects figures until {@code done}. */
    private void pass(FigureLog figures, BooleanSupplier done) {
        while (!done.getAsBoolean() && state.failure() == null) {
            figures.onTime(System.nanoTime());
            LockSupport.parkNanos(this, POLL_NANOS);
        }
    }

    /** Waits until all is sent; behind the time for it only as long as anything moves. */
    private void send(FigureLog figures, LoadThreads threads) {
        RunState.Times times = state.times();
        Progress moved = new Progress();
        pass(figures, () -> {
            long nowNanos = System.nanoTime();
            if (threads.areSent()) {
                return true;
            }
            moved.see(threads.sent() + threads.confirmed() + threads.fresh(), nowNanos);
            boolean late = times != null && nowNanos - times.endNanos() >= 0;
            if (state.isEndOver(nowNanos)
                    || late && moved.stillNanos(nowNanos) > patienceNanos(threads) + paceNanos()) {
                state.fail("not all was sent: nothing moved for "
                        + moved.stillNanos(nowNanos) / 1_000_000 + " ms, "
                        + Plural.of(threads.unanswered(), "message") + " unanswered");
            }
            return false;
        });
    }

    /** How long nothing may move before it is given up. */
    private long patienceNanos(LoadThreads threads) {
        LoadPlan.Safety safety = plan.safety();
        long drainMs = plan.timing().drainMs();
        boolean resuming = safety.resume() && !threads.arePublishersReady();
        return 1_000_000 * (resuming ? Math.max(drainMs, safety.resumeWaitMs()) : drainMs);
    }

    /** From one message of an open loop to the next. */
    private long paceNanos() {
        return plan.publishing().isOpenLoop() ? (long) (1e9 / plan.publishing().ratePerSecond()) : 0;
    }

    /** Waits for confirmations and deliveries, until everything is there or nothing moves any more. */
    private void drain(FigureLog figures, LoadThreads threads) {
        Progress moved = new Progress();
        Progress heard = new Progress();
        long[] completeAtNanos = {0};
        pass(figures, () -> {
            long nowNanos = System.nanoTime();
            // Not all deliveries: those of others or again and again would keep it waiting for ever.
            moved.see(threads.confirmed() + threads.fresh(), nowNanos);
            heard.see(threads.delivered(), nowNanos);
            if (threads.areAnswered() && threads.areDelivered()) {
                completeAtNanos[0] = completeAtNanos[0] == 0 ? nowNanos : completeAtNanos[0];
                return !plan.safety().verify()
                        || heard.stillNanos(nowNanos) >= QUIET_NANOS
                        || nowNanos - completeAtNanos[0] >= QUIET_NANOS_MAX
                        || state.isEndOver(nowNanos);
            }
            return state.isEndOver(nowNanos) || moved.stillNanos(nowNanos) > patienceNanos(threads);
        });
        if (state.failure() == null && !threads.areAnswered()) {
            state.fail(unanswered(threads));
        }
    }

    private String unanswered(LoadThreads threads) {
        String after = " after " + plan.timing().drainMs() + " ms without progress";
        return plan.isConfirmed()
                ? Plural.of(threads.unanswered(), "message") + " unanswered" + after
                : Plural.of(threads.unanswered(), "publisher") + " without a sign that all was handled" + after;
    }

    /** When a counter last changed. */
    private static final class Progress {
        private long count = -1;
        private long changedNanos = System.nanoTime();

        void see(long countNow, long nowNanos) {
            if (countNow != count) {
                count = countNow;
                changedNanos = nowNanos;
            }
        }

        long stillNanos(long nowNanos) {
            return nowNanos - changedNanos;
        }
    }

    private Map<String, String> finish() {
        if (state.isUnreachable()) {
            return Map.of();
        }
        try {
            long limitMs = state.failure() == null ? FINISH_MS : FINISH_FAILED_MS;
            return transport.finish(plan, state.isEnding() ? Math.min(limitMs, endLimitMs() / 5) : limitMs);
        } catch (IOException | LoadException e) {
            state.fail("at the end: " + e.getMessage());
            return Map.of();
        }
    }

    private LoadResult result(LoadThreads threads, FigureLog figures, long startedAtMs, Map<String, String> broker) {
        List<Verdict> verdicts = new ArrayList<>();
        if (plan.safety().verify()) {
            verdicts.addAll(threads.verdicts());
        }
        return new LoadResult(
                plan,
                startedAtMs,
                new LoadResult.Measured(
                        threads.counts(), figures.rates(), figures.confirm(), figures.deliver(), figures.intervals()),
                List.copyOf(verdicts),
                figures.generator(),
                broker,
                new LoadResult.Ending(state.failure(), state.isUnreachable()));
    }
}
