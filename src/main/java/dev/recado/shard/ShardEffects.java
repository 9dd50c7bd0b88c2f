package dev.recado.shard;

import dev.recado.base.ByteReader;
import dev.recado.core.message.Draft;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a shard has done by others, in data: itself it names by its number. No call waits; what comes of one that asks
 * for something is told later, as a {@link ShardCommand}. Shards in memory, which have no log, ask for dead letters
 * only.
 */
public interface ShardEffects {

    /**
     * Appends an entry to the journal; {@link ShardCommand.Committed} follows once it is as durable as {@code sync}
     * asks.
     */
    void append(int shard, long epoch, long index, byte[] bytes, int from, int length, boolean sync);

    /** Applies a change of the catalog that is committed in the log of {@code $meta}. */
    void applyCatalog(ByteReader body);

    /** Checks a change of the catalog against those before it, and has the shard of {@code $meta} propose it. */
    void changeCatalog(CatalogChange change, Asker from, long ticket);

    /**
     * Deletes a topic whose time has come, as the owner of {@code first}, its first partition, has decided: {@link
     * ShardCommand.TopicChanged} follows, or {@link PartitionCommand.Reopen} where that fails.
     */
    void endTopic(int shard, Partition first, Topic topic);

    /** Makes ready where a partition's segments are written. */
    void openSegments(Partition partition, Topic topic);

    /** Writes runs to segments, a list for each partition; {@link ShardCommand.Flushed} follows. */
    void flush(int shard, List<List<StoredRun>> runs);

    /** Everything below {@code offset} may go. */
    void deleteBelow(int partition, long offset);

    /** The partition is gone, and all that it stored may go. */
    void drop(int partition);

    /** Has {@link Measuring#segments} done where segments are read; {@link ShardCommand.Measured} follows. */
    void measure(int shard, Measuring.Wish wish);

    /**
     * Brings about {@code bytesMax} bytes of runs from {@code offset} on, once there is room for them: {@link
     * ShardCommand.Read} follows.
     */
    void read(int shard, int partition, long ticket, long offset, int bytesMax);

    /** Whether others wait for the room that pieces take. */
    boolean readsWait();

    void giveBack(ColdPiece piece);

    /** Finds the first message published at {@code timeMs} or later: {@link ShardCommand.TimeFound} follows. */
    void findTime(int shard, int partition, long ticket, long timeMs, long nowMs);

    /** Makes a topic for dead letters where there is none; {@link ShardCommand.TopicMade} follows. */
    void createDeadLetterTopic(int shard, long ticket, TopicName name);

    /**
     * The topics that {@code exchange}, which may be one for exchanges only, leads {@code draft} to by {@code key}, as
     * far as the catalog says now; null where there is no such exchange.
     */
    @Nullable
    List<Topic> route(int shard, TopicName exchange, String key, Draft draft);

    /**
     * Publishes to another topic; {@link ShardCommand.LettersStored} or {@link ShardCommand.LettersRefused} follows.
     * Tickets are dense and ascending. {@code draft} is free again when the call returns.
     */
    void publish(int shard, long ticket, Topic topic, Draft draft);

    /** Hands {@code runs} to the taps that sessions of a loop have on a partition. */
    void tap(int loop, int partition, List<StoredRun> runs);

    /** Ends them. */
    void endTaps(int loop, int partition, String reason);

    /** Copies what was committed of {@code topic} for the pattern subscriptions that match it. */
    void feedPatterns(int shard, Topic topic, List<StoredRun> runs);
}
