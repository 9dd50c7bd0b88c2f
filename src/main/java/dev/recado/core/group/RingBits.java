package dev.recado.core.group;

import java.util.Arrays;

/** One bit for each place in a ring, and how many are set: finding the next one costs the same however many are not. */
final class RingBits {

    private static final long[] NO_PLACES = {};

    private long[] words = NO_PLACES;
    private int count;

    /** Makes room for {@code places}; what is set stays. */
    void ensure(int places) {
        if (words.length * 64 < places) {
            words = Arrays.copyOf(words, (places + 63) / 64);
        }
    }

    int count() {
        return count;
    }

    boolean get(int place) {
        return (words[place >>> 6] & 1L << place) != 0;
    }

    void set(int place, boolean now) {
        if (get(place) != now) {
            words[place >>> 6] ^= 1L << place;
            count += now ? 1 : -1;
        }
    }

    void clear() {
        Arrays.fill(words, 0);
        count = 0;
    }

    /** The first place that is set at or after {@code from}, around the ring; one must be set. */
    int next(int from) {
        int word = from >>> 6;
        long bits = words[word] & -1L << from;
        while (bits == 0) {
            word = word + 1 == words.length ? 0 : word + 1;
            bits = words[word];
        }
        return (word << 6) + Long.numberOfTrailingZeros(bits);
    }
}
