package dev.recado.core.topic;

import dev.recado.base.Check;
import java.util.UUID;

/**
 * One partition as the catalog knows it. Immutable.
 *
 * @param id unique in the cluster, from 1, never reused
 * @param index place in its topic, from 0; its files lie in {@code topics/<uuid of the topic>/<index>}
 * @param shard the shard of data that holds it, from 0
 */
public record Partition(int id, int topicId, int index, int shard) {

    /**
     * The shard of a partition: a hash of the topic's UUID, then in turn, so that the partitions of one topic spread
     * evenly. Part of the disk format: it never changes.
     */
    public static int shardOf(UUID topic, int index, int shards) {
        Check.that(shards >= 1, "no shards", shards);
        long hash = topic.getMostSignificantBits() ^ Long.rotateLeft(topic.getLeastSignificantBits(), 32);
        hash = (hash ^ hash >>> 30) * 0xBF58476D1CE4E5B9L;
        hash = (hash ^ hash >>> 27) * 0x94D049BB133111EBL;
        return (int) Math.floorMod((hash ^ hash >>> 31) + index, (long) shards);
    }
}
