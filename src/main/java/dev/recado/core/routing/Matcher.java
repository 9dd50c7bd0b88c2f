package dev.recado.core.routing;

import dev.recado.core.message.HeaderView;
import dev.recado.core.topic.Binding;
import dev.recado.core.topic.ExchangeDef;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;

/** The bindings of one exchange, laid out for its type. One owner; the same target may be found more than once. */
interface Matcher {

    /** Gives the targets of the bindings that match, see {@link Binding#target}. */
    void match(String key, HeaderView headers, IntConsumer target);

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
            byKey.computeIfAbsent(binding.key(), key -> new LinkedHashSet<>(2)).add(binding.target());
        }
        return (key, headers, target) -> byKey.getOrDefault(key, Set.of()).forEach(target::accept);
    }

    private static Matcher fanout(List<Binding> bindings) {
        int[] targets = bindings.stream().mapToInt(Binding::target).distinct().toArray();
        return (key, headers, target) -> {
            for (int one : targets) {
                target.accept(one);
            }
        };
    }

    private static Matcher topic(List<Binding> bindings) {
        PatternIndex<Integer> index = new PatternIndex<>();
        for (Binding binding : bindings) {
            index.add(binding.key(), binding.target());
        }
        return (key, headers, target) -> index.match(key, target::accept);
    }

    private static Matcher headers(List<Binding> bindings) {
        List<HeadersMatch> matches = bindings.stream().map(HeadersMatch::of).toList();
        return (key, headers, target) -> {
            for (HeadersMatch match : matches) {
                if (match.matches(headers)) {
                    target.accept(match.target());
                }
            }
        };
    }
}
