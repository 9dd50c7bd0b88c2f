package dev.recado.shard;

import dev.recado.base.ByteReader;
import dev.recado.core.message.Draft;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import java.util.List;

/**
 * What a shard has done by others. No call waits; what comes of one that asks for something comes later, on the shard's
 * loop. Shards in memory, which have no log, ask for dead letters, loops and patterns only: the others go by the
 * shard's number.
 */
public interface ShardEffects {

    /**
     * Appends an entry to the journal; {@link ShardOwner#onSynced} follows once it is as durable as {@code sync} asks.
     */
    void append(int shard, long epoch, long index, byte[] bytes, int from, int length, boolean sync);

    /** Applies a change of the catalog that is committed in the log of {@code $meta}. */
    void applyCatalog(ByteReader body);

    /** Makes ready where a partition's segments are written. */
    void openSegments(Partition partition, Topic topic);

    /** Writes runs to segments, a list for each partition; {@link ShardOwner#onFlushed} follows. */
    void flush(int shard, List<List<StoredRun>> runs);

    /** Everything below {@code offset} may go. */
    void deleteBelow(int partition, long offset);

    /** The partition is gone, and all that it stored may go. */
    void drop(int partition);

    /** Has {@link Measuring#segments} done where segments are read; {@link ShardOwner#onMeasured} follows. */
    void measure(int shard, Measuring measuring);

    /**
     * Brings about {@code bytesMax} bytes of runs from {@code offset} on, once there is room for them: {@link
     * ShardOwner#onRead} follows.
     */
    void read(int shard, int partition, long ticket, long offset, int bytesMax);

    /** Whether others wait for the room that pieces take. */
    boolean readsWait();

    void giveBack(ColdPiece piece);

    /** Finds the first message published at {@code timeMs} or later: {@link ShardOwner#onTimeFound} follows. */
    void findTime(int shard, int partition, long ticket, long timeMs, long nowMs);

    /** Makes a topic for dead letters where there is none. */
    void createDeadLetterTopic(TopicName name, ShardLoop home, CatalogAnswer answer);

    /** Publishes to another topic, from {@code home}. */
    void publish(ShardLoop home, Topic topic, Draft draft, Receipts receipts, long ticket);

    ShardLoop loop(int index);

    /** Who copies for pattern subscriptions what {@code partition}, at home on {@code home}, commits. */
    PatternPort patterns(Partition partition, ShardLoop home);
}
