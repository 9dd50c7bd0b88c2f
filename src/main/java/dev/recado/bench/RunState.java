package dev.recado.bench;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What all threads of a run share: its times, whether it goes on, and the first thing that went wrong. */
final class RunState {

    final LoadPlan plan;
    final Lanes lanes;
    final AtomicLong lostConnections = new AtomicLong();

    private final AtomicReference<@Nullable Failure> failure = new AtomicReference<>();
    private final AtomicReference<@Nullable String> refusal = new AtomicReference<>();
    private volatile boolean stopped;
    private volatile boolean ending;
    private volatile long endByNanos;

    private volatile @Nullable Times times;

    /**
     * @param schedule null in a closed loop
     * @param measureFromNanos end of the warm-up
     * @param endNanos when a closed loop ends
     */
    record Times(@Nullable Schedule schedule, long startNanos, long measureFromNanos, long endNanos) {}

    /** Why the run cannot go on; {@code unreachable}: nobody answers. */
    private record Failure(String why, boolean unreachable) {}

    RunState(LoadPlan plan) {
        this.plan = plan;
        lanes = new Lanes(plan.publishing().publishers(), plan.topics().count());
    }

    /** Null until the run begins. */
    @Nullable
    Times times() {
        return times;
    }

    void begin(Times when) {
        times = when;
    }

    /** The run cannot go on; the first reason is kept. */
    void fail(String why) {
        failure.compareAndSet(null, new Failure(why, false));
    }

    /** As {@link #fail}, because nobody answers. */
    void failUnreachable(String why) {
        failure.compareAndSet(null, new Failure(why, true));
    }

    @Nullable
    String failure() {
        Failure first = failure.get();
        return first == null ? null : first.why();
    }

    boolean isUnreachable() {
        Failure first = failure.get();
        return first != null && first.unreachable();
    }

    /** A publish was refused; the first reason is kept. */
    void refused(String why) {
        refusal.compareAndSet(null, why);
    }

    @Nullable
    String refusal() {
        return refusal.get();
    }

    /** Publishers send no more; what is under way is waited for, until {@code byNanos}. The first call counts. */
    void end(long byNanos) {
        if (!ending) {
            endByNanos = byNanos;
            ending = true;
        }
    }

    /** Whether nothing more is waited for, because {@link #end} was called long enough ago. */
    boolean isEndOver(long nowNanos) {
        return ending && nowNanos - endByNanos > 0;
    }

    boolean isEnding() {
        return ending;
    }

    /** Every thread ends. */
    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }
}
