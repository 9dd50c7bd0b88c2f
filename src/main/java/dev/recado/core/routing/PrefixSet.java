package dev.recado.core.routing;

import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.TreeSet;

/**
 * A set of byte strings that are prefixes of what somebody wants. The empty one is a prefix of everything.
 *
 * <p>A prefix behind a shorter one of the set decides nothing. Without those the set is free of prefixes of each other,
 * and then only the largest that is not above a key can be its prefix: a match costs one binary search and one compare,
 * and allocates nothing. That array is made by the first match behind a change, at the cost of a walk through the set.
 *
 * <p>One owner. How many prefixes it holds is bounded by its user, who asks {@link #size} and {@link #bytes}.
 */
public final class PrefixSet implements Iterable<byte[]> {

    private static final byte[][] NONE = {};

    private final TreeSet<byte[]> prefixes = new TreeSet<>(Arrays::compareUnsigned);
    private long bytes;
    /** The prefixes that have none of the others before them, sorted; stale while {@link #changed}. */
    private byte[][] deciding = NONE;

    private boolean changed;

    /** Adds a copy of {@code prefix}; answers false where the set has it. */
    public boolean add(byte[] prefix) {
        if (prefixes.contains(prefix)) {
            return false;
        }
        prefixes.add(prefix.clone());
        bytes += prefix.length;
        changed = true;
        return true;
    }

    /** Answers false where the set does not have {@code prefix}. */
    public boolean remove(byte[] prefix) {
        if (!prefixes.remove(prefix)) {
            return false;
        }
        bytes -= prefix.length;
        changed = true;
        return true;
    }

    public boolean contains(byte[] prefix) {
        return prefixes.contains(prefix);
    }

    /** Whether one of the set is a prefix of the {@code length} bytes at {@code from}. */
    public boolean matches(byte[] key, int from, int length) {
        byte[][] sorted = changed ? decide() : deciding;
        if (sorted.length == 0) {
            return false;
        }
        if (sorted[0].length == 0) {
            return true;
        }
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            byte[] each = sorted[middle];
            if (Arrays.compareUnsigned(each, 0, each.length, key, from, from + length) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low == 0) {
            return false;
        }
        byte[] floor = sorted[low - 1];
        return floor.length <= length && Arrays.equals(floor, 0, floor.length, key, from, from + floor.length);
    }

    private byte[][] decide() {
        byte[][] sorted = new byte[prefixes.size()][];
        int count = 0;
        for (byte[] each : prefixes) {
            if (count == 0 || !isPrefix(sorted[count - 1], each)) {
                sorted[count++] = each;
            }
        }
        deciding = Arrays.copyOf(sorted, count);
        changed = false;
        return deciding;
    }

    private static boolean isPrefix(byte[] prefix, byte[] of) {
        return prefix.length <= of.length && Arrays.equals(prefix, 0, prefix.length, of, 0, prefix.length);
    }

    public int size() {
        return prefixes.size();
    }

    /** The lengths of all prefixes, summed. */
    public long bytes() {
        return bytes;
    }

    public boolean isEmpty() {
        return prefixes.isEmpty();
    }

    /** All prefixes in the order of unsigned bytes; they are the set's own and must not be changed. */
    @Override
    public Iterator<byte[]> iterator() {
        return Collections.unmodifiableSet(prefixes).iterator();
    }
}
