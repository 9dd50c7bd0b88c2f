package dev.recado.broker;

import dev.recado.base.ByteReader;
import dev.recado.core.message.EntryHeader;

/**
 * What committed entries do to the state of a shard: the same for one that was proposed here a moment ago and for one
 * that a start finds in the journal, read from the same bytes. Called in the order of the log, on the shard's loop or
 * by recovery; what a partition's runs do is {@link PartitionOwner#commit}, what the catalog's changes do
 * {@link CatalogDesk#apply}.
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
            case PROGRESS, PROGRESS_1, CLOCK -> {
                // Done before it was proposed.
            }
            default -> onRecovered(header, new ByteReader(body));
        }
    }

    /** Applies an entry of the journal; one that cannot be read is unsound. */
    void onRecovered(EntryHeader header, ByteReader body) {
        switch (header.type()) {
            case PROGRESS, PROGRESS_1 -> ProgressDesk.apply(shard, header.type(), body);
            case OPEN -> Opening.apply(shard, body);
            case TRIM -> Trims.apply(shard, body);
            case DROP -> LastGroup.apply(shard, body);
            case CATALOG -> shard.effects().applyCatalog(body);
            case CLOCK -> ShardClock.apply(shard, body);
            default -> {
                // No-ops and configurations change nothing here; data is applied run by run.
            }
        }
    }
}
