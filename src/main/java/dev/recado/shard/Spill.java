package dev.recado.shard;

import dev.recado.core.message.RunLayout;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.ByteMarks;
import dev.recado.core.topic.Spilling;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one memory topic has on the disk: where its loop's share of memory is nearly used up, the flusher writes its
 * oldest runs to segments, which are read as a stored topic's are. Owned by the partition's loop.
 *
 * <p>Nothing of that is in the journal or in a state: where the process ends, it is gone. Segments go as the log start
 * passes them, and all of them once nothing that they hold is needed.
 */
final class Spill implements MemoryShare.Spiller {

    /** How often it looks for segments that nobody needs. */
    private static final long LOOK_EVERY_MS = 250;

    private final PartitionContext owner;
    private boolean on;
    /** Null while it never had anything on the disk, as with nearly all topics. */
    private @Nullable OnDisk disk;

    /** What was given to the flusher. */
    private static final class OnDisk {
        /** Bytes of what the flusher has and memory still holds. */
        long leavingBytes;
        /** Places of the messages that were given to the flusher; while there are any. */
        @Nullable
        ByteMarks marks;

        long deletedBelow;
        long nextLookMs;
    }

    Spill(PartitionContext owner) {
        this.owner = owner;
        onSettings();
    }

    private Tail tail() {
        return owner.tail();
    }

    private MemoryShare share() {
        return owner.memory().memoryTopics();
    }

    /** The topic's settings are new: one that spills no more keeps what it has on the disk. */
    void onSettings() {
        boolean now = owner.inMemoryOnly() && Spilling.isOf(owner.topic().settings());
        if (now != on) {
            on = now;
            if (now) {
                share().join(this);
            } else {
                share().leave(this);
            }
        }
    }

    /** Whether the topic is never short of memory for long, so that it gives up nothing for want of it. */
    boolean isOn() {
        return on;
    }

    @Override
    public long bytes() {
        return tail().bytes();
    }

    @Override
    public long spill(long bytesMax) {
        if (!on || owner.closing() || !owner.view().spills()) {
            return 0;
        }
        List<StoredRun> runs = tail().take(bytesMax);
        if (runs.isEmpty()) {
            return 0;
        }
        OnDisk there = disk;
        if (there == null) {
            there = new OnDisk();
            disk = there;
            owner.effects().openSegments(owner.partition(), owner.topic());
        }
        tail().spilled(true);
        ByteMarks known = there.marks == null ? new ByteMarks() : there.marks;
        there.marks = known;
        for (StoredRun run : runs) {
            known.add(run.baseOffset(), run.endOffset(), run.messageBytes());
            there.leavingBytes += (long) run.length() + Tail.RUN_OVERHEAD_BYTES;
        }
        runs.replaceAll(RunLayout::whole); // what the sweep left of a run has no header
        owner.effects().flush(owner.shard().number(), List.of(runs));
        return there.leavingBytes;
    }

    /** The flusher has written what it was given: memory need not keep it. */
    void onFlushed() {
        OnDisk there = disk;
        if (there != null && there.leavingBytes > 0) {
            letGo(there);
            tail().evict(Long.MAX_VALUE);
            owner.markDirty();
        }
    }

    private void letGo(OnDisk there) {
        share().onSpilled(there.leavingBytes);
        there.leavingBytes = 0;
    }

    /** Nobody needs anything below {@code logStart}. */
    void dropBelow(long logStart) {
        OnDisk there = disk;
        if (there == null || !tail().isSpilled()) {
            return;
        }
        if (there.leavingBytes == 0 && logStart >= tail().handedEnd()) {
            tail().spilled(false);
            there.marks = null;
            deleteBelow(there, logStart);
            return;
        }
        long nowMs = owner.view().time().monotonicMs();
        if (nowMs >= there.nextLookMs && logStart > there.deletedBelow) {
            there.nextLookMs = nowMs + LOOK_EVERY_MS;
            if (there.marks != null) {
                there.marks.dropBelow(logStart);
            }
            deleteBelow(there, logStart);
        }
    }

    private void deleteBelow(OnDisk there, long offset) {
        there.deletedBelow = offset;
        owner.effects().deleteBelow(owner.partition().id(), offset);
    }

    private @Nullable ByteMarks marks() {
        return disk == null ? null : disk.marks;
    }

    /** Whether bytes at and above {@code offset} are partly on the disk. */
    boolean holds(long offset) {
        return marks() != null && offset < tail().runsStart();
    }

    /** Bytes of the messages at and above {@code offset}, which it {@link #holds}: exact where a run begins. */
    long bytesFrom(long offset) {
        long memoryStart = tail().runsStart();
        return from(offset) - from(memoryStart) + tail().bytesFrom(memoryStart);
    }

    private long from(long offset) {
        ByteMarks known = marks();
        return known == null ? 0 : known.from(offset);
    }

    /** The lowest offset from which on all messages take at most {@code bytesMax}, there or in memory. */
    long firstWithin(long bytesMax) {
        ByteMarks known = marks();
        long memoryStart = tail().runsStart();
        long left = bytesMax - tail().bytesFrom(memoryStart);
        return known == null || left <= 0 ? tail().firstWithin(bytesMax) : known.firstWithin(left + from(memoryStart));
    }

    /** Bytes that it takes on the disk. */
    long diskBytes() {
        return disk == null ? 0 : owner.view().stored().bytes(owner.partition().id());
    }

    /** The topic is gone. */
    void close() {
        share().leave(this);
        OnDisk there = disk;
        if (there != null) {
            letGo(there);
            owner.effects().drop(owner.partition().id());
        }
    }
}
