package dev.recado.shard;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * One loop's share of the memory for committed messages: durable tails leave it oldest first, partition by partition,
 * once segments hold them; for memory topics see {@link MemoryShare}. Owned by its loop.
 */
public final class LoopMemory {

    private final long tailBytesMax;
    private final MemoryShare memoryTopics;
    private final ParkedShare parked;
    private final HandedShare handed;
    private final Set<Tail> durable = new LinkedHashSet<>();
    private long tailBytes;

    public LoopMemory(long tailBytesMax, long memoryTopicBytesMax, long parkedBytesMax) {
        this(tailBytesMax, memoryTopicBytesMax, parkedBytesMax, new HandedShare.Large(memoryTopicBytesMax));
    }

    /** {@code large} is what all loops share for large messages on their way to members. */
    public LoopMemory(long tailBytesMax, long memoryTopicBytesMax, long parkedBytesMax, HandedShare.Large large) {
        this.tailBytesMax = tailBytesMax;
        this.memoryTopics = new MemoryShare(memoryTopicBytesMax);
        this.parked = new ParkedShare(parkedBytesMax);
        // As much again: what memory topics hold and what members hold are shares of the same size.
        this.handed = new HandedShare(memoryTopicBytesMax, large);
    }

    public HandedShare handed() {
        return handed;
    }

    public MemoryShare memoryTopics() {
        return memoryTopics;
    }

    public ParkedShare parked() {
        return parked;
    }

    /** {@code tail} is about to hold something. */
    void begins(Tail tail) {
        if (tail.isDurable()) {
            durable.add(tail);
        }
    }

    /** {@code tail} holds nothing any more. */
    void ends(Tail tail) {
        durable.remove(tail);
    }

    void added(Tail tail, long bytes) {
        if (tail.isDurable()) {
            tailBytes += bytes;
        } else {
            memoryTopics.add(tail.isLoose(), bytes);
        }
    }

    void removed(Tail tail, long bytes) {
        added(tail, -bytes);
    }

    public long tailBytes() {
        return tailBytes;
    }

    /** Whether so much is in memory that unwritten messages should go to segments now. */
    boolean isTight() {
        return tailBytes > tailBytesMax / 2;
    }

    /**
     * Keeps the shares again: memory topics that spill have their oldest written, loose ones give theirs up; of durable
     * ones goes what segments hold, a piece of each partition in turn.
     */
    void evict() {
        memoryTopics.spill();
        memoryTopics.reclaim();
        if (tailBytes <= tailBytesMax) {
            return;
        }
        boolean any = true;
        while (any && tailBytes > tailBytesMax * 3 / 4) {
            any = false;
            for (Tail tail : durable.toArray(Tail[]::new)) {
                any |= tail.evict(Math.max(1, tail.bytes() / 4)) > 0;
            }
        }
    }
}
