package dev.recado.journal;

import dev.recado.base.ByteReader;
import dev.recado.core.message.StoredRun;
import dev.recado.journal.StorageException.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns what is damaged in a segment into gaps of the same size, so that the state file stays true. */
final class SegmentRepair {

    private final Segment segment;
    private final byte[] bytes;

    private SegmentRepair(Segment segment, byte[] bytes) {
        this.segment = segment;
        this.bytes = bytes;
    }

    /** Saves a copy, then mends. Holds the whole segment in memory. Durable on return. */
    static void mend(Disk disk, Segment segment) {
        save(disk, segment.path());
        String directory = Disk.parent(segment.path());
        disk.createDirectories(directory);
        try (DiskFile file = disk.open(segment.path(), true)) {
            byte[] bytes = new byte[Math.toIntExact(segment.bytes)];
            file.read(ByteBuffer.wrap(bytes), 0);
            ByteBuffer header = ByteBuffer.wrap(bytes);
            SegmentLayout.putFileHeader(header, segment.partition, segment.baseOffset);
            new SegmentRepair(segment, bytes).closeGaps();
            file.write(new ByteBuffer[] {ByteBuffer.wrap(bytes)}, 0);
            file.sync();
        }
        disk.syncDirectory(directory);
    }

    private static void save(Disk disk, String path) {
        try {
            Repair.saveCopy(disk, path);
        } catch (StorageException e) {
            if (e.kind() == Kind.NOT_A_FILE) {
                Repair.moveAway(disk, path);
            } else if (e.kind() != Kind.MISSING) {
                throw e;
            }
        }
    }

    /** What the segment's state says that it holds and cannot be read from it. */
    static List<Repair.Gap> gaps(Disk disk, Segment segment) {
        byte[] bytes = new byte[Math.toIntExact(segment.bytes)];
        try (DiskFile file = disk.open(segment.path(), false)) {
            file.read(ByteBuffer.wrap(bytes), 0);
        } catch (StorageException e) {
            if (e.kind() != Kind.MISSING && e.kind() != Kind.NOT_A_FILE) {
                throw e;
            }
        }
        return new SegmentRepair(segment, bytes).closeGaps();
    }

    /**
     * Makes a gap of everything between the records that stay, and answers the offsets that are lost by that. Those
     * stay that go up: where sound records are in one another's way, as one that was copied over others is, the most.
     */
    private List<Repair.Gap> closeGaps() {
        List<Sound> records = soundRecords();
        Set<Sound> staying = longestRise(records);
        List<Repair.Gap> gaps = new ArrayList<>();
        long nextOffset = segment.baseOffset;
        boolean hurt = false;
        int at = SegmentLayout.FILE_HEADER_BYTES;
        for (Sound record : records) {
            if (!record.isGap() && !staying.contains(record)) {
                continue;
            }
            hurt |= putGap(at, record.at());
            if (!record.isGap()) {
                if (hurt && record.base() > nextOffset) {
                    gaps.add(new Repair.Gap(segment.partition, nextOffset, record.base()));
                }
                hurt = false;
                nextOffset = record.end();
            }
            at = record.at() + record.length();
        }
        hurt |= putGap(at, bytes.length);
        if (hurt && nextOffset < segment.endOffset) {
            gaps.add(new Repair.Gap(segment.partition, nextOffset, segment.endOffset));
        }
        return gaps;
    }

    /** Answers whether there is anything between the two places. */
    private boolean putGap(int from, int to) {
        if (to - from >= SegmentLayout.RECORD_HEADER_BYTES) {
            ByteBuffer gap = SegmentLayout.gapHeader(to - from);
            gap.get(bytes, from, gap.remaining());
        }
        return to > from;
    }

    /** Every record whose checksum is right, in the order of the file; between two there is room for a gap or none. */
    private List<Sound> soundRecords() {
        List<Sound> found = new ArrayList<>();
        int at = SegmentLayout.FILE_HEADER_BYTES;
        while (at < bytes.length) {
            Sound record = soundAt(at);
            for (int next = at + SegmentLayout.RECORD_HEADER_BYTES; record == null && next < bytes.length; next++) {
                record = soundAt(next);
            }
            if (record == null) {
                break;
            }
            found.add(record);
            at = record.at() + record.length();
        }
        return found;
    }

    /** The longest series of runs of which none begins before the one before it has ended. */
    private static Set<Sound> longestRise(List<Sound> records) {
        // By length: the series that ends lowest.
        List<Series> lowest = new ArrayList<>();
        for (Sound record : records) {
            if (record.isGap()) {
                continue;
            }
            int length = 0;
            int high = lowest.size();
            while (length < high) {
                int middle = (length + high) >>> 1;
                if (lowest.get(middle).last().end() <= record.base()) {
                    length = middle + 1;
                } else {
                    high = middle;
                }
            }
            Series series = new Series(record, length == 0 ? null : lowest.get(length - 1));
            if (length == lowest.size()) {
                lowest.add(series);
            } else if (record.end() < lowest.get(length).last().end()) {
                lowest.set(length, series);
            }
        }
        Set<Sound> longest = Collections.newSetFromMap(new IdentityHashMap<>());
        Series at = lowest.isEmpty() ? null : lowest.get(lowest.size() - 1);
        for (; at != null; at = at.before()) {
            longest.add(at.last());
        }
        return longest;
    }

    private @Nullable Sound soundAt(int at) {
        if (bytes.length - at < SegmentLayout.RECORD_HEADER_BYTES) {
            return null;
        }
        int length = new ByteReader(bytes, at, Integer.BYTES).readInt();
        boolean gap = SegmentLayout.isGap(bytes, at);
        int least = gap ? SegmentLayout.RECORD_HEADER_BYTES : SegmentLayout.RUN_RECORD_BYTES_MIN;
        if (length < least || length > bytes.length - at || !SegmentLayout.isValid(bytes, at, length)) {
            return null;
        }
        if (gap) {
            return new Sound(at, length, -1, -1);
        }
        StoredRun run = SegmentLayout.run(bytes, at, length);
        return run == null || !isOurs(run) ? null : new Sound(at, length, run.baseOffset(), run.endOffset());
    }

    private boolean isOurs(StoredRun run) {
        return run.partition() == segment.partition
                && run.baseOffset() >= segment.baseOffset
                && run.endOffset() <= segment.endOffset;
    }

    /** A record at byte {@code at} and the offsets of its run; of a gap they are -1. */
    private record Sound(int at, int length, long base, long end) {
        private boolean isGap() {
            return base < 0;
        }
    }

    private record Series(Sound last, @Nullable Series before) {}
}
