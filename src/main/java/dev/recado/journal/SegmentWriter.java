package dev.recado.journal;

import dev.recado.base.Check;
import dev.recado.core.message.StoredRun;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Appends to the segments of all partitions: begins and seals them, and knows which files and directories wait for a
 * sync. What it throws leaves to the caller whether that may be repeated. Owned by the flusher.
 */
final class SegmentWriter {

    /** Runs up to that many bytes are written together. */
    private static final long WRITE_BYTES = 1024 * 1024;

    private final Disk disk;
    private final SegmentSettings settings;
    private final Supplier<SparseIndex> newIndex;
    private final SegmentFiles files;
    private final Set<PartitionSegments> dirtyDirectories = new LinkedHashSet<>();
    /** Directories of directories: where one of these was made. */
    private final Set<String> dirtyParents = new LinkedHashSet<>();

    SegmentWriter(Disk disk, SegmentSettings settings, Supplier<SparseIndex> newIndex) {
        this.disk = disk;
        this.settings = settings;
        this.newIndex = newIndex;
        files = new SegmentFiles(disk);
    }

    /** See {@link SegmentStore#append}; nothing of the partition is left over from a start. */
    void append(PartitionSegments target, List<StoredRun> runs) {
        int at = 0;
        while (at < runs.size()) {
            StoredRun run = runs.get(at);
            if (isStored(target, run)) {
                at++;
            } else if (run.endOffset() <= target.deletedBelow) {
                target.endOffset = run.endOffset();
                at++;
            } else {
                at = appendSome(target, runs, at);
            }
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
            files.write(active, some, target.lasting);
        }
        // Before the sync: where that fails, what was written must not be written once more.
        target.endOffset = runs.get(to - 1).endOffset();
        if (target.lasting) {
            syncIfMuch(Objects.requireNonNull(target.active()));
        }
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

    /** Durable on return where it lasts: a start that finds the next segment knows that this one is all there. */
    private void seal(PartitionSegments target, Segment active) {
        if (target.lasting && active.syncedBytes < active.bytes) {
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
            List<String> changed = disk.makeDirectories(target.directory);
            if (target.lasting) {
                dirtyParents.addAll(changed);
            }
            target.directoryExists = true;
        }
        Segment segment =
                new Segment(target.directory, target.partition, run.baseOffset(), run.publishTimeMs(), newIndex.get());
        try {
            files.write(segment, runs, target.lasting);
        } catch (StorageException e) {
            files.forget(segment);
            throw e;
        }
        target.add(segment);
        onDirectoryChanged(target);
    }

    private void syncIfMuch(Segment segment) {
        if (segment.bytes - segment.syncedBytes >= settings.syncEveryBytes()) {
            files.sync(segment);
        }
    }

    /** Makes everything durable: all segments written since their last sync and all directories that changed. */
    void sync() {
        files.syncAll();
        List<String> directories = new ArrayList<>(dirtyParents);
        dirtyDirectories.forEach(partition -> directories.add(partition.directory));
        disk.syncDirectories(directories);
        dirtyParents.clear();
        dirtyDirectories.clear();
    }

    /** Writes once more, and cuts, what a start has found. */
    void mend(Leftover leftover) {
        leftover.longer.forEach(files::cut);
        leftover.found.forEach(files::rewrite);
    }

    /** The partition no longer has the segment; the file is the caller's to take away. */
    void remove(PartitionSegments known, Segment segment) {
        known.remove(segment);
        files.forget(segment);
        segment.index.clear();
    }

    /** Files of the partition got other names: the next {@link #sync} makes these durable. */
    void onDirectoryChanged(PartitionSegments known) {
        if (known.lasting) {
            dirtyDirectories.add(known);
        }
    }

    /** A directory without partitions goes away. */
    void forgetDirectory(String directory) {
        dirtyParents.remove(directory);
    }

    /** The partition's directory goes away as a whole. */
    void forgetDirectory(PartitionSegments known) {
        dirtyDirectories.remove(known);
    }

    /** Closes all files without a sync. */
    void close() {
        files.closeAll();
    }
}
