package dev.recado.core.topic;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import java.util.Arrays;

/**
 * Numbers with their offsets as spans: {@code count} numbers from {@code first} in steps of {@code stride} at
 * consecutive offsets. Parallel arrays in the order of recording, at most {@link #SPANS_MAX} long. One owner: a {@link
 * ProducerWindow}.
 */
final class NumberSpans {

    static final int SPANS_MAX = 1_024;

    private static final int SPAN_BYTES = 24;
    private static final int SPANS_INITIAL = 4;

    private long[] firsts = new long[SPANS_INITIAL];
    private long[] offsets = new long[SPANS_INITIAL];
    private int[] counts = new int[SPANS_INITIAL];
    private int[] strides = new int[SPANS_INITIAL];
    private int size;

    /** Takes one span. */
    interface Visitor {
        void span(long first, int stride, int count, long firstOffset);
    }

    /** The offset of {@code number}, or {@link ProducerWindow#NOT_SEEN}; the newest span wins. */
    long offsetOf(long number) {
        for (int i = size - 1; i >= 0; i--) {
            long distance = number - firsts[i];
            if (distance >= 0 && distance <= (counts[i] - 1L) * strides[i] && distance % strides[i] == 0) {
                return offsets[i] + distance / strides[i];
            }
        }
        return ProducerWindow.NOT_SEEN;
    }

    /**
     * Adds a span; spans that end at or below {@code floor} make room.
     *
     * @return false where there is none, and nothing was added
     */
    boolean add(long first, int stride, int count, long firstOffset, long floor) {
        if (size > 0 && joins(size - 1, first, stride, count, firstOffset)) {
            strides[size - 1] = (int) (first - lastOf(size - 1));
            counts[size - 1] += count;
            trim(size - 1);
            return true;
        }
        if (size == firsts.length && !makeRoom(floor)) {
            return false;
        }
        put(first, count == 1 ? 1 : stride, count, firstOffset);
        return true;
    }

    /**
     * A quarter is free afterwards: room that is soon used up again would make every run pay for a look at all spans.
     */
    private boolean makeRoom(long floor) {
        dropDead(floor);
        if (size > firsts.length - firsts.length / 4) {
            if (firsts.length >= SPANS_MAX) {
                return false;
            }
            grow();
        }
        return true;
    }

    private boolean joins(int i, long first, int stride, int count, long firstOffset) {
        long step = first - lastOf(i);
        return step >= 1
                && step <= Integer.MAX_VALUE
                && (counts[i] == 1 || strides[i] == step)
                && (count == 1 || stride == step)
                && firstOffset == offsets[i] + counts[i];
    }

    private long lastOf(int i) {
        return firsts[i] + (counts[i] - 1L) * strides[i];
    }

    /** Lets go of numbers that lie below any window that holds the last one; keeps counts within an int. */
    private void trim(int i) {
        int excess = counts[i] - ProducerWindow.NUMBERS_MAX;
        if (excess > 0) {
            firsts[i] += (long) excess * strides[i];
            offsets[i] += excess;
            counts[i] -= excess;
        }
    }

    private void put(long first, int stride, int count, long firstOffset) {
        firsts[size] = first;
        strides[size] = stride;
        counts[size] = count;
        offsets[size++] = firstOffset;
    }

    private void dropDead(long floor) {
        int all = size;
        size = 0;
        for (int i = 0; i < all; i++) {
            if (lastOf(i) > floor) {
                put(firsts[i], strides[i], counts[i], offsets[i]);
            }
        }
    }

    private void grow() {
        int length = firsts.length * 2;
        firsts = Arrays.copyOf(firsts, length);
        offsets = Arrays.copyOf(offsets, length);
        counts = Arrays.copyOf(counts, length);
        strides = Arrays.copyOf(strides, length);
    }

    void forEach(Visitor visitor) {
        for (int i = 0; i < size; i++) {
            visitor.span(firsts[i], strides[i], counts[i], offsets[i]);
        }
    }

    void clear() {
        size = 0;
        firsts = new long[0];
        offsets = new long[0];
        counts = new int[0];
        strides = new int[0];
    }

    int bytes() {
        return firsts.length * SPAN_BYTES;
    }

    /** Writes what lies above {@code floor}, each span by its distance from {@code highest}. */
    void encode(ByteWriter out, long highest, long floor) {
        int live = 0;
        for (int i = 0; i < size; i++) {
            live += lastOf(i) > floor ? 1 : 0;
        }
        out.putVarLong(live);
        for (int i = 0; i < size; i++) {
            if (lastOf(i) > floor) {
                int skipped = firsts[i] > floor ? 0 : (int) ((floor - firsts[i]) / strides[i]) + 1;
                int count = counts[i] - skipped;
                out.putVarLong(highest - firsts[i] - (long) skipped * strides[i])
                        .putVarLong(count == 1 ? 1 : strides[i])
                        .putVarLong(count)
                        .putVarLong(offsets[i] + skipped);
            }
        }
    }

    /** Reads what {@link #encode} wrote into this empty object; anything else turns {@code in.failed()} on. */
    void decode(ByteReader in, long highest) {
        int live = in.readVarInt(SPANS_MAX);
        for (int i = 0; i < live && !in.failed(); i++) {
            long first = highest - in.readVarInt(ProducerWindow.NUMBERS_MAX - 1);
            int stride = in.readVarInt(ProducerWindow.NUMBERS_MAX);
            int count = in.readVarInt(ProducerWindow.NUMBERS_MAX);
            long offset = Decoding.readCount(in);
            boolean sound = first >= 0
                    && stride >= 1
                    && count >= 1
                    && first + (count - 1L) * stride <= highest
                    && offset <= ProducerWindow.OFFSET_MAX;
            Decoding.require(in, sound);
            if (sound) {
                if (size == firsts.length) {
                    grow();
                }
                put(first, stride, count, offset);
            }
        }
    }
}
