package dev.recado.core.routing;

import dev.recado.core.topic.ExchangeDef;
import dev.recado.core.topic.ExchangeType;
import dev.recado.core.topic.TopicName;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An exchange at one version with its bindings laid out, and what is remembered of it. One owner. */
final class Compiled {

    final ExchangeDef exchange;
    final Matcher matcher;
    /** Routes by key, which {@link Router} bounds. */
    final Map<String, Route> byKey = new HashMap<>();
    /** Where it goes when no binding matches; null for nowhere. */
    final @Nullable TopicName alternate;

    final boolean isInternal;
    /** Whether its bindings are compared with the message's headers. */
    final boolean readsHeaders;
    /** Whether its own bindings match alike whatever the key. */
    final boolean ignoresKey;
    /** Whether the topics are the same whatever the key: no other exchange is asked. */
    final boolean hasOneRoute;

    Compiled(ExchangeDef exchange) {
        this.exchange = exchange;
        matcher = Matcher.of(exchange);
        String name = exchange.settings().alternate();
        alternate = name.isEmpty() ? null : new TopicName(exchange.name().namespace(), name);
        isInternal = exchange.settings().isInternal();
        readsHeaders = exchange.type() == ExchangeType.HEADERS;
        ignoresKey = readsHeaders || exchange.type() == ExchangeType.FANOUT;
        boolean asksNoOther =
                exchange.exchangeBindingCount() == 0 && (alternate == null || exchange.bindingCount() > 0);
        hasOneRoute = exchange.type() == ExchangeType.FANOUT && asksNoOther;
    }
}
