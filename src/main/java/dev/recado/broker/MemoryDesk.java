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
    private final Set<Tail> durable = new LinkedHashSet<>();
    private long tailBytes;
    private long memoryTopicBytes;

    MemoryDesk(long tailBytesMax, long memoryTopicBytesMax) {
        this.tailBytesMax = tailBytesMax;
        this.memoryTopicBytesMax = memoryTopicBytesMax;
    }

    void added(Tail tail, int bytes) {
        if (!tail.isDurable()) {
            memoryTopicBytes += bytes;
            return;
        }
        if (tail.bytes() == bytes) {
            durable.add(tail);
        }
        tailBytes += bytes;
    }

    void removed(Tail tail, int bytes) {
        if (!tail.isDurable()) {
            memoryTopicBytes -= bytes;
            return;
        }
        tailBytes -= bytes;
        if (tail.bytes() == 0) {
            durable.remove(tail);
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
