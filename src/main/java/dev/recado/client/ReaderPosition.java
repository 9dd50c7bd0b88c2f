package dev.recado.client;

import java.util.TreeSet;

/**
 * Where a reader of a log of one partition stands, which the broker does not keep: what its handler has had, and what
 * of that it has not settled, at most as much as its credit. Guarded by the session's lock.
 */
final class ReaderPosition {

    private static final int ONE_PARTITION = -1;

    private final TreeSet<Long> unsettled = new TreeSet<>();
    private long next = -1;
    private boolean partitioned;

    /** The handler gets a message, to be settled where it {@code isLeased}. */
    void onTaken(int partition, long offset, boolean isLeased) {
        if (partition != ONE_PARTITION) {
            partitioned = true;
        } else {
            next = Math.max(next, offset + 1);
            if (isLeased) {
                unsettled.add(offset);
            }
        }
    }

    void onSettled(long offset) {
        unsettled.remove(offset);
    }

    /** Where the next connection begins: behind all that is settled without a gap, or where {@code begin} says. */
    String from(String begin) {
        if (partitioned || next < 0) {
            return begin;
        }
        return Long.toString(unsettled.isEmpty() ? next : unsettled.first());
    }
}
