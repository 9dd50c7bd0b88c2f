package dev.recado.shard;

import dev.recado.base.Refusal;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.Topic;
import java.util.List;

/** A partition as its shard's log sees it: what is appended to it, and what becomes of that. */
interface ShardPartition extends TurnTask {

    Topic topic();

    /** Gives {@code run} its offsets and answers the first. */
    long take(PendingRun run);

    /** Of a memory topic: stores, commits and confirms {@code run} in one step. */
    void appendInMemory(PendingRun run);

    /** {@code run} is committed, whether it got its offsets here or is found in the journal: it may be read. */
    void commit(StoredRun run);

    /** What segments shall hold next; counts as handed over. */
    List<StoredRun> takeUnflushed();

    /** Refuses what waits for room; of {@code session}. */
    void refuseParked(Receipts session);

    /** Refuses all that waits for room. */
    void refuseAllParked(Refusal why);
}
