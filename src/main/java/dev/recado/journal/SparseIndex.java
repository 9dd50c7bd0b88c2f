package dev.recado.journal;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where some of a segment's records begin, in memory only: it grows as the segment is written or first read, and a
 * lookup beyond its frontier scans on from there. Thread-safe.
 */
final class SparseIndex {

    /** Points of all indexes together, 24 bytes each; at the end of the budget an index thins itself out. */
    static final int POINTS_MAX = 262_144;

    private static final int INITIAL_POINTS = 8;

    private final AtomicInteger budget;
    private long spacing;
    private long[] positions = new long[INITIAL_POINTS];
    private long[] offsets = new long[INITIAL_POINTS];
    private long[] times = new long[INITIAL_POINTS];
    private int count;
    /** Every record before this position has been seen. */
    private long frontier = SegmentLayout.FILE_HEADER_BYTES;

    private long lastPoint;

    /** @param budget points that may still be made, shared by all indexes of a store */
    SparseIndex(int everyBytes, AtomicInteger budget) {
        spacing = everyBytes;
        this.budget = budget;
    }

    /** A record at {@code position}, {@code length} bytes long, begins with {@code offset}. */
    synchronized void seen(long position, long length, long offset, long publishTimeMs) {
        if (position != frontier) {
            return;
        }
        frontier = position + length;
        if (position - lastPoint < spacing) {
            return;
        }
        if (budget.decrementAndGet() < 0) {
            budget.incrementAndGet();
            thinOut();
            return;
        }
        if (count == positions.length) {
            positions = Arrays.copyOf(positions, count * 2);
            offsets = Arrays.copyOf(offsets, count * 2);
            times = Arrays.copyOf(times, count * 2);
        }
        positions[count] = position;
        offsets[count] = offset;
        times[count] = publishTimeMs;
        count++;
        lastPoint = position;
    }

    /** A gap's bytes are passed over. */
    synchronized void skipped(long position, long length) {
        frontier = position == frontier ? position + length : frontier;
    }

    private void thinOut() {
        int kept = 0;
        for (int i = 1; i < count; i += 2) {
            positions[kept] = positions[i];
            offsets[kept] = offsets[i];
            times[kept] = times[i];
            kept++;
        }
        budget.addAndGet(count - kept);
        count = kept;
        spacing *= 2;
    }

    /** Position from which a scan meets the run that covers or follows {@code offset}. */
    synchronized long before(long offset) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (offsets[middle] <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? SegmentLayout.FILE_HEADER_BYTES : positions[low - 1];
    }

    /** Position from which a scan meets the first run that was published at or after {@code timeMs}. */
    synchronized long beforeTime(long timeMs) {
        int at = count;
        while (at > 0 && times[at - 1] >= timeMs) {
            at--;
        }
        return at == 0 ? SegmentLayout.FILE_HEADER_BYTES : positions[at - 1];
    }

    /** Gives the points back to the budget. */
    synchronized void clear() {
        budget.addAndGet(count);
        count = 0;
        frontier = -1;
    }
}
