package dev.recado.shard;

import dev.recado.core.message.EntryType;
import dev.recado.core.message.MessageView;
import java.util.List;

/** What the partitions of a shard see of it. Owned by the shard's loop. */
interface ShardContext {

    /** By which effects name it. */
    int number();

    ShardView view();

    ShardEffects effects();

    ShardLoop loop();

    ShardClock clock();

    /** What is read of segments for it. */
    PendingReads reads();

    /** Dead letters of its groups that are on their way to their topics. */
    LettersUnderWay letters();

    /** What groups have finished, on its way to the log. */
    ProgressLog progress();

    /** For who looks at a message for a moment, and lets go of it before anybody else can. */
    MessageView messageView();

    /** When its partitions are to be visited. */
    DueTimes due();

    /** Whether it leads: turns do its work. */
    boolean isWorking();

    /** Bytes of entries that are on their way to the disk. */
    long inflightBytes();

    /** Has {@code task} come behind everything that has arrived before it. */
    void enqueue(InnerTask task);

    /** Asks for a turn. */
    void markDirty();

    /** A partition has something to hand out, to trim or to let in at the end of this turn. */
    void markDirty(ShardPartition partition);

    /** A partition has something that segments shall hold; it says so once until it was taken. */
    void markUnflushed(ShardPartition partition);

    /** Publishes wait for room in a partition, or ({@code false}) no longer. */
    void crowded(ShardPartition partition, boolean now);

    /** Runs that were parked or held are let in again. */
    void appendNow(ShardPartition partition, List<PendingRun> runs);

    /** {@code run} of a memory topic is stored from {@code baseOffset} on. */
    void confirm(PendingRun run, long baseOffset);

    /** Proposes an entry that is not data; {@code onApplied} runs on the loop once it is committed and applied. */
    void propose(EntryType type, byte[] body, Runnable onApplied);
}
