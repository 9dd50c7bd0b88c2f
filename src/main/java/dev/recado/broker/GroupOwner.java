package dev.recado.broker;

import dev.recado.core.group.GroupEffects;
import dev.recado.core.group.GroupNeeds;
import dev.recado.core.group.PartitionGroup;
import dev.recado.core.group.Strategy;
import dev.recado.core.message.MessageView;
import dev.recado.core.topic.GroupDef;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One group on one partition: finds the messages that {@link PartitionGroup} wants to hand out, in memory or in
 * segments, and gathers them into one delivery list per member and turn. Owned by the partition's loop.
 */
final class GroupOwner implements GroupEffects {

    /** Bytes that one group hands out in one turn before others, publishers among them, get theirs. */
    private static final long TURN_BYTES_MAX = 256 * 1024;
    /** What a step costs that hands nothing out: every step ends the turn in the end. */
    private static final long STEP_BYTES = 64;

    private final PartitionOwner partition;
    private final PartitionGroup group;
    private final GroupNeeds needs;
    private final Finder finder;
    private final DeadLetterDesk deadLetters;
    private final AloneDesk alone;
    private final GroupHold hold;
    private final TurnTimer turnTimer;
    private final MessageView view = new MessageView();
    private final List<Member> touched = new ArrayList<>();
    private final Runnable onRoom = this::wake;
    private final PullDesk pulls;
    private final Roster roster;
    private final CreditDesk credits;
    private final long handedMax;
    private GroupDef def;
    private long unusedSinceMs;
    private int joining;
    private int resetting;

    GroupOwner(PartitionOwner partition, GroupDef def, PartitionGroup group) {
        this.partition = partition;
        this.def = def;
        this.group = group;
        this.roster = new Roster(handed());
        this.handedMax = partition.view().settings().handedBytesMax();
        this.needs = new GroupNeeds(group);
        this.hold = new GroupHold(partition, needs);
        this.turnTimer = new TurnTimer(partition.shard().loop(), needs, this::wake);
        group.onEnd(partition.end());
        group.onLogStart(partition.logStart());
        this.finder = new Finder(partition, this::wake);
        this.pulls = new PullDesk(this, finder);
        this.deadLetters = new DeadLetterDesk(this);
        this.alone = new AloneDesk(this, roster);
        this.credits = new CreditDesk(this);
        this.unusedSinceMs = partition.view().time().monotonicMs();
    }

    PartitionGroup group() {
        return group;
    }

    GroupNeeds needs() {
        return needs;
    }

    GroupDef def() {
        return def;
    }

    /** Whether nothing new is handed out because of what the group keeps track of. */
    boolean isHeldBack() {
        return hold.isHeldBack();
    }

    PartitionOwner partition() {
        return partition;
    }

    AloneDesk alone() {
        return alone;
    }

    CreditDesk credits() {
        return credits;
    }

    int memberCount() {
        return roster.count();
    }

    /** Members that joined or are about to. */
    int taken() {
        return roster.count() + joining;
    }

    /** Reserves a place for a member of an automatic group that joins in a moment. */
    void reserve(int places) {
        joining = Math.max(0, joining + places);
    }

    /** Monotonic time since which nobody is in the group, or -1. */
    long unusedSinceMs() {
        return roster.count() > 0 ? -1 : unusedSinceMs;
    }

    /** Lets a subscription of {@code session} in. */
    MemberId join(MemberPort port, Receipts session, MemberTraits traits) {
        Member member = roster.add(port, session, traits);
        int slot = member.slot();
        group.join(slot, 0);
        if (traits.trails()) {
            group.trails(slot);
        } else if (traits.partitions() > 1) {
            group.share(slot);
        }
        wake();
        return new MemberId(partition.partition().id(), def.id(), slot, member.number());
    }

    /** {@code vanished}: the member did not say goodbye, so what it held counts as a failed attempt. */
    void leave(int slot, boolean vanished) {
        if (member(slot) == null) {
            return;
        }
        roster.remove(slot);
        unusedSinceMs = now();
        if (roster.count() == 0) {
            finder.release();
            handed().forget(onRoom);
        }
        group.leave(slot, vanished, now(), this);
        onProgress();
        wake();
    }

    @Nullable
    Member member(int slot) {
        return roster.get(slot);
    }

    /** The member, if it is still there. */
    @Nullable
    Member member(MemberId id) {
        Member member = roster.get(id.slot());
        return member != null && member.number() == id.number() ? member : null;
    }

    void onEnd(long end) {
        group.onEnd(end);
    }

    void onLogStart(long logStart) {
        group.onLogStart(logStart);
        onProgress();
    }

    void onDefChanged(GroupDef changed) {
        def = changed;
        group.alter(changed.settings());
        wake();
    }

    /** {@code ranges} are pairs of first and last offset. */
    void ack(Member member, long... ranges) {
        hear(member);
        int acked = 0;
        for (int i = 0; i < ranges.length; i += 2) {
            acked += group.ack(member.slot(), ranges[i], ranges[i + 1]);
        }
        if (acked > 0) {
            onProgress();
        }
        wake();
    }

    /** Runs {@code task} once what is finished now is as durable as this group's progress ever gets. */
    void whenDurable(Runnable task) {
        if (partition.inMemoryOnly()) {
            task.run();
        } else {
            partition.shard().progress().writeDurably(task);
        }
    }

    void nack(Member member, long offset, long delayMs) {
        hear(member);
        group.nack(member.slot(), offset, delayMs, now(), this);
        onProgress();
        wake();
    }

    void reject(Member member, long offset, String reason) {
        hear(member);
        group.reject(member.slot(), offset, reason, now(), this);
        wake();
    }

    boolean extend(Member member, long offset, long ms) {
        hear(member);
        return group.extend(member.slot(), offset, ms, now());
    }

    /** The member gave a sign of life, to this partition or to another one of its subscription. */
    void hear(Member member) {
        if (group.hear(member.slot())) {
            if (member.silenceTold(false)) {
                member.port().onHeard();
            }
            wake();
        }
    }

    /** A lease of the subscription ended on another partition. */
    void silence(Member member) {
        group.silence(member.slot());
        member.silenceTold(true);
        wake();
    }

    /** A move of the group is on its way to the disk: until it is there, no progress of the old place may follow it. */
    void resetting(int change) {
        resetting += change;
    }

    boolean resetting() {
        return resetting > 0;
    }

    /** Moves the group; what members hold is forgotten. */
    void reset(long offset) {
        group.reset(offset);
        group.onEnd(partition.end());
        onProgress();
        wake();
    }

    void onWritten(Member member, long bytes) {
        if (member.onWritten(bytes, handedMax)) {
            group.pauseMember(member.slot(), false);
            wake();
        }
    }

    /** See {@link PullDesk#pull}. */
    void pull(Member member, long ticket) {
        pulls.pull(member, ticket);
    }

    void finish(long offset) {
        group.finish(offset);
        onProgress();
    }

    /** The message lived for longer than it may. */
    void expire(long offset) {
        partition.backlog().onExpired(1);
        finish(offset);
    }

    /** A dead letter has found its place, or none was wanted. */
    void onDeadLettered(long offset) {
        partition.shard().loop().counters().deadLettered++;
        group.deadLetterDone(offset);
        onProgress();
        wake();
    }

    /** See {@link DeadLetterDesk#drain}. */
    void drainDeadLetters(Runnable task) {
        deadLetters.drain(task);
    }

    void onDeadLetterRefused(long offset) {
        group.deadLetterRefused(offset, now());
        wake();
    }

    @Override
    public void deadLetter(long offset, int attempts, String reason) {
        deadLetters.send(offset, attempts, reason);
    }

    void onProgress() {
        if (!partition.inMemoryOnly() && group.progressDirty()) {
            partition.shard().progress().mark(this);
        }
    }

    void wake() {
        partition.markDirty();
    }

    /** Whether the message that was found may be handed out; else the group's turn comes again once it may. */
    boolean mayHand() {
        return handed().mayHand(finder.cursor().run().bytes(), finder.cursor().length(), onRoom);
    }

    HandedShare handed() {
        return partition.memory().handed();
    }

    void onTick(long nowMs) {
        endWhoIsInTheWay(nowMs);
        if (hold.goesOn(def, nowMs)) {
            wake();
        }
        if (!handed().isWaiting(onRoom)) {
            finder.makeRoom();
        }
        if (group.nextDeadlineMs() <= nowMs) {
            group.onTick(nowMs, this);
            roster.tellSilence(group, partition.partition().index());
            onProgress();
            wake();
        } else if (roster.count() > 0) {
            roster.tellOfWaiting(group, partition.partition().index(), nowMs);
        }
    }

    /** Others wait for the memory of large messages that a member does not take. */
    private void endWhoIsInTheWay(long nowMs) {
        roster.forEach(member -> {
            if (member.isInTheWay(nowMs)) {
                member.port().end("slow");
                leave(member.slot(), true);
            }
        });
    }

    /** Behind the recovery: what the process that ended handed out may have had its last delivery. */
    void onRecovered() {
        ShardClock clock = partition.shard().clock();
        group.onRecovered(now(), clock.nowMs(), clock::ageMs, this);
        onProgress();
    }

    /** The log's clock counts a pause from now on: see {@link PartitionGroup#onPause}. */
    void onPause(long fromMs, long pauseMs) {
        group.onPause(fromMs, pauseMs, now(), partition.shard().clock().nowMs());
        wake();
    }

    /** The broker stops: what members hold returns without counting, and nothing more is handed out. */
    void returnAll() {
        roster.forEach(member -> leave(member.slot(), false));
    }

    /** Hands out what may go, in the end of the shard's turn. */
    void onTurn() {
        if (roster.count() == 0) {
            return;
        }
        serveWaiting();
        hold.count();
        long nowMs = now();
        boolean keyed = def.settings().strategy() == Strategy.KEY_ORDERED;
        long budget = TURN_BYTES_MAX;
        while (budget > 0) {
            long offset = group.next(nowMs);
            if (offset == PartitionGroup.NONE || partition.holdsBack(this, offset)) {
                break;
            }
            Finder.Outcome outcome = finder.seek(offset);
            if (outcome == Finder.Outcome.LATER || outcome == Finder.Outcome.DAMAGED) {
                break;
            }
            if (outcome == Finder.Outcome.MISSING) {
                finish(offset);
                budget -= STEP_BYTES;
            } else if (isExpired()) {
                expire(offset);
                budget -= STEP_BYTES;
            } else {
                if (!mayHand()) {
                    break;
                }
                int handed = assign(offset, keyed ? finder.cursor().keyHash(view, offset) : 0, nowMs);
                if (handed == 0) {
                    handed().handBack(
                                    finder.cursor().run().bytes(),
                                    finder.cursor().length());
                }
                budget -= handed == 0 ? STEP_BYTES : handed;
            }
        }
        alone.settle();
        turnTimer.look(nowMs);
        roster.forEach(credits::note);
        handOver();
        if (budget <= 0) {
            wake();
        }
        roster.tellOfWaiting(group, partition.partition().index(), nowMs);
    }

    /** Pulls that came while their member held a message that goes alone, and partitions that wait for a member. */
    private void serveWaiting() {
        roster.forEach(member -> {
            credits.withdraw(member);
            if (member.pulls() && !member.isPaused() && !group.holdsAlone(member.slot())) {
                member.runLater();
            }
            if (group.inFlight(member.slot()) == 0) {
                member.onEmpty();
            }
        });
    }

    private int assign(long offset, int keyHash, long nowMs) {
        int slot = group.assign(offset, keyHash, nowMs);
        if (slot == PartitionGroup.NONE) {
            needs.passed(offset, finder.cursor().length());
            return 0;
        }
        Member member = Objects.requireNonNull(member(slot));
        DeliveryBatch batch = member.batch(partition.partition().index());
        if (batch.size() == 0) {
            touched.add(member);
        }
        int length = addTo(batch, offset);
        if (member.onHanded(finder.cursor().run().bytes(), length, handedMax)) {
            group.pauseMember(slot, true);
        }
        return length;
    }

    int addTo(DeliveryBatch batch, long offset) {
        MessageCursor cursor = finder.cursor();
        int length = cursor.length();
        batch.add(cursor.run(), cursor.position(), length, offset, needs.handed(offset, length));
        LoopCounters counters = partition.shard().loop().counters();
        counters.delivered++;
        counters.deliveredBytes += length;
        return length;
    }

    private void handOver() {
        for (Member member : touched) {
            DeliveryBatch batch = member.takeBatch();
            if (batch != null) {
                member.port().deliver(batch);
            }
        }
        if (!touched.isEmpty()) {
            onProgress();
            touched.clear();
        }
    }

    boolean isExpired() {
        long ttlMs = finder.cursor().ttlMs(view, partition.topic().settings().ttlMs());
        return partition.shard().clock().isOver(finder.cursor().run().logTimeMs(), ttlMs);
    }

    /** Messages may have left memory: none shall stay because it was looked at last. */
    void letGo() {
        finder.letGo();
    }

    long now() {
        return partition.view().time().monotonicMs();
    }

    /** Ends every subscription and keeps the group. */
    void sendAway(String reason) {
        roster.forEach(member -> {
            member.port().end(reason);
            leave(member.slot(), false);
        });
    }

    void close(String reason) {
        partition.shard().progress().forget(this);
        handed().forget(onRoom);
        hold.end();
        finder.release();
        roster.forEach(member -> member.port().end(reason));
        roster.clear();
    }
}
