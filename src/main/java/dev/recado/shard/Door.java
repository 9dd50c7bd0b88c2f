package dev.recado.shard;

import dev.recado.base.Check;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.topic.Lifespan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shuts while a partition's topic is about to be deleted, by somebody or by itself: nobody joins a group and what is
 * published waits, so that what the deletion was granted on stays so until the drop is there, or is given up. Owned by
 * the partition's loop.
 */
final class Door {

    private static final long LOOK_AGAIN_MS = 1_000;

    private final PartitionOwner owner;
    /** Deletions that hold it shut. */
    private int shut;

    private final Lifespan lifespan;
    /** What runs behind the topic's end; at most one for each member. */
    private final List<Runnable> behindEnd = new ArrayList<>(0);

    Door(PartitionOwner owner) {
        this.owner = owner;
        lifespan = new Lifespan(owner.view().time().monotonicMs());
    }

    /** Of a topic that may end by itself. */
    Lifespan lifespan() {
        return lifespan;
    }

    /**
     * Ends the topic where it is time, behind the dead letters that are on their way, as if somebody deleted it who
     * wants it unused. Not where members were sent away because of damage, or leave because the broker stops.
     */
    void onTick(long nowMs) {
        if (isShut()) {
            return;
        }
        boolean isOver = !owner.damaged()
                && !owner.view().draining()
                && lifespan.isOver(owner.topic().settings(), members(), nowMs);
        if (isOver && !owner.groups().anyDeadLetters()) {
            Refusal why = shut(true, false);
            Check.that(
                    why == null, "members came within a tick", owner.partition().id());
            owner.effects().endTopic(owner.shard().number(), owner.partition(), owner.topic());
        } else if (!isOver || owner.groups().anyRefusedLetters(OpenGroups.OF_ALL)) {
            goOn();
        }
    }

    /**
     * Runs {@code task} behind the topic's end where that is under way; else now, or once it is known that it does not
     * end for the time being: others came, a dead letter is refused where it was to go, or so was the end itself.
     */
    void behindEnd(Runnable task) {
        behindEnd.add(task);
        onTick(owner.view().time().monotonicMs());
    }

    /** The topic has ended, or does not for now. */
    void goOn() {
        List<Runnable> tasks = List.copyOf(behindEnd);
        behindEnd.clear();
        tasks.forEach(Runnable::run);
    }

    /** When {@link #onTick} has something to do, where nothing happens to the partition before. */
    long dueMs(long nowMs) {
        long dueMs = lifespan.dueMs(owner.topic().settings(), members());
        return dueMs == Lifespan.NEVER ? DueTimes.NEVER : Math.max(dueMs, nowMs + LOOK_AGAIN_MS);
    }

    /** Those that have not ceased and those that are about to join. */
    private int members() {
        int members = 0;
        for (GroupOwner group : owner.groups().all()) {
            members += group.taken();
        }
        return members;
    }

    boolean isShut() {
        return shut > 0;
    }

    /** Shuts it, or answers why that is not granted: IN_USE or NOT_EMPTY. */
    @Nullable
    Refusal shut(boolean ifUnused, boolean ifEmpty) {
        int members = members();
        if (ifUnused && members > 0) {
            return Refusal.of(ErrorCode.IN_USE, "topic=" + owner.topic().name().name() + " members=" + members);
        }
        if (ifEmpty && ready() > 0) {
            return Refusal.of(
                    ErrorCode.NOT_EMPTY, "topic=" + owner.topic().name().name() + " ready=" + ready());
        }
        shut++;
        owner.holdUp(0);
        return null;
    }

    void open() {
        shut--;
        owner.holdUp(0);
        goOn();
        owner.tickSoon(); // its time may have come meanwhile
    }

    /**
     * Messages that nobody holds, of the group that has most of them, or without a group all; what is on its way to the
     * disk is among them.
     */
    long ready() {
        long most = owner.groups().isEmpty() ? owner.end() - owner.trimmedTo() : 0;
        for (GroupOwner group : owner.groups().counted()) {
            most = Math.max(most, group.group().ready());
        }
        return most + owner.nextOffset() - owner.end();
    }
}
