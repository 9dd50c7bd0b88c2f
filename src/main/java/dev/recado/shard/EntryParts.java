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

    void add(ShardPartition owner, PendingRun run, long baseOffset) {
        if (runs.size() == baseOffsets.length) {
            baseOffsets = Arrays.copyOf(baseOffsets, baseOffsets.length * 2);
        }
        baseOffsets[runs.size()] = baseOffset;
        owners.add(owner);
        runs.add(run);
        bytes += run.storedBytes();
    }

    void clear() {
        owners.clear();
        runs.clear();
        bytes = 0;
        sync = false;
    }
}
