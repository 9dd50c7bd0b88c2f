package dev.recado.shard;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.topic.ProducerWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which messages of a numbered run a partition has not been given yet, so that what a producer sends again is stored
 * once. Owned by the partition's loop.
 */
final class FreshNumbers {

    static final Refusal TOO_OLD = Refusal.of(ErrorCode.SEQUENCE_TOO_OLD, "sequence too old");

    private static final Refusal TOO_MANY_PRODUCERS =
            Refusal.of(ErrorCode.LIMIT_REACHED, "too many producers number their messages on this partition");

    private final Producers producers;
    private final ShardClock clock;

    /** Who hears of what is not new. */
    interface Known {

        /** {@code message} has {@code offset} already, or {@link ProducerWindow#TOO_OLD}. */
        void on(PendingRun message, long offset);
    }

    FreshNumbers(Producers producers, ShardClock clock) {
        this.producers = producers;
        this.clock = clock;
    }

    /** Why nothing of that producer can be remembered, and so nothing of {@code run} be stored; or null. */
    @Nullable
    Refusal refusal(PendingRun run) {
        String producer = producer(run);
        boolean admitted = producers.window(producer) != null || producers.admits(producer, clock.nowMs());
        return admitted ? null : TOO_MANY_PRODUCERS;
    }

    /** The parts of {@code run} that are new, in their order; {@code run} itself where all of it is. */
    List<PendingRun> of(PendingRun run, Known known) {
        ProducerWindow window = producers.window(producer(run));
        if (window == null || run.firstSequence() >= window.next()) {
            return List.of(run);
        }
        List<PendingRun> fresh = new ArrayList<>();
        int freshFrom = 0;
        for (int i = 0; i < run.count(); i++) {
            long offset = window.offsetOf(run.firstSequence() + (long) i * run.stride());
            if (offset == ProducerWindow.NOT_SEEN) {
                continue;
            }
            addRange(run, freshFrom, i, fresh);
            freshFrom = i + 1;
            known.on(run.part(i, i + 1), offset);
        }
        addRange(run, freshFrom, run.count(), fresh);
        return fresh;
    }

    private static void addRange(PendingRun run, int from, int to, List<PendingRun> out) {
        if (from < to) {
            out.add(run.part(from, to));
        }
    }

    private static String producer(PendingRun run) {
        return Objects.requireNonNull(run.producer());
    }
}
