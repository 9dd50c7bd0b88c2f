package dev.recado.broker;

import dev.recado.base.Check;
import dev.recado.core.message.StoredRun;
import org.jspecify.annotations.Nullable;

/**
 * Runs of one partition in offset order, as a ring: appended at the end, dropped from the front, found by binary
 * search. What it holds is bounded by the shares of memory that its owner watches.
 */
final class RunRing {

    private @Nullable StoredRun[] runs = new StoredRun[8];
    private int head;
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    void add(StoredRun run) {
        if (size == runs.length) {
            grow();
        }
        runs[(head + size) & (runs.length - 1)] = run;
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

    StoredRun first() {
        return get(0);
    }

    StoredRun removeFirst() {
        StoredRun first = get(0);
        runs[head] = null;
        head = (head + 1) & (runs.length - 1);
        size--;
        return first;
    }

    void clear() {
        runs = new StoredRun[8];
        head = 0;
        size = 0;
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

    private void grow() {
        StoredRun[] larger = new StoredRun[runs.length * 2];
        for (int i = 0; i < size; i++) {
            larger[i] = get(i);
        }
        runs = larger;
        head = 0;
    }
}
