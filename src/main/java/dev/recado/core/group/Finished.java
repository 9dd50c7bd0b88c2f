package dev.recado.core.group;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.RangeSet;

/**
 * What a group has finished: the floor, the ranges above it, and what of that the log has not yet been told.
 *
 * <p>What is untold is only bracketed: a progress record repeats every range between the lowest and the highest news.
 * Ranges above the floor are few where it matters, and keeping a second set in step would cost as much as the first.
 */
final class Finished {

    /** Ranges in one progress record. */
    static final int RANGES_PER_RECORD_MAX = 4_096;

    private final RangeSet done = new RangeSet();
    private long floor;
    private boolean floorUntold;
    /** News above the floor lie at or above this and below {@link #untoldTo}. */
    private long untoldFrom = Long.MAX_VALUE;

    private long untoldTo;

    Finished(long floor) {
        this.floor = floor;
    }

    /** Everything below is finished, the floor itself is not. */
    long floor() {
        return floor;
    }

    /** How many offsets at or above the floor are finished. */
    long aboveFloorCount() {
        return done.count();
    }

    int rangeCount() {
        return done.rangeCount();
    }

    /** One more than the highest finished offset. */
    long end() {
        return Math.max(floor, done.end());
    }

    boolean contains(long offset) {
        return offset < floor || (offset < done.end() && done.contains(offset));
    }

    /** The lowest offset at or above {@code from} that is not finished. */
    long nextUnfinished(long from) {
        long at = Math.max(from, floor);
        return done.end() <= at ? at : done.nextGap(at);
    }

    /** The lowest offset at or above {@code from} that is finished, or {@link Long#MAX_VALUE}. */
    long nextFinished(long from) {
        if (from < floor) {
            return from;
        }
        long next = done.next(from);
        return next == RangeSet.NONE ? Long.MAX_VALUE : next;
    }

    /** Answers how many of {@code from} up to but not including {@code to} were not finished before. */
    long add(long from, long to) {
        if (to <= floor) {
            return 0;
        }
        if (from > floor) {
            untoldFrom = Math.min(untoldFrom, from);
            untoldTo = Math.max(untoldTo, to);
            return done.addRange(from, to);
        }
        floorUntold = true;
        if (done.isEmpty()) {
            long added = to - floor;
            floor = to;
            return added;
        }
        long before = done.removeRange(floor, to);
        long added = to - floor - before;
        floor = to;
        if (!done.isEmpty() && done.first() == floor) {
            floor = done.nextGap(floor);
            done.removeBelow(floor);
        }
        return added;
    }

    /** Takes what is finished at or above {@code lowest} out of {@code offsets}. */
    void subtractFrom(RangeSet offsets, long lowest) {
        for (long from = done.next(lowest); from != RangeSet.NONE; from = done.next(done.nextGap(from))) {
            offsets.removeRange(from, done.nextGap(from));
        }
    }

    void reset(long offset) {
        done.clear();
        markTold();
        floor = offset;
        floorUntold = true;
    }

    boolean isUntold() {
        return floorUntold || untoldTo > floor;
    }

    void markTold() {
        floorUntold = false;
        untoldFrom = Long.MAX_VALUE;
        untoldTo = 0;
    }

    /** Writes the floor and the untold ranges, as many as a record takes; they thereby count as told. */
    void writeUntold(ByteWriter out) {
        out.putVarLong(floor);
        long from = Math.max(floor, untoldFrom);
        long to = from;
        int count = 0;
        long next = done.next(from);
        while (next != RangeSet.NONE && next < untoldTo && count < RANGES_PER_RECORD_MAX) {
            to = done.nextGap(next);
            count++;
            next = done.next(to);
        }
        writeRanges(from, count, out);
        boolean complete = next == RangeSet.NONE || next >= untoldTo;
        if (complete) {
            markTold();
        } else {
            floorUntold = false;
            untoldFrom = to;
        }
    }

    /** Writes the floor and all ranges. */
    void writeAll(ByteWriter out) {
        out.putVarLong(floor);
        writeRanges(floor, done.rangeCount(), out);
    }

    /** Writes {@code count} ranges, the first cut off at {@code from}. */
    private void writeRanges(long from, int count, ByteWriter out) {
        out.putVarLong(count);
        long at = floor;
        long start = done.next(from);
        for (int i = 0; i < count; i++) {
            long to = done.nextGap(start);
            out.putVarLong(start - at).putVarLong(to - start);
            at = to;
            start = done.next(to);
        }
    }

    /** A non-negative offset; anything else turns {@code in.failed()} on. */
    static long readOffset(ByteReader in) {
        long offset = in.readVarLong();
        if (offset < 0) {
            in.skip(-1);
            return 0;
        }
        return offset;
    }
}
