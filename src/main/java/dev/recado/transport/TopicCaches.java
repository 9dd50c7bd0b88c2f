package dev.recado.transport;

import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.TopicName;
import java.util.HashMap;
import java.util.Map;

/**
 * A {@link TopicCache} for each namespace in which sessions of one event loop work, so that equal names stay apart and
 * a look costs nothing for it. Owned by its loop.
 */
public final class TopicCaches {

    private final TopicCache ordinary = new TopicCache();
    /** At most as many as there are namespaces. */
    private final Map<String, TopicCache> others = new HashMap<>(0);

    /** For a session that begins to work in {@code namespace}, one of {@code catalog}. */
    public TopicCache of(Catalog catalog, String namespace) {
        if (namespace.equals(TopicName.DEFAULT_NAMESPACE)) {
            return ordinary;
        }
        others.keySet().removeIf(known -> catalog.namespace(known) == null);
        return others.computeIfAbsent(namespace, unused -> new TopicCache());
    }
}
