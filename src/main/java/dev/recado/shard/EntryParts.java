package dev.recado.shard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs that will become one entry. One owner. */
final class EntryParts {
    final List<ShardPartition> owners = new ArrayList<>();
    final List<PendingRun> runs = new ArrayList<>();
    long[] baseOffsets = new long[16];
    int bytes;
    boolean sync;
    /** Whether each stands behind the one before in one array. */
    private boolean inARow;

    void add(ShardPartition owner, PendingRun run, long baseOffset) {
        if (runs.size() == baseOffsets.length) {
            baseOffsets = Arrays.copyOf(baseOffsets, baseOffsets.length * 2);
        }
        int before = runs.size() - 1;
        inARow = before < 0 ? run.isFirst() : inARow && run.follows(runs.get(before));
        baseOffsets[runs.size()] = baseOffset;
        owners.add(owner);
        runs.add(run);
        bytes += run.storedBytes();
    }

    /** Whether these runs are all that one array holds, in its order, so that it can be the entry as it is. */
    boolean areOneArray() {
        if (!inARow || runs.isEmpty()) {
            return false;
        }
        PendingRun last = runs.get(runs.size() - 1);
        return last.isLast() && last.isArrayCompact();
    }

    void clear() {
        owners.clear();
        runs.clear();
        bytes = 0;
        sync = false;
    }
}
