package dev.recado.shard;

import dev.recado.core.topic.GroupDef;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * What retention and a start ask of a partition. Called on the partition's loop; at a start by the thread that
 * recovers.
 */
public final class Upkeep {

    private final PartitionOwner owner;

    public Upkeep(PartitionOwner owner) {
        this.owner = owner;
    }

    /**
     * Forgets producers that are silent for longer than {@code producerExpireAfterMs}, and lets go of what is finished
     * where nothing finished is kept.
     */
    public void look(long producerExpireAfterMs) {
        long fromMs = owner.shard().clock().stampOfAge(producerExpireAfterMs);
        owner.producers().expireBefore(fromMs);
        if (owner.dropsFinished() && !owner.inMemoryOnly()) {
            retain(owner.lowestFloor(), false);
        }
    }

    /** Lets go of what is below {@code offset}; of what groups need only by {@code force}. */
    void retain(long offset, boolean force) {
        // Groups may have been moved back since: what they need stays.
        long allowed = force ? owner.end() : owner.lowestFloor();
        if (!owner.groups().anyResetting()) {
            Trims.trim(owner, Math.min(offset, allowed));
        }
    }

    /** Finishes every message for every group and moves the log start to the end. */
    void purge(Runnable onDone) {
        for (GroupOwner group : owner.groups().all()) {
            group.onLogStart(owner.end());
        }
        Trims.trim(owner, owner.end(), onDone);
        owner.markDirty();
    }

    /**
     * See {@link PartitionCommand.PurgeUnheld}; {@code onDone} runs once that is as durable as an acknowledgement gets.
     */
    void purgeUnheld(LongConsumer onDone) {
        if (owner.groups().isEmpty()) {
            long count = owner.backlog().unfinished();
            purge(() -> onDone.accept(count));
            return;
        }
        owner.onTurn(); // who waits gets what is ready, and what is over a limit or expired is not here any more
        long most = 0;
        for (GroupOwner group : owner.groups().all()) {
            most = Math.max(most, group.needs().dropUnheld());
            group.onProgress();
        }
        owner.markDirty();
        Trims.trim(owner, owner.lowestFloor());
        long count = most;
        if (owner.inMemoryOnly()) {
            onDone.accept(count);
        } else {
            owner.shard().progress().writeDurably(() -> onDone.accept(count));
        }
    }

    /** Groups that nobody has used for {@code unusedMs} and that end then. */
    public List<GroupDef> unusedGroups(long unusedMs) {
        long nowMs = owner.view().time().monotonicMs();
        List<GroupDef> unused = new ArrayList<>();
        for (GroupOwner group : owner.groups().counted()) {
            long sinceMs = group.unusedSinceMs();
            if (sinceMs >= 0 && nowMs - sinceMs >= unusedMs && group.def().endsUnused()) {
                unused.add(group.def());
            }
        }
        return unused;
    }

    /** As {@link ShardClock#stampOfAge}. */
    public long stampOfAge(long ageMs) {
        return owner.shard().clock().stampOfAge(ageMs);
    }

    /** Where the partition is at home. */
    public ShardLoop loop() {
        return owner.shard().loop();
    }

    /** As {@link Backlog#onRecovered}. */
    public long measure(long readBytesMax) {
        return owner.backlog().onRecovered(readBytesMax);
    }

    /** Whether publishes are let in, or refused until what segments held is in the state: see {@link Admission}. */
    public void settled(boolean yes) {
        owner.admission().settled(yes);
    }

    /** Behind everything that is stored and that some group was given. */
    public long furthestCursor() {
        long furthest = Math.max(owner.end(), owner.logStart());
        for (GroupOwner group : owner.groups().all()) {
            furthest = Math.max(furthest, group.group().cursor());
        }
        return furthest;
    }
}
