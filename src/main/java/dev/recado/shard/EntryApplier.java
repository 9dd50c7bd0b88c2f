package dev.recado.shard;

import dev.recado.base.ByteReader;
import dev.recado.core.message.EntryHeader;
import dev.recado.core.message.EntryType;
import dev.recado.core.message.UnsoundEntryException;

/**
 * What committed entries do to the state of a shard: the same for one that was proposed here a moment ago and for one
 * that a start finds in the journal, read from the same bytes. Called in the order of the log, on the shard's loop or
 * by recovery; what a partition's runs do is {@link PartitionOwner#commit}, what the catalog's changes do
 * {@link ShardEffects#applyCatalog}.
 *
 * <p>What an owner had done before it proposed an entry it does not do again: its groups are ahead of their progress,
 * and its clock has counted a pause when it tells of it.
 */
final class EntryApplier {

    private final ShardOwner shard;

    EntryApplier(ShardOwner shard) {
        this.shard = shard;
    }

    /** Applies an entry that was proposed here. */
    void onCommitted(EntryHeader header, byte[] body) {
        switch (header.type()) {
            case PROGRESS, PROGRESS_1, CLOCK, TRANSACTION -> {
                // Done before it was proposed, but for runs, which are committed one by one.
            }
            default -> onRecovered(header, new ByteReader(body));
        }
    }

    /** Applies an entry of the journal, of a transaction its progress; one that cannot be read is unsound. */
    void onRecovered(EntryHeader header, ByteReader body) {
        switch (header.type()) {
            case PROGRESS, PROGRESS_1, TRANSACTION -> applyProgress(header.type(), body);
            case OPEN -> applyOpen(body);
            case TRIM -> applyTrim(body);
            case DROP -> LastGroup.apply(shard, body);
            case CATALOG -> shard.effects().applyCatalog(body);
            case CLOCK -> shard.clock().apply(body);
            default -> {
                // No-ops and configurations change nothing here; data is applied run by run.
            }
        }
    }

    private void applyProgress(EntryType type, ByteReader in) {
        int version = ProgressLog.readVersion(type, in);
        if (in.failed()) {
            throw new UnsoundEntryException("progress of an unknown version=" + version);
        }
        while (in.remaining() > 0 && !in.failed()) {
            PartitionOwner partition = shard.existing(in.readInt());
            int groupId = in.readInt();
            byte[] delta = in.readBlock();
            GroupOwner group = partition == null ? null : partition.group(groupId);
            if (group != null) {
                group.group().applyProgress(version, new ByteReader(delta));
            }
        }
    }

    private void applyOpen(ByteReader in) {
        PartitionOwner owner = shard.partition(in.readInt());
        int groupId = in.readInt();
        long offset = in.readLong();
        if (owner != null) {
            owner.opening().applied(groupId, offset);
        }
    }

    private void applyTrim(ByteReader in) {
        PartitionOwner owner = shard.partition(in.readInt());
        long offset = in.readLong();
        if (owner != null) {
            owner.trimTo(offset);
        }
    }
}
