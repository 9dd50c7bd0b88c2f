package dev.recado.shard;

import dev.recado.core.message.StoredRun;
import java.util.ArrayList;
import java.util.List;

/** What segments are to hold of one shard and do not yet: handed over by bytes and time. Owned by the shard's loop. */
public final class SegmentFeed {

    /** Committed bytes after which segments are written, and how long fewer may wait. */
    private static final long FLUSH_BYTES = 4L * 1024 * 1024;

    private static final long FLUSH_EVERY_MS = 1_000;
    /** The same where memory is tight. */
    private static final long FLUSH_BYTES_TIGHT = 256L * 1024;

    private final ShardOwner shard;
    private final List<ShardPartition> partitions = new ArrayList<>();
    private long bytes;
    private long flushedAtMs;

    SegmentFeed(ShardOwner shard) {
        this.shard = shard;
    }

    /** {@code partition} has something that segments shall hold; it says so once until it was taken. */
    void add(ShardPartition partition) {
        partitions.add(partition);
    }

    /** So many bytes are committed. */
    void onCommitted(long more) {
        bytes += more;
    }

    /** End of the shard's turn. */
    void onTurn() {
        if (bytes >= FLUSH_BYTES
                || bytes >= FLUSH_BYTES_TIGHT && shard.loop().memory().isTight()) {
            flush();
        }
    }

    void onTick(long nowMs) {
        if (bytes > 0 && nowMs - flushedAtMs >= FLUSH_EVERY_MS) {
            flush();
        }
    }

    /** Hands everything committed and not yet in segments to the flusher. */
    public void flush() {
        bytes = 0;
        flushedAtMs = shard.view().time().monotonicMs();
        List<List<StoredRun>> batch = take();
        if (!batch.isEmpty()) {
            shard.effects().flush(shard.log().shard(), batch);
        }
    }

    /** What the flusher shall write next, a list for each partition; counts as handed over. */
    public List<List<StoredRun>> take() {
        List<List<StoredRun>> batch = new ArrayList<>(partitions.size());
        for (ShardPartition partition : partitions) {
            List<StoredRun> runs = partition.takeUnflushed();
            if (!runs.isEmpty()) {
                batch.add(runs);
            }
        }
        partitions.clear();
        return batch;
    }

    /** The flusher has written these runs. */
    public void onFlushed(List<List<StoredRun>> batch) {
        for (List<StoredRun> runs : batch) {
            StoredRun last = runs.get(runs.size() - 1);
            PartitionOwner owner = shard.existing(last.partition());
            if (owner != null) {
                owner.onFlushed(last.endOffset());
            }
        }
        shard.loop().memory().evict();
    }
}
