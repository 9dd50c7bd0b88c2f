package dev.recado.broker.session;

import dev.recado.base.ErrorCode;
import dev.recado.base.Names;
import dev.recado.base.Refusal;
import dev.recado.broker.Link;
import dev.recado.core.message.Draft;
import dev.recado.core.routing.Route;
import dev.recado.core.routing.Router;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where messages published on one event loop go: to which topics, and to which partition of a topic. */
public final class MessageRouter {

    private final SessionNode node;
    private final Router router = new Router();
    private final DraftHeaders headers = new DraftHeaders();
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

    /**
     * Where an exchange of a namespace leads a message by {@code key}, or where they are given by all of {@code keys};
     * null where there is no such exchange.
     */
    @Nullable
    Route route(String namespace, String exchange, String key, @Nullable List<String> keys, Draft draft) {
        headers.begin(draft);
        Route route = keys == null
                ? router.route(node.catalog(), namespace, exchange, key, headers)
                : router.route(node.catalog(), namespace, exchange, keys, headers);
        headers.end();
        return route;
    }

    /** The same topics for a message of the broker's own, which an internal exchange takes as well. */
    public @Nullable List<Topic> topics(TopicName exchange, String key, Draft draft) {
        headers.beginLetter(draft);
        Route route = router.routeOfBroker(node.catalog(), exchange, key, headers);
        headers.end();
        return route == null ? null : route.topics();
    }

    /** Why nobody publishes by so many keys, or null. */
    static @Nullable Refusal problem(List<String> keys) {
        return keys.isEmpty() || keys.size() > Link.KEYS_MAX
                ? Refusal.of(ErrorCode.INVALID_ARGUMENT, "keys=" + keys.size() + " allowed=1 to " + Link.KEYS_MAX)
                : null;
    }

    /** Why nobody publishes through an exchange that is not there, where {@code route} is null, or internal. */
    static Refusal closed(@Nullable Route route, String exchange) {
        return route == null
                ? Refusal.of(ErrorCode.EXCHANGE_NOT_FOUND, Names.shown(exchange))
                : Refusal.of(
                        ErrorCode.NOT_ALLOWED,
                        "only exchanges lead to an internal exchange, exchange=" + Names.shown(exchange));
    }

    /** Why a message that memory was lent for does not go to so many topics. */
    static Refusal noRoom(List<Topic> topics, Draft draft) {
        return Refusal.of(
                ErrorCode.MEMORY_LOW,
                "no room for " + topics.size() + " copies of " + draft.bytes() + " bytes: later, or in fewer topics");
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
