package dev.recado.shard;

import dev.recado.base.Check;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.Partition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one partition has committed and still holds in memory, in offset order. Owned by the partition's loop; bounded
 * through {@link LoopMemory}.
 *
 * <pre>
 *   kept: pieces, with gaps │ runs: everything, without gaps
 *  ─────────────────────────┼────────────────────────────────►  offsets
 *                           └ below the cursor of every group
 * </pre>
 *
 * <p>What every group has finished leaves the front at once, and the middle by {@link TailSweep}. Invariants: of a
 * memory topic every message that some group has not finished is here, or in a segment once it has spilled; of a
 * durable one every such message is here or in a segment, and a run that no segment holds leaves only from the front.
 * Below {@code flushedEnd} segments hold everything that anybody needs; up to {@code handedEnd} the flusher has it.
 */
final class Tail {

    /** What a run in memory takes besides its bytes: its reference and a place. */
    static final int RUN_OVERHEAD_BYTES = 100;

    /** What a tail is charged to. */
    enum Kind {
        DURABLE,
        MEMORY,
        /** Of a pattern subscription: its runs are shared with other tails of the loop. */
        PATTERN;

        /** That of {@code partition}; those of pattern subscriptions' queues have numbers below 0. */
        static Kind of(Partition partition, boolean inMemoryOnly) {
            return partition.id() < 0 ? PATTERN : inMemoryOnly ? MEMORY : DURABLE;
        }
    }

    private final LoopMemory memory;
    private final Kind kind;
    private final RunRing runs = new RunRing();
    private final KeptRuns kept = new KeptRuns();
    private boolean loose;
    private long bytes;
    private long charged;
    private long end;
    private long handedEnd;
    private long flushedEnd;
    /** Nothing here ends at or below it, and segments have what did. */
    private long flushedDropped;
    /** Of a memory topic: segments may hold what it has given away, up to {@code flushedEnd}. */
    private boolean spilled;

    /** Made when the first is asked for. */
    private @Nullable InnerPlaces places;

    private final int headBytes;

    /** @param headBytes bytes that a run takes in a segment beyond its own */
    Tail(LoopMemory memory, Kind kind, long end, int headBytes) {
        this.headBytes = headBytes;
        this.memory = memory;
        this.kind = kind;
        this.end = end;
        handedEnd = end;
        flushedEnd = end;
    }

    boolean isDurable() {
        return kind == Kind.DURABLE;
    }

    /** Bytes of its runs. */
    long bytes() {
        return bytes;
    }

    /** Messages in it. */
    long count() {
        return kept.count() + runs.count();
    }

    /** Whether its topic gives up its oldest when memory is short: then it is no obstacle to other topics. */
    boolean isLoose() {
        return loose;
    }

    void loose(boolean yes) {
        if (loose != yes) {
            memory.memoryTopics().add(loose, -charged);
            loose = yes;
            memory.memoryTopics().add(loose, charged);
        }
    }

    void add(StoredRun run) {
        if (isEmpty()) {
            memory.begins(this);
        }
        runs.add(run, kind == Kind.DURABLE ? headBytes + run.length() : run.messageBytes());
        end = run.endOffset();
        charge(run);
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
        return runs.isEmpty() && kept.isEmpty();
    }

    /** Where memory begins: below that, segments are read. */
    long start() {
        return isEmpty() ? end : first().baseOffset();
    }

    private StoredRun first() {
        return kept.isEmpty() ? runs.first() : kept.first();
    }

    /** The run that holds {@code offset}, or null. */
    @Nullable
    StoredRun find(long offset) {
        if (runs.isEmpty() || offset < runs.first().baseOffset()) {
            return kept.isEmpty() ? null : kept.find(offset);
        }
        int at = runs.indexOf(offset);
        return at < runs.size() && runs.get(at).baseOffset() <= offset ? runs.get(at) : null;
    }

    /** Whether segments hold what is not here at {@code offset}, as far as anybody needs it. */
    boolean leavesToSegments(long offset) {
        boolean flushed = offset < flushedEnd;
        return kind == Kind.DURABLE ? flushed || offset < start() : spilled && flushed;
    }

    /** The lowest offset at or above {@code offset} that is here, or the end. */
    long nextStored(long offset) {
        if (find(offset) != null) {
            return offset;
        }
        StoredRun next = kept.from(offset);
        if (next == null && !runs.isEmpty()) {
            int at = runs.indexOf(offset);
            next = at < runs.size() ? runs.get(at) : null;
        }
        return next == null ? Math.max(offset, end) : next.baseOffset();
    }

    /** Of a memory topic: what is at or above {@code offset} and not here is nowhere, from where on. */
    long gapsFrom(long offset) {
        return spilled ? Math.max(offset, flushedEnd) : offset;
    }

    /**
     * The first offset published at {@code timeMs} or later, but not later than {@code nowMs}, in steps of runs; the
     * end where there is none.
     */
    long since(long timeMs, long nowMs) {
        for (StoredRun run : kept.all()) {
            if (run.publishTimeMs() >= timeMs && run.publishTimeMs() <= nowMs) {
                return run.baseOffset();
            }
        }
        for (int at = 0; at < runs.size(); at++) {
            long publishedMs = runs.get(at).publishTimeMs();
            if (publishedMs >= timeMs && publishedMs <= nowMs) {
                return runs.get(at).baseOffset();
            }
        }
        return end;
    }

    /** Where the runs without gaps begin; the end where there are none. */
    long runsStart() {
        return runs.isEmpty() ? end : runs.first().baseOffset();
    }

    /** The runs without gaps from that which holds {@code offset}, or the next, to the end. */
    List<StoredRun> from(long offset) {
        List<StoredRun> found = new ArrayList<>();
        for (int at = runs.indexOf(offset); at < runs.size(); at++) {
            found.add(runs.get(at));
        }
        return found;
    }

    /** Whether {@link #bytesFrom} tells of {@code offset} to the byte. */
    boolean measures(long offset) {
        return !runs.isEmpty() && offset >= runs.first().baseOffset();
    }

    /**
     * Bytes of the messages at and above {@code offset}; where memory has gaps there, at most that. Of a durable topic
     * with what segments add to them.
     */
    long bytesFrom(long offset) {
        int at = runs.indexOf(offset);
        if (at == runs.size()) {
            return 0;
        }
        StoredRun run = runs.get(at);
        if (offset < run.baseOffset()) {
            return runs.position(runs.size()) - runs.position(at) + (at == 0 ? kept.bytes() : 0);
        }
        if (offset == run.baseOffset()) {
            return runs.position(runs.size()) - runs.position(at);
        }
        long first = firstMessageAt(at);
        InnerPlaces known = places == null ? new InnerPlaces() : places;
        places = known;
        return runs.position(runs.size()) - known.position(run, first, offset);
    }

    /** Position of the first message of the run with that index, behind its header where that counts. */
    private long firstMessageAt(int index) {
        return runs.position(index + 1) - runs.get(index).messageBytes();
    }

    /** The lowest offset from which on all messages take at most {@code bytesMax}; the last one where none does. */
    long firstWithin(long bytesMax) {
        if (runs.isEmpty()) {
            return end;
        }
        long wanted = runs.position(runs.size()) - bytesMax;
        if (wanted <= runs.position(0)) {
            return runs.first().baseOffset();
        }
        int at = Math.min(runs.indexOfPosition(wanted), runs.size() - 1);
        if (runs.position(at) >= wanted) {
            return runs.get(at).baseOffset();
        }
        StoredRun run = runs.get(at);
        long position = firstMessageAt(at);
        long offset = run.baseOffset();
        int place = run.messagesStart();
        while ((position < wanted || offset == run.baseOffset()) && offset < end - 1) {
            int length = MessageLayout.length(run.bytes(), place);
            position += length;
            place += length;
            offset++;
        }
        return offset;
    }

    /** Nobody needs anything below {@code offset}. */
    void dropBelow(long offset) {
        while (!isEmpty() && first().endOffset() <= offset) {
            forgetFirst();
        }
        flushedEnd = Math.max(flushedEnd, Math.min(offset, start()));
        handedEnd = Math.max(handedEnd, flushedEnd);
    }

    /** Lets go of what lies below {@code offset}, as far as segments hold it: who comes later reads those. */
    void dropFlushedBelow(long offset) {
        long until = Math.min(offset, flushedEnd);
        if (until <= flushedDropped) {
            return;
        }
        while (!isEmpty() && first().endOffset() <= until) {
            forgetFirst();
        }
        flushedDropped = until;
    }

    /** What the flusher shall write next; counts as handed over. */
    List<StoredRun> takeUnflushed() {
        return kind == Kind.DURABLE ? take(Long.MAX_VALUE) : List.of();
    }

    /** The oldest that the flusher has not, about {@code bytesMax}; counts as handed over. */
    List<StoredRun> take(long bytesMax) {
        List<StoredRun> taken = new ArrayList<>();
        long left = bytesMax;
        for (StoredRun run = kept.from(handedEnd); run != null && left > 0; run = kept.from(handedEnd)) {
            left -= take(run, taken);
        }
        for (int at = runs.indexOf(handedEnd); at < runs.size() && left > 0; at++) {
            left -= take(runs.get(at), taken);
        }
        return taken;
    }

    private long take(StoredRun run, List<StoredRun> to) {
        to.add(run);
        handedEnd = run.endOffset();
        return (long) run.length() + RUN_OVERHEAD_BYTES;
    }

    long handedEnd() {
        return handedEnd;
    }

    boolean isSpilled() {
        return spilled;
    }

    void spilled(boolean yes) {
        spilled = yes;
    }

    /** Segments hold everything below {@code offset}; answers up to where they did before. */
    long onFlushed(long offset) {
        long before = flushedEnd;
        flushedEnd = Math.max(flushedEnd, offset);
        return before;
    }

    /**
     * What stays although segments hold it gets arrays of its own, from {@code offset} on: the entry that it came in
     * may hold other partitions' runs, which shall not stay because of it.
     */
    void ownFrom(long offset) {
        for (int at = runs.indexOf(offset); at < runs.size() && runs.get(at).endOffset() <= flushedEnd; at++) {
            StoredRun run = runs.get(at);
            if (isPartOfMore(run)) {
                runs.replace(at, run.copyOf(run.messagesStart(), run.messageBytes(), run.baseOffset(), run.count()));
                bytes += runs.get(at).length() - run.length();
                memory.added(this, runs.get(at).length() - run.length());
                charged += runs.get(at).length() - run.length();
            }
        }
    }

    /** Whether a run keeps much more memory than it counts. */
    private static boolean isPartOfMore(StoredRun run) {
        return run.bytes().length > 2L * run.length() + RUN_OVERHEAD_BYTES;
    }

    /** Lets go of the oldest runs that segments hold, about {@code bytesMax}; answers how many bytes that were. */
    long evict(long bytesMax) {
        long before = charged;
        while (before - charged < bytesMax && !isEmpty() && first().endOffset() <= flushedEnd) {
            forgetFirst();
        }
        return before - charged;
    }

    void clear() {
        while (!isEmpty()) {
            forgetFirst();
        }
    }

    // For the sweep

    KeptRuns kept() {
        return kept;
    }

    /** The first of the runs without gaps where it lies below {@code offset} and may leave the middle, else null. */
    @Nullable
    StoredRun firstHandedOut(long offset) {
        if (runs.isEmpty()) {
            return null;
        }
        StoredRun first = runs.first();
        boolean may = first.endOffset() <= offset && (kind != Kind.DURABLE || first.endOffset() <= flushedEnd);
        return may ? first : null;
    }

    /** Bytes of the runs without gaps that lie below {@code offset} altogether. */
    long bytesHandedOut(long offset) {
        return runs.position(runs.indexOf(offset)) - runs.position(0);
    }

    /** {@code run} is the first without gaps: {@code pieces} of it stay, or all of it where they are null. */
    void settleFirst(@Nullable List<StoredRun> pieces) {
        StoredRun run = runs.removeFirst();
        if (pieces == null) {
            kept.add(run);
            return;
        }
        pieces.forEach(this::keep);
        discharge(run);
    }

    /** {@code pieces} of a kept run take its place. */
    void settleKept(StoredRun run, List<StoredRun> pieces) {
        kept.remove(run);
        pieces.forEach(this::keep);
        discharge(run);
    }

    private void keep(StoredRun piece) {
        kept.add(piece);
        flushedDropped = 0;
        charge(piece);
    }

    private void forgetFirst() {
        StoredRun gone;
        if (kept.isEmpty()) {
            gone = runs.removeFirst();
        } else {
            gone = kept.first();
            kept.remove(gone);
        }
        discharge(gone);
    }

    private void charge(StoredRun run) {
        long more = RUN_OVERHEAD_BYTES;
        if (kind == Kind.PATTERN) {
            memory.memoryTopics().hold(run.bytes());
        } else {
            more += run.length();
        }
        bytes += run.length();
        charged += more;
        memory.added(this, more);
    }

    private void discharge(StoredRun run) {
        long less = RUN_OVERHEAD_BYTES;
        if (kind == Kind.PATTERN) {
            memory.memoryTopics().letGo(run.bytes());
        } else {
            less += run.length();
        }
        bytes -= run.length();
        charged -= less;
        memory.removed(this, less);
        if (isEmpty()) {
            Check.that(bytes == 0 && charged == 0, "an empty tail holds bytes", bytes, charged);
            memory.ends(this);
            runs.shrink();
        }
    }
}
