package dev.recado.core.group;

import dev.recado.base.RangeSet;

/**
 * Offsets that a group passed, or that came back before they reached anybody, without a delivery: kept as ranges, with
 * the bytes of their messages as one sum. What leaves it is taken to have the mean size.
 */
final class Untried {

    private final RangeSet offsets = new RangeSet();
    private long bytes;
    private long settledBytes;

    boolean contains(long offset) {
        return !offsets.isEmpty() && offsets.contains(offset);
    }

    long first() {
        return offsets.first();
    }

    /** The lowest offset at or above {@code offset} that is here, or {@link RangeSet#NONE}. */
    long next(long offset) {
        return offsets.next(offset);
    }

    /** The lowest offset at or above {@code offset} that is not here. */
    long nextGap(long offset) {
        return offsets.nextGap(offset);
    }

    int rangeCount() {
        return offsets.rangeCount();
    }

    /** Of those whose size is known. */
    long bytes() {
        return bytes;
    }

    /** Bytes of what was {@link #settle settled}. */
    long settledBytes() {
        return settledBytes;
    }

    void add(long offset, int itsBytes) {
        offsets.add(offset);
        bytes += itsBytes;
    }

    void addRange(long from, long to) {
        offsets.addRange(from, to);
    }

    /** The message at an offset that was just added has so many bytes. */
    void tellBytes(int itsBytes) {
        bytes += itsBytes;
    }

    /** It is about to be delivered; answers whether it was here. */
    boolean remove(long offset) {
        return !offsets.isEmpty() && removeRange(offset, offset + 1) > 0;
    }

    /** What is here of {@code from} up to but not including {@code to} is finished; answers how many that were. */
    long settle(long from, long to) {
        if (offsets.isEmpty()) {
            return 0;
        }
        long before = bytes;
        long removed = removeRange(from, to);
        settledBytes += before - bytes;
        return removed;
    }

    private long removeRange(long from, long to) {
        long count = offsets.count();
        long removed = offsets.removeRange(from, to);
        bytes = removed == count ? 0 : bytes - (long) ((double) bytes / count * removed);
        return removed;
    }

    void clear() {
        settledBytes += bytes;
        bytes = 0;
        offsets.clear();
    }
}
