package dev.recado.broker.session;

import dev.recado.core.message.Draft;
import dev.recado.core.routing.Router;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.shard.Receipts;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts messages into the builders of one event loop: it picks the partition. */
public final class Publisher {

    private final SessionNode node;
    private final Loop loop;
    private final Router router = new Router();
    private int spread;

    Publisher(SessionNode node, Loop loop) {
        this.node = node;
        this.loop = loop;
    }

    /**
     * Publishes one message to one topic; {@code receipts} hears of it under {@code ticket}.
     *
     * @return its stored bytes
     */
    public int publish(
            Topic topic, Draft draft, Receipts receipts, long ticket, @Nullable String producer, long sequence) {
        Partition partition = topic.partition(pick(topic.partitionCount(), draft, producer, sequence));
        int bytes = loop.builders()
                .add(node.shard(partition.shard()), partition, draft, receipts, ticket, producer, sequence);
        LoopCounters counters = loop.counters();
        counters.published++;
        counters.publishedBytes += bytes;
        return bytes;
    }

    /** The topics that an exchange leads to; null where there is no such exchange. */
    @Nullable
    List<Topic> route(String exchange, String key, Map<String, String> given) {
        return router.route(node.catalog(), TopicName.DEFAULT_NAMESPACE, exchange, key, given);
    }

    private int pick(int partitions, Draft draft, @Nullable String producer, long sequence) {
        if (partitions == 1) {
            return 0;
        }
        if (draft.keyLength > 0) {
            int hash = 1;
            for (int i = 0; i < draft.keyLength; i++) {
                hash = 31 * hash + draft.keyBytes[draft.keyStart + i];
            }
            return Math.floorMod(hash * 0x9E3779B9 >>> 8, partitions);
        }
        return (int) Math.floorMod(producer != null ? sequence : spread++, (long) partitions);
    }
}
