package dev.recado.journal;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import dev.recado.core.message.StoredRun;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The segments of all partitions: where committed runs live once they leave the journal.
 *
 * <p>Changes belong to one flusher thread, which must never be interrupted; {@link #read}, {@link #offsetOf} and the
 * figures may be asked by any thread. A failed write, sync or rename poisons the store: every later change throws the
 * same {@link StorageException} and the process has to stop. What passes by itself, as a full disk, does not: the same
 * {@link #append} may be repeated.
 *
 * <p>What {@link #writeState} describes is durable. After a crash {@link #readState} takes over what lies whole behind
 * that, so that a replay passes over it and the end of a partition tells how far it was written; a
 * partition's files are cut by {@link #settle}, or by the first append that the replay has for it.
 */
public final class SegmentStore implements AutoCloseable {

    /** Name of the section of the state file that {@link #writeState} fills. */
    public static final String STATE_SECTION = "segments";

    private final Disk disk;
    private final SegmentSettings settings;
    private final Map<Integer, PartitionSegments> partitions = new ConcurrentHashMap<>();
    private final AtomicInteger indexBudget = new AtomicInteger(SparseIndex.POINTS_MAX);
    private final SegmentWriter writer;
    private final SegmentReads reads;
    private final SegmentTrash trash;
    private @Nullable StorageException poison;

    public SegmentStore(Disk disk, SegmentSettings settings) {
        this.disk = disk;
        this.settings = settings;
        reads = new SegmentReads(disk, settings.indexEveryBytes());
        writer = new SegmentWriter(disk, settings, this::newIndex);
        trash = new SegmentTrash(disk, settings.trashDelayMs());
    }

    /** Bytes that {@code run} takes in a segment. */
    public static long storedBytes(StoredRun run) {
        return SegmentLayout.recordBytes(run);
    }

    /** Bytes that a run takes in a segment beyond its own. */
    public static int recordHeaderBytes() {
        return SegmentLayout.RUN_HEADER_BYTES;
    }

    /**
     * Makes a partition known; nothing happens where the state named it. What a crash left in {@code directory} without
     * the state knowing is taken over as far as it is whole, as by {@link #readState}.
     *
     * @param directory {@code topics/<uuid>/<partition index>}, made by the first append
     */
    public void open(int partition, String directory) {
        open(partition, directory, true);
    }

    /**
     * Makes a partition known whose segments end with the process: no state tells of them, nothing of them is synced,
     * and what is deleted is gone at once. {@link SpillFolder} takes away what an earlier process left.
     *
     * @param directory below {@link DataDirectory#SPILL}
     */
    public void openSpill(int partition, String directory) {
        open(partition, directory, false);
    }

    private void open(int partition, String directory, boolean lasting) {
        checkHealthy();
        PartitionSegments known = partitions.get(partition);
        if (known == null) {
            known = new PartitionSegments(partition, directory, lasting);
            if (lasting) {
                adoptFiles(known, List.of());
            }
            partitions.put(partition, known);
        }
        Check.that(known.directory.equals(directory), "partition opened in another directory", partition);
    }

    /**
     * Stores runs of one partition, in order, behind those that it has; offsets may be left out in between. What the
     * partition's end is behind already, as happens in a replay, is passed over, and so is what was deleted before it
     * came here. Readable on return, durable after
     * {@link #sync}. Where the disk is full a part may be stored.
     */
    public void append(List<StoredRun> runs) {
        checkHealthy();
        PartitionSegments target = required(runs.get(0).partition());
        for (StoredRun run : runs) {
            Check.that(run.hasHeader(), "run without a header", run.partition(), run.baseOffset());
        }
        try {
            settle(target);
            writer.append(target, runs);
        } catch (StorageException e) {
            throw poisonUnlessPassing(e);
        }
    }

    /** Makes everything durable: all segments written since their last sync and all directories that changed. */
    public void sync() {
        checkHealthy();
        try {
            writer.sync();
        } catch (StorageException e) {
            throw poisonUnlessPassing(e);
        }
    }

    /** Behind the last message that was ever stored, 0 for none. Any thread. */
    public long endOffset(int partition) {
        PartitionSegments known = partitions.get(partition);
        return known == null ? 0 : known.endOffset;
    }

    /** Offset of the first stored message, or {@link #endOffset} where none is stored. Any thread. */
    public long oldestOffset(int partition) {
        PartitionSegments known = partitions.get(partition);
        if (known == null) {
            return 0;
        }
        long end = known.endOffset;
        Segment[] list = known.segments;
        return list.length == 0 ? end : list[0].baseOffset;
    }

    /** Bytes on disk. Any thread. */
    public long bytes(int partition) {
        PartitionSegments known = partitions.get(partition);
        return known == null
                ? 0
                : Arrays.stream(known.segments)
                        .mapToLong(segment -> segment.bytes)
                        .sum();
    }

    /** What retention needs to know, oldest segment first. Any thread. */
    public List<SegmentInfo> segments(int partition) {
        PartitionSegments known = partitions.get(partition);
        return known == null
                ? List.of()
                : Arrays.stream(known.segments).map(Segment::info).toList();
    }

    /**
     * Reads the runs that cover or follow {@code fromOffset}, in order and verified. Any thread but those that must not
     * wait for a disk; reads up to 1 MiB at once.
     *
     * @param maxBytes enough is read once this is reached; a single run may be larger
     * @return empty where nothing is stored at or behind the offset
     * @throws DamagedException where the bytes are not what was written
     */
    public List<StoredRun> read(int partition, long fromOffset, int maxBytes) {
        PartitionSegments known = readable(partition);
        return known == null ? List.of() : reads.read(known, fromOffset, maxBytes);
    }

    /**
     * Offset of the first stored message of the first run that was published at {@code timeMs} or later, or the end.
     * Publish times may fall back; those later than {@code nowMs} are passed over. Any thread that may wait for a disk.
     */
    public long offsetOf(int partition, long timeMs, long nowMs) {
        PartitionSegments known = readable(partition);
        return known == null ? 0 : reads.offsetOf(known, timeMs, nowMs);
    }

    /** As {@link #offsetOf} by the log time, which never falls back. */
    public long offsetLoggedAt(int partition, long timeMs) {
        PartitionSegments known = readable(partition);
        return known == null ? 0 : reads.offsetLoggedAt(known, timeMs);
    }

    /**
     * Whether what is stored is nothing, or all younger than {@code loggedFromMs} and no more than {@code bytesMax}, or
     * one segment, so that there is nothing to be deleted above {@code logStart}; false where that cannot be told
     * without a look at a disk. Any thread.
     */
    public boolean isAllKept(int partition, long logStart, long loggedFromMs, long bytesMax) {
        PartitionSegments known = partitions.get(partition);
        return known == null
                || known.damage == null && known.segments.length == 0
                || SegmentReads.isFirstLoggedAt(known, loggedFromMs, logStart)
                        && (known.segments.length == 1 || bytes(partition) <= bytesMax);
    }

    /**
     * Deletes the segments that lie wholly below {@code offset}; what is appended below it later is not stored. Where
     * it fails with what passes, {@link #emptyTrash} does the rest.
     */
    public void deleteBelow(int partition, long offset) {
        checkHealthy();
        PartitionSegments known = partitions.get(partition);
        if (known == null) {
            return;
        }
        known.deletedBelow = Math.max(known.deletedBelow, offset);
        for (Segment segment : known.segments) {
            if (segment.endOffset <= offset) {
                delete(known, segment);
            }
        }
    }

    /** Deletes the segment that begins with {@code baseOffset}; nothing happens where there is none. */
    public void deleteSegment(int partition, long baseOffset) {
        checkHealthy();
        PartitionSegments known = required(partition);
        Segment segment = known.withBase(baseOffset);
        if (segment != null) {
            delete(known, segment);
        }
    }

    private void delete(PartitionSegments known, Segment segment) {
        try {
            settle(known);
            writer.remove(known, segment);
            writer.onDirectoryChanged(known);
            if (known.lasting) {
                trash.bury(segment.path());
            } else {
                disk.delete(segment.path());
            }
        } catch (StorageException e) {
            throw poisonUnlessPassing(e);
        }
    }

    /** The partitions that it has something of, in no order. */
    public Set<Integer> partitions() {
        return Set.copyOf(partitions.keySet());
    }

    /**
     * Forgets partitions and moves their directories into the trash folder, at the cost of one sync.
     * Durable on return. Where it fails with what passes, it is to be called again.
     *
     * @param nowMs time of the catalog's log: the trash keeps the directories from then on
     */
    public void dropAll(List<Integer> dropped, long nowMs) {
        checkHealthy();
        try {
            dropped.forEach(partition -> drop(partition, nowMs));
            trash.sync();
        } catch (StorageException e) {
            throw poisonUnlessPassing(e);
        }
    }

    private void drop(int partition, long nowMs) {
        PartitionSegments known = partitions.get(partition);
        if (known == null) {
            return;
        }
        for (Segment segment : known.segments) {
            writer.remove(known, segment);
        }
        writer.forgetDirectory(known);
        if (!known.lasting) {
            SpillFolder.deletePartition(disk, known.directory);
        } else if (disk.exists(known.directory)) {
            trash.buryFolder(partition, known.directory, nowMs);
            deleteIfEmpty(Disk.parent(known.directory));
        }
        partitions.remove(partition);
    }

    /** The directory of a topic of which no partition is left. */
    private void deleteIfEmpty(String directory) {
        if (disk.list(directory).isEmpty()) {
            writer.forgetDirectory(directory);
            disk.delete(directory);
        }
    }

    /**
     * Removes for good what was deleted before the last two states and, of dropped partitions, what has lain in the
     * trash for its time.
     *
     * @param nowMs as for {@link #dropAll}
     * @param tight whether space is short: nothing is kept for its time then, and of what states still name only the
     *     name is
     */
    public void emptyTrash(long nowMs, boolean tight) {
        checkHealthy();
        try {
            trash.empty(nowMs, tight);
        } catch (StorageException e) {
            throw poisonUnlessPassing(e);
        }
    }

    /** Whether something was deleted that a state file may still name. */
    public boolean trashWaits() {
        return trash.waits();
    }

    /** A state file with what {@link #writeState} described is durable. */
    public void onStateWritten() {
        trash.onStateWritten();
    }

    /**
     * After {@link #readState} and the replay: tells what the state files on disk describe, so that what was deleted in
     * an earlier run goes as soon as neither names it.
     *
     * @param sections written by {@link #writeState}, of all readable state files, newest first
     */
    public void onStatesKnown(List<byte[]> sections) {
        trash.onStatesKnown(sections.stream()
                .map(section -> SegmentState.read(new ByteReader(section), this::newIndex))
                .toList());
    }

    /** Syncs, then describes what is stored, for the state file. */
    public void writeState(ByteWriter out) {
        settle();
        sync();
        TreeMap<Integer, PartitionSegments> lasting = new TreeMap<>(partitions);
        lasting.values().removeIf(partition -> !partition.lasting);
        SegmentState.write(out, lasting.values());
    }

    /**
     * Takes over what a state describes and what is whole behind it; the store must know no partition yet. Of a
     * partition whose segment is missing or shorter than it was, {@link #damage} tells, and nothing can be read.
     *
     * @throws DamagedException where the section does not hold together
     */
    public void readState(ByteReader in) {
        checkHealthy();
        Check.that(partitions.isEmpty(), "state read into a store in use");
        for (PartitionSegments partition : SegmentState.read(in, this::newIndex)) {
            adoptFiles(partition, Arrays.asList(partition.segments));
            partitions.put(partition.partition, partition);
        }
    }

    private SparseIndex newIndex() {
        return new SparseIndex(settings.indexEveryBytes(), indexBudget);
    }

    private void adoptFiles(PartitionSegments partition, List<Segment> described) {
        new SegmentFinder(disk, trash, partition).adopt(described, this::newIndex);
    }

    /**
     * Ends a recovery: what was found behind the state is written once more, what is torn is cut, files that hold
     * nothing that is believed are set aside. To be called once the journal has been read to its end.
     */
    public void settle() {
        checkHealthy();
        try {
            partitions.values().forEach(this::settle);
        } catch (StorageException e) {
            throw poisonUnlessPassing(e);
        }
    }

    private void settle(PartitionSegments partition) {
        Leftover leftover = partition.leftover;
        if (leftover == null) {
            return;
        }
        writer.mend(leftover);
        leftover.aside.forEach(trash::bury);
        writer.onDirectoryChanged(partition);
        partition.leftover = null;
    }

    /** What the start found damaged: a segment is missing or shorter than it was. Any thread. */
    public @Nullable DamagedException damage(int partition) {
        PartitionSegments known = partitions.get(partition);
        return known == null ? null : known.damage;
    }

    /** Closes its files without a sync: what no state describes is in the journal. */
    @Override
    public void close() {
        writer.close();
    }

    private @Nullable PartitionSegments readable(int partition) {
        PartitionSegments known = partitions.get(partition);
        DamagedException damage = known == null ? null : known.damage;
        if (damage != null) {
            throw damage;
        }
        return known;
    }

    private PartitionSegments required(int partition) {
        PartitionSegments known = partitions.get(partition);
        Check.that(known != null, "partition is not open", partition);
        return Objects.requireNonNull(known);
    }

    private void checkHealthy() {
        if (poison != null) {
            throw poison;
        }
    }

    private StorageException poisonUnlessPassing(StorageException e) {
        if (!e.passes()) {
            poison = e;
        }
        return e;
    }
}
