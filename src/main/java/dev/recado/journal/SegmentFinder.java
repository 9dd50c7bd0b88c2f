package dev.recado.journal;

import dev.recado.core.message.StoredRun;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a partition's files at a start: the segments that the state describes, and behind them every whole record
 * that was written since. Records are written in the order of offsets, and a segment is durable before the next one is
 * begun, so that what is whole up to the first tear is all that was written up to there; nothing behind a tear is
 * believed. Nothing is changed: {@link SegmentStore#settle} does that once the journal has been read.
 */
final class SegmentFinder {

    private static final int PIECE_BYTES = 1024 * 1024;

    private final Disk disk;
    private final SegmentTrash trash;
    private final PartitionSegments partition;
    private final Leftover leftover = new Leftover();
    private final TreeSet<String> names;

    SegmentFinder(Disk disk, SegmentTrash trash, PartitionSegments partition) {
        this.disk = disk;
        this.trash = trash;
        this.partition = partition;
        names = new TreeSet<>(disk.list(partition.directory));
    }

    /** Makes the partition's segments those of {@code described} that are there and what was written behind them. */
    void adopt(List<Segment> described, Supplier<SparseIndex> indexes) {
        partition.directoryExists = !names.isEmpty();
        List<Segment> kept = new ArrayList<>();
        for (Segment segment : described) {
            if (isThere(segment)) {
                kept.add(segment);
            }
        }
        boolean whole = kept.isEmpty() || lookBehind(kept.get(kept.size() - 1));
        for (String name : names) {
            long base = SegmentLayout.baseOffset(name);
            if (base >= 0) {
                Segment found = whole && base >= partition.endOffset ? begun(base, indexes) : null;
                whole = found != null && lookBehind(found);
                if (found != null) {
                    kept.add(found);
                } else {
                    leftover.setAside(partition.directory + "/" + name);
                }
            } else if (name.endsWith(SegmentLayout.DELETED_SUFFIX)) {
                trash.adopt(partition.directory + "/" + name);
            }
        }
        partition.segments = kept.toArray(new Segment[0]);
        partition.leftover = leftover.isEmpty() ? null : leftover;
    }

    /** Whether the segment still counts; one that is missing and was not deleted does, as damage. */
    private boolean isThere(Segment segment) {
        String name = SegmentLayout.name(segment.baseOffset);
        if (names.remove(name)) {
            return true;
        }
        if (names.contains(name + SegmentLayout.DELETED_SUFFIX) || trash.holds(partition.partition)) {
            return false;
        }
        damaged(segment, DamagedException.partition(segment.path(), 0, partition.partition, "segment is missing"));
        return true;
    }

    private void damaged(Segment segment, DamagedException damage) {
        segment.sealed = true;
        if (partition.damage == null) {
            partition.damage = damage;
        }
    }

    /** A file that no state describes, its records not yet taken over; null where it has no valid header and first. */
    private @Nullable Segment begun(long base, Supplier<SparseIndex> indexes) {
        Segment unread =
                new Segment(partition.directory, partition.partition, base, 0, new SparseIndex(0, new AtomicInteger()));
        long size = disk.size(unread.path());
        try (SegmentScanner scanner =
                new SegmentScanner(disk, unread, SegmentLayout.FILE_HEADER_BYTES, size, PIECE_BYTES)) {
            StoredRun first = scanner.next();
            if (first == null || first.baseOffset() != base) {
                return null;
            }
            Segment segment =
                    new Segment(partition.directory, partition.partition, base, first.publishTimeMs(), indexes.get());
            segment.appended(base, SegmentLayout.FILE_HEADER_BYTES);
            return segment;
        } catch (DamagedException torn) {
            return null;
        }
    }

    /** Takes over the whole records behind what the segment is known to hold; false where they end in a tear. */
    private boolean lookBehind(Segment segment) {
        if (partition.damage != null) {
            return false;
        }
        long size = disk.size(segment.path());
        if (size < segment.bytes) {
            damaged(
                    segment,
                    DamagedException.partition(
                            segment.path(), size, partition.partition, "segment is shorter than it was"));
            return false;
        }
        if (size == segment.bytes) {
            return true;
        }
        long known = segment.bytes;
        long end = scan(segment, size);
        if (end > known) {
            leftover.found(segment, known == SegmentLayout.FILE_HEADER_BYTES ? 0 : known);
        }
        if (end < size) {
            leftover.cut(segment);
        }
        return end == size;
    }

    private long scan(Segment segment, long size) {
        long end = segment.bytes;
        try (SegmentScanner scanner = new SegmentScanner(disk, segment, end, size, PIECE_BYTES)) {
            for (StoredRun run = scanner.next();
                    run != null && run.baseOffset() >= partition.endOffset;
                    run = scanner.next()) {
                end = scanner.position();
                segment.stamped(run);
                segment.appended(run.endOffset(), end);
                partition.endOffset = run.endOffset();
            }
        } catch (DamagedException torn) {
            // Where the journal does not hold what was here, the end of the partition will tell.
            return end;
        }
        return end;
    }
}
