package dev.recado.shard;

import dev.recado.base.Check;
import dev.recado.core.message.StoredRun;
import org.jspecify.annotations.Nullable;

/**
 * Runs of one partition in offset order, as a ring: appended at the end, dropped from the front, found by binary
 * search. What it holds is bounded by the shares of memory that its owner watches.
 *
 * <p>Each run has a <b>position</b>: how many bytes were appended before it, ever, as its owner counts them. So the
 * bytes between two runs are a subtraction.
 */
final class RunRing {

    /** Places that an empty ring keeps. */
    private static final int KEPT_PLACES = 1024;

    /** Places that are made first: most topics of a broker with many hold one run or none. */
    private static final int FIRST_PLACES = 2;

    private @Nullable StoredRun[] runs = new StoredRun[FIRST_PLACES];
    private long[] positions = new long[FIRST_PLACES];
    private int head;
    private int size;
    private long endPosition;
    private long count;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** Messages in it. */
    long count() {
        return count;
    }

    /** {@code bytes} is what the run counts for, at least those of its messages. */
    void add(StoredRun run, long bytes) {
        if (size == runs.length) {
            grow();
        }
        int at = (head + size) & (runs.length - 1);
        runs[at] = run;
        positions[at] = endPosition;
        endPosition += bytes;
        count += run.count();
        size++;
    }

    StoredRun get(int index) {
        Check.that(index >= 0 && index < size, "run outside ring", index, size);
        StoredRun run = runs[(head + index) & (runs.length - 1)];
        if (run == null) {
            throw new AssertionError("empty place in ring index=" + index);
        }
        return run;
    }

    /** Where the run begins; where the next one will begin for {@link #size()}. */
    long position(int index) {
        Check.that(index >= 0 && index <= size, "run outside ring", index, size);
        return index == size ? endPosition : positions[(head + index) & (runs.length - 1)];
    }

    StoredRun first() {
        return get(0);
    }

    StoredRun removeFirst() {
        StoredRun first = get(0);
        runs[head] = null;
        head = (head + 1) & (runs.length - 1);
        size--;
        count -= first.count();
        return first;
    }

    /** Puts a copy of the same messages in the place of a run. */
    void replace(int index, StoredRun copy) {
        StoredRun before = get(index);
        Check.that(
                copy.baseOffset() == before.baseOffset() && copy.count() == before.count(),
                "not a copy of the run",
                copy.baseOffset(),
                before.baseOffset());
        runs[(head + index) & (runs.length - 1)] = copy;
    }

    /** Index of the first run whose end lies behind {@code offset}, or {@link #size()} where there is none. */
    int indexOf(long offset) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (get(middle).endOffset() > offset) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Index of the first run that ends behind {@code position}, or {@link #size()} where there is none. */
    int indexOfPosition(long position) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (position(middle + 1) > position) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private void grow() {
        StoredRun[] larger = new StoredRun[runs.length * 2];
        long[] theirs = new long[larger.length];
        for (int i = 0; i < size; i++) {
            larger[i] = get(i);
            theirs[i] = position(i);
        }
        runs = larger;
        positions = theirs;
        head = 0;
    }

    /** Empty again: lets go of an array that has become large. */
    void shrink() {
        Check.that(size == 0, "ring not empty", size);
        if (runs.length > KEPT_PLACES) {
            runs = new StoredRun[FIRST_PLACES];
            positions = new long[FIRST_PLACES];
            head = 0;
        }
    }
}
