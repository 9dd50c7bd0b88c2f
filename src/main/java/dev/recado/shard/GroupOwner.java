package dev.recado.shard;

import dev.recado.core.group.GroupEffects;
import dev.recado.core.group.GroupNeeds;
import dev.recado.core.group.PartitionGroup;
import dev.recado.core.group.Seating;
import dev.recado.core.topic.GroupDef;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One group on one partition: its members and what they do, its hand-outs, its dead letters. Owned by the partition's
 * loop.
 */
final class GroupOwner implements GroupEffects, GroupView {

    private final PartitionContext partition;
    private final PartitionGroup group;
    private final GroupNeeds needs;
    /** Made when the first is condemned. */
    private @Nullable DeadLetterPublisher deadLetters;

    private final GroupHold hold;
    private final Runnable onRoom = this::wake;
    private final Roster roster;
    /** Null until somebody has joined. */
    private @Nullable Serving serving;

    private GroupDef def;
    private long unusedSinceMs;
    private int joining;
    private int resetting;

    GroupOwner(PartitionContext partition, GroupDef def, PartitionGroup group) {
        this.partition = partition;
        this.def = def;
        this.group = group;
        this.roster = new Roster(handed());
        this.needs = new GroupNeeds(group);
        this.hold = new GroupHold(
                partition.view().heldShare(),
                partition.topic().name(),
                partition.partition().index(),
                needs);
        group.onEnd(partition.end());
        group.onLogStart(partition.logStart());
        this.unusedSinceMs = partition.view().time().monotonicMs();
    }

    @Override
    public PartitionGroup group() {
        return group;
    }

    @Override
    public GroupNeeds needs() {
        return needs;
    }

    @Override
    public GroupDef def() {
        return def;
    }

    /** Whether nothing new is handed out because of what the group keeps track of. */
    boolean isHeldBack() {
        return hold.isHeldBack();
    }

    @Override
    public PartitionContext partition() {
        return partition;
    }

    private Serving serving() {
        Serving now = serving;
        if (now == null) {
            now = new Serving(this, roster, onRoom);
            serving = now;
        }
        return now;
    }

    LoneDelivery alone() {
        return serving().alone();
    }

    Credits credits() {
        return serving().credits();
    }

    /** Members that have not ceased. */
    int memberCount() {
        return group.memberCount();
    }

    /** The same and those that are about to join. */
    int taken() {
        return group.memberCount() + joining;
    }

    /** Whether a member that has not ceased is there on condition that it is the only one. */
    boolean isExclusive() {
        return roster.hasExclusive();
    }

    /** Reserves a place for a member of an automatic group that joins in a moment, or gives it back. */
    void reserve(int places) {
        joining = Math.max(0, joining + places);
        partition.tickSoon(); // a topic that ends by itself may have waited for who does not come
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
        new Seating(group).prefer(slot, traits.priority());
        alone().onJoin(member);
        if (roster.count() == 1) {
            serving().handOut().passOver();
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
            endReading();
            handed().forget(onRoom);
        }
        group.leave(slot, vanished, now(), this);
        onProgress();
        wake();
        if (def.isReader()) {
            partition.endReader(this);
        }
    }

    /** The member is handed nothing more, and what it holds stays with it until it leaves. */
    void cease(Member member) {
        new Seating(group).cease(member.slot());
        member.cease();
        wake();
    }

    @Nullable
    Member member(int slot) {
        return roster.get(slot);
    }

    void forEachMember(Consumer<Member> action) {
        roster.forEach(action);
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
        if (partition.inMemoryOnly() || def.isReader()) {
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

    @Override
    public boolean resetting() {
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
        if (member.onWritten(bytes, serving().handOut().handedMax())) {
            group.pauseMember(member.slot(), false);
            wake();
        }
    }

    /** See {@link Pullers#pull}. */
    void pull(Member member, long ticket) {
        serving().pulls().pull(member, ticket);
    }

    void finish(long offset) {
        group.finish(offset);
        onProgress();
    }

    /** A dead letter has found its place, or there is none for it. */
    void onDeadLettered(long offset) {
        group.deadLetterDone(offset);
        onProgress();
        wake();
        if (group.deadLettering() == 0) {
            partition.endIfOver();
        }
    }

    /** See {@link DeadLetterPublisher#drain}. */
    void drainDeadLetters(Runnable task) {
        deadLetters().drain(task);
    }

    void onDeadLetterRefused(long offset) {
        group.deadLetterRefused(offset, now());
        wake();
    }

    @Override
    public void deadLetter(long offset, int attempts, String reason) {
        deadLetters().send(offset, attempts, reason);
    }

    private DeadLetterPublisher deadLetters() {
        DeadLetterPublisher publisher = deadLetters;
        if (publisher == null) {
            publisher = new DeadLetterPublisher(this);
            deadLetters = publisher;
        }
        return publisher;
    }

    void onProgress() {
        if (!partition.inMemoryOnly() && !def.isReader() && group.progressDirty()) {
            partition.shard().progress().mark(this);
        }
    }

    void wake() {
        partition.markDirty();
    }

    HandedShare handed() {
        return partition.memory().handed();
    }

    void onTick(long nowMs) {
        endWhoIsInTheWay(nowMs);
        if (hold.goesOn(def, nowMs)) {
            wake();
        }
        if (serving != null && !handed().isWaiting(onRoom) && !serving.handOut().isWaiting()) {
            serving.finder().makeRoom();
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

    /** When {@link #onTick} has something to do, where nothing happens to the partition before. */
    long dueMs() {
        boolean hasFresh = serving != null && serving.finder().isFresh();
        if (hasFresh || hold.isWatched(roster.count() > 0)) {
            return DueTimes.NEXT_TICK;
        }
        return Math.min(group.nextDeadlineMs(), roster.dueMs(group));
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
        if (roster.count() > 0) {
            Serving now = serving();
            serveWaiting(now);
            hold.count();
            long nowMs = now();
            boolean isSpent = now.handOut().turn(nowMs);
            now.alone().settle();
            now.turnTimer().look(nowMs);
            roster.forEach(now.credits()::note);
            now.handOut().handOver();
            if (isSpent) {
                wake();
            }
            roster.tellOfWaiting(group, partition.partition().index(), nowMs);
        }
    }

    /** Pulls that came while their member held a message that goes alone, and partitions that wait for a member. */
    private void serveWaiting(Serving now) {
        roster.forEach(member -> {
            now.credits().withdraw(member);
            if (member.pulls() && !member.isPaused() && !now.alone().isHeldBy(member)) {
                member.runLater();
            }
            if (group.inFlight(member.slot()) == 0) {
                member.onEmpty();
            }
        });
    }

    /** Messages may have left memory: none shall stay because it was looked at last. */
    void letGo() {
        if (serving != null) {
            serving.finder().letGo();
        }
    }

    private void endReading() {
        if (serving != null) {
            serving.finder().release();
            serving.handOut().release();
        }
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
        endReading();
        roster.forEach(member -> member.port().end(reason));
        roster.clear();
    }
}
