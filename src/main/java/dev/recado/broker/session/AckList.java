package dev.recado.broker.session;

import java.util.Arrays;

/** Acknowledged ranges on their way to a partition's owner, as pairs of first and last offset, neighbours joined. */
final class AckList {

    private static final long[] NOTHING = {};

    private long[] pairs = new long[8];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    void add(long first, long last) {
        if (size > 0 && pairs[size - 1] + 1 == first) {
            pairs[size - 1] = last;
            return;
        }
        if (size == pairs.length) {
            pairs = Arrays.copyOf(pairs, size * 2);
        }
        pairs[size++] = first;
        pairs[size++] = last;
    }

    long[] take() {
        if (size == 0) {
            return NOTHING;
        }
        long[] taken = Arrays.copyOf(pairs, size);
        size = 0;
        return taken;
    }
}
