package dev.recado.core.group;

/**
 * Leases by deadline. Leases of one length are given in deadline order, so they form a list in which adding and
 * removing cost a few writes; what breaks that order (extensions, a changed lease time) lies in a heap beside it.
 */
final class LeaseQueue {

    private static final int NONE = OpenOffsets.NONE;
    private static final int IN_HEAP = -2;
    private static final int ENDLESS = -3;

    private final OpenOffsets open;
    private final DeadlineHeap heap;
    private int head = NONE;
    private int tail = NONE;

    LeaseQueue(OpenOffsets open) {
        this.open = open;
        heap = new DeadlineHeap(open);
    }

    /** Takes a record whose deadline is set; {@link Long#MAX_VALUE} never comes up. */
    void add(int record) {
        long deadline = open.deadline[record];
        if (deadline == Long.MAX_VALUE) {
            open.after[record] = ENDLESS;
        } else if (tail == NONE) {
            head = record;
            tail = record;
            open.before[record] = NONE;
            open.after[record] = NONE;
        } else if (deadline >= open.deadline[tail]) {
            open.after[tail] = record;
            open.before[record] = tail;
            open.after[record] = NONE;
            tail = record;
        } else {
            addOutOfOrder(record);
        }
    }

    /** As {@link #add} for a deadline that the ones to come will not follow. */
    void addOutOfOrder(int record) {
        open.after[record] = IN_HEAP;
        heap.add(record);
    }

    void remove(int record) {
        int next = open.after[record];
        if (next == ENDLESS) {
            return;
        }
        if (next == IN_HEAP) {
            heap.remove(record);
            return;
        }
        int previous = open.before[record];
        if (previous == NONE) {
            head = next;
        } else {
            open.after[previous] = next;
        }
        if (next == NONE) {
            tail = previous;
        } else {
            open.before[next] = previous;
        }
    }

    /** The nearest deadline, {@link Long#MAX_VALUE} if none. */
    long firstDeadline() {
        long inList = head == NONE ? Long.MAX_VALUE : open.deadline[head];
        return Math.min(inList, heap.firstDeadline());
    }

    /** The record with the nearest deadline; there must be one. */
    int first() {
        return head != NONE && open.deadline[head] <= heap.firstDeadline() ? head : heap.first();
    }

    void clear() {
        head = NONE;
        tail = NONE;
        heap.clear();
    }
}
