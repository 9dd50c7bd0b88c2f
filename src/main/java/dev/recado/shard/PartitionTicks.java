package dev.recado.shard;

/**
 * What is looked after on one partition by the clock: leases, back-offs, silent members, what lived for too long, what
 * waits for room, a topic that ends by itself. Owned by the partition's loop.
 */
final class PartitionTicks extends DueTimes.Visited {

    private final PartitionOwner owner;
    private final Backlog backlog;
    private final Expiry expiry;
    private final Admission admission;
    private final DropOldest dropOldest;

    PartitionTicks(PartitionOwner owner, Backlog backlog, Expiry expiry, Admission admission, DropOldest dropOldest) {
        this.owner = owner;
        this.backlog = backlog;
        this.expiry = expiry;
        this.admission = admission;
        this.dropOldest = dropOldest;
    }

    /** Something happened to the partition, or is about to: what that makes due is found on the next tick. */
    void soon() {
        expiry.onChange();
        owner.shard().due().soon(this);
    }

    /** The partition is gone. */
    void end() {
        owner.shard().due().forget(this);
    }

    @Override
    long visit(long nowMs) {
        if (owner.closing()) {
            return DueTimes.NEVER;
        }
        for (GroupOwner group : owner.groups().all()) {
            group.onTick(nowMs);
        }
        backlog.onTick(nowMs);
        expiry.onTick(nowMs);
        admission.onTick(nowMs);
        dropOldest.onTick();
        owner.opening().lookAtLetters();
        Door door = owner.opening().ownDoor();
        if (door != null) {
            door.onTick(nowMs);
        }
        return dueMs(door == null ? DueTimes.NEVER : door.dueMs(nowMs));
    }

    private long dueMs(long doorMs) {
        long dueMs = Math.min(doorMs, Math.min(backlog.dueMs(), expiry.dueMs()));
        if (admission.isWaiting() || dropOldest.isHeldBack() || owner.opening().awaitsLetters()) {
            return DueTimes.NEXT_TICK;
        }
        for (GroupOwner group : owner.groups().all()) {
            dueMs = Math.min(dueMs, group.dueMs());
        }
        return dueMs;
    }
}
