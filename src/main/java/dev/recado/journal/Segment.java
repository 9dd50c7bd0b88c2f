package dev.recado.journal;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.message.StoredRun;

/**
 * One segment. Written by the flusher; readers see what {@link #bytes} covers, which is set last.
 */
final class Segment {

    static final long UNKNOWN = Long.MIN_VALUE;

    /** That of its partition. */
    private final String directory;

    final int partition;
    final long baseOffset;
    /** Publish time of its first message. */
    final long firstTimeMs;

    final SparseIndex index;
    /** Bytes of the file that hold whole records, its header included. */
    volatile long bytes;

    volatile long endOffset;
    /** The latest publish time in it. */
    volatile long lastTimeMs;
    /** Log time of its last message. */
    volatile long lastLoggedMs;
    /** Log time of its first run; {@link #UNKNOWN} after a start. */
    volatile long firstLoggedMs = UNKNOWN;

    volatile boolean sealed;
    /** Flusher only. */
    long syncedBytes;

    Segment(String directory, int partition, long baseOffset, long firstTimeMs, SparseIndex index) {
        this.directory = directory;
        this.partition = partition;
        this.baseOffset = baseOffset;
        this.firstTimeMs = firstTimeMs;
        this.index = index;
        endOffset = baseOffset;
        lastTimeMs = firstTimeMs;
    }

    String path() {
        return directory + "/" + SegmentLayout.name(baseOffset);
    }

    /** Takes over the times of a run in it. */
    void stamped(StoredRun run) {
        if (endOffset == baseOffset && firstLoggedMs == UNKNOWN) {
            firstLoggedMs = run.logTimeMs();
        }
        lastTimeMs = Math.max(lastTimeMs, run.publishTimeMs());
        lastLoggedMs = Math.max(lastLoggedMs, run.logTimeMs());
    }

    /** Readers see what it holds from now on; the times of that are there already. */
    void appended(long endOffsetNow, long bytesNow) {
        endOffset = endOffsetNow;
        bytes = bytesNow;
    }

    SegmentInfo info() {
        long bytesNow = bytes;
        return new SegmentInfo(baseOffset, endOffset, bytesNow, firstTimeMs, lastTimeMs, lastLoggedMs, sealed);
    }

    void writeState(ByteWriter out) {
        out.putLong(baseOffset).putLong(endOffset).putLong(bytes);
        out.putLong(firstTimeMs).putLong(lastTimeMs).putLong(lastLoggedMs).put(sealed ? 1 : 0);
    }

    /** @param timed whether the state tells the log time; it was the publish time where not */
    static Segment readState(ByteReader in, String directory, int partition, SparseIndex index, boolean timed) {
        long base = in.readLong();
        long end = in.readLong();
        long bytes = in.readLong();
        Segment segment = new Segment(directory, partition, base, in.readLong(), index);
        segment.lastTimeMs = in.readLong();
        segment.lastLoggedMs = timed ? in.readLong() : segment.lastTimeMs;
        segment.appended(end, bytes);
        segment.sealed = in.readByte() == 1;
        segment.syncedBytes = bytes;
        return segment;
    }
}
