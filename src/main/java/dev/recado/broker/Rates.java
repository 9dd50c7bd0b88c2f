package dev.recado.broker;

import dev.recado.core.topic.RateMeter;
import java.util.Map;
import java.util.WeakHashMap;

/** How many messages a second come to each partition of a shard, looked at on its ticks. Owned by its loop. */
final class Rates {

    /** Without those that are gone. */
    private final Map<PartitionOwner, RateMeter> meters = new WeakHashMap<>();

    void onTick(PartitionOwner partition, long nowMs) {
        meters.computeIfAbsent(partition, unused -> new RateMeter()).onTick(partition.end(), nowMs);
    }

    /** Over the last 10 to 20 s. */
    double perSecond(PartitionOwner partition, long nowMs) {
        RateMeter meter = meters.get(partition);
        return meter == null ? 0 : meter.perSecond(partition.end(), nowMs);
    }
}
