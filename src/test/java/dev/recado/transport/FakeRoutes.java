package dev.recado.transport;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.broker.Link;
import dev.recado.core.topic.Binding;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.ExchangeDef;
import dev.recado.core.topic.ExchangeType;
import dev.recado.core.topic.TopicName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where exchanges of {@link FakeBroker} lead. */
final class FakeRoutes {

    private final Catalog catalog;
    private final String namespace;

    private FakeRoutes(Catalog catalog, String namespace) {
        this.catalog = catalog;
        this.namespace = namespace;
    }

    /** Why nothing goes through an exchange, null where it is not there, by these keys. */
    static @Nullable Refusal problem(String exchange, @Nullable ExchangeDef found, List<String> keys) {
        if (found == null && !exchange.isEmpty()) {
            return Refusal.of(ErrorCode.EXCHANGE_NOT_FOUND, exchange);
        } else if (found != null && found.settings().isInternal()) {
            return Refusal.of(
                    ErrorCode.NOT_ALLOWED, "only exchanges lead to an internal exchange, exchange=" + exchange);
        }
        return keys.isEmpty() || keys.size() > Link.KEYS_MAX
                ? Refusal.of(ErrorCode.INVALID_ARGUMENT, "keys=" + keys.size())
                : null;
    }

    /** Whether there is a topic behind an exchange. */
    static boolean leads(FakeBroker broker, String namespace, @Nullable ExchangeDef exchange, List<String> keys) {
        return !new FakeRoutes(broker.catalog, namespace).route(exchange, keys).isEmpty();
    }

    /** In how many topics a message is, and its offset in the last of them. */
    record Stored(int topics, long offset) {}

    /** Stores a message in the topics of an exchange. */
    static Stored store(
            FakeBroker broker, String namespace, @Nullable ExchangeDef exchange, List<String> keys, byte[] message) {
        Set<Integer> topics = new FakeRoutes(broker.catalog, namespace).route(exchange, keys);
        long offset = -1;
        for (int topicId : topics) {
            offset = broker.store(Objects.requireNonNull(broker.catalog.topic(topicId)), 0, message);
        }
        return new Stored(topics.size(), offset);
    }

    /** The topics of an exchange that is direct or a fanout and of those behind it; null is the default one. */
    private Set<Integer> route(@Nullable ExchangeDef exchange, List<String> keys) {
        Set<Integer> topics = new LinkedHashSet<>();
        if (exchange == null) {
            keys.stream()
                    .map(key -> catalog.topic(new TopicName(namespace, key)))
                    .filter(Objects::nonNull)
                    .forEach(topic -> topics.add(topic.id()));
            return topics;
        }
        Set<ExchangeDef> asked = new LinkedHashSet<>(Set.of(exchange));
        List<ExchangeDef> open = new ArrayList<>(asked);
        while (!open.isEmpty()) {
            ExchangeDef next = open.remove(0);
            for (ExchangeDef other : ask(next, keys, topics)) {
                if (asked.add(other)) {
                    open.add(other);
                }
            }
        }
        return topics;
    }

    private List<ExchangeDef> ask(ExchangeDef exchange, List<String> keys, Set<Integer> topics) {
        List<ExchangeDef> others = new ArrayList<>();
        boolean matched = false;
        for (Binding binding : exchange.bindings()) {
            if (keys.contains(binding.key()) || exchange.type() == ExchangeType.FANOUT) {
                matched = true;
                ExchangeDef other = catalog.exchange(binding.exchangeId());
                if (other == null) {
                    topics.add(binding.topicId());
                } else {
                    others.add(other);
                }
            }
        }
        ExchangeDef alternate =
                catalog.exchange(new TopicName(namespace, exchange.settings().alternate()));
        return !matched && alternate != null ? List.of(alternate) : others;
    }
}
