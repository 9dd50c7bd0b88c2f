package dev.recado.journal;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import dev.recado.core.message.StoredRun;
import dev.recado.journal.StorageException.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
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
 * same {@link StorageException} and the process has to stop. A full disk does not: the same {@link #append} may be
 * repeated.
 *
 * <p>What {@link #writeState} describes is durable. After a crash {@link #readState} takes over what lies whole behind
 * that, so that a replay passes over it and the end of a partition tells how far it was written; nothing is changed
 * before {@link #settle}, because the journal may turn out to be damaged.
 */
public final class SegmentStore implements AutoCloseable {

    /** Name of the section of the state file that {@link #writeState} fills. */
    public static final String STATE_SECTION = "segments";

    private static final int READ_AHEAD_BYTES = 1024 * 1024;
    /** Runs up to that many bytes are written together. */
    private static final long WRITE_BYTES = 1024 * 1024;

    private final Disk disk;
    private final SegmentSettings settings;
    private final Map<Integer, PartitionSegments> partitions = new ConcurrentHashMap<>();
    private final AtomicInteger indexBudget = new AtomicInteger(SparseIndex.POINTS_MAX);
    private final SegmentFiles files;
    private final SegmentTrash trash;
    private final Set<PartitionSegments> dirtyDirectories = new LinkedHashSet<>();
    private @Nullable StorageException poison;

    public SegmentStore(Disk disk, SegmentSettings settings) {
        this.disk = disk;
        this.settings = settings;
        files = new SegmentFiles(disk);
        trash = new SegmentTrash(disk, settings.trashDelayMs());
    }

    /**
     * Makes a partition known; nothing happens where the state named it. What a crash left in {@code directory} without
     * the state knowing is taken over as far as it is whole, as by {@link #readState}.
     *
     * @param directory {@code topics/<uuid>/<partition index>}, made by the first append
     */
    public void open(int partition, String directory) {
        checkHealthy();
        PartitionSegments known = partitions.get(partition);
        if (known == null) {
            known = new PartitionSegments(partition, directory);
            adoptFiles(known, List.of());
            partitions.put(partition, known);
        }
        Check.that(known.directory.equals(directory), "partition opened in another directory", partition);
    }

    /**
     * Stores runs of one partition, in order, behind those that it has; offsets may be left out in between. What the
     * partition's end is behind already, as happens in a replay, is passed over. Readable on return, durable after
     * {@link #sync}. Where the disk is full a part may be stored.
     */
    public void append(List<StoredRun> runs) {
        checkHealthy();
        PartitionSegments target = required(runs.get(0).partition());
        try {
            settle(target);
            int at = 0;
            while (at < runs.size()) {
                at = isStored(target, runs.get(at)) ? at + 1 : appendSome(target, runs, at);
            }
        } catch (StorageException e) {
            throw poisonUnlessPassing(e);
        }
    }

    private static boolean isStored(PartitionSegments target, StoredRun run) {
        boolean stored = run.baseOffset() < target.endOffset;
        Check.that(
                !stored || run.endOffset() <= target.endOffset,
                "run overlaps the end",
                run.baseOffset(),
                target.endOffset);
        return stored;
    }

    /** Writes runs from index {@code from} on, as many as go together; answers the index of the next. */
    private int appendSome(PartitionSegments target, List<StoredRun> runs, int from) {
        Segment active = roomIn(target, runs.get(from));
        long bytes = active == null ? SegmentLayout.FILE_HEADER_BYTES : active.bytes;
        long bytesMax = Math.min(settings.segmentBytes(), bytes + WRITE_BYTES);
        bytes += SegmentLayout.recordBytes(runs.get(from));
        int to = from + 1;
        while (to < runs.size() && bytes + SegmentLayout.recordBytes(runs.get(to)) <= bytesMax) {
            bytes += SegmentLayout.recordBytes(runs.get(to++));
        }
        List<StoredRun> some = runs.subList(from, to);
        if (active == null) {
            begin(target, some);
        } else {
            files.write(active, some);
            syncIfMuch(active);
        }
        target.endOffset = runs.get(to - 1).endOffset();
        return to;
    }

    /** The active segment where the run fits into it; it is sealed where not. */
    private @Nullable Segment roomIn(PartitionSegments target, StoredRun run) {
        Segment active = target.active();
        if (active != null && active.bytes + SegmentLayout.recordBytes(run) > settings.segmentBytes()) {
            seal(target, active);
            return null;
        }
        return active;
    }

    /** Durable on return, so that a start that finds the next segment knows that this one is all there. */
    private void seal(PartitionSegments target, Segment active) {
        if (active.syncedBytes < active.bytes) {
            files.sync(active);
        }
        if (dirtyDirectories.remove(target)) {
            disk.syncDirectory(target.directory);
        }
        active.sealed = true;
    }

    private void begin(PartitionSegments target, List<StoredRun> runs) {
        StoredRun run = runs.get(0);
        if (!target.directoryExists) {
            disk.createDirectories(target.directory);
            target.directoryExists = true;
        }
        Segment segment =
                new Segment(target.directory, target.partition, run.baseOffset(), run.publishTimeMs(), newIndex());
        try {
            files.write(segment, runs);
        } catch (StorageException e) {
            files.forget(segment);
            throw e;
        }
        target.add(segment);
        dirtyDirectories.add(target);
        syncIfMuch(segment);
    }

    private SparseIndex newIndex() {
        return new SparseIndex(settings.indexEveryBytes(), indexBudget);
    }

    private void syncIfMuch(Segment segment) {
        if (segment.bytes - segment.syncedBytes >= settings.syncEveryBytes()) {
            files.sync(segment);
        }
    }

    /** Makes everything durable: all segments written since their last sync and all directories that changed. */
    public void sync() {
        checkHealthy();
        try {
            files.syncAll();
            for (PartitionSegments partition : dirtyDirectories) {
                disk.syncDirectory(partition.directory);
            }
            dirtyDirectories.clear();
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
        while (known != null) {
            Segment[] list = known.segments;
            try {
                return read(list, fromOffset, maxBytes);
            } catch (StorageException e) {
                // The segment may have been deleted since its list was taken.
                if (e.kind() != Kind.MISSING || list == known.segments) {
                    throw e;
                }
            }
        }
        return List.of();
    }

    private List<StoredRun> read(Segment[] list, long fromOffset, int maxBytes) {
        List<StoredRun> runs = new ArrayList<>();
        int piece = Math.min(READ_AHEAD_BYTES, Math.max(maxBytes, settings.indexEveryBytes()));
        for (int i = PartitionSegments.covering(list, fromOffset); i < list.length && runs.isEmpty(); i++) {
            long bytes = 0;
            try (SegmentScanner scanner = new SegmentScanner(disk, list[i], list[i].index.before(fromOffset), piece)) {
                while (bytes < maxBytes && (runs.isEmpty() || scanner.buffered())) {
                    StoredRun run = scanner.next();
                    if (run == null) {
                        break;
                    }
                    if (run.endOffset() > fromOffset) {
                        runs.add(run);
                        bytes += run.length();
                    }
                }
            }
        }
        return runs;
    }

    /**
     * Offset of the first stored message of the first run that was published at {@code timeMs} or later, or the end.
     * Any thread that may wait for a disk.
     */
    public long offsetOf(int partition, long timeMs) {
        PartitionSegments known = readable(partition);
        if (known == null) {
            return 0;
        }
        for (Segment segment : known.segments) {
            if (segment.lastTimeMs < timeMs) {
                continue;
            }
            int piece = settings.indexEveryBytes();
            try (SegmentScanner scanner = new SegmentScanner(disk, segment, segment.index.beforeTime(timeMs), piece)) {
                for (StoredRun run = scanner.next(); run != null; run = scanner.next()) {
                    if (run.publishTimeMs() >= timeMs) {
                        return run.baseOffset();
                    }
                }
            } catch (StorageException e) {
                if (e.kind() != Kind.MISSING) {
                    throw e;
                }
            }
        }
        return known.endOffset;
    }

    /** Deletes the segments that lie wholly below {@code offset}. */
    public void deleteBelow(int partition, long offset) {
        checkHealthy();
        PartitionSegments known = partitions.get(partition);
        if (known == null) {
            return;
        }
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
            known.remove(segment);
            files.forget(segment);
            segment.index.clear();
            trash.bury(segment.path);
            dirtyDirectories.add(known);
        } catch (StorageException e) {
            throw poisonUnlessPassing(e);
        }
    }

    /** The partitions that it has something of, in no order. */
    public Set<Integer> partitions() {
        return Set.copyOf(partitions.keySet());
    }

    /** Forgets a partition and moves its directory into the trash folder. Durable on return. */
    public void drop(int partition) {
        dropAll(List.of(partition));
    }

    /** As {@link #drop} for many, at the cost of two syncs and one for each that has a directory. */
    public void dropAll(List<Integer> dropped) {
        checkHealthy();
        try {
            dropped.forEach(this::forget);
            trash.sync();
        } catch (StorageException e) {
            throw poisonUnlessPassing(e);
        }
    }

    private void forget(int partition) {
        PartitionSegments known = partitions.get(partition);
        if (known == null) {
            return;
        }
        for (Segment segment : known.segments) {
            files.forget(segment);
            segment.index.clear();
        }
        dirtyDirectories.remove(known);
        if (disk.exists(known.directory)) {
            trash.buryFolder(partition, known.directory);
        }
        partitions.remove(partition);
    }

    /** Removes for good what was deleted before the last two states; to be called after the state file was written. */
    public void emptyTrash(long nowMs) {
        checkHealthy();
        try {
            trash.empty(nowMs);
        } catch (StorageException e) {
            throw poisonUnlessPassing(e);
        }
    }

    /** Syncs, then describes what is stored, for the state file. */
    public void writeState(ByteWriter out) {
        settle();
        sync();
        trash.onStateWritten();
        SegmentState.write(out, new TreeMap<>(partitions).values());
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
        leftover.longer.forEach(files::cut);
        leftover.found.forEach(files::rewrite);
        leftover.aside.forEach(trash::bury);
        dirtyDirectories.add(partition);
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
        files.closeAll();
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
