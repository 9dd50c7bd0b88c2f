package dev.recado.core.group;

import dev.recado.base.RangeSet;

/**
 * How leases end: what {@link PartitionGroup} says of ack, nack, reject, release, extension and expiry happens here.
 */
final class Settling {

    static final String REASON_MAX_DELIVERIES = "max-deliveries";

    private static final int NONE = -1;

    private final Members members;
    private final InHand inHand;
    private final Finished finished;
    private final GroupProgress progress;
    private final GroupTotals totals;

    Settling(InHand inHand, Finished finished, GroupProgress progress, GroupTotals totals) {
        this.members = inHand.members;
        this.inHand = inHand;
        this.finished = finished;
        this.progress = progress;
        this.totals = totals;
    }

    /** Whether {@code member} holds one of these offsets, both included. */
    boolean holdsAny(int member, long firstOffset, long lastOffset) {
        if (firstOffset == lastOffset) {
            return inHand.leaseOf(member, firstOffset) != NONE;
        }
        if (!members.isJoined(member)) {
            return false;
        }
        long first = members.held(member).next(Math.max(0, firstOffset));
        return first != RangeSet.NONE && first <= lastOffset;
    }

    int ack(int member, long firstOffset, long lastOffset) {
        inHand.hear(member);
        if (firstOffset == lastOffset) {
            return ackOne(member, firstOffset);
        }
        if (!members.isJoined(member) || firstOffset < 0 || lastOffset == Long.MAX_VALUE) {
            totals.onIgnoredAck();
            return 0;
        }
        RangeSet held = members.held(member);
        int count = 0;
        long from = held.next(firstOffset);
        while (from != RangeSet.NONE && from <= lastOffset) {
            long to = Math.min(held.nextGap(from), lastOffset + 1);
            for (long offset = from; offset < to; offset++) {
                int record = inHand.open.find(offset);
                inHand.endLease(record);
                inHand.open.remove(record);
            }
            finished.add(from, to);
            count += (int) (to - from);
            from = held.next(to);
        }
        if (count == 0) {
            totals.onIgnoredAck();
            return 0;
        }
        held.removeRange(firstOffset, lastOffset + 1);
        members.onReturned(member, count);
        totals.onAcked(count);
        return count;
    }

    private int ackOne(int member, long offset) {
        int record = held(member, offset);
        if (record == NONE) {
            return 0;
        }
        inHand.endLease(record);
        inHand.open.remove(record);
        members.held(member).remove(offset);
        members.onReturned(member, 1);
        finished.add(offset, offset + 1);
        totals.onAcked(1);
        return 1;
    }

    boolean nack(GroupSettings settings, int member, long offset, long delayMs, long nowMs) {
        inHand.hear(member);
        int record = held(member, offset);
        if (record == NONE) {
            return false;
        }
        int attempt = inHand.open.attempt[record];
        long delay = delayMs < 0 ? settings.backOffMs(attempt) : Math.min(delayMs, GroupSettings.DURATION_MAX_MS);
        comeBack(settings, record, delay, settings.nackCounts(), nowMs);
        return true;
    }

    boolean reject(GroupSettings settings, int member, long offset, String reason) {
        inHand.hear(member);
        int record = held(member, offset);
        if (record == NONE) {
            return false;
        }
        inHand.unlink(record);
        condemn(settings, record, DeathCause.REJECTED, reason);
        return true;
    }

    boolean release(GroupSettings settings, int member, long offset) {
        int record = held(member, offset);
        if (record == NONE) {
            return false;
        }
        inHand.unlink(record);
        inHand.open.attempt[record]--;
        progress.onAttempts(offset);
        if (inHand.isSpent(record)) {
            condemn(settings, record, DeathCause.DELIVERY_LIMIT, REASON_MAX_DELIVERIES);
        } else {
            inHand.makeDue(record);
        }
        return true;
    }

    boolean extend(int member, long offset, long ms, long nowMs) {
        inHand.hear(member);
        int record = held(member, offset);
        if (record == NONE) {
            return false;
        }
        if (inHand.open.deadline[record] != Long.MAX_VALUE) {
            inHand.leases.remove(record);
            inHand.open.deadline[record] = nowMs + Math.min(Math.max(0, ms), GroupSettings.DURATION_MAX_MS);
            inHand.leases.addOutOfOrder(record);
        }
        return true;
    }

    void expire(GroupSettings settings, long nowMs) {
        while (inHand.leases.firstDeadline() <= nowMs) {
            int record = inHand.leases.first();
            members.silence(inHand.open.member[record]);
            comeBack(settings, record, settings.backOffMs(inHand.open.attempt[record]), true, nowMs);
        }
    }

    void giveUpSpent(GroupSettings settings) {
        for (long offset : inHand.spent()) {
            condemn(settings, inHand.takeSpent(offset), DeathCause.DELIVERY_LIMIT, REASON_MAX_DELIVERIES);
            // The log may know of a wait.
            progress.onAttempts(offset);
        }
        inHand.onRoomChanged();
    }

    /** What a member that left still holds comes back. */
    void takeAllFrom(GroupSettings settings, int member, boolean counts, long nowMs) {
        RangeSet held = members.held(member);
        while (!held.isEmpty()) {
            comeBack(settings, inHand.open.find(held.first()), 0, counts, nowMs);
        }
    }

    /** Has {@code record}, which is in no other place, published elsewhere: its bytes count as given up at once. */
    void giveUp(int record, DeathCause cause) {
        inHand.open.tellBytes(record, 0);
        totals.onDeadLettered();
        // Passed, not handed out: without a word of it a start would count one delivery.
        progress.onAttempts(inHand.open.offset[record]);
        inHand.deathRow.condemn(record, cause, cause.word());
    }

    private int held(int member, long offset) {
        int record = inHand.leaseOf(member, offset);
        if (record == NONE) {
            totals.onIgnoredAck();
        }
        return record;
    }

    private void comeBack(GroupSettings settings, int record, long delayMs, boolean counts, long nowMs) {
        inHand.unlink(record);
        OpenOffsets open = inHand.open;
        if (!counts) {
            open.uncounted[record]++;
            progress.onAttempts(open.offset[record]);
        }
        if (inHand.isSpent(record)) {
            condemn(settings, record, DeathCause.DELIVERY_LIMIT, REASON_MAX_DELIVERIES);
        } else if (delayMs > 0) {
            inHand.backOff(record, (int) delayMs, nowMs + delayMs);
            progress.onAttempts(inHand.open.offset[record]);
        } else {
            inHand.makeDue(record);
        }
    }

    private void condemn(GroupSettings settings, int record, DeathCause cause, String reason) {
        totals.onDeadLettered();
        String target = settings.deadLetter();
        if (target != null && target.isEmpty()) {
            long offset = inHand.open.offset[record];
            inHand.open.remove(record);
            finished.add(offset, offset + 1);
        } else {
            inHand.deathRow.condemn(record, cause, reason);
        }
    }
}
