package dev.recado.core.group;

import java.util.Arrays;

/** Records of {@link OpenOffsets} by deadline, then offset: a binary heap whose positions stand in {@code before}. */
final class DeadlineHeap {

    private final OpenOffsets open;
    private static final int[] NOTHING = {};

    private int[] heap = NOTHING;
    private int size;

    DeadlineHeap(OpenOffsets open) {
        this.open = open;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** The record with the nearest deadline; the heap must not be empty. */
    int first() {
        return heap[0];
    }

    /** The nearest deadline, {@link Long#MAX_VALUE} if none. */
    long firstDeadline() {
        return size == 0 ? Long.MAX_VALUE : open.deadline[heap[0]];
    }

    void add(int record) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, Math.max(8, 2 * size));
        }
        size++;
        siftUp(size - 1, record);
    }

    void remove(int record) {
        int at = open.before[record];
        int last = heap[--size];
        if (at == size) {
            return;
        }
        siftUp(at, last);
        siftDown(open.before[last], last);
    }

    void clear() {
        heap = NOTHING;
        size = 0;
    }

    private void siftUp(int from, int record) {
        int at = from;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (!isBefore(record, heap[parent])) {
                break;
            }
            place(at, heap[parent]);
            at = parent;
        }
        place(at, record);
    }

    private void siftDown(int from, int record) {
        int at = from;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && isBefore(heap[child + 1], heap[child])) {
                child++;
            }
            if (!isBefore(heap[child], record)) {
                break;
            }
            place(at, heap[child]);
            at = child;
        }
        place(at, record);
    }

    private void place(int at, int record) {
        heap[at] = record;
        open.before[record] = at;
    }

    private boolean isBefore(int left, int right) {
        long difference = open.deadline[left] - open.deadline[right];
        return difference < 0 || (difference == 0 && open.offset[left] < open.offset[right]);
    }
}
