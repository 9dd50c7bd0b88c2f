package dev.recado.journal;

import dev.recado.base.ByteReader;
import dev.recado.core.message.StoredRun;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Turns what is damaged in a segment into gaps of the same size, so that the state file stays true. */
final class SegmentRepair {

    private final Segment segment;
    private final byte[] bytes;
    /** Offset below which no further run can begin. */
    private long nextOffset;

    private SegmentRepair(Segment segment, byte[] bytes) {
        this.segment = segment;
        this.bytes = bytes;
        nextOffset = segment.baseOffset;
    }

    /** Saves a copy, then mends. Holds the whole segment in memory. Durable on return. */
    static void mend(Disk disk, Segment segment) {
        if (disk.exists(segment.path)) {
            Repair.saveCopy(disk, segment.path);
        }
        String directory = Disk.parent(segment.path);
        disk.createDirectories(directory);
        try (DiskFile file = disk.open(segment.path, true)) {
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

    /** What the segment's state says that it holds and cannot be read from it. */
    static List<Repair.Gap> gaps(Disk disk, Segment segment) {
        byte[] bytes = new byte[Math.toIntExact(segment.bytes)];
        if (disk.exists(segment.path)) {
            try (DiskFile file = disk.open(segment.path, false)) {
                file.read(ByteBuffer.wrap(bytes), 0);
            }
        }
        return new SegmentRepair(segment, bytes).closeGaps();
    }

    /** Makes a gap of everything between records that are sound, and answers the offsets that are lost by that. */
    private List<Repair.Gap> closeGaps() {
        List<Repair.Gap> gaps = new ArrayList<>();
        long lostFrom = -1;
        int at = SegmentLayout.FILE_HEADER_BYTES;
        while (at < bytes.length) {
            int length = validLength(at);
            if (length == 0) {
                int next = at + SegmentLayout.RECORD_HEADER_BYTES;
                while (next < bytes.length && validLength(next) == 0) {
                    next++;
                }
                next = Math.min(next, bytes.length);
                if (next - at >= SegmentLayout.RECORD_HEADER_BYTES) {
                    ByteBuffer gap = SegmentLayout.gapHeader(next - at);
                    gap.get(bytes, at, gap.remaining());
                }
                lostFrom = nextOffset;
                length = next - at;
            } else if (!SegmentLayout.isGap(bytes, at)) {
                StoredRun run = Objects.requireNonNull(SegmentLayout.run(bytes, at, length));
                long base = run.baseOffset();
                if (lostFrom >= 0 && base > lostFrom) {
                    gaps.add(new Repair.Gap(segment.partition, lostFrom, base));
                }
                lostFrom = -1;
                nextOffset = run.endOffset();
            }
            at += length;
        }
        if (lostFrom >= 0 && lostFrom < segment.endOffset) {
            gaps.add(new Repair.Gap(segment.partition, lostFrom, segment.endOffset));
        }
        return gaps;
    }

    /** Length of the valid record at {@code at}, or 0. */
    private int validLength(int at) {
        if (bytes.length - at < SegmentLayout.RECORD_HEADER_BYTES) {
            return 0;
        }
        int length = new ByteReader(bytes, at, Integer.BYTES).readInt();
        boolean gap = SegmentLayout.isGap(bytes, at);
        int least = gap ? SegmentLayout.RECORD_HEADER_BYTES : SegmentLayout.RUN_RECORD_BYTES_MIN;
        if (length < least || length > bytes.length - at || !SegmentLayout.isValid(bytes, at, length)) {
            return 0;
        }
        if (gap) {
            return length;
        }
        StoredRun run = SegmentLayout.run(bytes, at, length);
        boolean holdsRun = run != null && run.partition() == segment.partition && run.baseOffset() >= nextOffset;
        return holdsRun ? length : 0;
    }
}
