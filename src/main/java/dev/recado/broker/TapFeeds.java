package dev.recado.broker;

import dev.recado.core.message.StoredRun;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which event loops have taps on a partition: each gets what is committed once per turn, by reference. Owned by the
 * partition's loop.
 */
final class TapFeeds {

    private final PartitionOwner partition;
    private final Map<ShardLoop, Integer> loops = new LinkedHashMap<>();
    private int holding;

    TapFeeds(PartitionOwner partition) {
        this.partition = partition;
    }

    boolean any() {
        return !loops.isEmpty();
    }

    /** {@code loop} has one more tap on this partition. */
    void add(ShardLoop loop) {
        loops.merge(loop, 1, Integer::sum);
    }

    /** One tap of {@code loop} is gone. */
    void remove(ShardLoop loop) {
        loops.computeIfPresent(loop, (unused, count) -> count > 1 ? count - 1 : null);
    }

    /** A loop's taps hold publishing up ({@code change} 1), for a second at most, or let it go on (-1). */
    void hold(int change) {
        holding = Math.max(0, holding + change);
        partition.admission().heldUp(holding > 0);
    }

    void feed(List<StoredRun> runs) {
        int partitionId = partition.partition().id();
        for (ShardLoop loop : loops.keySet()) {
            loop.tap(partitionId, new TapBatch(partition.partition().index(), runs));
        }
    }

    void close(String reason) {
        int partitionId = partition.partition().id();
        for (ShardLoop loop : loops.keySet()) {
            loop.endTaps(partitionId, reason);
        }
        loops.clear();
    }
}
