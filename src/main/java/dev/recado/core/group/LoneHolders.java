package dev.recado.core.group;

import java.util.Arrays;

/**
 * Which members of a group hold a message that was handed out alone or may be handed one, and who drains: gets nothing
 * until it holds nothing, so that it may.
 */
final class LoneHolders {

    static final int NONE = -1;

    private static final long NEVER = Long.MAX_VALUE;
    private static final boolean[] NOBODY = {};

    /** Holds a message that was handed out alone: nothing more until it holds nothing. */
    private boolean[] alone = NOBODY;
    /** Settles a message only once others follow: it is never idle, and the end of a lease says nothing of it. */
    private boolean[] trailing = NOBODY;
    /** Is a member on other partitions too: idle only where {@link #granted}. */
    private boolean[] shared = NOBODY;
    /** Holds nothing elsewhere, and gets nothing there. */
    private boolean[] granted = NOBODY;
    /** Is to hold nothing here, for another partition. */
    private boolean[] reserved = NOBODY;

    private int draining = NONE;
    /** When that is given up, {@link #NEVER} until somebody has looked at the clock. */
    private long drainEndsMs = NEVER;
    /** Until when nobody drains; {@link #NEVER} where somebody may. */
    private long drainRestsMs = NEVER;

    /** Makes room for members below {@code capacity}. */
    void ensure(int capacity) {
        alone = Arrays.copyOf(alone, capacity);
        trailing = Arrays.copyOf(trailing, capacity);
        shared = Arrays.copyOf(shared, capacity);
        granted = Arrays.copyOf(granted, capacity);
        reserved = Arrays.copyOf(reserved, capacity);
    }

    void join(int member) {
        alone[member] = false;
        trailing[member] = false;
        shared[member] = false;
        granted[member] = false;
        reserved[member] = false;
    }

    void leave(int member) {
        draining = draining == member ? NONE : draining;
    }

    boolean holds(int member) {
        return alone[member];
    }

    void trails(int member) {
        trailing[member] = true;
    }

    boolean isTrailing(int member) {
        return trailing[member];
    }

    void share(int member) {
        shared[member] = true;
    }

    void grant(int member, boolean now) {
        granted[member] = now;
    }

    void reserve(int member, boolean now) {
        reserved[member] = now;
        draining = draining == member ? NONE : draining;
    }

    boolean isReserved(int member) {
        return reserved[member];
    }

    /** What the member was just handed is all that it gets for now. */
    void onTaken(int member) {
        alone[member] = !trailing[member];
        draining = draining == member ? NONE : draining;
    }

    /** The member holds nothing any more. */
    void onEmpty(int member) {
        alone[member] = false;
        granted[member] = false;
    }

    /** Whether a member that holds {@code inFlight} messages could take one alone beside these. */
    boolean isAtLeisure(int member, int inFlight, int credit) {
        return trailing[member]
                ? inFlight < credit
                : inFlight == 0 && credit > 0 && (!shared[member] || granted[member]);
    }

    /** Who drains, or {@link #NONE}. */
    int draining() {
        return draining;
    }

    /** Only {@code member} is to drain, where anybody may; {@link #NONE} if nobody. Answers whether that is new. */
    boolean drain(int member) {
        int next = drainRestsMs == NEVER ? member : NONE;
        boolean changes = draining != next;
        draining = next;
        return changes;
    }

    /**
     * Looks at the clock: who has drained for {@code patienceMs} (its work is long) does so no longer, and for as long
     * nobody else does. Answers whether that changed who gets messages.
     */
    boolean boundDrain(long nowMs, long patienceMs) {
        if (drainRestsMs <= nowMs) {
            drainRestsMs = NEVER;
            return true;
        }
        if (draining == NONE) {
            drainEndsMs = NEVER;
        } else if (drainEndsMs == NEVER) {
            drainEndsMs = nowMs + patienceMs;
        } else if (drainEndsMs <= nowMs) {
            draining = NONE;
            drainRestsMs = nowMs + patienceMs;
            return true;
        }
        return false;
    }

    /** When {@link #boundDrain} has something to do. */
    long deadlineMs() {
        return draining == NONE ? drainRestsMs : drainEndsMs;
    }
}
