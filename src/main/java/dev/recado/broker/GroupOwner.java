package dev.recado.broker;

import dev.recado.core.group.GroupEffects;
import dev.recado.core.group.PartitionGroup;
import dev.recado.core.group.Strategy;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.MessageView;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.GroupDef;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
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

    private static final int PULL_STEPS_MAX = 4_096;

    private final PartitionOwner partition;
    private final PartitionGroup group;
    private final Finder finder;
    private final DeadLetterDesk deadLetters;
    private final MessageView view = new MessageView();
    private final List<Member> touched = new ArrayList<>();
    private final Runnable onRoom = this::wake;
    /** Pulls whose message waits for room among what is handed over. */
    private final ArrayDeque<Runnable> waitingPulls = new ArrayDeque<>();

    private @Nullable Member[] members = new Member[4];
    private int memberCount;
    private GroupDef def;
    private long unusedSinceMs;
    private int joining;
    private int resetting;

    GroupOwner(PartitionOwner partition, GroupDef def, PartitionGroup group) {
        this.partition = partition;
        this.def = def;
        this.group = group;
        group.onEnd(partition.end());
        group.onLogStart(partition.logStart());
        this.finder = new Finder(partition, this::onFound);
        this.deadLetters = new DeadLetterDesk(this);
        this.unusedSinceMs = partition.node().time().monotonicMs();
    }

    PartitionGroup group() {
        return group;
    }

    GroupDef def() {
        return def;
    }

    PartitionOwner partition() {
        return partition;
    }

    int memberCount() {
        return memberCount;
    }

    /** Members that joined or are about to. */
    int taken() {
        return memberCount + joining;
    }

    /** Reserves a place for a member of an automatic group that joins in a moment. */
    void reserve(int places) {
        joining = Math.max(0, joining + places);
    }

    /** Monotonic time since which nobody is in the group, or -1. */
    long unusedSinceMs() {
        return memberCount > 0 ? -1 : unusedSinceMs;
    }

    /** Lets a subscription in and answers its slot. */
    int join(LoopSubscription subscription, int credit, boolean pulls) {
        int slot = freeSlot();
        members[slot] = new Member(subscription, slot, pulls, handed());
        memberCount++;
        group.join(slot, pulls ? 0 : credit);
        wake();
        return slot;
    }

    private int freeSlot() {
        for (int slot = 0; slot < members.length; slot++) {
            if (members[slot] == null) {
                return slot;
            }
        }
        members = Arrays.copyOf(members, members.length * 2);
        return members.length / 2;
    }

    /** {@code vanished}: the member did not say goodbye, so what it held counts as a failed attempt. */
    void leave(int slot, boolean vanished) {
        Member leaving = member(slot);
        if (leaving == null) {
            return;
        }
        leaving.end();
        members[slot] = null;
        memberCount--;
        unusedSinceMs = now();
        if (memberCount == 0) {
            finder.release();
            handed().forget(onRoom);
        }
        group.leave(slot, vanished, now(), this);
        onProgress();
        wake();
    }

    /** As {@link #leave} where {@code subscription} is still the one in that slot. */
    void leave(int slot, LoopSubscription subscription) {
        Member member = member(slot);
        if (member != null && member.subscription() == subscription) {
            leave(slot, true);
        }
    }

    @Nullable
    Member member(int slot) {
        return slot < members.length ? members[slot] : null;
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

    void ack(int slot, long firstOffset, long lastOffset) {
        if (group.ack(slot, firstOffset, lastOffset) > 0) {
            onProgress();
        }
        wake();
    }

    /** As {@link #ack}; {@code onDurable} runs once that is as durable as this group's progress ever gets. */
    void ackDurably(int slot, long offset, Runnable onDurable) {
        ack(slot, offset, offset);
        if (partition.inMemoryOnly()) {
            onDurable.run();
        } else {
            partition.shard().progress().writeDurably(onDurable);
        }
    }

    void nack(int slot, long offset, long delayMs) {
        group.nack(slot, offset, delayMs, now(), this);
        onProgress();
        wake();
    }

    void reject(int slot, long offset, String reason) {
        group.reject(slot, offset, reason, now(), this);
        wake();
    }

    boolean extend(int slot, long offset, long ms) {
        return group.extend(slot, offset, ms, now());
    }

    void addCredit(int slot, int messages) {
        Member member = member(slot);
        if (member != null) {
            group.addCredit(slot, messages);
            wake();
        }
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

    /** Gives up half of the credit that {@code slot} does not use (at least one) and answers how much that is. */
    int lend(int slot) {
        int free = member(slot) == null ? 0 : group.freeCredit(slot);
        return free == 0 || group.ready() > 0 ? 0 : group.addCredit(slot, -Math.max(1, free / 2));
    }

    void onWritten(int slot, long bytes) {
        Member member = member(slot);
        if (member != null
                && member.onWritten(bytes, partition.node().settings().handedBytesMax())) {
            group.pauseMember(slot, false);
            wake();
        }
    }

    /** Leases one message to a pulling member and brings it, or null where none is ready; maybe later. */
    void pull(int slot, Consumer<@Nullable DeliveryBatch> then) {
        Member member = member(slot);
        if (member == null) {
            return;
        }
        long offset = group.pull(slot, now());
        for (int step = 0; offset != PartitionGroup.NONE; step++) {
            if (step == PULL_STEPS_MAX) {
                partition.shard().loop().execute(() -> pull(slot, then));
                return;
            }
            Finder.Outcome outcome = finder.seek(offset);
            if (outcome == Finder.Outcome.LATER) {
                finder.whenFound(() -> pull(slot, then));
                return;
            }
            if (outcome == Finder.Outcome.DAMAGED) {
                break;
            }
            if (outcome == Finder.Outcome.FOUND && !isExpired()) {
                if (!handed().mayHand(finder.cursor().length(), onRoom)) {
                    waitingPulls.add(() -> pull(slot, then));
                    return;
                }
                boolean keyed = def.settings().strategy() == Strategy.KEY_ORDERED;
                if (!group.assignTo(offset, slot, keyed ? keyHash(offset) : 0, now())) {
                    handed().handBack(finder.cursor().length());
                    offset = group.pull(slot, now());
                    continue;
                }
                DeliveryBatch batch = new DeliveryBatch(partition.partition().index(), 1);
                member.onHanded(addTo(batch, offset), Long.MAX_VALUE);
                then.accept(batch);
                onProgress();
                return;
            }
            finish(offset);
            offset = group.pull(slot, now());
        }
        member.shallNotify(0, now());
        then.accept(null);
    }

    private void finish(long offset) {
        group.finish(offset);
        onProgress();
    }

    /** A dead letter has found its place, or none was wanted. */
    void onDeadLettered(long offset) {
        partition.shard().loop().counters().deadLettered++;
        group.deadLetterDone(offset);
        onProgress();
        wake();
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

    private void wake() {
        partition.markDirty();
    }

    private HandedShare handed() {
        return partition.memory().handed();
    }

    private void onFound() {
        wake();
    }

    void onTick(long nowMs) {
        endWhoIsInTheWay(nowMs);
        if (group.nextDeadlineMs() <= nowMs) {
            group.onTick(nowMs, this);
            onProgress();
            wake();
        } else if (memberCount > 0) {
            tellMembers(nowMs);
        }
    }

    /** Others wait for the memory of large messages that a member does not take. */
    private void endWhoIsInTheWay(long nowMs) {
        for (int slot = 0; slot < members.length; slot++) {
            Member member = members[slot];
            if (member != null && member.isInTheWay(nowMs)) {
                member.subscription().end("slow");
                leave(slot, true);
            }
        }
    }

    /** Hands out what may go, in the end of the shard's turn. */
    void onTurn() {
        for (int pulls = waitingPulls.size(); pulls > 0; pulls--) {
            waitingPulls.remove().run();
        }
        if (memberCount == 0) {
            return;
        }
        long nowMs = now();
        boolean keyed = def.settings().strategy() == Strategy.KEY_ORDERED;
        long budget = TURN_BYTES_MAX;
        while (budget > 0) {
            long offset = group.next(nowMs);
            if (offset == PartitionGroup.NONE) {
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
                partition.shard().loop().counters().expired++;
                finish(offset);
                budget -= STEP_BYTES;
            } else {
                if (!handed().mayHand(finder.cursor().length(), onRoom)) {
                    break;
                }
                int handed = assign(offset, keyed ? keyHash(offset) : 0, nowMs);
                if (handed == 0) {
                    handed().handBack(finder.cursor().length());
                }
                budget -= handed == 0 ? STEP_BYTES : handed;
            }
        }
        handOver();
        if (budget <= 0) {
            wake();
        }
        tellMembers(nowMs);
    }

    private int assign(long offset, int keyHash, long nowMs) {
        int slot = group.assign(offset, keyHash, nowMs);
        if (slot == PartitionGroup.NONE) {
            return 0;
        }
        Member member = Objects.requireNonNull(member(slot));
        DeliveryBatch batch = member.batch(partition.partition().index());
        if (batch.size() == 0) {
            touched.add(member);
        }
        int length = addTo(batch, offset);
        if (member.onHanded(length, partition.node().settings().handedBytesMax())) {
            group.pauseMember(slot, true);
        }
        return length;
    }

    private int addTo(DeliveryBatch batch, long offset) {
        MessageCursor cursor = finder.cursor();
        int length = cursor.length();
        batch.add(cursor.run(), cursor.position(), length, offset, group.attempt(offset));
        LoopCounters counters = partition.shard().loop().counters();
        counters.delivered++;
        counters.deliveredBytes += length;
        return length;
    }

    private void handOver() {
        for (Member member : touched) {
            DeliveryBatch batch = member.takeBatch();
            if (batch != null) {
                member.subscription().deliver(batch);
            }
        }
        if (!touched.isEmpty()) {
            onProgress();
            touched.clear();
        }
    }

    private void tellMembers(long nowMs) {
        for (Member member : members) {
            if (member == null) {
                continue;
            }
            if (member.pulls() && member.shallNotify(group.ready(), nowMs)) {
                member.subscription().available(group.ready());
            } else if (!member.pulls() && member.subscription().partitionCount() > 1) {
                askForCredit(member, nowMs);
            }
        }
    }

    /** A member whose credit here is used up while messages wait asks its other partitions, at most once a tick. */
    private void askForCredit(Member member, long nowMs) {
        if (group.ready() > 0 && group.freeCredit(member.slot()) == 0 && member.shallAsk(nowMs)) {
            member.subscription().onHungry(partition.partition().index());
        }
    }

    private boolean isExpired() {
        StoredRun run = finder.cursor().run();
        long topicTtlMs = partition.topic().settings().ttlMs();
        int flags = run.bytes()[finder.cursor().position() + 4];
        if (topicTtlMs < 0 && (flags & MessageLayout.TTL) == 0) {
            return false;
        }
        view.read(run.bytes(), finder.cursor().position());
        long ttlMs = view.ttlMs < 0 ? topicTtlMs : topicTtlMs < 0 ? view.ttlMs : Math.min(topicTtlMs, view.ttlMs);
        return ttlMs >= 0 && partition.node().time().wallMs() - run.publishTimeMs() >= ttlMs;
    }

    /** Of the key; a message without one may go to anybody. */
    private int keyHash(long offset) {
        view.read(finder.cursor().run().bytes(), finder.cursor().position());
        if (view.keyLength == 0) {
            return (int) offset * 0x9E3779B9;
        }
        int hash = 1;
        for (int i = 0; i < view.keyLength; i++) {
            hash = 31 * hash + view.bytes[view.keyStart + i];
        }
        return hash * 0x9E3779B9;
    }

    private long now() {
        return partition.node().time().monotonicMs();
    }

    /** Ends every subscription and keeps the group. */
    void sendAway(String reason) {
        for (int slot = 0; slot < members.length; slot++) {
            Member member = member(slot);
            if (member != null) {
                member.subscription().end(reason);
                leave(slot, false);
            }
        }
    }

    void close(String reason) {
        partition.shard().progress().forget(this);
        for (Member member : members) {
            if (member != null) {
                member.subscription().end(reason);
                member.end();
            }
        }
        handed().forget(onRoom);
        waitingPulls.clear();
        Arrays.fill(members, null);
        memberCount = 0;
    }
}
