package dev.recado.node;

import dev.recado.base.LoopTurns;
import dev.recado.broker.session.Loop;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.TopicSettings;
import dev.recado.journal.DamagedException;
import dev.recado.journal.Disk;
import dev.recado.journal.JournalWriter;
import dev.recado.journal.SegmentInfo;
import dev.recado.journal.SegmentStore;
import dev.recado.journal.StateFile;
import dev.recado.journal.StorageException;
import dev.recado.shard.PartitionCommand;
import dev.recado.shard.PartitionOwner;
import dev.recado.shard.ShardCommand;
import dev.recado.shard.ShardOwner;
import dev.recado.shard.Upkeep;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is looked after in the background, on the flusher's thread and the owners' loops: free space, the next journal
 * file, retention, unused groups and silent producers, the trash.
 */
final class Housekeeping {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final long LOOK_EVERY_MS = 250;

    /** The same where space is short, so that what consumers finish makes room soon. */
    private static final long RETAIN_TIGHT_MS = 1_000;
    /** Memory topics leave so many times {@code disk.free-min}: who stores shall not be refused because of them. */
    private static final long SPILL_LEAVES = 2;

    /** What headers of records take beside them, at most about so large a part of small ones. */
    private static final int RECORDS_SHARE = 4;
    /** For what a state grows by, and for what the journal takes meanwhile. */
    private static final long STATE_ROOM_BYTES = 1024 * 1024;
    /** Making a file ready writes all of it: not again at once where that failed. */
    private static final long FILLING_PAUSE_MS = 5_000;

    private final Node node;
    private final Disk disk;
    private final StorageWatch watch;
    private final JournalWriter[] writer;
    private LoopTurns.@Nullable Timer timer;
    private long nextRetentionMs;
    /** Flusher only. */
    private long nextPrepareMs;
    /** Flusher only: the reserve comes back as soon as there is room, whatever became of the next file. */
    private long nextReserveMs;
    /** Flusher only: whether something could not be done in this look. */
    private boolean failed;

    /** Flusher only. */
    private long nextTrashMs;
    /** Flusher only: whether less was free than is wanted, or nothing can be told. */
    private boolean freeIsLow;
    /** Owned by the flusher, as what is above. */
    private boolean isShort;

    private long lookedJournalBytes;
    /** Flusher only. */
    private final LivingBytes living = new LivingBytes();
    /** When it was last looked; 0 where nobody could tell. Owned by the flusher's thread, after the start. */
    private long freeBytes;

    Housekeeping(Node node, Disk disk, StorageWatch watch, JournalWriter[] writer) {
        this.node = node;
        this.disk = disk;
        this.watch = watch;
        this.writer = writer;
    }

    void start(Loop loop) {
        lookAfterSpace();
        nextRetentionMs = node.time().monotonicMs() + node.settings().storage().retentionEveryMs();
        timer = loop.every(LOOK_EVERY_MS, this::look);
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
        }
    }

    private void look() {
        node.segments().execute(this::lookAfterFiles);
        node.journal().markWhenIdle();
        long nowMs = node.time().monotonicMs();
        boolean tight = node.diskLow();
        if (tight) {
            nextRetentionMs = Math.min(nextRetentionMs, nowMs + RETAIN_TIGHT_MS);
        }
        if (nowMs >= nextRetentionMs) {
            nextRetentionMs = nowMs + node.settings().storage().retentionEveryMs();
            retain();
        }
        node.spaceReturn().look(nowMs, tight);
    }

    private void lookAfterFiles() {
        failed = false;
        node.segments().retry(hasRoomForCheckpoint());
        lookAfterHeap();
        lookAfterSpace();
        lookAfterTrash();
        lookAfterJournal();
        if (!failed) {
            watch.goesOn(StorageWatch.Part.HOUSEKEEPING);
        }
    }

    /**
     * Whether there is space for what waits for segments and a state file behind that: what comes of it, a journal that
     * is free, is more. Where the reserve makes the difference it is given: the journal would take it, and once it had,
     * no checkpoint could come.
     */
    private boolean hasRoomForCheckpoint() {
        if (!watch.isFull() && !watch.isReserveUsed()) {
            return false;
        }
        long wanted = bytesToCheckpoint();
        long free = freeBytesNow();
        if (free < wanted && free + JournalWriter.RESERVE_BYTES >= wanted && writer[0].giveReserve()) {
            watch.reserveUsed(true);
            return true;
        }
        return free >= wanted;
    }

    private long bytesToCheckpoint() {
        long behind = node.segments().behindBytes();
        return behind + behind / RECORDS_SHARE + STATE_ROOM_BYTES + StateFile.bytes(disk);
    }

    /**
     * Whether less is free than the next checkpoint needs, if as much comes until the next look as since the last one:
     * whatever the settings want, what was confirmed has to get to where the journal can let go of it.
     */
    private boolean isShort() {
        long journalBytes = node.journal().counters().bytes();
        long needed = bytesToCheckpoint() + 2 * (journalBytes - lookedJournalBytes);
        lookedJournalBytes = journalBytes;
        return freeBytes < (isShort ? needed + needed / 10 : needed);
    }

    /** 0 where that cannot be told now. */
    private long freeBytesNow() {
        try {
            return disk.freeBytes();
        } catch (StorageException failure) {
            return 0;
        }
    }

    private void lookAfterTrash() {
        long nowMs = node.time().monotonicMs();
        if (node.diskLow() || nowMs >= nextTrashMs) {
            nextTrashMs = nowMs + node.settings().storage().retentionEveryMs();
            node.segments().store().emptyTrash(node.trashTimeMs(), node.diskLow());
        }
    }

    private void lookAfterJournal() {
        if (node.diskLow()) {
            writer[0].deleteUnused(watch.isFull() || watch.isReserveUsed());
        } else if (writer[0].wantsNext()) {
            nextPrepareMs = unlessItFailed(nextPrepareMs, writer[0]::prepareNext);
        }
        nextReserveMs = unlessItFailed(nextReserveMs, () -> writer[0].keepReserve(freeBytes));
    }

    /** Tries {@code work} once {@code fromMs} has come; answers from when on it may be tried again. */
    private long unlessItFailed(long fromMs, Runnable work) {
        long nowMs = node.time().monotonicMs();
        if (nowMs < fromMs) {
            return fromMs;
        }
        try {
            work.run();
            return nowMs;
        } catch (StorageException failure) {
            if (!watch.mayWait(StorageWatch.Part.HOUSEKEEPING, failure)) {
                throw failure;
            }
            failed = true;
            return nowMs + FILLING_PAUSE_MS;
        }
    }

    /**
     * Low is less than wanted, a write that found no space, or a reserve that was used and is not back yet; where
     * nobody can tell, it stays as it is.
     */
    private void lookAfterSpace() {
        freeBytes = 0;
        try {
            freeBytes = disk.freeBytes();
        } catch (StorageException failure) {
            watch.mayWait(StorageWatch.Part.HOUSEKEEPING, failure);
            return;
        }
        long min = node.settings().storage().diskFreeMin();
        freeIsLow = freeBytes < (freeIsLow ? min + min / 10 : min);
        watch.reserveUsed(writer[0].isReserveGiven());
        isShort = isShort();
        boolean low = freeIsLow || isShort || watch.isFull() || watch.isReserveUsed();
        node.disk(low, freeIsLow, !low && freeBytes / SPILL_LEAVES >= min);
        watch.onFreeSpace(low, freeBytes, min);
    }

    private void lookAfterHeap() {
        long afterCollection = 0;
        long largest = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage usage = pool.getType() == MemoryType.HEAP ? pool.getCollectionUsage() : null;
            afterCollection += usage == null ? 0 : usage.getUsed();
            largest = Math.max(largest, usage == null ? 0 : usage.getUsed());
        }
        Runtime runtime = Runtime.getRuntime();
        long inUse = runtime.totalMemory() - runtime.freeMemory();
        long used = living.atMost(afterCollection, largest, node.ledger().bytes(), inUse);
        long mark = runtime.maxMemory() / 100 * node.settings().storage().heapMarkPercent();
        if (!node.memoryLow() && afterCollection > 0 && used > mark) {
            node.memoryLow(true);
            LOG.warn(
                    "memory low, publishing is refused used={} mark={} shares={}",
                    used,
                    mark,
                    node.ledger().shares());
        } else if (node.memoryLow() && used < mark - mark / 10) {
            node.memoryLow(false);
            LOG.info("memory is available again used={}", used);
        }
    }

    /** Has every owner let go of what grew old or too much. */
    void retain() {
        for (ShardOwner shard : node.owners()) {
            shard.loop().execute(() -> {
                if (shard.mayServe()) { // else the next look does it
                    shard.forEachPartition(this::retain);
                }
            });
        }
    }

    private void retain(PartitionOwner owner) {
        if (owner.inMemoryOnly()) {
            return;
        }
        new Upkeep(owner).look(node.settings().storage().producerExpireAfterMs());
        if (owner.dropsFinished()) {
            return;
        }
        if (owner.partition().index() == 0) {
            expireGroups(owner);
        }
        TopicSettings settings = owner.topic().settings();
        long bound = settings.retentionForce() ? owner.end() : owner.lowestFloor();
        if (bound <= owner.logStart()) {
            return;
        }
        long fromMs = new Upkeep(owner).stampOfAge(settings.retentionTimeMs());
        if (!owner.damaged() && !isAllKept(owner, settings, fromMs)) {
            node.segments().execute(() -> trimOld(owner, settings, fromMs));
        }
    }

    private boolean isAllKept(PartitionOwner owner, TopicSettings settings, long fromMs) {
        long fromOrEverMs = settings.retentionTimeMs() < 0 ? Long.MIN_VALUE : fromMs;
        return node.segments()
                .store()
                .isAllKept(owner.partition().id(), owner.logStart(), fromOrEverMs, bytesMax(settings));
    }

    /** What one partition may keep. */
    private static long bytesMax(TopicSettings settings) {
        return settings.retentionBytes() < 0 ? Long.MAX_VALUE : settings.retentionBytes() / settings.partitions();
    }

    private void trimOld(PartitionOwner owner, TopicSettings settings, long fromMs) {
        long wanted;
        try {
            wanted = retentionPoint(node.segments().store(), owner.partition().id(), settings, fromMs);
        } catch (DamagedException damaged) {
            LOG.error(
                    "segment damaged, its partition is not trimmed partition={}",
                    owner.partition().id(),
                    damaged);
            tell(owner, new PartitionCommand.MarkDamaged());
            return;
        }
        if (wanted > 0) {
            tell(owner, new PartitionCommand.Retain(wanted, settings.retentionForce()));
        }
    }

    private void tell(PartitionOwner owner, PartitionCommand command) {
        node.shard(owner.partition().shard()).tell(new ShardCommand.ToPartition(owner.partition(), command));
    }

    /** Below which offset the limits of time and bytes let go; 0 for nothing. */
    private static long retentionPoint(SegmentStore store, int partition, TopicSettings settings, long fromMs) {
        long point = 0;
        if (settings.retentionTimeMs() >= 0) {
            point = store.offsetLoggedAt(partition, fromMs);
        }
        if (settings.retentionBytes() >= 0) {
            long max = bytesMax(settings);
            long bytes = store.bytes(partition);
            List<SegmentInfo> segments = store.segments(partition);
            for (int i = 0; i < segments.size() - 1 && bytes > max; i++) {
                bytes -= segments.get(i).bytes();
                point = Math.max(point, segments.get(i).endOffset());
            }
        }
        return point;
    }

    private void expireGroups(PartitionOwner owner) {
        for (GroupDef unused :
                new Upkeep(owner).unusedGroups(node.settings().groups().expireAfterMs())) {
            node.catalogLog()
                    .change(
                            new CatalogChange.DeleteGroup(unused.id()),
                            new Upkeep(owner).loop(),
                            (catalog, refusal) -> {});
        }
    }
}
