package dev.recado.shard;

import dev.recado.core.message.EntryHeader;
import dev.recado.core.message.StoredRun;
import java.util.List;

/**
 * An entry between its append and its commit.
 *
 * @param bytes its length
 * @param parts the runs in it, for data
 * @param body what it says, for anything else
 * @param onApplied what else follows its commit, once it is applied
 */
record Proposed(EntryHeader header, int bytes, List<Part> parts, byte[] body, Runnable onApplied) {

    static final byte[] NO_BODY = {};
    static final Runnable NOTHING = () -> {};

    /** One run of a data entry: what was published, and what is stored. */
    record Part(ShardPartition partition, PendingRun published, StoredRun stored) {}
}
