package dev.recado.journal;

import dev.recado.core.message.StoredRun;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads the segments of one partition beside the flusher, which may delete some of them meanwhile. Any thread that may
 * wait for a disk.
 */
final class SegmentReads {

    private static final int READ_AHEAD_BYTES = 1024 * 1024;
    private static final long NOWHERE = -1;

    private final Disk disk;
    private final int indexEveryBytes;

    SegmentReads(Disk disk, int indexEveryBytes) {
        this.disk = disk;
        this.indexEveryBytes = indexEveryBytes;
    }

    /** See {@link SegmentStore#read}. */
    List<StoredRun> read(PartitionSegments known, long fromOffset, int maxBytes) {
        while (true) {
            Segment[] list = known.segments;
            try {
                return read(list, fromOffset, maxBytes);
            } catch (DamagedException e) {
                // The segment may have been deleted since its list was taken.
                if (list == known.segments) {
                    throw e;
                }
            }
        }
    }

    private List<StoredRun> read(Segment[] list, long fromOffset, int maxBytes) {
        List<StoredRun> runs = new ArrayList<>();
        int piece = Math.min(READ_AHEAD_BYTES, Math.max(maxBytes, indexEveryBytes));
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

    /** See {@link SegmentStore#offsetOf}. */
    long offsetOf(PartitionSegments known, long timeMs, long nowMs) {
        StoredRun first = firstOf(
                known,
                segment -> segment.lastTimeMs < timeMs ? NOWHERE : segment.index.beforeTime(timeMs),
                run -> run.publishTimeMs() >= timeMs && run.publishTimeMs() <= nowMs);
        return first == null ? known.endOffset : first.baseOffset();
    }

    /** See {@link SegmentStore#offsetLoggedAt}. */
    long offsetLoggedAt(PartitionSegments known, long timeMs) {
        StoredRun first = firstOf(
                known,
                segment -> segment.lastLoggedMs < timeMs ? NOWHERE : segment.index.beforeLogged(timeMs),
                run -> run.logTimeMs() >= timeMs);
        if (first == null) {
            return known.endOffset;
        }
        known.young = new PartitionSegments.Young(first.baseOffset(), first.logTimeMs());
        return first.baseOffset();
    }

    /**
     * Whether {@link #offsetLoggedAt} would answer {@code logStart} or less, told without a look at a disk: false where
     * that is not known.
     */
    static boolean isFirstLoggedAt(PartitionSegments known, long timeMs, long logStart) {
        Segment[] list = known.segments;
        PartitionSegments.Young young = known.young;
        return list.length > 0
                && (list[0].baseOffset <= logStart && list[0].firstLoggedMs >= timeMs
                        || young != null && young.offset() <= logStart && young.loggedMs() >= timeMs);
    }

    /** The first run that is {@code wanted}, or null. */
    private @Nullable StoredRun firstOf(
            PartitionSegments known, ToLongFunction<Segment> start, Predicate<StoredRun> wanted) {
        for (Segment segment : known.segments) {
            long from = start.applyAsLong(segment);
            if (from == NOWHERE) {
                continue;
            }
            try (SegmentScanner scanner = new SegmentScanner(disk, segment, from, indexEveryBytes)) {
                for (StoredRun run = scanner.next(); run != null; run = scanner.next()) {
                    if (wanted.test(run)) {
                        return run;
                    }
                }
            } catch (DamagedException e) {
                if (known.withBase(segment.baseOffset) == segment) {
                    throw e;
                }
            }
        }
        return null;
    }
}
