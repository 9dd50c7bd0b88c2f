package dev.recado.broker;

import dev.recado.base.ByteReader;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** What a shard has done by others. Each call returns at once; what comes of it comes later, on the shard's loop. */
interface ShardEffects {

    /**
     * Appends an entry to the journal; {@link ShardOwner#onSynced} follows once it is as durable as {@code sync} asks.
     */
    void append(ShardOwner shard, long epoch, long index, byte[] bytes, int from, int length, boolean sync);

    /** Applies a change of the catalog that is committed in the log of {@code $meta}. */
    void applyCatalog(ByteReader body);

    /** Makes ready where a partition's segments are written. */
    void openSegments(Partition partition, Topic topic);

    /** Writes to segments what partitions of {@code shard} hold; {@link ShardOwner#onFlushed} follows. */
    void flush(ShardOwner shard);

    /** Everything below {@code offset} may go. */
    void deleteBelow(Partition partition, long offset);

    /** The partition is gone, and all that it stored may go. */
    void drop(Partition partition);

    /** Runs {@code task}, which reads segments to measure them, where segments are read. */
    void measure(Runnable task);

    /**
     * Brings about {@code bytesMax} bytes of runs from {@code offset} on, once there is room for them; none where the
     * partition is damaged.
     */
    void read(PartitionOwner owner, long offset, int bytesMax, Consumer<ColdPiece> then);

    /** Whether others wait for the room that pieces take. */
    boolean readsWait();

    void giveBack(ColdPiece piece);

    /** The offset of the first message published at {@code timeMs} or later; -1 where the partition is damaged. */
    void offsetOf(PartitionOwner owner, long timeMs, long nowMs, LongConsumer then);

    /** Makes a topic for dead letters where there is none. */
    void createDeadLetterTopic(TopicName name, ShardLoop home, CatalogAnswer answer);

    /** Publishes to another topic, from {@code home}. */
    void publish(ShardLoop home, Topic topic, Draft draft, Receipts receipts, long ticket);

    ShardLoop loop(int index);

    /** Who copies for pattern subscriptions what {@code partition}, at home on {@code home}, commits. */
    PatternPort patterns(Partition partition, ShardLoop home);
}
