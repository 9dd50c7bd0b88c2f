package dev.recado.broker;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * One loop's share of the memory for committed messages: durable tails leave it oldest first, partition by partition, once
 * segments hold them; memory topics are bounded by admission. Owned by its loop.
 */
final class MemoryDesk {

    private final long tailBytesMax;
    private final long memoryTopicBytesMax;
    private final Set<PartitionOwner> durable = new LinkedHashSet<>();
    private long tailBytes;
    private long memoryTopicBytes;

    MemoryDesk(long tailBytesMax, long memoryTopicBytesMax) {
        this.tailBytesMax = tailBytesMax;
        this.memoryTopicBytesMax = memoryTopicBytesMax;
    }

    void added(PartitionOwner owner, int bytes) {
        if (owner.inMemoryOnly()) {
            memoryTopicBytes += bytes;
            return;
        }
        if (owner.tailBytes() == bytes) {
            durable.add(owner);
        }
        tailBytes += bytes;
    }

    void removed(PartitionOwner owner, int bytes) {
        if (owner.inMemoryOnly()) {
            memoryTopicBytes -= bytes;
            return;
        }
        tailBytes -= bytes;
        if (owner.tailBytes() == 0) {
            durable.remove(owner);
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
            for (PartitionOwner owner : durable.toArray(PartitionOwner[]::new)) {
                any |= owner.evict(Math.max(1, owner.tailBytes() / 4)) > 0;
            }
        }
    }
}
