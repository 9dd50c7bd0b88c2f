package dev.recado.shard;

import dev.recado.base.Refusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The runs that wait at one partition for room or for the end of a shortage, in the order of their arrival; each is one
 * publisher's. A publisher that waits may have any number of bytes here, since it is not read meanwhile; others have a
 * bound of time, and of bytes each and together. Owned by the partition's loop.
 */
final class ParkedRuns {

    private final PartitionContext owner;
    private final ArrayDeque<Parked> runs = new ArrayDeque<>(0);
    private final Map<Receipts, Long> bytesOf = new HashMap<>();
    /** Runs whose publishers do not wait for ever. */
    private int impatient;

    /** A run that waits since {@code sinceMs}. */
    private record Parked(PendingRun run, long sinceMs) {
        private Receipts publisher() {
            return run.slices().receipts(0);
        }
    }

    ParkedRuns(PartitionContext owner) {
        this.owner = owner;
    }

    boolean isEmpty() {
        return runs.isEmpty();
    }

    /** The run that waits longest, or null. */
    @Nullable
    PendingRun first() {
        Parked first = runs.peek();
        return first == null ? null : first.run();
    }

    /**
     * Has {@code run} wait; all of it is one publisher's. Answers false where that has too much waiting already, or all
     * together have.
     */
    boolean add(PendingRun run) {
        Receipts publisher = run.slices().receipts(0);
        long bytes = bytesOf.getOrDefault(publisher, 0L) + run.bytes();
        boolean tooMuch = bytes > owner.view().settings().parkedBytesMax()
                || !owner.memory().parked().takes(run.bytes());
        if (tooMuch && !publisher.waits()) {
            return false;
        }
        count(publisher, run.bytes());
        impatient += publisher.waits() ? 0 : 1;
        owner.crowded(true);
        runs.add(new Parked(run, owner.view().time().monotonicMs()));
        run.tellParked(1);
        return true;
    }

    /** The first {@code count} messages of the first run wait no longer; answers them as a run. */
    PendingRun take(int count) {
        Parked first = runs.remove();
        PendingRun run = first.run();
        if (count >= run.count()) {
            leave(first);
            return run;
        }
        PendingRun taken = run.part(0, count);
        runs.addFirst(new Parked(run.part(count, run.count()), first.sinceMs()));
        count(first.publisher(), -taken.bytes());
        taken.tellParked(-1);
        return taken;
    }

    private void leave(Parked entry) {
        count(entry.publisher(), -entry.run().bytes());
        impatient -= entry.publisher().waits() ? 0 : 1;
        if (runs.isEmpty()) {
            owner.crowded(false);
        }
        entry.run().tellParked(-1);
    }

    private void count(Receipts publisher, long more) {
        bytesOf.merge(publisher, more, (sum, added) -> sum + added > 0 ? sum + added : null);
        if (!publisher.waits()) {
            owner.memory().parked().add(more);
        }
    }

    /** Refuses what {@code publisher} has waiting, unless it waits for ever. */
    void refuse(Receipts publisher, Refusal refusal) {
        if (!publisher.waits()) {
            refuseIf(entry -> entry.publisher() == publisher, refusal);
        }
    }

    /** Refuses what has waited since before {@code sinceMs}, unless its publisher waits for ever. */
    void refuseOlder(long sinceMs, Refusal refusal) {
        if (impatient > 0 && runs.element().sinceMs() <= sinceMs) {
            refuseIf(entry -> entry.sinceMs() <= sinceMs && !entry.publisher().waits(), refusal);
        }
    }

    void refuseAll(Refusal refusal) {
        refuseIf(entry -> true, refusal);
    }

    private void refuseIf(Predicate<Parked> which, Refusal refusal) {
        List<Parked> gone = new ArrayList<>();
        runs.removeIf(entry -> which.test(entry) && gone.add(entry));
        for (Parked entry : gone) {
            leave(entry);
            entry.run().refuse(refusal);
        }
    }

    /** One run for each publisher of {@code run}, in order. */
    static List<PendingRun> bySlice(PendingRun run) {
        // What waits for long must not hold more memory than it counts.
        if (run.slices().count() == 1 && run.isCompact()) {
            return List.of(run);
        }
        List<PendingRun> parts = new ArrayList<>(run.slices().count());
        int from = 0;
        for (int slice = 0; slice < run.slices().count(); slice++) {
            int to = from + run.slices().messages(slice);
            parts.add(run.part(from, to));
            from = to;
        }
        return parts;
    }
}
