package dev.recado.broker.session;

import dev.recado.core.message.Draft;
import dev.recado.core.routing.Router;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where messages published on one event loop go: to which topics, and to which partition of a topic. */
public final class MessageRouter {

    private final SessionNode node;
    private final Router router = new Router();
    private int spread;

    MessageRouter(SessionNode node) {
        this.node = node;
    }

    /**
     * The partition of {@code topic} that a message goes to: by its key, by its producer's numbers, or in turn.
     *
     * @param producer null where the message is not numbered
     */
    public Partition partition(Topic topic, Draft draft, @Nullable String producer, long sequence) {
        return topic.partition(pick(topic.partitionCount(), draft, producer, sequence));
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
