package dev.recado.journal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The segments of one partition: an immutable array behind a volatile field, changed by the flusher only. */
final class PartitionSegments {

    private static final Segment[] NONE = {};

    final int partition;
    final String directory;
    /** Whether it outlives the process. */
    final boolean lasting;

    volatile Segment[] segments = NONE;
    /** Behind the last message ever stored, also where its segment is gone. */
    volatile long endOffset;
    /** Flusher only: what lies below is not worth storing. */
    long deletedBelow;
    /** Flusher only: whether the directory is known to exist. */
    boolean directoryExists;
    /** Flusher only: what a start found beyond the state, null once settled. */
    @Nullable
    Leftover leftover;
    /** Found at a start: a segment is missing or shorter than it was. */
    volatile @Nullable DamagedException damage;
    /** Found by the last look for what is old; null before the first. */
    volatile @Nullable Young young;

    /** From {@code offset} on everything was logged at {@code loggedMs} or later. */
    record Young(long offset, long loggedMs) {}

    PartitionSegments(int partition, String directory) {
        this(partition, directory, true);
    }

    PartitionSegments(int partition, String directory, boolean lasting) {
        this.partition = partition;
        this.directory = directory;
        this.lasting = lasting;
    }

    /** The segment that is appended to, or null. */
    @Nullable
    Segment active() {
        Segment[] now = segments;
        return now.length == 0 || now[now.length - 1].sealed ? null : now[now.length - 1];
    }

    void add(Segment segment) {
        Segment[] now = segments;
        Segment[] next = Arrays.copyOf(now, now.length + 1);
        next[now.length] = segment;
        segments = next;
    }

    void remove(Segment segment) {
        segments = Arrays.stream(segments).filter(other -> other != segment).toArray(Segment[]::new);
    }

    @Nullable
    Segment withBase(long baseOffset) {
        for (Segment segment : segments) {
            if (segment.baseOffset == baseOffset) {
                return segment;
            }
        }
        return null;
    }

    /** Index in {@code list} of the first segment that ends behind {@code offset}. */
    static int covering(Segment[] list, long offset) {
        int low = 0;
        int high = list.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (list[middle].endOffset <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
