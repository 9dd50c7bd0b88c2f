package dev.recado.base;

import java.util.IdentityHashMap;

/** Arrays that several hold, by identity: each counts once, from the first who holds it to the last. One owner. */
public final class SharedArrays {

    private final IdentityHashMap<byte[], Integer> holders = new IdentityHashMap<>();
    private long bytes;

    /** Of all arrays that somebody holds. */
    public long bytes() {
        return bytes;
    }

    /** By how many bytes {@link #hold} would make it more. */
    public long added(byte[] array) {
        return holders.containsKey(array) ? 0 : array.length;
    }

    /** One more holds {@code array}; answers by how many bytes that is more. */
    public long hold(byte[] array) {
        long more = added(array);
        holders.merge(array, 1, Integer::sum);
        bytes += more;
        return more;
    }

    /** One who held {@code array} does not any longer; answers by how many bytes that is less. */
    public long letGo(byte[] array) {
        Integer count = holders.remove(array);
        Check.that(count != null, "an array that nobody holds", array.length);
        if (count != null && count > 1) {
            holders.put(array, count - 1);
            return 0;
        }
        bytes -= array.length;
        return array.length;
    }
}
