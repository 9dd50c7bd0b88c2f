package dev.recado.core.group;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.Check;

/**
 * One group on one partition: what is finished, who holds what, what comes next. A pure state machine of one owner; it
 * never sees a message, only offsets.
 *
 * <p>The caller hands out in a loop: {@link #next} names an offset without changing anything that matters, the caller
 * finds the message and then calls {@link #assign} (or {@link #finish}, where it is too old); as long as it does
 * neither, {@code next} names the same offset again. A pull is the same with {@link #pull} and {@link #assignTo}.
 *
 * <p>Times are monotonic milliseconds and never decrease. Steady traffic allocates nothing. Bounds: {@link
 * #IN_HAND_MAX}, {@link #DONE_RANGES_MAX}, {@link #DEFERRED_MAX}, {@link #DYING_MAX}; the first three hold back
 * messages that were never handed out, while redeliveries go on, since only they can make room.
 */
public final class PartitionGroup {

    public static final int NONE = -1;
    /** Offsets handed out or passed and not finished: beyond, nothing new is handed out. */
    public static final int IN_HAND_MAX = 1_000_000;
    /** Finished ranges above the floor: beyond, nothing new is handed out. */
    public static final int DONE_RANGES_MAX = 65_536;
    /** Messages passed because the member of their key slot had no room: beyond, nothing new is looked at. */
    public static final int DEFERRED_MAX = 16_384;
    /** Offsets on their way to the dead-letter topic: beyond, they wait. */
    public static final int DYING_MAX = InHand.DYING_MAX;

    private final Members members = new Members();
    final InHand inHand = new InHand(members);
    final Finished finished;
    private final GroupProgress progress;
    private final Settling settling;
    private GroupSettings settings;
    /** May lag behind what was finished without being handed out: {@link #cursor()} does not. */
    private long cursor;

    private long logStart;
    private long end;
    private long lastNowMs;
    private long deliveredTotal;
    private long redeliveredTotal;

    /** A group that has finished everything below {@code floor} and nothing else. */
    public PartitionGroup(GroupSettings settings, long floor) {
        Check.that(floor >= 0, "negative floor", floor);
        this.settings = settings;
        finished = new Finished(floor);
        progress = new GroupProgress(finished, inHand, floor);
        settling = new Settling(members, inHand, finished, progress);
        cursor = floor;
        end = floor;
        inHand.setKeyOrdered(settings.strategy() == Strategy.KEY_ORDERED);
    }

    /** Leases and back-offs that run keep their times. */
    public void alter(GroupSettings newSettings) {
        settings = newSettings;
        inHand.setKeyOrdered(newSettings.strategy() == Strategy.KEY_ORDERED);
    }

    public GroupSettings settings() {
        return settings;
    }

    /**
     * A member joins at the end of the ring.
     *
     * @param member a small number that nobody who is joined has
     * @param credit how many unsettled messages it may hold; 0 for one that pulls
     */
    public void join(int member, int credit) {
        members.join(member, credit);
        inHand.onRoomChanged();
    }

    /** What a member that goes holds is due at once; an attempt counts where it {@code vanished}. */
    public void leave(int member, boolean vanished, long nowMs, GroupEffects effects) {
        Check.that(members.isJoined(member), "member not joined", member);
        lastNowMs = nowMs;
        members.leave(member);
        settling.takeAllFrom(settings, member, vanished, nowMs);
        inHand.onRoomChanged();
        inHand.dispatchDeaths(effects);
    }

    public boolean isJoined(int member) {
        return members.isJoined(member);
    }

    public int memberCount() {
        return members.count();
    }

    /** A negative {@code delta} revokes unused credit only; answers how much was taken away, from 0. */
    public int addCredit(int member, int delta) {
        if (!members.isJoined(member)) {
            return 0;
        }
        int taken = members.addCredit(member, delta);
        inHand.onRoomChanged();
        return taken;
    }

    /** A paused member is handed nothing; what it holds stays. */
    public void pauseMember(int member, boolean paused) {
        if (members.isJoined(member)) {
            members.pause(member, paused);
            inHand.onRoomChanged();
        }
    }

    public int inFlight(int member) {
        return members.inFlight(member);
    }

    public int credit(int member) {
        return members.credit(member);
    }

    public int freeCredit(int member) {
        return members.freeCredit(member);
    }

    // The readable log

    /** The committed end grew; offsets below it may be handed out. */
    public void onEnd(long endOffset) {
        end = Math.max(end, endOffset);
    }

    /**
     * Everything below {@code offset} is gone: finished without an acknowledgement, now and after any reset or progress
     * that the log still holds from before.
     */
    public void onLogStart(long offset) {
        logStart = Math.max(logStart, offset);
        end = Math.max(end, logStart);
        finishBelow(logStart);
    }

    // Handing out

    /**
     * The offset to hand out next: the lowest due redelivery, else the first never handed out. {@link #NONE} where
     * there is none, nobody has room, or a bound is reached.
     */
    public long next(long nowMs) {
        inHand.endBackOffs(nowMs);
        if (!members.anyHasRoom(settings.strategy())) {
            return NONE;
        }
        if (!inHand.due.isEmpty()) {
            return inHand.due.first();
        }
        KeySlots slots = inHand.slots;
        long deferred = slots == null ? NONE : slots.next();
        return deferred != NONE ? deferred : nextFresh();
    }

    /**
     * Leases {@code offset}, which {@link #next} named, to the member that the strategy chooses, and answers that
     * member. {@link #NONE} where the member that has to get it has no room: a key-ordered group then keeps the offset
     * aside.
     *
     * @param keyHash hash of the message's key; who has no key may spread such messages by any number
     */
    public int assign(long offset, int keyHash, long nowMs) {
        KeySlots slots = inHand.slots;
        if (slots != null) {
            int record = take(offset);
            int slot = inHand.keySlot(record, keyHash);
            int member = slots.memberFor(slot, offset);
            leaseOrDefer(record, member, slots, nowMs);
            return member;
        }
        int member = members.choose(settings.strategy());
        if (member != NONE) {
            lease(take(offset), member, nowMs);
        }
        return member;
    }

    /** The offset to hand to {@code member}, which asks for it and needs no credit; or {@link #NONE}. */
    public long pull(int member, long nowMs) {
        inHand.endBackOffs(nowMs);
        if (!members.mayPull(member, settings.strategy())) {
            return NONE;
        }
        if (!inHand.due.isEmpty()) {
            return inHand.due.first();
        }
        KeySlots slots = inHand.slots;
        long deferred = slots == null ? NONE : slots.nextFor(member);
        return deferred != NONE ? deferred : nextFresh();
    }

    /**
     * Leases {@code offset}, which {@link #pull} named, to {@code member}. Answers false where another member of a
     * key-ordered group works on its key: the offset is kept aside, and the caller pulls again.
     */
    public boolean assignTo(long offset, int member, int keyHash, long nowMs) {
        Check.that(members.isJoined(member), "member not joined", member);
        int record = take(offset);
        KeySlots slots = inHand.slots;
        if (slots == null) {
            lease(record, member, nowMs);
            return true;
        }
        boolean may = slots.mayTake(inHand.keySlot(record, keyHash), offset, member);
        leaseOrDefer(record, may ? member : NONE, slots, nowMs);
        inHand.onRoomChanged();
        return may;
    }

    /** Deliveries of a message in hand so far, the present one included; 0 where the group has nothing on record. */
    public int attempt(long offset) {
        int record = inHand.open.find(offset);
        return record == NONE ? 0 : inHand.open.attempt[record];
    }

    private long nextFresh() {
        cursor = cursor();
        boolean held = cursor >= end
                || inHand.count() >= IN_HAND_MAX
                || inHand.deferredCount() >= DEFERRED_MAX
                || pausedByRanges();
        return held ? NONE : cursor;
    }

    private int take(long offset) {
        if (offset != cursor) {
            return inHand.takeReady(offset);
        }
        Check.that(offset < end && !finished.contains(offset), "offset not readable", offset, end);
        cursor++;
        return inHand.open.add(offset);
    }

    private void leaseOrDefer(int record, int member, KeySlots slots, long nowMs) {
        if (member == NONE) {
            inHand.defer(record, slots);
        } else {
            lease(record, member, nowMs);
        }
    }

    private void lease(int record, int member, long nowMs) {
        inHand.lease(record, member, settings.leaseMs() == 0 ? Long.MAX_VALUE : nowMs + settings.leaseMs());
        deliveredTotal++;
        if (inHand.open.attempt[record] > 1) {
            redeliveredTotal++;
            progress.onAttempts(inHand.open.offset[record]);
        }
    }

    // Settling

    /**
     * Finishes what {@code member} holds of these offsets, both included, and answers how many. A range in which it
     * holds nothing is ignored and counted. Costs what it finishes, however wide the range.
     */
    public int ack(int member, long firstOffset, long lastOffset) {
        return settling.ack(member, firstOffset, lastOffset);
    }

    /**
     * Hands a message back to be delivered again after a while.
     *
     * @param delayMs at most 12 h; -1 for the group's back-off
     * @return whether the member held it
     */
    public boolean nack(int member, long offset, long delayMs, long nowMs, GroupEffects effects) {
        lastNowMs = nowMs;
        boolean held = settling.nack(settings, member, offset, delayMs, nowMs);
        inHand.dispatchDeaths(effects);
        return held;
    }

    /** Sends a message to the dead-letter topic at once; answers whether the member held it. */
    public boolean reject(int member, long offset, String reason, long nowMs, GroupEffects effects) {
        lastNowMs = nowMs;
        boolean held = settling.reject(settings, member, offset, reason);
        inHand.dispatchDeaths(effects);
        return held;
    }

    /** Takes back what did not reach the member: ready at once, and no attempt; answers whether the member held it. */
    public boolean release(int member, long offset, long nowMs) {
        return settling.release(member, offset);
    }

    /** The lease now ends in {@code ms}, at most 12 h; answers whether the member held it. Endless leases stay so. */
    public boolean extend(int member, long offset, long ms, long nowMs) {
        return settling.extend(member, offset, ms, nowMs);
    }

    /** Expired leases come back, back-offs end, dead letters that waited go to the caller. */
    public void onTick(long nowMs, GroupEffects effects) {
        lastNowMs = nowMs;
        settling.expire(settings, nowMs);
        inHand.endBackOffs(nowMs);
        inHand.dispatchDeaths(effects);
    }

    /** When {@link #onTick} has something to do; {@link Long#MAX_VALUE} for never. */
    public long nextDeadlineMs() {
        long nearest = Math.min(inHand.leases.firstDeadline(), inHand.backOffs.firstDeadline());
        return inHand.mayDie() ? Math.min(nearest, lastNowMs) : nearest;
    }

    /** The dead letter is stored: its source is finished, unless the group was reset meanwhile. */
    public void deadLetterDone(long offset) {
        if (inHand.isDying(offset)) {
            finish(offset);
        }
    }

    /** The dead-letter topic refused: tried again after 100 ms, doubling to 10 s. */
    public void deadLetterRefused(long offset, long nowMs) {
        if (inHand.isDying(offset)) {
            inHand.delayDeath(offset, nowMs);
        }
    }

    // Finishing without a holder

    /** Finishes one committed offset, whoever holds it; finishing twice is nothing. */
    public void finish(long offset) {
        Check.that(offset >= 0 && offset < end, "offset beyond end", offset, end);
        inHand.forget(offset, offset + 1);
        if (!finished.contains(offset)) {
            finished.add(offset, offset + 1);
        }
    }

    /** Finishes every offset below {@code offset}, which is at most the end. */
    public void finishBelow(long offset) {
        Check.that(offset <= end, "offset beyond end", offset, end);
        if (offset > finished.floor()) {
            inHand.forget(finished.floor(), offset);
            finished.add(finished.floor(), offset);
        }
    }

    /** Finishes the oldest message that is ready, and answers its offset, or {@link #NONE}. */
    public long dropOldest() {
        cursor = cursor();
        long oldest = cursor < end ? cursor : NONE;
        long again = inHand.firstReady();
        oldest = again != NONE && (oldest == NONE || again < oldest) ? again : oldest;
        if (oldest != NONE) {
            finish(oldest);
        }
        return oldest;
    }

    /**
     * Moves the group to {@code offset}, forward or back, but not below the log start: nothing from there on is
     * finished, leases are forgotten.
     */
    public void reset(long offset) {
        Check.that(offset >= 0, "negative offset", offset);
        long to = Math.max(offset, logStart);
        inHand.clear();
        finished.reset(to);
        progress.onReset(to);
        cursor = to;
        end = Math.max(end, to);
    }

    public boolean isFinished(long offset) {
        return finished.contains(offset);
    }

    // Progress and state

    /** Whether the log does not know everything that it should: call {@link #writeProgress} until this is false. */
    public boolean progressDirty() {
        return progress.isUntold(cursor());
    }

    /**
     * Writes what the log does not know, at most about 150 KB, which then counts as known: see {@link #progressDirty}.
     */
    public void writeProgress(ByteWriter out) {
        progress.writeUntold(cursor(), out);
    }

    /**
     * Applies what {@link #writeProgress} wrote, to a group that hands nothing out (one in recovery, or a follower's).
     * Applying a sequence of progress a second time changes nothing. Bytes that do not hold together turn {@code
     * in.failed()} on and leave the group unusable.
     */
    public void applyProgress(ByteReader in) {
        Check.that(inHand.leased == 0, "progress applied to a group with leases", inHand.leased);
        long resetTo = GroupProgress.readReset(in);
        if (resetTo != NONE) {
            reset(resetTo);
        }
        applyPosition(in);
    }

    /** Writes floor, ranges, cursor and attempts: everything that outlives a restart. */
    public void writeState(ByteWriter out) {
        progress.writeAll(cursor(), out);
    }

    /** Reads what {@link #writeState} wrote; bytes that do not hold together turn {@code in.failed()} on. */
    public static PartitionGroup readState(GroupSettings settings, ByteReader in) {
        PartitionGroup group = new PartitionGroup(settings, 0);
        group.reset(Finished.readOffset(in));
        group.applyPosition(in);
        return group;
    }

    private void applyPosition(ByteReader in) {
        cursor = progress.apply(cursor(), in);
        cursor = cursor();
        end = Math.max(end, Math.max(cursor, finished.end()));
        progress.markTold(cursor);
    }

    // Numbers

    /** Everything below is finished; the floor itself is not. */
    public long floor() {
        return finished.floor();
    }

    /** The lowest unfinished offset that was never looked at. */
    public long cursor() {
        return finished.nextUnfinished(cursor);
    }

    public long end() {
        return end;
    }

    /** Committed and not finished. */
    public long backlog() {
        return end - finished.floor() - finished.aboveFloorCount();
    }

    /** Of the backlog, what is neither leased nor backing off nor on its way to the dead-letter topic. */
    public long ready() {
        return backlog() - leased() - waiting() - deadLettering();
    }

    public int leased() {
        return inHand.leased;
    }

    /** Messages that came back and wait for their back-off to end. */
    public int waiting() {
        return inHand.waiting();
    }

    /** Messages on their way to the dead-letter topic. */
    public int deadLettering() {
        return inHand.deadLettering();
    }

    /** Ready messages kept aside because the member of their key slot has no room. */
    public int deferred() {
        return inHand.deferredCount();
    }

    public long deliveredTotal() {
        return deliveredTotal;
    }

    /** Of the deliveries, those that were not a message's first. */
    public long redeliveredTotal() {
        return redeliveredTotal;
    }

    public long ackedTotal() {
        return settling.ackedTotal;
    }

    /** Acks, nacks and the like of something that the member did not hold. */
    public long ignoredAcksTotal() {
        return settling.ignoredAcksTotal;
    }

    /** Messages given up for the dead-letter topic. */
    public long deadLetteredTotal() {
        return settling.deadLetteredTotal;
    }

    /** Whether so many finished ranges lie above the floor that nothing new is handed out. */
    public boolean pausedByRanges() {
        return finished.rangeCount() >= DONE_RANGES_MAX;
    }
}
