package dev.recado.shard;

import dev.recado.core.message.StoredRun;
import java.util.List;

/** What a shard sees of the segments in which its partitions are stored. Any thread. */
public interface SegmentView {

    /**
     * One segment: its messages, and what its runs take in it.
     *
     * @param endOffset offset behind its last message
     */
    record Span(long baseOffset, long endOffset, long bytes) {}

    /** Bytes that a run takes in a segment beyond its own. */
    int headBytes();

    /** Bytes that {@code run} takes in a segment. */
    default long bytesOf(StoredRun run) {
        return headBytes() + (long) run.length();
    }

    /** What the partition takes on the disk. */
    long bytes(int partition);

    /** In the order of their offsets. */
    List<Span> spans(int partition);

    /** About {@code bytesMax} bytes of runs from {@code offset} on; none where they cannot be read. May wait. */
    List<StoredRun> read(int partition, long offset, int bytesMax);
}
