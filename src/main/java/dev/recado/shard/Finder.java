package dev.recado.shard;

import dev.recado.core.message.StoredRun;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds a partition's messages by offset for one reader: in the tail in memory, in what it last read from segments, or
 * by asking for a cold read. Owned by the partition's loop; at most one cold read is under way, and what it brings
 * (about 1 MiB, or one larger message) replaces what the one before brought and counts in {@link FifoShare} until it is
 * let go.
 */
public final class Finder {

    public static final int COLD_BYTES = 1024 * 1024;

    private final PartitionContext partition;
    private final int coldBytes;
    private final Runnable onArrived;
    private final MessageCursor cursor = new MessageCursor();
    /** A list of its own while there are any. */
    private List<Runnable> waiters = List.of();

    private ColdPiece cold = ColdPiece.NONE;
    private long coldFrom = -1;
    /** The cursor stands in it. */
    private boolean inCold;

    private long memoryStartThen;
    private boolean reading;
    /** What is being read is wanted no longer. */
    private boolean abandoned;
    /** It has come since the last tick. */
    private boolean fresh;
    /** What was read stays while messages of memory are wanted. */
    private boolean keepsCold;

    /** What became of a search. */
    enum Outcome {
        /** The cursor stands on the message. */
        FOUND,
        /** It is nowhere: trimmed, or left out of the segments because everybody had finished it. */
        MISSING,
        /** Segments are being read; ask again when told. */
        LATER,
        /** What is stored cannot be read. */
        DAMAGED
    }

    Finder(PartitionContext partition, Runnable onArrived) {
        this(partition, COLD_BYTES, onArrived);
    }

    /** Reads about {@code coldBytes}, or one larger message, at once. */
    Finder(PartitionContext partition, int coldBytes, Runnable onArrived) {
        this.partition = partition;
        this.coldBytes = coldBytes;
        this.onArrived = onArrived;
    }

    /** Messages are wanted in another order than that of the log. */
    void keepCold() {
        keepsCold = true;
    }

    MessageCursor cursor() {
        return cursor;
    }

    /** Whether the message found last was read of segments. */
    boolean isCold() {
        return inCold;
    }

    /** Runs {@code task} when the cold read under way has brought something. */
    void whenFound(Runnable task) {
        waiters = waiters.isEmpty() ? new ArrayList<>() : waiters;
        waiters.add(task);
    }

    Outcome seek(long offset) {
        if (cursor.covers(offset)) {
            cursor.seek(offset);
            return Outcome.FOUND;
        }
        StoredRun run = partition.tail().find(offset);
        if (run != null && !keepsCold && offset >= coldEnd()) {
            dropCold(); // the reader has caught up with memory
        }
        if (run == null && !partition.tail().leavesToSegments(offset)) {
            return Outcome.MISSING;
        }
        boolean hot = run != null;
        if (run == null) {
            run = inCold(offset);
        }
        if (run != null) {
            inCold = !hot;
            cursor.enter(run);
            cursor.seek(offset);
            return Outcome.FOUND;
        }
        if (partition.damaged()) {
            return Outcome.DAMAGED;
        }
        if (reading) {
            return Outcome.LATER;
        }
        if (coldFrom >= 0 && offset >= coldFrom && offset < coldEnd()) {
            return Outcome.MISSING;
        }
        read(offset);
        return Outcome.LATER;
    }

    /** Behind what the last cold read can speak of: nothing is left in segments there, or it was not read. */
    private long coldEnd() {
        List<StoredRun> runs = cold.runs();
        return runs.isEmpty() ? memoryStartThen : runs.get(runs.size() - 1).endOffset();
    }

    private @Nullable StoredRun inCold(long offset) {
        for (StoredRun run : cold.runs()) {
            if (offset >= run.baseOffset() && offset < run.endOffset()) {
                return run;
            }
        }
        return null;
    }

    /** Lets go of the message found last: what leaves memory shall not stay because somebody has looked at it. */
    void rest() {
        cursor.leave();
    }

    /** As {@link #rest}, where the message found last is no longer in memory for others. */
    void letGo() {
        StoredRun last = cursor.last();
        if (last != null && (cold.runs().isEmpty() || keepsCold && !inCold)) {
            StoredRun there = partition.tail().find(last.baseOffset());
            if (there == null || there.bytes() != last.bytes()) {
                cursor.leave();
            }
        }
    }

    /** Lets go of what it holds, and of what is being read for it: nobody reads for now. */
    void release() {
        cursor.leave();
        dropCold();
        abandoned = reading;
    }

    /**
     * On each tick: other readers wait for memory, and this one hands out nothing for now, so it lets go of what was
     * read for it and reads that again later. What has come since the last tick stays for one more.
     */
    void makeRoom() {
        if (!fresh && cold.bytes() > 0 && partition.effects().readsWait()) {
            release();
        }
        fresh = false;
    }

    /** Whether {@link #makeRoom} has to know of the next tick. */
    boolean isFresh() {
        return fresh;
    }

    private void dropCold() {
        ColdPiece dropped = cold;
        cold = ColdPiece.NONE;
        coldFrom = -1;
        partition.effects().giveBack(dropped);
    }

    private void read(long offset) {
        reading = true;
        cursor.leave();
        dropCold();
        memoryStartThen = partition.tail().nextStored(offset);
        partition.shard().reads().read(partition.partition().id(), offset, coldBytes, piece -> {
            reading = false;
            if (abandoned) {
                abandoned = false;
                partition.effects().giveBack(piece);
            } else {
                fresh = true;
                cold = piece;
                coldFrom = partition.damaged() ? -1 : offset;
            }
            List<Runnable> waiting = waiters;
            waiters = List.of();
            waiting.forEach(Runnable::run);
            onArrived.run();
        });
    }
}
