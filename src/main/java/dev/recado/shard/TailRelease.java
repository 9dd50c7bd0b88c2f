package dev.recado.shard;

import dev.recado.core.group.GroupNeeds;
import dev.recado.core.message.StoredRun;

/**
 * Lets go in memory of what nobody needs: what no group needs any more leaves it; what segments hold leaves it too,
 * unless a group with members has yet to finish it: who comes later reads segments. Owned by the partition's loop.
 */
final class TailRelease {

    /** All is kept, finished or not. */
    static final long ALL = -1;

    /** Gaps that a group which is new here is spared; it finds out about the others by itself. */
    private static final int GAPS_TOLD_MAX = 4_096;

    private final PartitionContext partition;
    private final OpenGroups groups;
    private final Tail tail;
    private final TailSweep sweep;

    TailRelease(PartitionContext partition, OpenGroups groups) {
        this.partition = partition;
        this.groups = groups;
        this.tail = partition.tail();
        this.sweep = new TailSweep(tail, new Needs(groups::needs));
    }

    /** Finishes for a group that is new there, or moved, what others had finished and memory has let go of. */
    static void finishGaps(Tail tail, GroupNeeds group, long from) {
        long at = tail.gapsFrom(from);
        int gaps = 0;
        for (StoredRun run : tail.kept().all()) {
            if (gaps == GAPS_TOLD_MAX) {
                return;
            }
            if (run.endOffset() > at) {
                gaps += group.finish(at, run.baseOffset()) > 0 ? 1 : 0;
                at = run.endOffset();
            }
        }
        group.finish(at, tail.nextStored(at));
    }

    /** A group that may have needed something is gone. */
    void onGroupGone() {
        sweep.want();
    }

    /**
     * Drops what it may, in so many steps at most where it has to look at each message.
     *
     * @param needed below which all groups have finished everything, where what is finished goes; else {@link #ALL}
     */
    void drop(long needed, int stepsMax) {
        if (needed != ALL) {
            tail.dropBelow(needed);
            if (!tail.isEmpty() && sweep.work(partition.end(), isTight(), stepsMax)) {
                partition.markDirty();
            }
        }
        if (tail.isDurable()) {
            tail.dropFlushedBelow(groups.lowestFloor(partition.end(), 1));
        }
        for (GroupOwner group : groups.all()) {
            group.letGo();
        }
    }

    private boolean isTight() {
        LoopMemory memory = partition.memory();
        return partition.inMemoryOnly()
                ? tail.isLoose() || memory.memoryTopics().isTight()
                : memory.isTight();
    }
}
