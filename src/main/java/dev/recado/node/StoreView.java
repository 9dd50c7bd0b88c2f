package dev.recado.node;

import dev.recado.core.message.StoredRun;
import dev.recado.journal.DamagedException;
import dev.recado.journal.SegmentStore;
import dev.recado.journal.StorageException;
import dev.recado.shard.SegmentView;
import java.util.List;

/** A segment store as shards see it. */
record StoreView(SegmentStore store) implements SegmentView {

    @Override
    public int headBytes() {
        return SegmentStore.recordHeaderBytes();
    }

    @Override
    public long bytes(int partition) {
        return store.bytes(partition);
    }

    @Override
    public List<Span> spans(int partition) {
        return store.segments(partition).stream()
                .map(segment -> new Span(segment.baseOffset(), segment.endOffset(), segment.recordBytes()))
                .toList();
    }

    /** Who reads for a consumer tells of what cannot be read. */
    @Override
    public List<StoredRun> read(int partition, long offset, int bytesMax) {
        try {
            return store.read(partition, offset, bytesMax);
        } catch (DamagedException | StorageException unread) {
            return List.of();
        }
    }
}
