package dev.recado.journal;

import dev.recado.core.message.StoredRun;
import dev.recado.journal.StorageException.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the segments of one partition beside the flusher, which may delete some of them meanwhile. Any thread that may
 * wait for a disk.
 */
final class SegmentReads {

    private static final int READ_AHEAD_BYTES = 1024 * 1024;

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
            } catch (StorageException e) {
                // The segment may have been deleted since its list was taken.
                if (e.kind() != Kind.MISSING || list == known.segments) {
                    throw e;
                }
            } catch (DamagedException e) {
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
    long offsetOf(PartitionSegments known, long timeMs) {
        for (Segment segment : known.segments) {
            if (segment.lastTimeMs < timeMs) {
                continue;
            }
            try (SegmentScanner scanner =
                    new SegmentScanner(disk, segment, segment.index.beforeTime(timeMs), indexEveryBytes)) {
                for (StoredRun run = scanner.next(); run != null; run = scanner.next()) {
                    if (run.publishTimeMs() >= timeMs) {
                        return run.baseOffset();
                    }
                }
            } catch (StorageException e) {
                if (e.kind() != Kind.MISSING) {
                    throw e;
                }
            } catch (DamagedException e) {
                if (known.withBase(segment.baseOffset) == segment) {
                    throw e;
                }
            }
        }
        return known.endOffset;
    }
}
