package dev.recado.bench;

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

    /** Sends no more, waits for what is under way and comes to its result. */
    public void end() {
        state.end();
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
            pass(figures, threads::areSent);
            figures.onSendingEnd();
            drain(figures, threads);
            figures.end();
        } finally {
            state.stop();
            threads.join(JOIN_MS);
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
            if (System.nanoTime() - deadline > 0) {
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

    /** Waits for confirmations and deliveries, until everything is there or nothing moves any more. */
    private void drain(FigureLog figures, LoadThreads threads) {
        long waitNanos = plan.timing().drainMs() * 1_000_000;
        long[] last = {-1, System.nanoTime()};
        pass(figures, () -> {
            long moved = threads.confirmed() + threads.delivered();
            long nowNanos = System.nanoTime();
            if (moved != last[0]) {
                last[0] = moved;
                last[1] = nowNanos;
            }
            return threads.areAnswered() && threads.areDelivered() || nowNanos - last[1] > waitNanos;
        });
    }

    private Map<String, String> finish() {
        if (state.isUnreachable()) {
            return Map.of();
        }
        try {
            return transport.finish(plan);
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
                threads.counts(),
                figures.rates(),
                figures.confirm(),
                figures.deliver(),
                figures.intervals(),
                List.copyOf(verdicts),
                figures.generator(),
                broker,
                state.failure(),
                state.isUnreachable());
    }
}
