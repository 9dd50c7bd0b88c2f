package dev.recado.broker;

import java.util.ArrayList;
import java.util.List;

/** Runs that will become one entry. One owner. */
final class EntryParts {
    final List<PartitionOwner> owners = new ArrayList<>();
    final List<PendingRun> runs = new ArrayList<>();
    final List<Long> baseOffsets = new ArrayList<>();
    int bytes;
    boolean sync;

    void clear() {
        owners.clear();
        runs.clear();
        baseOffsets.clear();
        bytes = 0;
        sync = false;
    }
}
