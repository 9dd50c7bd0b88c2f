package dev.recado.bench;

import dev.recado.base.RangeSet;

/**
 * The places of one partition at which a group got messages: which ones, which of them since it last lost a connection,
 * and which message lay at the latest ones.
 *
 * <pre>
 * slots  offset+1 message offset+1 message …      at 2 × (offset mod count); message = publisher &lt;&lt; 48 | sequence
 * </pre>
 *
 * The slots double as offsets grow, as long as {@link Budget} allows; from then on an old place keeps that it is known,
 * but not by which message. Not thread-safe: one owner.
 */
final class PlaceLog {

    /** No message, or one that is no longer known. */
    static final long NOBODY = -1;

    private static final int SLOTS_FIRST = 64;
    private static final int SEQUENCE_BITS = 48;

    /** Slots that all partitions of a group may still add. */
    static final class Budget {
        private long slotsLeft;

        Budget(long slots) {
            slotsLeft = slots;
        }
    }

    private final Budget budget;
    private final RangeSet known = new RangeSet();
    private final RangeSet sinceLoss = new RangeSet();
    private long[] slots = new long[2 * SLOTS_FIRST];

    PlaceLog(Budget budget) {
        this.budget = budget;
    }

    static long message(int publisher, long sequence) {
        return (long) publisher << SEQUENCE_BITS | sequence;
    }

    static int publisherOf(long message) {
        return (int) (message >>> SEQUENCE_BITS);
    }

    static long sequenceOf(long message) {
        return message & (1L << SEQUENCE_BITS) - 1;
    }

    /** Answers whether the place is new. */
    boolean add(long offset) {
        sinceLoss.add(offset);
        return known.add(offset);
    }

    /** Whether something came from there since the last {@link #onLost}. */
    boolean isSinceLoss(long offset) {
        return sinceLoss.contains(offset);
    }

    void onLost() {
        sinceLoss.clear();
    }

    /** Whether nothing is missing below {@code offset} since the first place. */
    boolean isWholeUpTo(long offset) {
        return known.nextGap(known.first()) > offset;
    }

    long messageAt(long offset) {
        int slot = slot(offset);
        return slots[slot] == offset + 1 ? slots[slot + 1] : NOBODY;
    }

    void keep(long offset, long message) {
        int slot = slot(offset);
        while (slots[slot] != 0 && slots[slot] != offset + 1 && slots.length / 2 <= budget.slotsLeft) {
            grow();
            slot = slot(offset);
        }
        slots[slot] = offset + 1;
        slots[slot + 1] = message;
    }

    private void grow() {
        budget.slotsLeft -= slots.length / 2;
        long[] before = slots;
        slots = new long[2 * before.length];
        for (int i = 0; i < before.length; i += 2) {
            if (before[i] != 0) {
                int slot = slot(before[i] - 1);
                slots[slot] = before[i];
                slots[slot + 1] = before[i + 1];
            }
        }
    }

    private int slot(long offset) {
        return 2 * (int) (offset & slots.length / 2 - 1);
    }
}
