package dev.recado.core.group;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import java.util.function.LongUnaryOperator;

/**
 * One group on one partition: what is finished, who holds what, what comes next. A pure state machine of one owner; it
 * never sees a message, only offsets.
 *
 * <p>The caller hands out in a loop: {@link #next} names an offset without changing anything that matters, the caller
 * finds the message and then calls {@link #assign} (or {@link #finish}, where it is too old); as long as it does
 * neither, {@code next} names the same offset again. A pull is the same with {@link #pull} and {@link #assignTo}.
 *
 * <p>Times are monotonic milliseconds and never decrease, but for log times, which are named so: those of the shard's
 * log. Steady traffic allocates nothing. Bounds: {@link GroupNeeds#holdAtMost} and {@link #DYING_MAX}; the first holds
 * back messages that were never handed out, while redeliveries go on, since only they can make room.
 */
public final class PartitionGroup {

    public static final int NONE = -1;
    /** Version of what {@link #writeProgress} and {@link #writeState} write; 1 is read as well. */
    public static final int FORMAT_VERSION = 2;
    /** Offsets on their way to the dead-letter topic: beyond, they wait. */
    public static final int DYING_MAX = DeathRow.DYING_MAX;

    final Members members = new Members();
    final InHand inHand = new InHand(members);
    final Finished finished;
    private final GroupTotals totals = new GroupTotals();
    private final GroupProgress progress;
    final Settling settling;
    final HandingOut out;
    private GroupSettings settings;
    private long logStart;
    private long lastNowMs;

    /** A group that has finished everything below {@code floor} and nothing else. */
    public PartitionGroup(GroupSettings settings, long floor) {
        Check.that(floor >= 0, "negative floor", floor);
        this.settings = settings;
        finished = new Finished(floor);
        progress = new GroupProgress(finished, inHand, floor);
        settling = new Settling(inHand, finished, progress, totals);
        out = new HandingOut(settings, inHand, finished, progress, totals, floor);
    }

    /** Leases and back-offs that run keep their times. */
    public void alter(GroupSettings newSettings) {
        if ((newSettings.strategy() == Strategy.KEY_ORDERED) != (settings.strategy() == Strategy.KEY_ORDERED)) {
            progress.onWaits();
            forgetLevels();
        }
        settings = newSettings;
        out.alter(newSettings);
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
        inHand.deathRow.dispatch(effects);
    }

    public boolean isJoined(int member) {
        return members.isJoined(member);
    }

    /** Members that have not {@linkplain Seating#cease ceased}. */
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

    /**
     * A sign of life of a member: an acknowledgement or return of whatever it names, an extension, credit, a pull. Of
     * those that this group is told of it knows by itself. Answers whether the member was silent.
     */
    public boolean hear(int member) {
        return inHand.hear(member);
    }

    /** A lease of the member ended elsewhere, on another partition: see {@link #isSilent}. */
    public void silence(int member) {
        if (members.isJoined(member)) {
            members.silence(member);
            inHand.onRoomChanged();
        }
    }

    /**
     * Whether a lease of the member ended and nothing was heard of it since: until then it is handed nothing, unless it
     * is the only member. Its key slots and the active role pass on once it holds nothing more.
     */
    public boolean isSilent(int member) {
        return members.isSilent(member);
    }

    public int silentCount() {
        return members.silentCount();
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
        out.end = Math.max(out.end, endOffset);
    }

    /**
     * Everything below {@code offset} is gone: finished without an acknowledgement, now and after any reset or progress
     * that the log still holds from before.
     */
    public void onLogStart(long offset) {
        logStart = Math.max(logStart, offset);
        out.end = Math.max(out.end, logStart);
        finishBelow(logStart);
    }

    // Handing out

    /**
     * The offset to hand out next: the lowest due redelivery, else the first never handed out. {@link #NONE} where
     * there is none, nobody has room, or a bound is reached. A message whose next delivery would be its last goes to a
     * member that holds nothing, and that member is handed nothing more until it has settled it.
     */
    public long next(long nowMs) {
        return out.next(nowMs);
    }

    /**
     * Leases {@code offset}, which {@link #next} named, to the member that the strategy chooses, and answers that
     * member. {@link #NONE} where the member that has to get it has no room: a key-ordered group then keeps the offset
     * aside.
     *
     * @param keyHash hash of the message's key; who has no key may spread such messages by any number that stays
     */
    public int assign(long offset, int keyHash, long nowMs) {
        return out.assign(offset, keyHash, nowMs);
    }

    /**
     * The offset to hand to {@code member}, which asks for it and needs no credit; or {@link #NONE}, also while it
     * {@link LastChances#holdsAlone holds one that goes alone}.
     */
    public long pull(int member, long nowMs) {
        hear(member);
        return out.pull(member, nowMs);
    }

    /**
     * Leases {@code offset}, which {@link #pull} named, to {@code member}. Answers false where another member of a
     * key-ordered group works on its key: the offset is kept aside, and the caller pulls again.
     */
    public boolean assignTo(long offset, int member, int keyHash, long nowMs) {
        return out.assignTo(offset, member, keyHash, nowMs);
    }

    /** Deliveries of a message in hand so far, the present one included; 0 where the group has nothing on record. */
    public int attempt(long offset) {
        int record = inHand.open.find(offset);
        return record == NONE ? 0 : inHand.open.attempt[record];
    }

    // Settling

    /** Whether {@code member} holds one of these offsets, both included, or the last of them is finished. */
    public boolean holdsOrFinished(int member, long firstOffset, long lastOffset) {
        return settling.holdsAny(member, firstOffset, lastOffset) || finished.contains(lastOffset);
    }

    /**
     * Finishes what {@code member} holds of these offsets, both included, and answers how many. A range in which it
     * holds nothing is ignored and counted. Costs what it finishes, however wide the range.
     */
    public int ack(int member, long firstOffset, long lastOffset) {
        return settling.ack(member, firstOffset, lastOffset);
    }

    /**
     * Hands a message back to be delivered again after {@code delayMs}, at most 12 h, or the group's back-off where
     * that is -1; answers whether the member held it.
     */
    public boolean nack(int member, long offset, long delayMs, long nowMs, GroupEffects effects) {
        lastNowMs = nowMs;
        boolean held = settling.nack(settings, member, offset, delayMs, nowMs);
        inHand.deathRow.dispatch(effects);
        return held;
    }

    /** Sends a message to the dead-letter topic at once; answers whether the member held it. */
    public boolean reject(int member, long offset, String reason, long nowMs, GroupEffects effects) {
        lastNowMs = nowMs;
        boolean held = settling.reject(settings, member, offset, reason);
        inHand.deathRow.dispatch(effects);
        return held;
    }

    /** Takes back what did not reach the member: ready at once, and no attempt; answers whether the member held it. */
    public boolean release(int member, long offset, long nowMs) {
        return settling.release(settings, member, offset);
    }

    /** The lease now ends in {@code ms}, at most 12 h; answers whether the member held it. Endless leases stay so. */
    public boolean extend(int member, long offset, long ms, long nowMs) {
        return settling.extend(member, offset, ms, nowMs);
    }

    /**
     * The process that handed messages out is gone, without having taken back what it left with members: what had its
     * last delivery then is given up. What was to wait goes on waiting. Called once, behind the recovery.
     *
     * @param ageMs how old something is that was stamped with a log time
     */
    public void onRecovered(long nowMs, long logTimeMs, LongUnaryOperator ageMs, GroupEffects effects) {
        lastNowMs = nowMs;
        progress.startWaits(nowMs, logTimeMs, ageMs);
        giveUpSpent(effects);
    }

    /** What is to come again and had all deliveries that it may have, since these are fewer now, is given up. */
    public void giveUpSpent(GroupEffects effects) {
        settling.giveUpSpent(settings);
        inHand.deathRow.dispatch(effects);
    }

    /** What was stamped up to log time {@code fromMs} is older by {@code pauseMs} from now on: waits end sooner. */
    public void onPause(long fromMs, long pauseMs, long nowMs, long logTimeMs) {
        progress.onPause(fromMs, pauseMs, nowMs, logTimeMs);
    }

    /** Expired leases come back and silence their members, back-offs end, dead letters that waited go to the caller. */
    public void onTick(long nowMs, GroupEffects effects) {
        lastNowMs = nowMs;
        settling.expire(settings, nowMs);
        inHand.endBackOffs(nowMs);
        out.boundWaits(nowMs);
        inHand.deathRow.dispatch(effects);
    }

    /** When {@link #onTick} has something to do; {@link Long#MAX_VALUE} for never. */
    public long nextDeadlineMs() {
        long nearest = Math.min(inHand.leases.firstDeadline(), inHand.backOffs.firstDeadline());
        nearest = Math.min(nearest, members.deadlineMs());
        return inHand.deathRow.mayDie() ? Math.min(nearest, lastNowMs) : nearest;
    }

    /** The dead letter is stored: its source is finished, unless the group was reset meanwhile. */
    public void deadLetterDone(long offset) {
        if (inHand.deathRow.isDying(offset)) {
            finish(offset);
        }
    }

    /** The dead-letter topic refused: tried again after 100 ms, doubling to 10 s. */
    public void deadLetterRefused(long offset, long nowMs) {
        if (inHand.deathRow.isDying(offset)) {
            inHand.deathRow.delay(offset, nowMs);
        }
    }

    // Finishing without a holder

    /** Finishes one committed offset, whoever holds it; finishing twice is nothing. */
    public void finish(long offset) {
        Check.that(offset >= 0 && offset < out.end, "offset beyond end", offset, out.end);
        inHand.forget(offset, offset + 1);
        if (!finished.contains(offset)) {
            finished.add(offset, offset + 1);
        }
    }

    /** Finishes every offset below {@code offset}, which is at most the end. */
    public void finishBelow(long offset) {
        Check.that(offset <= out.end, "offset beyond end", offset, out.end);
        if (offset > finished.floor()) {
            inHand.forget(finished.floor(), offset);
            finished.add(finished.floor(), offset);
        }
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
        forgetLevels();
        out.cursor(to);
        out.end = Math.max(out.end, to);
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
     *
     * @param logTimeMs the shard's log time at {@code nowMs}
     */
    public void writeProgress(long nowMs, long logTimeMs, ByteWriter to) {
        progress.writeUntold(cursor(), nowMs, logTimeMs, to);
    }

    /**
     * Applies what {@link #writeProgress} wrote, to a group that hands nothing out (one in recovery, or a follower's).
     * Applying a sequence of progress a second time changes nothing. Bytes that do not hold together turn {@code
     * in.failed()} on and leave the group unusable.
     */
    public void applyProgress(int version, ByteReader in) {
        Check.that(inHand.leased == 0, "progress applied to a group with leases", inHand.leased);
        long resetTo = GroupProgress.readReset(in);
        if (resetTo != NONE) {
            reset(resetTo);
        }
        applyPosition(version, in);
    }

    /** Writes floor, ranges, cursor, attempts and waits: everything that outlives a restart. */
    public void writeState(long nowMs, long logTimeMs, ByteWriter to) {
        progress.writeAll(cursor(), nowMs, logTimeMs, to);
    }

    /** Reads what {@link #writeState} wrote; bytes that do not hold together turn {@code in.failed()} on. */
    public static PartitionGroup readState(GroupSettings settings, int version, ByteReader in) {
        PartitionGroup group = new PartitionGroup(settings, 0);
        group.reset(Finished.readOffset(in));
        group.applyPosition(version, in);
        return group;
    }

    private void applyPosition(int version, ByteReader in) {
        out.cursor(progress.apply(cursor(), version, in));
        out.cursor(cursor());
        out.end = Math.max(out.end, Math.max(cursor(), finished.end()));
        progress.markTold(cursor());
        forgetLevels();
    }

    private void forgetLevels() {
        if (inHand.levels != null) {
            inHand.levels.restart(floor());
        }
    }

    // Numbers

    /** Everything below is finished; the floor itself is not. */
    public long floor() {
        return finished.floor();
    }

    /** The lowest unfinished offset that was never looked at. */
    public long cursor() {
        return out.cursor();
    }

    public long end() {
        return out.end;
    }

    /** Committed and not finished. */
    public long backlog() {
        return out.end - finished.floor() - finished.aboveFloorCount();
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
        return inHand.deathRow.count();
    }

    public GroupTotals totals() {
        return totals;
    }
}
