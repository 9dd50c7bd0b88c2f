package dev.recado.broker;

import dev.recado.base.ByteReader;
import dev.recado.core.message.EntryHeader;
import dev.recado.core.message.EntryLayout;
import dev.recado.core.message.RunLayout;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.CatalogEvent;
import dev.recado.core.topic.CatalogResult;
import dev.recado.core.topic.Partition;
import dev.recado.journal.Disk;
import dev.recado.journal.JournalRecovery;
import dev.recado.journal.RecoveredJournal;
import dev.recado.journal.StateFile;
import dev.recado.replication.ShardLog;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds the node's state from the state file and the journal behind it, before any loop has work: one thread, in
 * order. Its time depends on the journal behind the last checkpoint, not on the data held.
 */
final class Recovery implements JournalRecovery.Visitor {

    /** Recovered bytes in memory after which they are written to segments, so that a small heap recovers too. */
    private static final long FLUSH_BYTES = 32L * 1024 * 1024;

    private final Node node;
    private final Disk disk;
    private long startPosition;
    private long unflushedBytes;

    Recovery(Node node, Disk disk) {
        this.node = node;
        this.disk = disk;
    }

    RecoveredJournal run() {
        StateFile.State state = StateFile.read(disk);
        if (state == null) {
            makeShards(Map.of());
        } else {
            startPosition = state.journalPosition();
            restoreCatalog(state.sections().get(Checkpointer.META));
            byte[] segments = state.sections().get(Checkpointer.SEGMENTS);
            if (segments != null) {
                node.segments().await(() -> node.segments().store().readState(new ByteReader(segments)));
            }
            makeShards(state.sections());
        }
        RecoveredJournal recovered = JournalRecovery.recover(disk, startPosition, this);
        flush();
        dropUnknown();
        return recovered;
    }

    /** Where the replay began: the journal's position of the state that it built upon. */
    long startPosition() {
        return startPosition;
    }

    /** A topic was deleted and the crash came before its segments went. */
    private void dropUnknown() {
        for (int partition : node.segments().store().partitions()) {
            if (node.catalog().partition(partition) == null) {
                node.segments().drop(partition);
            }
        }
    }

    private void restoreCatalog(byte @Nullable [] section) {
        Catalog catalog = section == null ? null : Catalog.decode(new ByteReader(section));
        if (catalog == null) {
            throw new IllegalStateException("state file: section of the catalog cannot be read");
        }
        node.publish(catalog);
    }

    private void makeShards(Map<String, byte[]> sections) {
        for (int shard = 0; shard <= node.metaShard(); shard++) {
            byte[] section = sections.get(Checkpointer.SHARD + shard);
            ShardLog log = section == null ? new ShardLog(shard, 0, 0, 0, 0) : ShardState.decodeLog(shard, section);
            ShardOwner owner = new ShardOwner(node, log, node.homeOf(shard));
            node.shards().add(owner);
            if (section != null) {
                ShardState.decodePartitions(owner, section);
                for (PartitionOwner partition : owner.partitions()) {
                    node.segments().open(partition.partition(), partition.topic());
                }
            }
        }
    }

    @Override
    public void promise(long position, int shard, long epoch, String candidate, long nonce) {
        if (shard < node.shards().size()) {
            node.shard(shard).log().onPromiseRecovered(epoch);
        }
    }

    @Override
    public void entry(long position, byte[] bytes, int from, int length, EntryHeader header) {
        if (header.shard() >= node.shards().size()) {
            throw new IllegalStateException("journal: entry of an unknown shard shard=" + header.shard());
        }
        ShardOwner shard = node.shard(header.shard());
        if (header.index() <= shard.log().lastIndex()) {
            return;
        }
        shard.log().onRecovered(header);
        node.onLamportSeen(header.lamport());
        ByteReader body = new ByteReader(bytes, from + EntryLayout.HEADER_BYTES, length - EntryLayout.HEADER_BYTES);
        switch (header.type()) {
            case DATA -> applyData(shard, RunLayout.readAll(bytes, from, length, header));
            case PROGRESS -> ProgressDesk.apply(shard, body);
            case OPEN -> Opening.apply(shard, body);
            case TRIM -> Trims.apply(shard, body);
            case CATALOG -> applyCatalog(body);
            default -> {
                // No-ops and configurations change nothing here.
            }
        }
    }

    private void applyData(ShardOwner shard, @Nullable List<StoredRun> runs) {
        if (runs == null) {
            throw new IllegalStateException("journal: runs of a sound entry do not hold together");
        }
        for (StoredRun run : runs) {
            PartitionOwner owner = shard.recovered(run.partition());
            if (owner != null) {
                owner.restore(run, node.segments().store().endOffset(run.partition()));
                unflushedBytes += run.length();
            }
        }
        if (unflushedBytes >= FLUSH_BYTES) {
            flush();
        }
    }

    private void flush() {
        unflushedBytes = 0;
        for (ShardOwner shard : node.shards()) {
            node.segments().flushNow(shard);
        }
    }

    private void applyCatalog(ByteReader body) {
        if (body.remaining() == 0) {
            return;
        }
        CatalogChange change = CatalogChange.decode(body);
        if (change == null) {
            throw new IllegalStateException("journal: a change of the catalog cannot be read");
        }
        if (node.catalog().apply(change) instanceof CatalogResult.Applied applied) {
            node.publish(applied.catalog());
            for (Partition partition : CatalogDesk.concerned(applied.event())) {
                node.shard(partition.shard())
                        .onCatalogRecovered(partition, applied.event() instanceof CatalogEvent.TopicDropped);
            }
        }
    }
}
