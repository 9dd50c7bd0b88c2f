package dev.recado.journal;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;

/**
 * One segment. Written by the flusher; readers see what {@link #bytes} covers, which is set last.
 */
final class Segment {

    final String path;
    final int partition;
    final long baseOffset;
    final long firstTimeMs;
    final SparseIndex index;
    /** Bytes of the file that hold whole records, its header included. */
    volatile long bytes;

    volatile long endOffset;
    volatile long lastTimeMs;
    volatile boolean sealed;
    /** Flusher only. */
    long syncedBytes;

    Segment(String directory, int partition, long baseOffset, long firstTimeMs, SparseIndex index) {
        path = directory + "/" + SegmentLayout.name(baseOffset);
        this.partition = partition;
        this.baseOffset = baseOffset;
        this.firstTimeMs = firstTimeMs;
        this.index = index;
        endOffset = baseOffset;
        lastTimeMs = firstTimeMs;
    }

    void appended(long endOffsetNow, long timeMs, long bytesNow) {
        endOffset = endOffsetNow;
        lastTimeMs = Math.max(lastTimeMs, timeMs);
        bytes = bytesNow;
    }

    SegmentInfo info() {
        long bytesNow = bytes;
        return new SegmentInfo(baseOffset, endOffset, bytesNow, firstTimeMs, lastTimeMs, sealed);
    }

    void writeState(ByteWriter out) {
        out.putLong(baseOffset).putLong(endOffset).putLong(bytes);
        out.putLong(firstTimeMs).putLong(lastTimeMs).put(sealed ? 1 : 0);
    }

    static Segment readState(ByteReader in, String directory, int partition, SparseIndex index) {
        long base = in.readLong();
        long end = in.readLong();
        long bytes = in.readLong();
        Segment segment = new Segment(directory, partition, base, in.readLong(), index);
        segment.appended(end, in.readLong(), bytes);
        segment.sealed = in.readByte() == 1;
        segment.syncedBytes = bytes;
        return segment;
    }
}
