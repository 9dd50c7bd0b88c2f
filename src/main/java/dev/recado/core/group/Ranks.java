package dev.recado.core.group;

import java.util.Arrays;

/**
 * The priorities of a group's members: of those that could be handed a message only those of the highest priority are.
 * Where all have the same one, that is known and nothing is kept. Else a member that could be handed something is
 * noted, and the members are walked over when another priority is served than before. One owner.
 */
final class Ranks {

    private static final int[] NO_INTS = {};

    private int[] priority = NO_INTS;
    /** Who could be handed a message, by the place in the ring; only where priorities differ. */
    private final RingBits able = new RingBits();

    private boolean differ;
    /** The highest priority of those that are able; only where priorities differ and somebody is able. */
    private int served;

    /** Makes room for members below {@code capacity}. */
    void ensure(int capacity) {
        priority = Arrays.copyOf(priority, capacity);
        able.ensure(capacity);
    }

    void put(int member, int newPriority) {
        priority[member] = newPriority;
    }

    int of(int member) {
        return priority[member];
    }

    /** Whether a member has another priority than another one. */
    boolean differ() {
        return differ;
    }

    boolean isHigher(int member, int other) {
        return priority[member] > priority[other];
    }

    /** The ring is another one, or a priority in it: everybody in it is to be {@link #note noted} anew. */
    void begin(int[] ring, int ringSize) {
        differ = false;
        for (int i = 1; i < ringSize && !differ; i++) {
            differ = priority[ring[i]] != priority[ring[0]];
        }
        able.clear();
    }

    /**
     * Whether the member at {@code place} could be handed a message now, where priorities differ. Answers whether that
     * serves another priority than before.
     *
     * @param room who is served, as of before
     */
    boolean note(int place, int member, boolean isAble, RingBits room, int[] ring) {
        able.set(place, isAble);
        int before = served;
        if (isAble) {
            served = able.count() == 1 ? priority[member] : Math.max(served, priority[member]);
        } else if (priority[member] == served && room.count() == (room.get(place) ? 1 : 0) && able.count() > 0) {
            served = highest(ring);
        }
        return served != before;
    }

    private int highest(int[] ring) {
        int at = able.next(0);
        int best = priority[ring[at]];
        for (int i = 1; i < able.count(); i++) {
            at = able.next(at + 1);
            best = Math.max(best, priority[ring[at]]);
        }
        return best;
    }

    /** Whether the member is of those that are served, if it is able. */
    boolean isServed(int member) {
        return !differ || priority[member] == served;
    }

    /** Whether who is at {@code place} could be handed a message; only where priorities differ. */
    boolean isAble(int place) {
        return able.get(place);
    }
}
