package dev.recado.shard;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.message.EntryType;

/**
 * The last group of a partition ended: what it had finished stays finished for the topic's limits, now and after a
 * restart. Called on the partition's loop.
 *
 * <p>Body of a {@code DROP} entry: partition (int), the offset below which everything is finished (long).
 */
final class LastGroup {

    private LastGroup() {}

    static void tell(PartitionOwner owner) {
        ByteWriter body = new ByteWriter(12);
        body.putInt(owner.partition().id()).putLong(owner.backlog().finishedBelow());
        owner.shard().propose(EntryType.DROP, body.toByteArray(), Proposed.NOTHING);
    }

    /** Applies a {@code DROP} entry. */
    static void apply(ShardOwner shard, ByteReader in) {
        PartitionOwner owner = shard.partition(in.readInt());
        long offset = in.readLong();
        if (owner != null) {
            owner.backlog().finishedBelow(offset);
        }
    }
}
