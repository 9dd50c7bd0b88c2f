package dev.recado.core.routing;

import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.ExchangeDef;
import dev.recado.core.topic.ExchangeType;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the topics of a publish. What it found is remembered per exchange and key until the catalog changes; the
 * layout of an exchange's bindings is kept as long as that exchange stays the same. Headers exchanges are evaluated
 * message by message, at a cost of all their bindings.
 *
 * <p>One owner (an event loop has its own). Remembered are at most {@link #CACHED_MAX} topics and keys, whatever peers
 * send.
 */
public final class Router {

    /** Bound of the cache: keys and topics in all remembered results together; one more, and all are forgotten. */
    public static final int CACHED_MAX = 262_144;

    /** Longer keys are not remembered. */
    private static final int CACHED_KEY_CHARS_MAX = 255;

    private static final class Compiled {
        final ExchangeDef exchange;
        final Matcher matcher;
        final Map<String, List<Topic>> byKey = new HashMap<>();

        Compiled(ExchangeDef exchange) {
            this.exchange = exchange;
            matcher = Matcher.of(exchange);
        }
    }

    private final Map<TopicName, Compiled> compiled = new HashMap<>();
    private @Nullable Catalog current;
    private int cached;

    /**
     * The topics that a publish reaches, each once, in the order of their numbers: empty where no binding matches. The
     * empty {@code exchange} is the default one and leads to the topic named {@code key}.
     *
     * @param headers of the message; read by headers exchanges only
     * @return null where the catalog has no such exchange
     */
    public @Nullable List<Topic> route(
            Catalog catalog, String namespace, String exchange, String key, Map<String, String> headers) {
        if (exchange.isEmpty()) {
            Topic topic = catalog.topic(new TopicName(namespace, key));
            return topic == null ? List.of() : List.of(topic);
        }
        if (catalog != current) {
            forgetStale(catalog);
        }
        Compiled target = compiled(catalog, new TopicName(namespace, exchange));
        return target == null ? null : route(catalog, target, key, headers);
    }

    private List<Topic> route(Catalog catalog, Compiled target, String key, Map<String, String> headers) {
        ExchangeType type = target.exchange.type();
        String cacheKey = type == ExchangeType.FANOUT ? "" : key;
        List<Topic> known = target.byKey.get(cacheKey);
        if (known != null) {
            return known;
        }
        List<Topic> found = find(catalog, target.matcher, key, headers);
        if (type != ExchangeType.HEADERS && cacheKey.length() <= CACHED_KEY_CHARS_MAX) {
            remember(target, cacheKey, found);
        }
        return found;
    }

    private static List<Topic> find(Catalog catalog, Matcher matcher, String key, Map<String, String> headers) {
        IntStream.Builder ids = IntStream.builder();
        matcher.match(key, headers, ids);
        int[] sorted = ids.build().sorted().distinct().toArray();
        return Arrays.stream(sorted)
                .mapToObj(catalog::topic)
                .filter(Objects::nonNull)
                .toList();
    }

    private void remember(Compiled target, String key, List<Topic> found) {
        int weight = 1 + found.size();
        if (cached + weight > CACHED_MAX) {
            forgetResults();
        }
        if (weight <= CACHED_MAX) {
            target.byKey.put(key, found);
            cached += weight;
        }
    }

    private @Nullable Compiled compiled(Catalog catalog, TopicName name) {
        Compiled known = compiled.get(name);
        if (known == null) {
            ExchangeDef exchange = catalog.exchange(name);
            if (exchange == null) {
                return null;
            }
            known = new Compiled(exchange);
            compiled.put(name, known);
        }
        return known;
    }

    private void forgetStale(Catalog catalog) {
        current = catalog;
        compiled.values().removeIf(known -> catalog.exchange(known.exchange.name()) != known.exchange);
        forgetResults();
    }

    private void forgetResults() {
        compiled.values().forEach(known -> known.byKey.clear());
        cached = 0;
    }

    /** Keys and topics remembered now. */
    int cached() {
        return cached;
    }
}
