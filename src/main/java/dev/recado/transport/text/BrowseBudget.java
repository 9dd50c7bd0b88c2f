package dev.recado.transport.text;

import dev.recado.base.SharedArrays;
import dev.recado.base.Shortage;
import java.util.Set;

/**
 * Heap that answers to BROWSE hold over all sessions until their clients have taken them. An array that several answers
 * are made from counts once. Safe for any thread.
 */
final class BrowseBudget {

    private final long bytesMax;
    private final SharedArrays held = new SharedArrays();
    private final Shortage shortage = new Shortage();

    BrowseBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** A share of the heap, at least twice what the largest answer holds. */
    static BrowseBudget ofHeap(int percent, long messageBytesMax) {
        long share = Runtime.getRuntime().maxMemory() / 100 * percent;
        return new BrowseBudget(Math.max(share, 2 * (messageBytesMax + BrowsedList.SMALL_BYTES_MAX)));
    }

    long bytesMax() {
        return bytesMax;
    }

    /** Counts an answer that is made from {@code arrays}, sets by identity; false where that is too much: then not. */
    synchronized boolean tryHold(Set<byte[]> arrays) {
        long more = arrays.stream().mapToLong(held::added).sum();
        if (held.bytes() > 0 && held.bytes() + more > bytesMax) {
            shortage.onRefused(more);
            return false;
        }
        arrays.forEach(held::hold);
        return true;
    }

    /** The answer is taken, or its session over. */
    synchronized void letGo(Set<byte[]> arrays) {
        arrays.forEach(held::letGo);
        shortage.lasts(held.bytes(), bytesMax);
    }

    /** Whether an answer found no room, and there is still none for it. */
    synchronized boolean isWanted() {
        return shortage.lasts(held.bytes(), bytesMax);
    }

    synchronized long usedBytes() {
        return held.bytes();
    }
}
