package dev.recado.journal;

import dev.recado.core.message.StoredRun;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where some of a segment's records begin, in memory only: it grows as the segment is written or first read, and a
 * lookup beyond its frontier scans on from there. Thread-safe.
 */
final class SparseIndex {

    /** Points of all indexes together, 32 bytes each; at the end of the budget an index thins itself out. */
    static final int POINTS_MAX = 262_144;

    private static final int INITIAL_POINTS = 8;
    private static final long[] NO_POINTS = {};

    private final AtomicInteger budget;
    private long spacing;
    private long[] positions = NO_POINTS;
    private long[] offsets = NO_POINTS;
    /** The latest publish time before each point. */
    private long[] times = NO_POINTS;
    /** Log times, which never fall back. */
    private long[] logged = NO_POINTS;

    private int count;
    private long latestMs = Long.MIN_VALUE;
    /** Every record before this position has been seen. */
    private long frontier = SegmentLayout.FILE_HEADER_BYTES;

    private long lastPoint;

    /** @param budget points that may still be made, shared by all indexes of a store */
    SparseIndex(int everyBytes, AtomicInteger budget) {
        spacing = everyBytes;
        this.budget = budget;
    }

    /** The record at {@code position}, {@code length} bytes long, holds {@code run}. */
    synchronized void seen(long position, long length, StoredRun run) {
        if (position != frontier) {
            return;
        }
        frontier = position + length;
        point(position, run);
        latestMs = Math.max(latestMs, run.publishTimeMs());
    }

    private void point(long position, StoredRun run) {
        if (position - lastPoint < spacing) {
            return;
        }
        if (budget.decrementAndGet() < 0) {
            budget.incrementAndGet();
            thinOut();
            return;
        }
        if (count == positions.length) {
            int places = Math.max(INITIAL_POINTS, count * 2);
            positions = Arrays.copyOf(positions, places);
            offsets = Arrays.copyOf(offsets, places);
            times = Arrays.copyOf(times, places);
            logged = Arrays.copyOf(logged, places);
        }
        positions[count] = position;
        offsets[count] = run.baseOffset();
        times[count] = latestMs;
        logged[count] = run.logTimeMs();
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
            logged[kept] = logged[i];
            kept++;
        }
        budget.addAndGet(count - kept);
        count = kept;
        spacing *= 2;
    }

    /** Position from which a scan meets the run that covers or follows {@code offset}. */
    synchronized long before(long offset) {
        return before(offsets, offset + 1);
    }

    /** Position from which a scan meets the first run that was published at or after {@code timeMs}. */
    synchronized long beforeTime(long timeMs) {
        return before(times, timeMs);
    }

    /** Position from which a scan meets the first run that was logged at or after {@code timeMs}. */
    synchronized long beforeLogged(long timeMs) {
        return before(logged, timeMs);
    }

    /** Of the last point whose value, which never falls, lies below {@code bound}. */
    private long before(long[] values, long bound) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (values[middle] < bound) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? SegmentLayout.FILE_HEADER_BYTES : positions[low - 1];
    }

    /** Gives the points back to the budget. */
    synchronized void clear() {
        budget.addAndGet(count);
        count = 0;
        frontier = -1;
    }
}
