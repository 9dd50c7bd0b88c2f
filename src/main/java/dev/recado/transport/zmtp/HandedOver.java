package dev.recado.transport.zmtp;

import dev.recado.base.Check;
import dev.recado.broker.SubscriptionLink;

/**
 * Messages that a peer was given and that are not finished, oldest first: a ring of partition, offset and the position
 * in the output at which each ends. The member's credit bounds it. One owner.
 */
final class HandedOver {

    private static final int FIELDS = 3;
    private static final long UNSEALED = Long.MAX_VALUE;

    private long[] ring = new long[8 * FIELDS];
    private int first;
    private int size;
    /** How many, counted from the first, have a position. */
    private int sealed;
    /** How many, counted from the first, the socket has taken. */
    private int written;

    /** Adds a message that was encoded. */
    void add(int partition, long offset) {
        if ((size + 1) * FIELDS > ring.length) {
            grow();
        }
        int at = index(size);
        ring[at] = partition;
        ring[at + 1] = offset;
        ring[at + 2] = UNSEALED;
        size++;
    }

    private int index(int i) {
        return (first + i) % (ring.length / FIELDS) * FIELDS;
    }

    private void grow() {
        long[] larger = new long[ring.length * 2];
        int head = ring.length - first * FIELDS;
        System.arraycopy(ring, first * FIELDS, larger, 0, head);
        System.arraycopy(ring, 0, larger, head, first * FIELDS);
        ring = larger;
        first = 0;
    }

    /** What was added so far ends at {@code position}. */
    void seal(long position) {
        while (sealed < size) {
            ring[index(sealed) + 2] = position;
            sealed++;
        }
    }

    /** The socket took everything up to {@code position}. */
    void onWritten(long position) {
        while (written < sealed && ring[index(written) + 2] <= position) {
            written++;
        }
    }

    /** How many of them the socket has taken: the oldest ones. */
    int written() {
        return written;
    }

    /** How many of them were given to the socket, which may have begun to take them: the oldest ones. */
    int sealed() {
        return sealed;
    }

    /** Finishes the oldest, which was given to the socket. */
    void finishFirst(SubscriptionLink subscription) {
        Check.that(sealed > 0, "finished before the socket was given it");
        int at = index(0);
        subscription.ackAtOnce((int) ring[at], ring[at + 1], ring[at + 1]);
        first = (first + 1) % (ring.length / FIELDS);
        size--;
        sealed--;
        written = Math.max(0, written - 1);
    }
}
