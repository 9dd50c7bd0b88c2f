package dev.recado.node;

import dev.recado.base.ByteWriter;
import dev.recado.journal.Disk;
import dev.recado.journal.StateFile;
import dev.recado.journal.StorageException;
import dev.recado.shard.ShardOwner;
import dev.recado.shard.ShardState;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes checkpoints: each shard's state as of its commit, everything committed in segments and synced, then the state
 * file, after which journal files below the position of the state before are free.
 *
 * <p>The position was reached before the shards are asked, and the journal told them so first: each shard's state
 * covers everything below it. Where a state tells what a transaction has settled that is on its way to the journal, it
 * is written once the journal holds that.
 */
final class Checkpointer {

    static final String META = "meta";
    static final String SEGMENTS = "segments";
    static final String SHARD = "shard-";

    private final Node node;
    private final Disk disk;
    private final Runnable onNoSpace;

    /** {@code onNoSpace} may make some, on the flusher's thread. */
    Checkpointer(Node node, Disk disk, Runnable onNoSpace) {
        this.node = node;
        this.disk = disk;
        this.onNoSpace = onNoSpace;
    }

    /** Starts one; called on the journal's thread, which hears by {@link GroupCommit#onCheckpointed}. */
    void start(long position) {
        List<ShardOwner> shards = node.owners();
        Map<String, byte[]> sections = new TreeMap<>();
        AtomicBoolean ahead = new AtomicBoolean();
        AtomicInteger left = new AtomicInteger(shards.size());
        for (ShardOwner shard : shards) {
            shard.loop().execute(() -> {
                if (ShardState.isAhead(shard)) {
                    ahead.set(true);
                }
                byte[] section = ShardState.encode(shard);
                byte[] meta = shard.log().shard() == node.metaShard() ? encodeCatalog() : null;
                shard.feed().flush();
                synchronized (sections) {
                    sections.put(SHARD + shard.log().shard(), section);
                    if (meta != null) {
                        sections.put(META, meta);
                    }
                }
                if (left.decrementAndGet() == 0) {
                    Runnable finish = () -> node.segments().write(() -> finish(position, sections));
                    if (ahead.get()) {
                        node.journal().syncQueued(finish);
                    } else {
                        finish.run();
                    }
                }
            });
        }
    }

    private byte[] encodeCatalog() {
        ByteWriter out = new ByteWriter(4096);
        node.catalog().encode(out);
        return out.toByteArray();
    }

    private void finish(long position, Map<String, byte[]> sections) {
        node.segments().store().sync();
        ByteWriter segments = new ByteWriter(4096);
        node.segments().store().writeState(segments);
        sections.put(SEGMENTS, segments.toByteArray());
        long kept = writeState(position, sections);
        node.segments().store().onStateWritten();
        node.segments().execute(() -> node.segments().store().emptyTrash(node.trashTimeMs(), node.diskLow()));
        node.journal().onCheckpointed(position, kept);
    }

    /** Where there is no space for it, the next attempt has the reserve's. */
    private long writeState(long position, Map<String, byte[]> sections) {
        try {
            return StateFile.write(disk, position, sections);
        } catch (StorageException e) {
            if (e.kind() == StorageException.Kind.FULL) {
                onNoSpace.run();
            }
            throw e;
        }
    }
}
