package dev.recado.core.group;

import dev.recado.base.Check;

/**
 * What a group hands out next and to whom: what {@link PartitionGroup} says of next, assign and pull happens here.
 *
 * <p>A message whose next delivery is the last that it may have is handed out alone: to a member that holds nothing,
 * which gets nothing more meanwhile. A message that ends its consumers thereby takes no others with it.
 */
final class HandingOut {

    private static final int NONE = -1;
    /** How long somebody drains where leases have no end. */
    private static final long DRAIN_MS = 30_000;

    private final Members members;
    private final LoneChoice loneChoice;
    private final InHand inHand;
    private final Finished finished;
    private final GroupProgress progress;
    private final GroupTotals totals;
    private GroupSettings settings;
    /** May lag behind what was finished without being handed out: {@link #cursor()} does not. */
    private long cursor;

    long end;
    /** Memory that the group may take for what it has in hand and for what it has finished above the floor. */
    long heldBytesMax = Long.MAX_VALUE;

    HandingOut(
            GroupSettings settings,
            InHand inHand,
            Finished finished,
            GroupProgress progress,
            GroupTotals totals,
            long cursor) {
        this.members = inHand.members;
        this.loneChoice = new LoneChoice(members);
        this.inHand = inHand;
        this.finished = finished;
        this.progress = progress;
        this.totals = totals;
        this.settings = settings;
        this.cursor = cursor;
        this.end = cursor;
        alter(settings);
    }

    void alter(GroupSettings newSettings) {
        settings = newSettings;
        members.drain(NONE);
        inHand.maxDeliveries(newSettings.maxDeliveries());
        inHand.setKeyOrdered(newSettings.strategy() == Strategy.KEY_ORDERED);
        inHand.onRoomChanged();
    }

    /** The lowest unfinished offset that was never looked at. */
    long cursor() {
        return finished.nextUnfinished(cursor);
    }

    void cursor(long offset) {
        cursor = offset;
    }

    /**
     * Who is to become idle for a message that goes alone is not waited for longer than a lease, and whose turn it is
     * no longer than {@link TurnAllowance} says.
     */
    void boundWaits(long nowMs) {
        if (members.boundWaits(nowMs, settings.leaseMs() == 0 ? DRAIN_MS : settings.leaseMs())) {
            inHand.onRoomChanged();
        }
    }

    long next(long nowMs) {
        inHand.endBackOffs(nowMs);
        boundWaits(nowMs);
        KeySlots slots = inHand.slots;
        if (slots != null) {
            return nextOf(slots);
        }
        if (!isSorted()) {
            return NONE;
        }
        inHand.sortOutLastChances();
        if (!inHand.isLastChanceNext()) {
            members.drain(NONE);
        } else if (loneChoice.idle(settings.strategy()) != NONE) {
            return inHand.firstAlone();
        } else {
            loneChoice.drainAny(settings.strategy());
        }
        if (!members.anyHasRoom(settings.strategy())) {
            return NONE;
        }
        long offset = nextReady();
        if (offset == NONE && cursor >= end) {
            members.keptTurn.rest();
        }
        boolean kept = offset != NONE && settings.strategy() == Strategy.ROUND_ROBIN && members.keepsTurn(nowMs);
        return kept ? NONE : offset;
    }

    /** Whether the level of all that may be handed out is known, or messages have none. */
    private boolean isSorted() {
        Levels levels = inHand.levels;
        return levels == null || levels.full || finished.nextUnfinished(levels.known) >= end;
    }

    private long nextReady() {
        if (inHand.levels == null) {
            return inHand.due.isEmpty() ? nextFresh() : inHand.due.first();
        }
        long offset = inHand.firstDue();
        // Somebody settles what is leased, and only that makes room.
        boolean waits = isAtBound() && inHand.leased > 0 && inHand.untried.contains(offset);
        return waits ? NONE : offset;
    }

    private long nextOf(KeySlots slots) {
        boolean anyRoom = members.anyHasRoom(settings.strategy());
        if (anyRoom && !inHand.due.isEmpty()) {
            return inHand.due.first();
        }
        if (!anyRoom && members.lone.draining() == NONE) {
            return NONE;
        }
        long deferred = slots.next();
        // Somebody may have begun to drain by that, or need not any more.
        anyRoom = members.anyHasRoom(settings.strategy());
        if (anyRoom && !inHand.due.isEmpty()) {
            return inHand.due.first();
        }
        return deferred != NONE || !anyRoom ? deferred : nextFresh();
    }

    int assign(long offset, int keyHash, long nowMs) {
        KeySlots slots = inHand.slots;
        boolean alone = offset != cursor && inHand.goesAlone(offset);
        if (slots != null) {
            int record = take(offset, keyHash);
            int member = slots.memberFor(inHand.keySlot(record, keyHash), offset);
            leaseOrDefer(record, member, alone, slots, nowMs);
            return member;
        }
        int member = alone ? loneChoice.idle(settings.strategy()) : members.choose(settings.strategy());
        if (member != NONE) {
            lease(take(offset, keyHash), member, alone, nowMs);
        }
        return member;
    }

    long pull(int member, long nowMs) {
        inHand.endBackOffs(nowMs);
        if (!members.mayPull(member, settings.strategy())) {
            return NONE;
        }
        KeySlots slots = inHand.slots;
        if (slots == null) {
            if (!isSorted()) {
                return NONE;
            }
            inHand.sortOutLastChances();
            if (inHand.isLastChanceNext() && members.inFlight(member) == 0) {
                return inHand.firstAlone();
            }
            return nextReady();
        }
        if (!inHand.due.isEmpty()) {
            return inHand.due.first();
        }
        long deferred = slots.nextFor(member);
        return deferred != NONE ? deferred : nextFresh();
    }

    boolean assignTo(long offset, int member, int keyHash, long nowMs) {
        Check.that(members.isJoined(member), "member not joined", member);
        boolean alone = offset != cursor && inHand.goesAlone(offset);
        int record = take(offset, keyHash);
        KeySlots slots = inHand.slots;
        if (slots == null) {
            lease(record, member, alone, nowMs);
            return true;
        }
        boolean may = slots.mayTake(inHand.keySlot(record, keyHash), offset, member);
        leaseOrDefer(record, may ? member : NONE, alone, slots, nowMs);
        inHand.onRoomChanged();
        return may;
    }

    private long nextFresh() {
        cursor = cursor();
        return cursor >= end || isAtBound() ? NONE : cursor;
    }

    /** About how much memory goes into what is in hand and what is finished above the floor. */
    long heldBytes() {
        return inHand.heldBytes() + (long) finished.rangeCount() * InHand.RANGE_BYTES;
    }

    boolean isAtBound() {
        long bytes = heldBytes();
        return bytes > 0 && bytes >= heldBytesMax;
    }

    private int take(long offset, int keyHash) {
        if (offset != cursor) {
            int record = inHand.takeReady(offset, KeySlots.slotOf(keyHash));
            if (inHand.open.attempt[record] == 0) {
                // The log was told of none, and there may be one in a moment.
                progress.onAttempts(offset);
            }
            return record;
        }
        Check.that(offset < end && !finished.contains(offset), "offset not readable", offset, end);
        cursor++;
        return inHand.open.add(offset);
    }

    /** The message at the cursor waits with those that were handed out before, and is known not to have been. */
    void pass(long offset, int bytes) {
        cursor = offset + 1;
        inHand.due.add(offset);
        inHand.untried.add(offset, bytes);
        progress.onAttempts(offset);
    }

    /** Takes what is ready, the message at the cursor or one that came back, out of its place; answers its record. */
    int takeReady(long offset) {
        if (offset != cursor()) {
            return takeReadyAgain(offset);
        }
        Check.that(offset < end, "offset not readable", offset, end);
        cursor = offset + 1;
        return inHand.open.add(offset);
    }

    /** Its key is not known, which says in which slot it is. */
    private int takeReadyAgain(long offset) {
        KeySlots slots = inHand.slots;
        if (inHand.open.find(offset) == NONE && slots != null && !inHand.due.contains(offset)) {
            slots.forget(offset, offset + 1);
            inHand.due.add(offset);
        }
        return inHand.takeReady(offset, NONE);
    }

    private void leaseOrDefer(int record, int member, boolean alone, KeySlots slots, long nowMs) {
        if (member != NONE) {
            lease(record, member, alone, nowMs);
            return;
        }
        if (inHand.open.attempt[record] == 0) {
            // Passed, not handed out: without a word of it a start would count one delivery.
            progress.onAttempts(inHand.open.offset[record]);
        }
        inHand.defer(record, slots);
    }

    private void lease(int record, int member, boolean alone, long nowMs) {
        inHand.lease(record, member, settings.leaseMs() == 0 ? Long.MAX_VALUE : nowMs + settings.leaseMs());
        boolean again = inHand.open.attempt[record] > 1;
        totals.onDelivered(again);
        if (alone) {
            members.onTakenAlone(member);
        }
        if (again) {
            progress.onAttempts(inHand.open.offset[record]);
        }
    }

    /** The oldest that is ready, of the lowest level where there are any; or {@link #NONE}. */
    long oldestReady() {
        if (inHand.levels != null && inHand.slots == null) {
            return inHand.levels.least();
        }
        cursor = cursor();
        long oldest = cursor < end ? cursor : NONE;
        long again = inHand.firstReady();
        return again != NONE && (oldest == NONE || again < oldest) ? again : oldest;
    }
}
