package dev.recado.transport.text;

import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Heap that answers to BROWSE hold over all sessions until their clients have taken them. An array that several answers
 * are made from counts once. Safe for any thread.
 */
final class BrowseBudget {

    private final long bytesMax;
    /** How many answers hold each array. */
    private final IdentityHashMap<byte[], Integer> holders = new IdentityHashMap<>();

    private long bytes;

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
        long more = 0;
        for (byte[] array : arrays) {
            more += holders.containsKey(array) ? 0 : array.length;
        }
        if (bytes > 0 && bytes + more > bytesMax) {
            return false;
        }
        bytes += more;
        arrays.forEach(array -> holders.merge(array, 1, Integer::sum));
        return true;
    }

    /** The answer is taken, or its session over. */
    synchronized void letGo(Set<byte[]> arrays) {
        for (byte[] array : arrays) {
            int left = holders.merge(array, -1, Integer::sum);
            if (left == 0) {
                holders.remove(array);
                bytes -= array.length;
            }
        }
    }

    synchronized long usedBytes() {
        return bytes;
    }
}
