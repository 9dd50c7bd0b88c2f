package dev.recado.broker;

import dev.recado.base.ByteWriter;
import dev.recado.base.Refusal;
import dev.recado.core.message.Draft;
import dev.recado.core.message.Headers;
import dev.recado.core.routing.Router;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts messages into the builders of one event loop: picks the partition, adds pattern subscriptions' copies. */
final class Publisher {

    private final Node node;
    private final Loop loop;
    private final ByteWriter headers = new ByteWriter(256);
    private final Router router = new Router();
    private int spread;

    Publisher(Node node, Loop loop) {
        this.node = node;
        this.loop = loop;
    }

    /**
     * Publishes one message to one topic; {@code receipts} hears of it under {@code ticket}.
     *
     * @return its stored bytes
     */
    int publish(Topic topic, Draft draft, Receipts receipts, long ticket, @Nullable String producer, long sequence) {
        Partition partition = topic.partition(pick(topic.partitionCount(), draft, producer, sequence));
        int bytes = loop.builders()
                .add(node.shard(partition.shard()), partition, draft, receipts, ticket, producer, sequence);
        PatternQueues patterns = node.patterns();
        if (patterns.any()) {
            copyToPatterns(patterns, topic, draft);
        }
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

    private void copyToPatterns(PatternQueues patterns, Topic topic, Draft draft) {
        PatternQueues.Queue[] queues = patterns.matching(topic);
        if (queues.length == 0) {
            return;
        }
        byte[] headersBytes = draft.headersBytes;
        int headersStart = draft.headersStart;
        int headersLength = draft.headersLength;
        headers.clear();
        Headers.put(headers, Headers.TOPIC, topic.name().name());
        headers.put(headersBytes, headersStart, headersLength);
        draft.headers(headers.array(), 0, headers.size());
        for (PatternQueues.Queue queue : queues) {
            loop.builders().add(queue.shard(), queue.partition(), draft, Unheard.INSTANCE, 0, null, 0);
        }
        draft.headers(headersBytes, headersStart, headersLength);
    }

    /** Copies for pattern subscriptions are nobody's publish: they are memory, bounded, and drop their oldest. */
    private enum Unheard implements Receipts {
        INSTANCE;

        @Override
        public void onConfirmed(long firstTicket, int count, int partitionIndex, long firstOffset, long bytes) {
            // nobody waits
        }

        @Override
        public void onRefused(long firstTicket, int count, Refusal refusal, long bytes) {
            // nobody waits
        }

        @Override
        public void onParked(long bytes) {
            // never parked: the policy is drop-oldest
        }
    }
}
