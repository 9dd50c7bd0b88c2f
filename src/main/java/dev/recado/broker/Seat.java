package dev.recado.broker;

import org.jspecify.annotations.Nullable;

/**
 * A subscription's place in one partition's group, and what gathers in the session's turn for the partition's owner.
 * Owned by the session's loop; {@code owner} belongs to the partition's.
 */
final class Seat {

    final GroupOwner owner;
    final int slot;
    private final AckList acks = new AckList();
    private long written;

    Seat(GroupOwner owner, int slot) {
        this.owner = owner;
        this.slot = slot;
    }

    ShardOwner shard() {
        return owner.partition().shard();
    }

    boolean isLocal(Loop here) {
        return shard().loop() == here;
    }

    void gatherAck(long firstOffset, long lastOffset) {
        acks.add(firstOffset, lastOffset);
    }

    void gatherWritten(long bytes) {
        written += bytes;
    }

    /** Takes what gathered, as a task for the owner's loop; null where there is nothing. */
    @Nullable
    Runnable takeGathered() {
        if (acks.isEmpty() && written == 0) {
            return null;
        }
        long[] ranges = acks.take();
        long bytes = written;
        written = 0;
        return () -> {
            for (int i = 0; i < ranges.length; i += 2) {
                owner.ack(slot, ranges[i], ranges[i + 1]);
            }
            if (bytes > 0) {
                owner.onWritten(slot, bytes);
            }
        };
    }
}
