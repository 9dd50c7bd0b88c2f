package dev.recado.shard;

/**
 * Lets go in memory of what nobody needs: what no group needs any more leaves it; what segments hold leaves it too,
 * unless a group with members has yet to finish it: who comes later reads segments. Owned by the partition's loop.
 */
final class TailRelease {

    /** All is kept, finished or not. */
    static final long ALL = -1;

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
