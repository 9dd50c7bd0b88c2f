package dev.recado.core.group;

import dev.recado.base.RangeSet;
import java.util.Arrays;
import java.util.function.LongPredicate;

/**
 * Key slots of a key-ordered group: every key falls into one of 256, every slot belongs to one member at a time.
 *
 * <p>A slot changes hands only while nothing of it is in flight, so that two members never work on one key. What cannot
 * be handed out because the slot's member has no room, or because an earlier message of the slot waits for its
 * back-off, is deferred here in offset order, while the other slots go on.
 */
final class KeySlots {

    static final int SLOTS = 256;
    static final int NONE = -1;

    private static final RangeSet NOTHING = new RangeSet();

    private final Members members;
    /** Whether an offset is to be handed out alone. */
    private final LongPredicate goesAlone;

    private final int[] owner = new int[SLOTS];
    private final int[] inFlight = new int[SLOTS];
    private final int[] backingOff = new int[SLOTS];
    private final RangeSet[] deferred = new RangeSet[SLOTS];
    private final long[] occupied = new long[SLOTS / 64];
    private long deferredCount;
    private int rangeCount;
    private int turn;
    /** A slot whose first message waits until the slot's member holds nothing, or {@link #NONE}. */
    private int waitingAlone;
    /** Nothing deferred could be handed out when last asked, and nothing has changed since. */
    private boolean stuck;

    KeySlots(Members members, LongPredicate goesAlone) {
        this.members = members;
        this.goesAlone = goesAlone;
        clear();
    }

    static int slotOf(int keyHash) {
        return keyHash * 0x9E3779B9 >>> 24;
    }

    long deferredCount() {
        return deferredCount;
    }

    /** Ranges in which the slots keep what is deferred. */
    int rangeCount() {
        return rangeCount;
    }

    /** The member with room that may have {@code offset} now, or {@link #NONE}. */
    int memberFor(int slot, long offset) {
        if (!isNext(slot, offset)) {
            return NONE;
        }
        int member = holder(slot);
        if (member == NONE) {
            return NONE;
        }
        boolean may = goesAlone.test(offset) ? members.isIdle(member) : members.hasRoom(member);
        return may ? member : NONE;
    }

    private int holder(int slot) {
        return inFlight[slot] == 0 ? members.memberOfSlot(slot) : owner[slot];
    }

    /** Whether {@code member} may take {@code offset} on its own initiative. */
    boolean mayTake(int slot, long offset, int member) {
        return isNext(slot, offset)
                && (inFlight[slot] == 0 || owner[slot] == member)
                && (members.inFlight(member) == 0 || !goesAlone.test(offset));
    }

    void onTaken(int slot, int member) {
        inFlight[slot]++;
        owner[slot] = member;
    }

    /**
     * A member got room; {@code slot} is {@link #NONE} for a message that was handed out before the group kept keys.
     */
    void onReturned(int slot) {
        if (slot != NONE) {
            inFlight[slot]--;
        }
        stuck = false;
    }

    void onBackOff(int slot) {
        backingOff[slot]++;
    }

    void onBackOffEnd(int slot) {
        backingOff[slot]--;
        stuck = false;
    }

    /** Credit or membership changed, or something was deferred that somebody else may have. */
    void onRoomChanged() {
        stuck = false;
    }

    void defer(int slot, long offset) {
        if (deferred[slot] == NOTHING) {
            deferred[slot] = new RangeSet();
        }
        rangeCount -= deferred[slot].rangeCount();
        deferred[slot].add(offset);
        rangeCount += deferred[slot].rangeCount();
        occupied[slot >>> 6] |= 1L << slot;
        deferredCount++;
    }

    /** Answers whether it was deferred there. */
    boolean undefer(int slot, long offset) {
        if (slot == NONE || remove(slot, offset, offset + 1) == 0) {
            return false;
        }
        turn = slot + 1;
        stuck = false;
        return true;
    }

    /** Forgets what is deferred of {@code from} up to but not including {@code to}. */
    void forget(long from, long to) {
        for (int slot = 0; slot < SLOTS && deferredCount > 0; slot++) {
            if (remove(slot, from, to) > 0) {
                stuck = false;
            }
        }
    }

    private long remove(int slot, long from, long to) {
        RangeSet offsets = deferred[slot];
        if (offsets.isEmpty()) {
            return 0;
        }
        rangeCount -= offsets.rangeCount();
        long removed = offsets.removeRange(from, to);
        rangeCount += offsets.rangeCount();
        deferredCount -= removed;
        if (offsets.isEmpty()) {
            occupied[slot >>> 6] &= ~(1L << slot);
        }
        return removed;
    }

    /** Everything deferred goes over to {@code offsets}. */
    void moveTo(RangeSet offsets) {
        for (RangeSet ofSlot : deferred) {
            for (long from = ofSlot.first(); from != RangeSet.NONE; from = ofSlot.next(ofSlot.nextGap(from))) {
                offsets.addRange(from, ofSlot.nextGap(from));
            }
        }
        clear();
    }

    boolean isDeferred(long offset) {
        return Arrays.stream(deferred).anyMatch(offsets -> offsets.contains(offset));
    }

    /** A deferred offset that can be handed out now, slots in turn; or {@link #NONE}. */
    long next() {
        if (stuck) {
            return NONE;
        }
        drainWhereSomethingWaits();
        if (deferredCount == 0) {
            return NONE;
        }
        for (int slot = nextOccupied(turn), seen = 0; seen < SLOTS; seen++) {
            long offset = deferred[slot].first();
            if (memberFor(slot, offset) != NONE) {
                return offset;
            }
            if (waitingAlone == NONE && goesAlone.test(offset)) {
                waitingAlone = slot;
                drainWhereSomethingWaits();
            }
            int following = nextOccupied(slot + 1);
            seen += (following - slot - 1) & SLOTS - 1;
            slot = following;
        }
        stuck = true;
        return NONE;
    }

    /** The member of a slot whose next message goes alone gets nothing more until it is idle. */
    private void drainWhereSomethingWaits() {
        long first = waitingAlone == NONE ? NONE : deferred[waitingAlone].first();
        if (first == NONE || !goesAlone.test(first)) {
            waitingAlone = NONE;
        }
        members.drain(waitingAlone == NONE || backingOff[waitingAlone] > 0 ? NONE : holder(waitingAlone));
    }

    /** A deferred offset that {@code member} may take; or {@link #NONE}. */
    long nextFor(int member) {
        for (int slot = 0; slot < SLOTS && deferredCount > 0; slot++) {
            if (!deferred[slot].isEmpty() && mayTake(slot, deferred[slot].first(), member)) {
                return deferred[slot].first();
            }
        }
        return NONE;
    }

    /** The lowest deferred offset, or {@link #NONE}. */
    long first() {
        long lowest = NONE;
        for (int slot = 0; slot < SLOTS && deferredCount > 0; slot++) {
            long candidate = deferred[slot].first();
            if (candidate != NONE && (lowest == NONE || candidate < lowest)) {
                lowest = candidate;
            }
        }
        return lowest;
    }

    void clear() {
        Arrays.fill(owner, NONE);
        Arrays.fill(inFlight, 0);
        Arrays.fill(backingOff, 0);
        Arrays.fill(deferred, NOTHING);
        Arrays.fill(occupied, 0);
        deferredCount = 0;
        rangeCount = 0;
        waitingAlone = NONE;
        stuck = false;
    }

    /** Whether nothing of the slot that comes before {@code offset} still waits. */
    private boolean isNext(int slot, long offset) {
        long first = deferred[slot].first();
        return backingOff[slot] == 0 && (first == NONE || first >= offset);
    }

    /** The first slot with something deferred at or after {@code from}, around; there must be one. */
    private int nextOccupied(int from) {
        int word = from >>> 6 & occupied.length - 1;
        long bits = occupied[word] & -1L << from;
        while (bits == 0) {
            word = word + 1 & occupied.length - 1;
            bits = occupied[word];
        }
        return (word << 6) + Long.numberOfTrailingZeros(bits);
    }
}
