package dev.recado.core.group;

import dev.recado.base.Check;
import dev.recado.base.RangeSet;
import java.util.function.IntConsumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The offsets that a group has handed out or passed and not finished, each in exactly one place:
 *
 * <pre>
 * LEASED         in a member's hands, in the queue of leases
 * BACKING_OFF    came back, in the heap of back-offs
 * DUE            ready again, in the set of due offsets; after a restart without a record; or, where the next delivery
 *                is the last that it may have, in the set of those that go alone
 * DEFERRED       ready, in its key slot; without a record where it was never delivered
 * DEATH_ROW      to be dead-lettered, in the set of the condemned
 * DYING          with the caller
 * DEATH_DELAYED  refused by the dead-letter topic, in the heap of back-offs
 * </pre>
 *
 * The last three are with {@link DeathRow}. Where messages have levels, {@link Levels} has what is due too. What has no
 * record was delivered once, or never where it is {@link #untried}.
 */
final class InHand {

    static final int NONE = -1;
    /** What a range of a set costs, with what is empty around it. */
    static final int RANGE_BYTES = 24;

    final OpenOffsets open = new OpenOffsets();
    final LeaseQueue leases = new LeaseQueue(open);
    final DeadlineHeap backOffs = new DeadlineHeap(open);
    final RangeSet due = new RangeSet();
    /** Found to go alone while they were due, all with a record; empty in a key-ordered group. */
    final RangeSet lastChance = new RangeSet();

    final DeathRow deathRow = new DeathRow(open, backOffs);
    /** Of what is due or deferred without a record, what was never delivered. */
    final Untried untried = new Untried();

    final Members members;
    /** Null unless the group is key-ordered. */
    @Nullable
    KeySlots slots;

    /** Null unless messages are handed out by their level. */
    @Nullable
    Levels levels;

    int leased;
    private int maxDeliveries;
    /** Whether something here may be spent: nobody has looked since the limit is what it is. */
    private boolean maybeSpent = true;

    InHand(Members members) {
        this.members = members;
    }

    /** How many offsets are here. */
    long count() {
        return leased + waiting() + due.count() + lastChance.count() + deferredCount() + deathRow.count();
    }

    /** About how much memory all of that takes. */
    long heldBytes() {
        int ranges = due.rangeCount() + lastChance.rangeCount() + deathRow.rangeCount() + untried.rangeCount();
        ranges += (slots == null ? 0 : slots.rangeCount()) + Levels.rangesOf(levels);
        return (long) open.size() * OpenOffsets.RECORD_BYTES + (long) ranges * RANGE_BYTES;
    }

    /** After how many deliveries a message that comes back is given up, 0 for never. */
    void maxDeliveries(int max) {
        maybeSpent |= max != maxDeliveries;
        maxDeliveries = max;
        for (long from = lastChance.first(); from != NONE; from = lastChance.first()) {
            long to = lastChance.nextGap(from);
            due.addRange(from, to);
            lastChance.removeRange(from, to);
        }
        if (levels != null) {
            levels.joinAlone();
        }
    }

    /**
     * Whether the next delivery of an offset that was handed out before is the last that it may have. Where there is
     * but one, every message has its last at once, and there would be nobody to spare.
     */
    boolean goesAlone(long offset) {
        return maxDeliveries > 1 && counted(offset) >= maxDeliveries - 1;
    }

    /** Deliveries that count. */
    private int counted(long offset) {
        int record = open.find(offset);
        if (record == NONE) {
            return untried.contains(offset) ? 0 : 1;
        }
        return open.attempt[record] - open.uncounted[record];
    }

    /** Puts what goes alone aside from the beginning of what is due: see {@link #lastChance}. */
    void sortOutLastChances() {
        for (long offset = firstDue(); offset != NONE && goesAlone(offset); offset = firstDue()) {
            int record = takeReady(offset, NONE);
            open.state[record] = OpenOffsets.DUE;
            lastChance.add(offset);
            if (levels != null) {
                levels.onAlone(open.level(record), offset);
            }
        }
    }

    /** What is due and comes first, or {@link #NONE}: the lowest offset, of the highest level where there are any. */
    long firstDue() {
        return levels == null || slots != null ? due.first() : levels.ready.first();
    }

    /** The same of what goes alone. */
    long firstAlone() {
        return levels == null ? lastChance.first() : levels.alone.first();
    }

    /** Whether the first that goes alone comes before everything else that is due. */
    boolean isLastChanceNext() {
        return levels != null
                ? levels.isAloneNext()
                : !lastChance.isEmpty() && (due.isEmpty() || lastChance.first() < due.first());
    }

    /** Whether the message of a record had all deliveries that it may have. */
    boolean isSpent(int record) {
        return maxDeliveries > 0 && open.attempt[record] - open.uncounted[record] >= maxDeliveries;
    }

    /**
     * What is to be handed out again, now or later, although it had all deliveries that it may have: after a restart,
     * or since the limit is lower. Looks once for each of these.
     */
    long[] spent() {
        boolean look = maybeSpent && maxDeliveries > 0;
        maybeSpent = false;
        if (!look) {
            return new long[0];
        }
        LongStream recorded = LongStream.of(open.sortedOffsets()).filter(offset -> comesAgain(open.find(offset)));
        if (maxDeliveries > 1) {
            return recorded.filter(offset -> isSpent(open.find(offset))).toArray();
        }
        LongStream others = LongStream.iterate(due.first(), offset -> offset != NONE, offset -> due.next(offset + 1))
                .filter(offset -> open.find(offset) == NONE && counted(offset) > 0);
        return LongStream.concat(recorded.filter(offset -> isSpent(open.find(offset))), others)
                .toArray();
    }

    private boolean comesAgain(int record) {
        byte state = open.state[record];
        return state == OpenOffsets.DUE || state == OpenOffsets.DEFERRED || state == OpenOffsets.BACKING_OFF;
    }

    /** Takes one of {@link #spent} out of its place; answers its record. */
    int takeSpent(long offset) {
        int record = open.find(offset);
        if (record == NONE) {
            return takeReady(offset, NONE);
        }
        unlink(record);
        return record;
    }

    int waiting() {
        return backOffs.size() - deathRow.delayedCount();
    }

    long deferredCount() {
        return slots == null ? 0 : slots.deferredCount();
    }

    /** Takes an offset that is due, or deferred in {@code keySlot}, out of its place; answers its record. */
    int takeReady(long offset, int keySlot) {
        int record = open.find(offset);
        if (record == NONE) {
            if (!due.remove(offset)) {
                Check.that(slots != null && slots.undefer(keySlot, offset), "offset is not to be handed out", offset);
            }
            record = open.add(offset);
            open.attempt[record] = untried.remove(offset) ? 0 : 1;
            if (levels != null) {
                open.level(record, levels.remove(offset));
            }
            return record;
        }
        byte state = open.state[record];
        Check.that(state == OpenOffsets.DUE || state == OpenOffsets.DEFERRED, "offset is not ready", offset, state);
        unlink(record);
        return record;
    }

    void lease(int record, int member, long deadlineMs) {
        open.state[record] = OpenOffsets.LEASED;
        open.member[record] = member;
        open.attempt[record]++;
        open.deadline[record] = deadlineMs;
        leases.add(record);
        leased++;
        members.onTaken(member, open.offset[record]);
        if (slots != null && open.keySlot[record] != NONE) {
            slots.onTaken(open.keySlot[record], member);
        }
    }

    /** The lowest offset that is due or deferred, or {@link #NONE}. */
    long firstReady() {
        long first = lower(due.first(), lastChance.first());
        return slots == null ? first : lower(first, slots.first());
    }

    private static long lower(long one, long other) {
        return one == NONE || other != NONE && other < one ? other : one;
    }

    /** The key slot of a record, which is that of the key it came with first. */
    int keySlot(int record, int keyHash) {
        if (open.keySlot[record] == NONE) {
            open.keySlot[record] = (short) KeySlots.slotOf(keyHash);
        }
        return open.keySlot[record];
    }

    /** The record of the lease that {@code member} has on {@code offset}, or {@link #NONE}. */
    int leaseOf(int member, long offset) {
        int record = open.find(offset);
        boolean held = record != NONE && open.state[record] == OpenOffsets.LEASED && open.member[record] == member;
        return held ? record : NONE;
    }

    void makeDue(int record) {
        open.state[record] = OpenOffsets.DUE;
        due.add(open.offset[record]);
        if (levels != null) {
            levels.onDue(open.level(record), open.offset[record]);
        }
    }

    void keepLevels(Levels newLevels) {
        levels = newLevels;
        open.keepLevels();
    }

    void defer(int record, KeySlots keySlots) {
        long offset = open.offset[record];
        keySlots.defer(open.keySlot[record], offset);
        if (open.attempt[record] == 0) {
            untried.add(offset, open.removeUnfinished(record));
        } else {
            open.state[record] = OpenOffsets.DEFERRED;
        }
    }

    /** Waits until {@code untilMs}, {@code delayMs} in all. */
    void backOff(int record, int delayMs, long untilMs) {
        open.state[record] = OpenOffsets.BACKING_OFF;
        open.deadline[record] = untilMs;
        open.after[record] = delayMs;
        backOffs.add(record);
        if (slots != null && open.keySlot[record] != NONE) {
            slots.onBackOff(open.keySlot[record]);
        }
    }

    /** A sign of life of a member; answers whether it was silent. */
    boolean hear(int member) {
        boolean wasSilent = members.hear(member);
        if (wasSilent) {
            onRoomChanged();
        }
        return wasSilent;
    }

    /** Credit, membership or what is deferred changed. */
    void onRoomChanged() {
        if (slots != null) {
            slots.onRoomChanged();
        }
    }

    /** Back-offs that are over become due, or condemned again. */
    void endBackOffs(long nowMs) {
        while (backOffs.firstDeadline() <= nowMs) {
            int record = backOffs.first();
            boolean death = open.state[record] == OpenOffsets.DEATH_DELAYED;
            unlink(record);
            if (death) {
                deathRow.waitForCaller(record);
            } else {
                makeDue(record);
            }
        }
    }

    /** Takes a record out of the place where its state says that it is; the record itself stays. */
    void unlink(int record) {
        long offset = open.offset[record];
        switch (open.state[record]) {
            case OpenOffsets.LEASED -> {
                int member = open.member[record];
                members.held(member).remove(offset);
                members.onReturned(member, 1);
                endLease(record);
            }
            case OpenOffsets.BACKING_OFF -> {
                backOffs.remove(record);
                if (slots != null && open.keySlot[record] != NONE) {
                    slots.onBackOffEnd(open.keySlot[record]);
                }
            }
            case OpenOffsets.DUE -> {
                if (!due.remove(offset)) {
                    lastChance.remove(offset);
                }
                if (levels != null) {
                    levels.remove(offset);
                }
            }
            case OpenOffsets.DEFERRED -> {
                if (slots != null) {
                    slots.undefer(open.keySlot[record], offset);
                }
            }
            default -> deathRow.unlink(record);
        }
    }

    /** The lease of {@code record} is over; the member's side of it is the caller's to do. */
    void endLease(int record) {
        leases.remove(record);
        leased--;
        if (slots != null) {
            slots.onReturned(open.keySlot[record]);
        }
    }

    /** Forgets whatever is here of {@code from} up to but not including {@code to}; cost follows what is here. */
    void forget(long from, long to) {
        forEachRecord(from, to, record -> {
            unlink(record);
            open.remove(record);
        });
        due.removeRange(from, to);
        if (levels != null) {
            levels.removeRange(from, to);
        }
        if (untried.settle(from, to) > 0 && slots != null) {
            slots.forget(from, to);
        }
    }

    private void forEachRecord(long from, long to, IntConsumer action) {
        if (to - from <= open.capacity()) {
            for (long offset = from; offset < to; offset++) {
                int record = open.find(offset);
                if (record != NONE) {
                    action.accept(record);
                }
            }
        } else {
            for (int record = 0; record < open.capacity(); record++) {
                if (open.offset[record] >= from && open.offset[record] < to) {
                    action.accept(record);
                }
            }
        }
    }

    /** The log says that what is here of {@code from} up to but not including {@code to} was never delivered. */
    void setUntried(long from, long to) {
        forEachRecord(from, to, record -> {
            unlink(record);
            due.add(open.offset[record]);
            open.removeUnfinished(record);
        });
        for (long at = due.next(from); at != NONE && at < to; at = due.next(due.nextGap(at))) {
            untried.addRange(at, Math.min(to, due.nextGap(at)));
        }
    }

    /** The record of an offset that the log speaks of, out of its place; {@link #NONE} where it is not here. */
    int recovered(long offset) {
        int record = open.find(offset);
        if (record != NONE) {
            unlink(record);
        } else if (due.remove(offset)) {
            untried.remove(offset);
            record = open.add(offset);
        }
        return record;
    }

    /** Lets {@code change} give other deadlines to the records that back off. */
    void changeWaits(IntConsumer change) {
        for (int record = 0; record < open.capacity() && waiting() > 0; record++) {
            if (open.offset[record] != NONE && open.state[record] == OpenOffsets.BACKING_OFF) {
                backOffs.remove(record);
                change.accept(record);
                backOffs.add(record);
            }
        }
    }

    void clear() {
        open.clear();
        leases.clear();
        backOffs.clear();
        due.clear();
        lastChance.clear();
        deathRow.clear();
        untried.clear();
        members.forgetHeld();
        if (slots != null) {
            slots.clear();
        }
        leased = 0;
    }

    /** Begins or ends key order; what is in flight at that moment belongs to no slot. */
    void setKeyOrdered(boolean keyOrdered) {
        if (keyOrdered == (slots != null)) {
            return;
        }
        for (int record = 0; record < open.capacity(); record++) {
            if (open.offset[record] != NONE) {
                if (open.state[record] == OpenOffsets.DEFERRED) {
                    makeDue(record);
                }
                open.keySlot[record] = NONE;
            }
        }
        if (slots != null) {
            slots.moveTo(due);
        }
        slots = keyOrdered ? new KeySlots(members, this::goesAlone) : null;
    }
}
