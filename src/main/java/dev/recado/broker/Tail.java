package dev.recado.broker;

import dev.recado.core.message.StoredRun;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one partition has committed and still holds in memory, in offset order without gaps: a durable run leaves it
 * only when a segment holds it or nobody needs it. Owned by the partition's loop; bounded through {@link MemoryDesk}.
 *
 * <p>Below {@code flushedEnd} segments hold everything that anybody needs; up to {@code handedEnd} the flusher has it.
 */
final class Tail {

    /** What a run in memory takes besides its bytes: its reference and a place in the ring. */
    static final int RUN_OVERHEAD_BYTES = 100;

    private final MemoryDesk desk;
    private final boolean durable;
    private final RunRing runs = new RunRing();
    private long bytes;
    private long end;
    private long handedEnd;
    private long flushedEnd;

    Tail(MemoryDesk desk, boolean durable, long end) {
        this.desk = desk;
        this.durable = durable;
        this.end = end;
        handedEnd = end;
        flushedEnd = end;
    }

    boolean isDurable() {
        return durable;
    }

    /** Bytes of its runs. */
    long bytes() {
        return bytes;
    }

    void add(StoredRun run) {
        if (runs.isEmpty()) {
            desk.begins(this);
        }
        runs.add(run);
        bytes += run.length();
        end = run.endOffset();
        desk.added(this, sizeOf(run));
    }

    /** A run that memory need not keep: a segment holds it, or nobody reads it. */
    void passOver(long newEnd) {
        end = newEnd;
        handedEnd = Math.max(handedEnd, newEnd);
        flushedEnd = Math.max(flushedEnd, newEnd);
    }

    /** Forgets everything where it ends before {@code newEnd}: a recovery goes on there. */
    void passTo(long newEnd) {
        if (end < newEnd) {
            clear();
            passOver(newEnd);
        }
    }

    boolean isEmpty() {
        return runs.isEmpty();
    }

    /** Where memory begins: below that, segments are read. */
    long start() {
        return runs.isEmpty() ? end : runs.first().baseOffset();
    }

    /** The run that holds {@code offset}, or null. */
    @Nullable
    StoredRun find(long offset) {
        if (runs.isEmpty() || offset < runs.first().baseOffset()) {
            return null;
        }
        int at = runs.indexOf(offset);
        return at < runs.size() && runs.get(at).baseOffset() <= offset ? runs.get(at) : null;
    }

    /** Publish time of the oldest run, or {@link Long#MAX_VALUE}. */
    long firstPublishTimeMs() {
        return runs.isEmpty() ? Long.MAX_VALUE : runs.first().publishTimeMs();
    }

    /** The first offset published at {@code timeMs} or later, in steps of runs; the end where there is none. */
    long since(long timeMs) {
        for (int at = 0; at < runs.size(); at++) {
            if (runs.get(at).publishTimeMs() >= timeMs) {
                return runs.get(at).baseOffset();
            }
        }
        return end;
    }

    /** Nobody needs anything below {@code offset}. */
    void dropBelow(long offset) {
        while (!runs.isEmpty() && runs.first().endOffset() <= offset) {
            forgetFirst();
        }
        flushedEnd = Math.max(flushedEnd, Math.min(offset, start()));
        handedEnd = Math.max(handedEnd, flushedEnd);
    }

    /** Lets go of what lies below {@code offset}, as far as segments hold it: who comes later reads those. */
    void dropFlushedBelow(long offset) {
        long until = Math.min(offset, flushedEnd);
        while (!runs.isEmpty() && runs.first().endOffset() <= until) {
            forgetFirst();
        }
    }

    /** What the flusher shall write next; counts as handed over. */
    List<StoredRun> takeUnflushed() {
        List<StoredRun> unflushed = new ArrayList<>();
        if (durable) {
            for (int at = runs.indexOf(handedEnd); at < runs.size(); at++) {
                unflushed.add(runs.get(at));
            }
            handedEnd = end;
        }
        return unflushed;
    }

    /** Segments hold everything below {@code offset}. */
    void onFlushed(long offset) {
        flushedEnd = Math.max(flushedEnd, offset);
    }

    /** Lets go of the oldest runs that segments hold, about {@code bytesMax}; answers how many bytes that were. */
    long evict(long bytesMax) {
        long evicted = 0;
        while (evicted < bytesMax && !runs.isEmpty() && runs.first().endOffset() <= flushedEnd) {
            evicted += sizeOf(runs.first());
            forgetFirst();
        }
        return evicted;
    }

    void clear() {
        while (!runs.isEmpty()) {
            forgetFirst();
        }
    }

    private void forgetFirst() {
        StoredRun gone = runs.removeFirst();
        bytes -= gone.length();
        desk.removed(this, sizeOf(gone));
        if (runs.isEmpty()) {
            desk.ends(this);
        }
    }

    private static int sizeOf(StoredRun run) {
        return run.length() + RUN_OVERHEAD_BYTES;
    }
}
