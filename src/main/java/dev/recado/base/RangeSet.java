package dev.recado.base;

import java.util.Arrays;

/**
 * A sorted set of non-negative longs, kept as disjoint ranges that never touch one another.
 *
 * <p>Ranges lie in chunks of at most 16, start and exclusive end side by side, under a sorted directory of chunks:
 *
 * <pre>
 * chunks[0]  start end start end …      (sizes[0] ranges)
 * chunks[1]  start end …                (sizes[1] ranges)
 * </pre>
 *
 * Finding is logarithmic; adding and removing move at most one chunk. Work at either end costs a few nanoseconds, and a
 * set whose size is steady allocates nothing. The set itself has no bound: its owner looks at {@link #rangeCount()}.
 * Not thread-safe: one owner.
 */
public final class RangeSet {

    /** Answered where no value is. */
    public static final long NONE = -1;

    private static final int CHUNK_RANGES_MAX = 16;
    /** Emptied chunks that are kept behind the last one for reuse. */
    private static final int SPARE_CHUNKS_MAX = 64;

    private static final int FIRST_CHUNK_RANGES = 4;
    private static final long[] NOTHING = {};
    private static final long[][] NO_CHUNKS = {};
    private static final int[] NO_SIZES = {};

    private long[][] chunks = NO_CHUNKS;
    private int[] sizes = NO_SIZES;
    private int chunkCount;
    private int rangeCount;
    private long count;

    /** Where {@link #seek} ended. */
    private int atChunk;

    private int atIndex;

    public boolean isEmpty() {
        return chunkCount == 0;
    }

    /** How many ranges. */
    public int rangeCount() {
        return rangeCount;
    }

    /** How many values. */
    public long count() {
        return count;
    }

    /** The lowest value, or {@link #NONE}. */
    public long first() {
        return chunkCount == 0 ? NONE : chunks[0][0];
    }

    /** One more than the highest value, or {@link #NONE}. */
    public long end() {
        return chunkCount == 0 ? NONE : chunks[chunkCount - 1][2 * sizes[chunkCount - 1] - 1];
    }

    public boolean contains(long value) {
        return seek(value) && value < endAt();
    }

    /** The lowest value at or above {@code value}, or {@link #NONE}. */
    public long next(long value) {
        if (!seek(value)) {
            return first();
        }
        if (value < endAt()) {
            return value;
        }
        if (atIndex + 1 < sizes[atChunk]) {
            return chunks[atChunk][2 * atIndex + 2];
        }
        return atChunk + 1 < chunkCount ? chunks[atChunk + 1][0] : NONE;
    }

    /** The lowest value at or above {@code value} that is not in the set. */
    public long nextGap(long value) {
        return seek(value) ? Math.max(value, endAt()) : value;
    }

    /** Answers whether {@code value} was not in the set before. */
    public boolean add(long value) {
        if (chunkCount > 0) {
            long[] chunk = chunks[chunkCount - 1];
            int last = 2 * sizes[chunkCount - 1] - 1;
            if (chunk[last] == value) {
                chunk[last] = value + 1;
                count++;
                return true;
            }
        }
        return addRange(value, value + 1) > 0;
    }

    /** Adds {@code from} up to but not including {@code to}, and answers how many values are new. */
    public long addRange(long from, long to) {
        Check.that(from >= 0, "negative value", from);
        if (from >= to) {
            return 0;
        }
        if (!seek(from)) {
            atChunk = 0;
            atIndex = -1;
        } else if (endAt() >= from) {
            return extend(to);
        }
        int left = atChunk;
        int leftIndex = atIndex;
        if (stepRight() && startAt() <= to) {
            long gained = startAt() - from;
            chunks[atChunk][2 * atIndex] = from;
            count += gained;
            return gained + extend(to);
        }
        insertAfter(left, leftIndex, from, to);
        return to - from;
    }

    /** Answers whether {@code value} was in the set. */
    public boolean remove(long value) {
        if (chunkCount > 0 && chunks[0][0] == value) {
            removeFirst();
            return true;
        }
        return removeRange(value, value + 1) > 0;
    }

    private void removeFirst() {
        long[] chunk = chunks[0];
        count--;
        if (++chunk[0] == chunk[1]) {
            cut(0, 0, 1);
        }
    }

    /** Removes {@code from} up to but not including {@code to}, and answers how many values that were. */
    public long removeRange(long from, long to) {
        long before = count;
        if (from >= to || chunkCount == 0) {
            return 0;
        }
        if (seek(from)) {
            long end = endAt();
            if (startAt() < from && end > from) {
                chunks[atChunk][2 * atIndex + 1] = from;
                count -= end - from;
                if (end > to) {
                    insertAfter(atChunk, atIndex, to, end);
                    return before - count;
                }
            }
            if (startAt() < from && !stepRight()) {
                return before - count;
            }
        } else {
            atChunk = 0;
            atIndex = 0;
        }
        removeFromHere(to);
        return before - count;
    }

    /** Removes every value below {@code value}. */
    public void removeBelow(long value) {
        if (chunkCount > 0 && chunks[0][0] < value) {
            removeRange(chunks[0][0], value);
        }
    }

    public void clear() {
        for (int c = SPARE_CHUNKS_MAX; c < chunks.length; c++) {
            chunks[c] = NOTHING;
        }
        chunkCount = 0;
        rangeCount = 0;
        count = 0;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (long from = next(0); from != NONE; from = next(nextGap(from))) {
            long last = nextGap(from) - 1;
            text.append(text.isEmpty() ? "" : " ").append(from);
            if (last > from) {
                text.append('-').append(last);
            }
        }
        return text.toString();
    }

    private long startAt() {
        return chunks[atChunk][2 * atIndex];
    }

    private long endAt() {
        return chunks[atChunk][2 * atIndex + 1];
    }

    /** Points at the last range that starts at or below {@code value}; answers false if there is none. */
    private boolean seek(long value) {
        if (chunkCount == 0 || value < chunks[0][0]) {
            return false;
        }
        if (isNear(value)) {
            return true;
        }
        int c = chunkCount - 1;
        if (value < chunks[c][0]) {
            c = chunkOf(value);
        }
        long[] chunk = chunks[c];
        int low = 0;
        int high = sizes[c] - 1;
        if (value >= chunk[2 * high]) {
            low = high;
        } else if (value < chunk[2]) {
            high = 0;
        }
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (chunk[2 * middle] <= value) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        atChunk = c;
        atIndex = low;
        return true;
    }

    /**
     * Whether the range that {@link #seek} found last, or the one right of it, is the one to find again; points at it.
     */
    private boolean isNear(long value) {
        if (atChunk >= chunkCount || atIndex < 0) {
            return false;
        }
        long[] chunk = chunks[atChunk];
        int size = sizes[atChunk];
        for (int i = atIndex; i + 1 < size && i < atIndex + 2 && chunk[2 * i] <= value; i++) {
            if (value < chunk[2 * i + 2]) {
                atIndex = i;
                return true;
            }
        }
        return false;
    }

    private int chunkOf(long value) {
        int low = 0;
        int high = chunkCount - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (chunks[middle][0] <= value) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private boolean stepRight() {
        atIndex++;
        if (atChunk < chunkCount && atIndex >= sizes[atChunk]) {
            atChunk++;
            atIndex = 0;
        }
        return atChunk < chunkCount;
    }

    /** Lets the range pointed at reach {@code to} and swallow what it then touches. */
    private long extend(long to) {
        long end = endAt();
        if (to <= end) {
            return 0;
        }
        long before = count;
        int index = 2 * atIndex + 1;
        long[] chunk = chunks[atChunk];
        long newEnd = swallow(to);
        chunk[index] = newEnd;
        count += newEnd - end;
        return count - before;
    }

    /** Removes the ranges right of the one pointed at that start at or below {@code to}; answers where they end. */
    private long swallow(long to) {
        long end = to;
        while (true) {
            int c = atIndex + 1 < sizes[atChunk] ? atChunk : atChunk + 1;
            int from = c == atChunk ? atIndex + 1 : 0;
            if (c == chunkCount) {
                return end;
            }
            int i = from;
            while (i < sizes[c] && chunks[c][2 * i] <= end) {
                count -= chunks[c][2 * i + 1] - chunks[c][2 * i];
                end = Math.max(end, chunks[c][2 * i + 1]);
                i++;
            }
            boolean more = i == sizes[c];
            cut(c, from, i);
            if (!more) {
                return end;
            }
        }
    }

    /** Removes what lies below {@code to} from the range pointed at and from those right of it. */
    private void removeFromHere(long to) {
        int c = atChunk;
        int from = atIndex;
        while (c < chunkCount) {
            long[] chunk = chunks[c];
            int i = from;
            while (i < sizes[c] && chunk[2 * i + 1] <= to) {
                count -= chunk[2 * i + 1] - chunk[2 * i];
                i++;
            }
            boolean more = i == sizes[c];
            if (!more && chunk[2 * i] < to) {
                count -= to - chunk[2 * i];
                chunk[2 * i] = to;
            }
            if (!cut(c, from, i)) {
                c++;
            }
            if (!more) {
                return;
            }
            from = 0;
        }
    }

    /** Takes ranges out of chunk {@code c}; answers whether the chunk was emptied and is gone. */
    private boolean cut(int c, int from, int to) {
        if (from == to) {
            return false;
        }
        rangeCount -= to - from;
        int size = sizes[c];
        if (to - from < size) {
            System.arraycopy(chunks[c], 2 * to, chunks[c], 2 * from, 2 * (size - to));
            sizes[c] = size - (to - from);
            return false;
        }
        long[] spare = chunks[c];
        System.arraycopy(chunks, c + 1, chunks, c, chunkCount - c - 1);
        System.arraycopy(sizes, c + 1, sizes, c, chunkCount - c - 1);
        chunks[--chunkCount] = spare;
        if (chunkCount + SPARE_CHUNKS_MAX < chunks.length) {
            chunks[chunkCount + SPARE_CHUNKS_MAX] = NOTHING;
        }
        return true;
    }

    private void insertAfter(int c, int index, long from, long to) {
        int chunk = c;
        int at = index + 1;
        if (chunkCount == 0) {
            insertChunk(0, FIRST_CHUNK_RANGES);
        } else if (sizes[c] == CHUNK_RANGES_MAX) {
            boolean atVeryEnd = c == chunkCount - 1 && at == CHUNK_RANGES_MAX;
            int keep = atVeryEnd ? CHUNK_RANGES_MAX : CHUNK_RANGES_MAX / 2;
            splitChunk(c, keep);
            if (atVeryEnd || at > keep) {
                chunk = c + 1;
                at -= keep;
            }
        } else if (2 * sizes[c] == chunks[c].length) {
            chunks[c] = Arrays.copyOf(chunks[c], Math.min(2 * CHUNK_RANGES_MAX, 2 * chunks[c].length));
        }
        long[] target = chunks[chunk];
        System.arraycopy(target, 2 * at, target, 2 * at + 2, 2 * (sizes[chunk] - at));
        target[2 * at] = from;
        target[2 * at + 1] = to;
        sizes[chunk]++;
        rangeCount++;
        count += to - from;
    }

    private void splitChunk(int c, int keep) {
        insertChunk(c + 1, CHUNK_RANGES_MAX);
        int moved = sizes[c] - keep;
        System.arraycopy(chunks[c], 2 * keep, chunks[c + 1], 0, 2 * moved);
        sizes[c] = keep;
        sizes[c + 1] = moved;
    }

    private void insertChunk(int c, int ranges) {
        if (chunkCount == chunks.length) {
            chunks = Arrays.copyOf(chunks, Math.max(1, 2 * chunkCount));
            sizes = Arrays.copyOf(sizes, chunks.length);
            Arrays.fill(chunks, chunkCount, chunks.length, NOTHING);
        }
        long[] spare = chunks[chunkCount];
        System.arraycopy(chunks, c, chunks, c + 1, chunkCount - c);
        System.arraycopy(sizes, c, sizes, c + 1, chunkCount - c);
        chunks[c] = spare.length >= 2 * ranges ? spare : new long[2 * ranges];
        sizes[c] = 0;
        chunkCount++;
    }
}
