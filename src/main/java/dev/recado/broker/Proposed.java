package dev.recado.broker;

import dev.recado.core.message.StoredRun;
import java.util.List;

/**
 * An entry between its append and its commit.
 *
 * @param index its place in the shard's log
 * @param bytes its length
 * @param parts the runs in it, for data
 * @param onCommit what else follows its commit
 */
record Proposed(long index, int bytes, List<Part> parts, Runnable onCommit) {

    static final Runnable NOTHING = () -> {};

    /** One run of a data entry: what was published, and what is stored. */
    record Part(PartitionOwner partition, PendingRun published, StoredRun stored) {}
}
