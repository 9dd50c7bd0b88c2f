package dev.recado.shard;

import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.Topic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which event loops have taps on a partition: each gets what is committed once per turn, by reference; and pattern
 * subscriptions, for which it is copied. Owned by the partition's loop.
 */
final class TapFeeds {

    private final int partition;
    private final ShardContext shard;
    /** How many taps each loop has; a map of its own while there are any. */
    private Map<Integer, Integer> loops = Map.of();

    /** Made for the first. */
    private @Nullable List<StoredRun> unfed;

    private int holding;

    TapFeeds(int partition, ShardContext shard) {
        this.partition = partition;
        this.shard = shard;
    }

    /** Whether taps or pattern subscriptions want what {@code topic}, that of the partition, commits. */
    boolean isWanted(Topic topic) {
        return !loops.isEmpty() || isTopics() && shard.view().isMatched(topic);
    }

    /** Patterns' own queues are nobody's topic. */
    private boolean isTopics() {
        return partition >= 0;
    }

    /** {@code loop} has one more tap on this partition. */
    void add(int loop) {
        if (loops.isEmpty()) {
            loops = new LinkedHashMap<>();
        }
        loops.merge(loop, 1, Integer::sum);
    }

    /** One tap of {@code loop} is gone. */
    void remove(int loop) {
        if (!loops.isEmpty()) {
            loops.computeIfPresent(loop, (unused, count) -> count > 1 ? count - 1 : null);
        }
    }

    /** A loop's taps hold publishing up ({@code change} 1), for a second at most, or let it go on (-1). */
    void hold(int change) {
        holding = Math.max(0, holding + change);
    }

    boolean isHolding() {
        return holding > 0;
    }

    /** A run is committed; who wants it gets it with the next {@link #feed}. */
    void add(Topic topic, StoredRun run) {
        if (isWanted(topic)) {
            List<StoredRun> known = unfed == null ? new ArrayList<>() : unfed;
            unfed = known;
            known.add(run);
        }
    }

    /** Once a turn. */
    void feed(Topic topic) {
        List<StoredRun> known = unfed;
        if (known != null && !known.isEmpty()) {
            feed(topic, known);
            known.clear();
        }
    }

    private void feed(Topic topic, List<StoredRun> runs) {
        if (!loops.isEmpty()) {
            List<StoredRun> shared = List.copyOf(runs);
            for (int loop : loops.keySet()) {
                shard.effects().tap(loop, partition, shared);
            }
        }
        if (isTopics() && shard.view().isMatched(topic)) {
            shard.effects().feedPatterns(shard.number(), topic, runs);
        }
    }

    void close(String reason) {
        for (int loop : loops.keySet()) {
            shard.effects().endTaps(loop, partition, reason);
        }
        loops = Map.of();
    }
}
