package dev.recado.broker.session;

import dev.recado.base.Chance;
import dev.recado.base.Ledger;
import dev.recado.base.Refusal;
import dev.recado.base.TimeSource;
import dev.recado.broker.Figure;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.Topic;
import dev.recado.security.Audit;
import dev.recado.shard.PatternQueue;
import dev.recado.shard.ShardLoop;
import dev.recado.shard.ShardPort;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /** Where acts of administration are written down. */
    Audit audit();

    /** Has the catalog changed; {@code answer} is called on {@code loop}. */
    void change(CatalogChange change, ShardLoop loop, CatalogAnswer answer);

    /** The broker stops: publishes are refused. */
    boolean stopping();

    /** Why nothing of that durability may be stored now, or null. */
    @Nullable
    Refusal shortage(Durability durability);

    /** Whether sessions end because the broker does. */
    boolean draining();

    long nextLamport();

    /** Shards of partitions, then {@code $meta}. */
    List<ShardPort> shards();

    ShardPort shard(int number);

    /** The shard of pattern subscriptions' queues on a loop. */
    ShardPort memoryShard(int loop);

    /** As {@link PatternQueue#open} in that shard; called on the loop. */
    PatternQueue openQueue(int loop, int id, Topic topic, String pattern);

    /** Acknowledgements of what was not held, as groups that are open on {@code loop} have counted; called there. */
    long ignoredAcks(ShardLoop loop);

    /** Figures that are not counted by loops. */
    List<Figure> figures();
}
