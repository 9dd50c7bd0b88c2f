package dev.recado.shard;

import dev.recado.base.Refusal;
import java.util.LinkedHashSet;
import java.util.Set;

/** The partitions of one shard at which publishes wait for room. Owned by the shard's loop. */
final class CrowdedPartitions {

    private final Set<ShardPartition> crowded = new LinkedHashSet<>();

    void set(ShardPartition partition, boolean now) {
        if (now) {
            crowded.add(partition);
        } else {
            crowded.remove(partition);
        }
    }

    void refuseAllParked(Refusal why) {
        for (ShardPartition partition : crowded.toArray(ShardPartition[]::new)) {
            partition.refuseAllParked(why);
        }
    }

    /** As {@link #refuseAllParked}, of one session. */
    void refuseParked(Receipts session) {
        for (ShardPartition partition : crowded.toArray(ShardPartition[]::new)) {
            partition.refuseParked(session);
        }
    }
}
