package dev.recado.shard;

import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.ByteMarks;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the places of what a durable partition stores: of segments their ends, and of those in which a group stands
 * their runs too, as far as it may read; of what memory holds beyond that its runs.
 */
public final class Measuring {

    private static final int READ_BYTES = 1024 * 1024;

    private final Wish wish;
    private final SegmentView store;
    private final ByteMarks found = new ByteMarks();
    private SegmentView.@Nullable Span newest;
    private long readBytes;
    private long added;

    /**
     * What is to be found.
     *
     * @param number of the wish: only the newest of a partition counts
     * @param stands where groups stand, in order: what they have left begins at their floors, what they were never
     *     handed at their cursors
     * @param readBytesMax how much of segments may be read for it
     */
    public record Wish(int partition, long number, long[] stands, long readBytesMax) {}

    public Measuring(SegmentView store, Wish wish) {
        this.store = store;
        this.wish = wish;
    }

    Wish wish() {
        return wish;
    }

    /** Goes through what segments hold now. Called once; on a thread that may wait for a disk, where it may read. */
    public void segments() {
        for (SegmentView.Span segment : store.spans(wish.partition)) {
            if (segment.endOffset() > segment.baseOffset()) {
                measure(segment);
                newest = segment;
            }
        }
    }

    /** What {@link #segments} found, what was written since, and what memory holds beyond that. Called once, behind. */
    ByteMarks places(Tail tail) {
        for (SegmentView.Span segment : store.spans(wish.partition)) {
            addNew(segment);
        }
        for (StoredRun run : tail.from(newest == null ? 0 : newest.endOffset())) {
            add(run.baseOffset(), run.endOffset(), store.bytesOf(run));
        }
        return found;
    }

    private void addNew(SegmentView.Span segment) {
        SegmentView.Span before = newest;
        long from = before == null ? segment.baseOffset() : Math.max(before.endOffset(), segment.baseOffset());
        if (segment.endOffset() > from) {
            boolean grown = before != null && before.baseOffset() == segment.baseOffset();
            long measured = before != null && grown ? before.bytes() : 0;
            add(from, segment.endOffset(), segment.bytes() - measured);
            newest = segment;
        }
    }

    /** Bytes of the segments that were gone through, whole. */
    long readBytes() {
        return readBytes;
    }

    private void measure(SegmentView.Span segment) {
        long at = segment.baseOffset();
        long before = added;
        if (isWithin(segment) && readBytes + segment.bytes() <= wish.readBytesMax) {
            readBytes += segment.bytes();
            while (at < segment.endOffset()) {
                StoredRun last = addRuns(read(at), segment.endOffset());
                if (last == null) {
                    break; // whoever reads it next is told; what is behind that place is along a line
                }
                at = last.endOffset();
            }
        }
        if (at < segment.endOffset()) {
            add(at, segment.endOffset(), Math.max(0, segment.bytes() - (added - before)));
        }
    }

    /** Answers the last of {@code runs} that ends by {@code end}; null where none does. */
    private @Nullable StoredRun addRuns(List<StoredRun> runs, long end) {
        StoredRun last = null;
        for (StoredRun run : runs) {
            if (run.endOffset() > end) {
                break;
            }
            addRun(run);
            last = run;
        }
        return last;
    }

    /** A group may stand in the middle of a run: its place is told to the byte. */
    private void addRun(StoredRun run) {
        long left = store.bytesOf(run);
        long at = run.baseOffset();
        for (long place : wish.stands) {
            if (at < place && place < run.endOffset()) {
                long before = left - bytesFrom(run, place);
                add(at, place, before);
                at = place;
                left -= before;
            }
        }
        add(at, run.endOffset(), left);
    }

    private static int bytesFrom(StoredRun run, long offset) {
        int at = run.messagesStart();
        for (long i = run.baseOffset(); i < offset; i++) {
            at += MessageLayout.length(run.bytes(), at);
        }
        return run.end() - at;
    }

    private void add(long baseOffset, long endOffset, long bytes) {
        found.add(baseOffset, endOffset, bytes);
        added += bytes;
    }

    private List<StoredRun> read(long fromOffset) {
        return store.read(wish.partition, fromOffset, READ_BYTES);
    }

    /** Whether some group stands in the middle of {@code segment}. */
    private boolean isWithin(SegmentView.Span segment) {
        return Arrays.stream(wish.stands)
                .anyMatch(offset -> segment.baseOffset() < offset && offset < segment.endOffset());
    }
}
