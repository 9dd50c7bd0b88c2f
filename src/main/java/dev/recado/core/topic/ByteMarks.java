package dev.recado.core.topic;

import dev.recado.base.Check;
import java.util.Arrays;

/**
 * How many stored bytes a partition's messages take from any offset on, from the places of its runs: exact at those, in
 * between told along a straight line. There are at most {@value #MARKS_MAX} places. Beyond that those go that are close
 * together for what lies behind them: what is left from an offset on stays within a part of itself, whatever is stored
 * before it. Not thread-safe.
 */
public final class ByteMarks {

    private static final int MARKS_MAX = 1024;
    /** As many are left at most where some had to go. */
    private static final int KEPT_MAX = MARKS_MAX * 3 / 4;
    /** Between two places lies that part of what is behind them at most, as long as there is room for so many. */
    private static final long PARTS = 64;

    private long[] offsets = new long[4];
    private long[] positions = new long[4];
    private int count;
    private long end;
    private long endPosition;

    /** Messages from {@code baseOffset} to below {@code endOffset} take {@code bytes}; there may be a gap before. */
    public void add(long baseOffset, long endOffset, long bytes) {
        Check.that(baseOffset >= end || count == 0, "places out of order", baseOffset, end);
        mark(baseOffset);
        end = endOffset;
        endPosition += bytes;
    }

    private void mark(long offset) {
        if (count > 0 && offset > end && offsets[count - 1] < end) {
            put(end); // what is left out takes nothing
        }
        put(offset);
    }

    private void put(long offset) {
        if (count == MARKS_MAX) {
            thinOut();
        }
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, count * 2);
            positions = Arrays.copyOf(positions, count * 2);
        }
        offsets[count] = offset;
        positions[count] = endPosition;
        count++;
    }

    private void thinOut() {
        for (long parts = PARTS; count > KEPT_MAX; parts = Math.max(1, parts / 2)) {
            thinOut(parts);
        }
    }

    private void thinOut(long parts) {
        int kept = 1;
        for (int i = 1; i < count; i++) {
            long next = positionAt(i + 1);
            if (next - positions[kept - 1] > (endPosition - next) / parts) {
                offsets[kept] = offsets[i];
                positions[kept] = positions[i];
                kept++;
            }
        }
        count = kept;
    }

    /** Bytes of the messages at and above {@code offset}. */
    public long from(long offset) {
        if (count == 0 || offset >= end) {
            return 0;
        }
        int at = last(offsets, offset);
        if (at < 0) {
            return endPosition - positions[0];
        }
        long span = offsetAt(at + 1) - offsets[at];
        long bytes = positionAt(at + 1) - positions[at];
        return endPosition - positions[at] - part(bytes, offset - offsets[at], span);
    }

    /** The lowest offset from which on all messages take at most {@code bytesMax}; the end where none does. */
    public long firstWithin(long bytesMax) {
        long wanted = endPosition - bytesMax;
        if (count == 0 || wanted <= positions[0]) {
            return count == 0 ? end : offsets[0];
        }
        int at = last(positions, wanted);
        long span = offsetAt(at + 1) - offsets[at];
        long bytes = positionAt(at + 1) - positions[at];
        long beyond = wanted - positions[at];
        long messages = bytes == 0 ? 0 : part(span, beyond, bytes);
        boolean whole = bytes == 0 || part(bytes, messages, Math.max(1, span)) >= beyond;
        return offsets[at] + messages + (whole ? 0 : 1);
    }

    /** {@code whole} × {@code share} ÷ {@code of}, rounded down; {@code share} is at most {@code of}. */
    private static long part(long whole, long share, long of) {
        return (long) Math.floor((double) whole * share / of);
    }

    private long offsetAt(int index) {
        return index < count ? offsets[index] : end;
    }

    private long positionAt(int index) {
        return index < count ? positions[index] : endPosition;
    }

    /** Index of the last of {@code values}, which never fall, that is at most {@code value}; -1 where none is. */
    private int last(long[] values, long value) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (values[middle] <= value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /** Nobody will ask about what lies below {@code offset}. */
    public void dropBelow(long offset) {
        int gone = last(offsets, offset);
        if (gone > 0) {
            System.arraycopy(offsets, gone, offsets, 0, count - gone);
            System.arraycopy(positions, gone, positions, 0, count - gone);
            count -= gone;
        }
        if (offset >= end && count > 0) {
            count = 0;
        }
    }
}
