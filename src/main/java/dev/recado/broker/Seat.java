package dev.recado.broker;

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

    /** Tells the owner what gathered, at once where it is of this loop. */
    void flush(Loop here) {
        if (acks.isEmpty() && written == 0) {
            return;
        }
        long[] ranges = acks.take();
        long bytes = written;
        written = 0;
        if (isLocal(here)) {
            tell(ranges, bytes);
        } else {
            shard().loop().execute(() -> tell(ranges, bytes));
        }
    }

    private void tell(long[] ranges, long bytes) {
        if (ranges.length > 0) {
            owner.ack(slot, ranges);
        }
        if (bytes > 0) {
            owner.onWritten(slot, bytes);
        }
    }
}
