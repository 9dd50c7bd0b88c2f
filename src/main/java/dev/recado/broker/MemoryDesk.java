package dev.recado.broker;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * One loop's share of the memory for committed messages: durable tails leave it oldest first, partition by partition,
 * once segments hold them; memory topics are bounded by admission. Owned by its loop.
 */
final class MemoryDesk {

    private final long tailBytesMax;
    private final long memoryTopicBytesMax;
    private final HandedShare handed;
    private final Set<Tail> durable = new LinkedHashSet<>();
    private long tailBytes;
    private long memoryTopicBytes;

    MemoryDesk(long tailBytesMax, long memoryTopicBytesMax) {
        this(tailBytesMax, memoryTopicBytesMax, new HandedShare.Large(memoryTopicBytesMax));
    }

    /** {@code large} is what all loops share for large messages on their way to members. */
    MemoryDesk(long tailBytesMax, long memoryTopicBytesMax, HandedShare.Large large) {
        this.tailBytesMax = tailBytesMax;
        this.memoryTopicBytesMax = memoryTopicBytesMax;
        // As much again: what memory topics hold and what members hold are shares of the same size.
        this.handed = new HandedShare(memoryTopicBytesMax, large);
    }

    HandedShare handed() {
        return handed;
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

    void added(Tail tail, int bytes) {
        if (tail.isDurable()) {
            tailBytes += bytes;
        } else {
            memoryTopicBytes += bytes;
        }
    }

    void removed(Tail tail, int bytes) {
        if (tail.isDurable()) {
            tailBytes -= bytes;
        } else {
            memoryTopicBytes -= bytes;
        }
    }

    long memoryTopicRoom() {
        return memoryTopicBytesMax - memoryTopicBytes;
    }

    long tailBytes() {
        return tailBytes;
    }

    long memoryTopicBytes() {
        return memoryTopicBytes;
    }

    /** Whether so much is in memory that unwritten messages should go to segments now. */
    boolean isTight() {
        return tailBytes > tailBytesMax / 2;
    }

    /** Lets go of what segments hold until the share is kept again, a piece of each partition in turn. */
    void evict() {
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
