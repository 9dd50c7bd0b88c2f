package dev.recado.node;

import dev.recado.base.ByteReader;
import dev.recado.core.message.EntryHeader;
import dev.recado.core.message.EntryLayout;
import dev.recado.core.message.EntryType;
import dev.recado.core.message.RunLayout;
import dev.recado.core.message.StoredRun;
import dev.recado.core.message.TransactionLayout;
import dev.recado.core.message.UnsoundEntryException;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogEvent;
import dev.recado.core.topic.Partition;
import dev.recado.journal.DamagedException;
import dev.recado.journal.Disk;
import dev.recado.journal.JournalRecovery;
import dev.recado.journal.RecoveredJournal;
import dev.recado.journal.StateFile;
import dev.recado.replication.LogClock;
import dev.recado.replication.ShardLog;
import dev.recado.shard.PartitionOwner;
import dev.recado.shard.ShardOwner;
import dev.recado.shard.ShardState;
import dev.recado.shard.Upkeep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds the node's state from the state file and the journal behind it, before any loop has work: one thread, in
 * order. Its time depends on the journal behind the last checkpoint, not on the data held.
 *
 * <p>What segments hold beyond the journal is judged by {@link HeldMessages}. A repair passes over what is damaged and
 * says what is lost by that; a start never does.
 */
final class Recovery implements JournalRecovery.Visitor {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    /** Recovered bytes in memory after which they are written to segments, so that a small heap recovers too. */
    private static final long FLUSH_BYTES = 32L * 1024 * 1024;
    /** Bytes of the segments that a start goes through to find places for limits, of all partitions together. */
    private static final long MEASURED_BYTES_MAX = 256L * 1024 * 1024;

    private final Node node;
    private final Disk disk;
    /** What a repair gives up; null at a start, which gives up nothing. */
    private final @Nullable Losses losses;

    private final HeldMessages held;
    private long startPosition;
    private long unflushedBytes;
    private boolean changesLost;

    Recovery(Node node, Disk disk, @Nullable Losses losses) {
        this.node = node;
        this.disk = disk;
        this.losses = losses;
        held = new HeldMessages(node, disk, losses);
    }

    RecoveredJournal run() {
        StateFile.State state = StateFile.read(disk);
        List<String> unreadable = StateFile.unreadable(disk);
        if (!unreadable.isEmpty()) {
            LOG.warn(
                    "state file damaged, going on from what was before and the journal since damaged={} position={}",
                    unreadable,
                    state == null ? 0 : state.journalPosition());
        }
        if (state == null) {
            makeShards(Map.of());
        } else {
            startPosition = state.journalPosition();
            restoreCatalog(state.sections().get(Checkpointer.META));
            byte[] segments = state.sections().get(Checkpointer.SEGMENTS);
            if (segments != null) {
                node.segments().store().readState(new ByteReader(segments));
            }
            makeShards(state.sections());
        }
        RecoveredJournal recovered = losses == null
                ? JournalRecovery.recover(disk, startPosition, this)
                : JournalRecovery.salvage(disk, startPosition, this, Recovery::passedOver, true);
        flush();
        held.judge(recovered);
        node.segments().settleNow();
        dropUnknown();
        measure();
        return recovered;
    }

    /** Reads about as much as a start replays of the journal. */
    private void measure() {
        long[] left = {MEASURED_BYTES_MAX};
        for (ShardOwner shard : node.owners()) {
            shard.forEachPartition(owner -> left[0] -= new Upkeep(owner).measure(left[0]));
        }
    }

    private static void passedOver(DamagedException damage) {
        LOG.warn("damage passed over {}", damage.getMessage());
    }

    /** Where the replay began: the journal's position of the state that it built upon. */
    long startPosition() {
        return startPosition;
    }

    /** See {@link HeldMessages#anyKept}. */
    boolean anyKept() {
        return held.anyKept();
    }

    /** Topics were deleted and the crash came before their segments went. */
    private void dropUnknown() {
        List<Integer> unknown = new ArrayList<>();
        for (int partition : node.segments().store().partitions()) {
            if (node.catalog().partition(partition) == null) {
                unknown.add(partition);
            }
        }
        node.segments().drop(unknown, node.trashTimeMs());
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
            ShardLog log = section == null
                    ? new ShardLog(shard, 0, 0, 0, new LogClock())
                    : ShardState.decodeLog(shard, section);
            ShardOwner owner = new ShardOwner(node, node.effects(), log, node.homeOf(shard));
            node.add(owner);
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
        if (shard < node.owners().size()) {
            node.owner(shard).log().onPromiseRecovered(epoch);
        }
    }

    @Override
    public void entry(long position, byte[] bytes, int from, int length, EntryHeader header) {
        if (header.shard() >= node.owners().size()) {
            throw new UnsoundEntryException("unknown shard");
        }
        ShardOwner shard = node.owner(header.shard());
        long last = shard.log().lastIndex();
        if (header.index() <= last) {
            return;
        }
        TransactionLayout.Parts together = header.type() == EntryType.TRANSACTION
                ? sound(TransactionLayout.read(bytes, from, length, header))
                : null;
        List<StoredRun> runs = header.type() == EntryType.DATA
                ? sound(RunLayout.readAll(bytes, from, length, header))
                : together == null ? List.of() : together.runs();
        if (header.index() != last + 1) {
            onLost(shard, last, header);
        }
        shard.log().onRecovered(header);
        node.onLamportSeen(header.lamport());
        ByteReader body = EntryLayout.body(bytes, from, length);
        switch (header.type()) {
            case DATA -> applyData(shard, runs);
            case TRANSACTION -> {
                applyData(shard, runs);
                shard.applyRecovered(header, Objects.requireNonNull(together).progress());
            }
            case CATALOG -> applyCatalog(body);
            default -> shard.applyRecovered(header, body);
        }
    }

    /** What was read of an entry. */
    static <T> T sound(@Nullable T read) {
        if (read == null) {
            throw new UnsoundEntryException("its runs are not as long as they say");
        }
        return read;
    }

    private void onLost(ShardOwner shard, long last, EntryHeader header) {
        if (losses == null) {
            throw new UnsoundEntryException("the state before it ends with index=" + last);
        }
        if (header.shard() == node.metaShard()) {
            losses.changes(last + 1, header.index());
            changesLost = true;
        }
        shard.log().onLost(header.index());
    }

    private void applyData(ShardOwner shard, List<StoredRun> runs) {
        for (StoredRun run : runs) {
            PartitionOwner owner = shard.partition(run.partition());
            if (owner != null) {
                if (run.baseOffset() != owner.end()) {
                    onGap(owner, run);
                }
                owner.heldInSegments(node.segments().store().endOffset(run.partition()));
                owner.commit(run);
                unflushedBytes += run.length();
            } else if (losses != null && changesLost) {
                losses.stranger(run.partition(), run.count());
            }
        }
        if (unflushedBytes >= FLUSH_BYTES) {
            flush();
        }
    }

    private void onGap(PartitionOwner owner, StoredRun run) {
        if (losses == null || run.baseOffset() < owner.end()) {
            throw new UnsoundEntryException("offset=" + run.baseOffset() + " of partition=" + run.partition()
                    + " does not follow the end=" + owner.end());
        }
        node.segments().flushNow(node.owner(owner.partition().shard()));
        held.passGap(owner, run.baseOffset());
    }

    private void flush() {
        unflushedBytes = 0;
        for (ShardOwner shard : node.owners()) {
            node.segments().flushNow(shard);
        }
    }

    private void applyCatalog(ByteReader body) {
        CatalogEvent event = changesLost ? null : CatalogLog.apply(node, body);
        if (event != null) {
            for (Partition partition : CatalogLog.concerned(event)) {
                node.owner(partition.shard())
                        .topics()
                        .onRecovered(partition, !event.dropped().isEmpty());
            }
        }
    }
}
