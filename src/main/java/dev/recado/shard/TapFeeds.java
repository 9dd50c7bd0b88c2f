package dev.recado.shard;

import dev.recado.core.message.StoredRun;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which event loops have taps on a partition: each gets what is committed once per turn, by reference. Owned by the
 * partition's loop.
 */
final class TapFeeds {

    private final int partition;
    private final Map<ShardLoop, Integer> loops = new LinkedHashMap<>();
    private int holding;

    TapFeeds(int partition) {
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
    }

    boolean isHolding() {
        return holding > 0;
    }

    void feed(List<StoredRun> runs) {
        if (loops.isEmpty()) {
            return;
        }
        List<StoredRun> shared = List.copyOf(runs);
        for (ShardLoop loop : loops.keySet()) {
            loop.tap(partition, shared);
        }
    }

    void close(String reason) {
        for (ShardLoop loop : loops.keySet()) {
            loop.endTaps(partition, reason);
        }
        loops.clear();
    }
}
