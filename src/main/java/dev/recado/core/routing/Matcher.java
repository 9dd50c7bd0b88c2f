package dev.recado.core.routing;

import dev.recado.core.topic.Binding;
import dev.recado.core.topic.ExchangeDef;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;

/** The bindings of one exchange, laid out for its type. One owner; the same topic may be found more than once. */
interface Matcher {

    /** Gives the numbers of the topics whose bindings match. */
    void match(String key, Map<String, String> headers, IntConsumer topicId);

    static Matcher of(ExchangeDef exchange) {
        List<Binding> bindings = exchange.bindings();
        return switch (exchange.type()) {
            case DIRECT -> direct(bindings);
            case FANOUT -> fanout(bindings);
            case TOPIC -> topic(bindings);
            case HEADERS -> headers(bindings);
        };
    }

    private static Matcher direct(List<Binding> bindings) {
        Map<String, Set<Integer>> byKey = new HashMap<>();
        for (Binding binding : bindings) {
            byKey.computeIfAbsent(binding.key(), key -> new LinkedHashSet<>(2)).add(binding.topicId());
        }
        return (key, headers, topicId) -> byKey.getOrDefault(key, Set.of()).forEach(topicId::accept);
    }

    private static Matcher fanout(List<Binding> bindings) {
        int[] topicIds = bindings.stream().mapToInt(Binding::topicId).distinct().toArray();
        return (key, headers, topicId) -> {
            for (int id : topicIds) {
                topicId.accept(id);
            }
        };
    }

    private static Matcher topic(List<Binding> bindings) {
        PatternIndex<Integer> index = new PatternIndex<>();
        for (Binding binding : bindings) {
            index.add(binding.key(), binding.topicId());
        }
        return (key, headers, topicId) -> index.match(key, topicId::accept);
    }

    private static Matcher headers(List<Binding> bindings) {
        List<HeadersMatch> matches = bindings.stream().map(HeadersMatch::of).toList();
        return (key, headers, topicId) -> {
            for (HeadersMatch match : matches) {
                if (match.matches(headers)) {
                    topicId.accept(match.topicId());
                }
            }
        };
    }
}
