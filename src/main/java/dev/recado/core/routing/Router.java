package dev.recado.core.routing;

import dev.recado.core.message.HeaderView;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.ExchangeDef;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the topics of a publish. What it found is remembered per exchange and key until the catalog changes; the
 * layout of an exchange's bindings is kept as long as that exchange stays the same. Where a headers exchange was asked
 * on the way the way is found message by message, at a cost of all bindings of those. So are those of several keys.
 *
 * <p>One owner (an event loop has its own). Remembered are at most {@link #CACHED_MAX} topics and keys, whatever peers
 * send.
 */
public final class Router {

    /** Bound of the cache: keys and topics in all remembered results together; one more, and all are forgotten. */
    public static final int CACHED_MAX = 262_144;

    /** Longer keys are not remembered. */
    private static final int CACHED_KEY_CHARS_MAX = 255;

    private final Map<TopicName, Compiled> compiled = new HashMap<>();
    /** Of the default exchange. */
    private final Map<TopicName, Route> byName = new HashMap<>();

    private final Search search = new Search(this::compiled);
    private @Nullable Catalog current;
    private int cached;

    /**
     * Where a publish goes. The empty {@code exchange} is the default one and leads to the topic named {@code key}.
     *
     * @param headers of the message; asked by headers exchanges only
     * @return null where the catalog has no such exchange
     */
    public @Nullable Route route(Catalog catalog, String namespace, String exchange, String key, HeaderView headers) {
        if (catalog != current) {
            forgetStale(catalog);
        }
        if (exchange.isEmpty()) {
            return byName(catalog, new TopicName(namespace, key));
        }
        Compiled start = compiled(catalog, new TopicName(namespace, exchange));
        if (start == null || start.isInternal) {
            return start == null ? null : Route.INTERNAL;
        }
        return route(catalog, start, key, headers);
    }

    private Route route(Catalog catalog, Compiled start, String key, HeaderView headers) {
        String cacheKey = start.hasOneRoute ? "" : key;
        Route known = start.byKey.get(cacheKey);
        return known != null ? known : find(catalog, start, cacheKey, headers);
    }

    /** As before of a message of the broker's own, which an internal exchange takes as well. */
    public @Nullable Route routeOfBroker(Catalog catalog, TopicName exchange, String key, HeaderView headers) {
        if (catalog != current) {
            forgetStale(catalog);
        }
        if (exchange.name().isEmpty()) {
            return byName(catalog, new TopicName(exchange.namespace(), key));
        }
        Compiled start = compiled(catalog, exchange);
        return start == null ? null : route(catalog, start, key, headers);
    }

    /** As before for all of {@code keys}, of which there is one at least, together. */
    public @Nullable Route route(
            Catalog catalog, String namespace, String exchange, List<String> keys, HeaderView headers) {
        if (keys.size() == 1) {
            return route(catalog, namespace, exchange, keys.get(0), headers);
        }
        if (catalog != current) {
            forgetStale(catalog);
        }
        if (exchange.isEmpty()) {
            return byNames(catalog, namespace, keys);
        }
        Compiled start = compiled(catalog, new TopicName(namespace, exchange));
        if (start == null || start.isInternal) {
            return start == null ? null : Route.INTERNAL;
        }
        return Route.to(search.find(catalog, start, keys, headers));
    }

    private Route byName(Catalog catalog, TopicName name) {
        Route known = byName.get(name);
        if (known != null) {
            return known;
        }
        Topic topic = catalog.topic(name);
        if (topic == null) {
            return Route.NOWHERE;
        }
        Route found = Route.to(List.of(topic));
        if (makeRoom(2)) {
            byName.put(name, found);
        }
        return found;
    }

    private static Route byNames(Catalog catalog, String namespace, List<String> keys) {
        TreeMap<Integer, Topic> topics = new TreeMap<>();
        for (String key : keys) {
            Topic topic = catalog.topic(new TopicName(namespace, key));
            if (topic != null) {
                topics.put(topic.id(), topic);
            }
        }
        return Route.to(List.copyOf(topics.values()));
    }

    private Route find(Catalog catalog, Compiled start, String key, HeaderView headers) {
        Route found = Route.to(search.find(catalog, start, List.of(key), headers));
        if (!search.hasReadHeaders()
                && key.length() <= CACHED_KEY_CHARS_MAX
                && makeRoom(1 + found.topics().size())) {
            start.byKey.put(key, found);
        }
        return found;
    }

    /** Whether so much more may be remembered; what is known is forgotten for it. */
    private boolean makeRoom(int weight) {
        if (cached + weight > CACHED_MAX) {
            forgetResults();
        }
        boolean fits = weight <= CACHED_MAX;
        cached += fits ? weight : 0;
        return fits;
    }

    private @Nullable Compiled compiled(Catalog catalog, TopicName name) {
        Compiled known = compiled.get(name);
        if (known != null) {
            return known;
        }
        ExchangeDef exchange = catalog.exchange(name);
        return exchange == null ? null : compiled(exchange);
    }

    private Compiled compiled(ExchangeDef exchange) {
        return compiled.computeIfAbsent(exchange.name(), unused -> new Compiled(exchange));
    }

    private void forgetStale(Catalog catalog) {
        current = catalog;
        compiled.values().removeIf(known -> catalog.exchange(known.exchange.name()) != known.exchange);
        forgetResults();
    }

    private void forgetResults() {
        compiled.values().forEach(known -> known.byKey.clear());
        byName.clear();
        cached = 0;
    }

    /** Keys and topics remembered now. */
    int cached() {
        return cached;
    }
}
