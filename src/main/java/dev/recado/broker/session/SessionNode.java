package dev.recado.broker.session;

import dev.recado.base.Chance;
import dev.recado.base.Ledger;
import dev.recado.base.TimeSource;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Partition;
import dev.recado.shard.CatalogAnswer;
import dev.recado.shard.ShardCommands;
import dev.recado.shard.ShardLoop;
import dev.recado.shard.ShardOwner;
import java.util.List;
import java.util.Map;

/** What sessions see of their node, from any loop. */
public interface SessionNode {

    String version();

    BrokerSettings settings();

    TimeSource time();

    Chance chance();

    /** What may be held in memory, and what is. */
    Ledger ledger();

    /** As committed last. */
    Catalog catalog();

    /** Has the catalog changed; {@code answer} is called on {@code loop}. */
    void change(CatalogChange change, ShardLoop loop, CatalogAnswer answer);

    /** The broker stops: publishes are refused. */
    boolean stopping();

    /** Whether sessions end because the broker does. */
    boolean draining();

    long nextLamport();

    /** Shards of partitions, then {@code $meta}. */
    List<ShardOwner> shards();

    ShardOwner shard(int number);

    /** Who is told and asked what sessions want of {@code shard}. */
    ShardCommands commands(ShardOwner shard);

    /** The same of {@code partition}. */
    default ShardCommands commands(Partition partition) {
        return commands(shard(partition.shard()));
    }

    /** The shard of pattern subscriptions' queues on a loop. */
    ShardOwner memoryShard(int loop);

    /** Adds figures that are not counted by loops. */
    void addFigures(Map<String, Long> values);
}
