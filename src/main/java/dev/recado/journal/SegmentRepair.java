package dev.recado.journal;

import dev.recado.base.ByteReader;
import dev.recado.core.message.RunLayout;
import java.nio.ByteBuffer;

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

    private void closeGaps() {
        int at = SegmentLayout.FILE_HEADER_BYTES;
        while (at < bytes.length) {
            int length = validLength(at);
            if (length == 0) {
                int next = at + 1;
                while (next < bytes.length && validLength(next) == 0) {
                    next++;
                }
                ByteBuffer gap = SegmentLayout.gapHeader(next - at);
                gap.get(bytes, at, gap.remaining());
                length = next - at;
            }
            at += length;
        }
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
        int run = at + SegmentLayout.RECORD_HEADER_BYTES;
        boolean holdsRun = gap
                || (RunLayout.read(bytes, run, length - SegmentLayout.RECORD_HEADER_BYTES, 0, 0) != null
                        && new ByteReader(bytes, run + 4, Integer.BYTES).readInt() == segment.partition);
        return holdsRun ? length : 0;
    }
}
