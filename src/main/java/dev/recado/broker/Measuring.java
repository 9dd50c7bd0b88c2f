package dev.recado.broker;

import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.ByteMarks;
import dev.recado.journal.DamagedException;
import dev.recado.journal.SegmentInfo;
import dev.recado.journal.SegmentStore;
import dev.recado.journal.StorageException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the places of what a durable partition stores: of segments their ends, and of those in which a group stands
 * their runs too, as far as it may read; of what memory holds beyond that its runs.
 */
final class Measuring {

    private static final int READ_BYTES = 1024 * 1024;

    private final PartitionOwner owner;
    private final SegmentStore store;
    private final ByteMarks found = new ByteMarks();
    private final long readBytesMax;
    private final long[] stands;
    private @Nullable SegmentInfo newest;
    private long readBytes;
    private long added;

    /** On the partition's loop, or while there is none. {@code readBytesMax}: how much of segments it may read. */
    Measuring(PartitionOwner owner, long readBytesMax) {
        this.owner = owner;
        this.store = owner.view().store();
        this.readBytesMax = readBytesMax;
        this.stands = stands(owner);
    }

    /** Where groups stand, in order: what they have left begins at their floors, what they were never handed behind. */
    private static long[] stands(PartitionOwner owner) {
        if (owner.groups().isEmpty()) {
            return new long[] {owner.backlog().floor()};
        }
        return Arrays.stream(owner.groups().all())
                .map(GroupOwner::group)
                .flatMapToLong(group -> LongStream.of(group.floor(), group.cursor()))
                .sorted()
                .toArray();
    }

    /** Goes through what segments hold now. Called once; on a thread that may wait for a disk, where it may read. */
    void segments() {
        for (SegmentInfo segment : store.segments(owner.partition().id())) {
            if (segment.endOffset() > segment.baseOffset()) {
                measure(segment);
                newest = segment;
            }
        }
    }

    /** What {@link #segments} found, what was written since, and what memory holds beyond that. Called once, behind. */
    ByteMarks places() {
        for (SegmentInfo segment : store.segments(owner.partition().id())) {
            addNew(segment);
        }
        for (StoredRun run : owner.tail().from(newest == null ? 0 : newest.endOffset())) {
            add(run.baseOffset(), run.endOffset(), SegmentStore.storedBytes(run));
        }
        return found;
    }

    private void addNew(SegmentInfo segment) {
        SegmentInfo before = newest;
        long from = before == null ? segment.baseOffset() : Math.max(before.endOffset(), segment.baseOffset());
        if (segment.endOffset() > from) {
            boolean grown = before != null && before.baseOffset() == segment.baseOffset();
            long measured = before != null && grown ? before.recordBytes() : 0;
            add(from, segment.endOffset(), segment.recordBytes() - measured);
            newest = segment;
        }
    }

    /** Bytes of the segments that were gone through, whole. */
    long readBytes() {
        return readBytes;
    }

    private void measure(SegmentInfo segment) {
        long at = segment.baseOffset();
        long before = added;
        if (isWithin(segment) && readBytes + segment.recordBytes() <= readBytesMax) {
            readBytes += segment.recordBytes();
            try {
                while (at < segment.endOffset()) {
                    StoredRun last = addRuns(read(at), segment.endOffset());
                    if (last == null) {
                        break;
                    }
                    at = last.endOffset();
                }
            } catch (DamagedException | StorageException e) {
                // Who reads it next is told; what is behind that place is along a line.
            }
        }
        if (at < segment.endOffset()) {
            add(at, segment.endOffset(), Math.max(0, segment.recordBytes() - (added - before)));
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
        long left = SegmentStore.storedBytes(run);
        long at = run.baseOffset();
        for (long place : stands) {
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
        return store.read(owner.partition().id(), fromOffset, READ_BYTES);
    }

    /** Whether some group stands in the middle of {@code segment}. */
    private boolean isWithin(SegmentInfo segment) {
        return Arrays.stream(stands).anyMatch(offset -> segment.baseOffset() < offset && offset < segment.endOffset());
    }
}
