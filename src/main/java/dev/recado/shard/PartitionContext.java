package dev.recado.shard;

import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;

/** What groups, readers and trims see of their partition. Owned by the partition's loop. */
interface PartitionContext {

    ShardContext shard();

    default ShardView view() {
        return shard().view();
    }

    default ShardEffects effects() {
        return shard().effects();
    }

    Topic topic();

    Partition partition();

    default LoopMemory memory() {
        return shard().loop().memory();
    }

    /** Ends a topic whose last member has left or ceased, where that is its end; nobody has heard of that yet. */
    void endIfOver();

    /** Who reads alone has left. */
    void endReader(GroupView reader);

    /** The same, where somebody is to hear of it: {@code task} runs behind the end, or now where there is none. */
    void behindEnd(Runnable task);

    /** What is in memory. */
    Tail tail();

    boolean inMemoryOnly();

    /** Its topic is gone. */
    boolean closing();

    /** What is stored of it cannot be read. */
    boolean damaged();

    long logStart();

    /** Behind the last committed message. */
    long end();

    /** Behind the last message that was given an offset. */
    long nextOffset();

    /** Asks for a turn. */
    void markDirty();

    /** Something happened that no turn is asked for: what that makes due is found on the next tick. */
    void tickSoon();

    /** Runs {@code task} once everything below {@code offset} is committed; tasks come with rising offsets. */
    void whenCommitted(long offset, Runnable task);

    /** Whether a group is to have nothing more in hand for now; what it had before goes on. */
    boolean holdsBack(GroupView group, long offset);

    /** Whether it is known which message goes first; else {@code then} runs once it is worth asking again. */
    boolean isSorted(Runnable then);

    /** Messages lived for longer than they may, counted for each group. */
    void onExpired(long messages);

    /** Messages were given up for {@code overflow=drop-oldest}, counted for each group. */
    void onDropped(long messages);

    /** Publishes wait for room, or ({@code false}) no longer. */
    void crowded(boolean now);

    /** Refuses what waits for room; of {@code session}. */
    void refuseParked(Receipts session);

    /** Begins moving the log start to {@code offset}; false where that is under way already. */
    boolean startTrim(long offset);

    /** The log start moves up to {@code offset}: committed as an entry, or of a memory topic. */
    void trimTo(long offset);
}
