package dev.recado.core.group;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.RangeSet;

/** What a group has finished: the floor, the ranges above it, and what of that the log has not yet been told. */
final class Finished {

    /** Ranges in one progress record. */
    static final int RANGES_PER_RECORD_MAX = 4_096;

    private final RangeSet done = new RangeSet();
    private final RangeSet untold = new RangeSet();
    private long floor;
    private boolean floorUntold;

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
        return offset < floor || (!done.isEmpty() && done.contains(offset));
    }

    /** The lowest offset at or above {@code from} that is not finished. */
    long nextUnfinished(long from) {
        long at = Math.max(from, floor);
        return done.end() <= at ? at : done.nextGap(at);
    }

    /** Answers how many of {@code from} up to but not including {@code to} were not finished before. */
    long add(long from, long to) {
        if (to <= floor) {
            return 0;
        }
        if (from > floor) {
            untold.addRange(from, to);
            return done.addRange(from, to);
        }
        long before = done.isEmpty() || done.first() >= to ? 0 : done.removeRange(floor, to);
        long added = to - floor - before;
        floor = to;
        floorUntold = true;
        if (!done.isEmpty() && done.first() == floor) {
            floor = done.nextGap(floor);
            done.removeBelow(floor);
        }
        untold.removeBelow(floor);
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
        untold.clear();
        floor = offset;
        floorUntold = true;
    }

    boolean isUntold() {
        return floorUntold || !untold.isEmpty();
    }

    void markTold() {
        floorUntold = false;
        untold.clear();
    }

    /** Writes the floor and some of the untold ranges, which thereby count as told. */
    void writeUntold(ByteWriter out) {
        out.putVarLong(floor);
        floorUntold = false;
        int ranges = Math.min(untold.rangeCount(), RANGES_PER_RECORD_MAX);
        writeRanges(untold, ranges, out);
        long from = untold.first();
        for (int i = 1; i < ranges; i++) {
            from = untold.next(untold.nextGap(from));
        }
        untold.removeBelow(ranges == 0 ? 0 : untold.nextGap(from));
    }

    /** Writes the floor and all ranges. */
    void writeAll(ByteWriter out) {
        out.putVarLong(floor);
        writeRanges(done, done.rangeCount(), out);
    }

    private void writeRanges(RangeSet ranges, int count, ByteWriter out) {
        out.putVarLong(count);
        long at = floor;
        long from = ranges.first();
        for (int i = 0; i < count; i++) {
            long to = ranges.nextGap(from);
            out.putVarLong(from - at).putVarLong(to - from);
            at = to;
            from = ranges.next(to);
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
