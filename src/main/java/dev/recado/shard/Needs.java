package dev.recado.shard;

import dev.recado.core.group.GroupNeeds;
import java.util.function.Supplier;

/** What the groups of one partition need of it, taken together. Owned by the partition's loop. */
final class Needs {

    private final Supplier<GroupNeeds[]> groups;

    Needs(Supplier<GroupNeeds[]> groups) {
        this.groups = groups;
    }

    /** The lowest offset at or above {@code from} that some group has not finished; it may lie beyond the end. */
    long next(long from) {
        long lowest = Long.MAX_VALUE;
        for (GroupNeeds group : groups.get()) {
            lowest = Math.min(lowest, group.nextNeeded(from));
        }
        return lowest;
    }

    /** The lowest offset from {@code from} on, below {@code to}, that every group has finished; else {@code to}. */
    long nextGap(long from, long to) {
        long at = from;
        boolean moved = true;
        while (moved && at < to) {
            moved = false;
            for (GroupNeeds group : groups.get()) {
                long finished = group.nextFinished(at);
                moved |= finished > at;
                at = Math.max(at, finished);
            }
        }
        return Math.min(at, to);
    }

    /** Below that, every group has handed out everything, or passed it. */
    long lowestCursor(long end) {
        long lowest = end;
        for (GroupNeeds group : groups.get()) {
            lowest = Math.min(lowest, group.cursor());
        }
        return lowest;
    }

    /** A message counts for each group that has it in hand. */
    long inHandCount() {
        long sum = 0;
        for (GroupNeeds group : groups.get()) {
            sum += group.inHandCount();
        }
        return sum;
    }

    long inHandBytes() {
        long sum = 0;
        for (GroupNeeds group : groups.get()) {
            sum += group.inHandBytes();
        }
        return sum;
    }

    long finishedCount() {
        long sum = 0;
        for (GroupNeeds group : groups.get()) {
            sum += group.finishedCount();
        }
        return sum;
    }

    long settledBytes() {
        long sum = 0;
        for (GroupNeeds group : groups.get()) {
            sum += group.settledBytes();
        }
        return sum;
    }
}
