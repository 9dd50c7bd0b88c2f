package dev.recado.core.routing;

import dev.recado.core.message.HeaderView;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.ExchangeDef;
import dev.recado.core.topic.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The way of one publish from an exchange to topics, over the exchanges that bindings and alternates lead to. Each
 * exchange is asked once, in whatever circle they lead; so it ends after {@link Catalog#EXCHANGES_MAX} of them and
 * follows {@link Catalog#EXCHANGE_BINDINGS_MAX} bindings. One owner, reused.
 */
final class Search implements IntConsumer {

    private static final int TOPICS = 16;

    private final Function<ExchangeDef, Compiled> compiled;
    private final List<Compiled> asked = new ArrayList<>();
    private final Set<Integer> seen = new HashSet<>();
    private Catalog catalog;
    private int[] topicIds = new int[TOPICS];
    private int found;
    private boolean matched;
    private boolean readHeaders;

    /** {@code compiled} lays out an exchange of the catalog that is searched. */
    Search(Function<ExchangeDef, Compiled> compiled) {
        this.compiled = compiled;
        catalog = Catalog.empty(1);
    }

    /** The topics that any of the keys leads to, each once, in the order of their numbers. */
    List<Topic> find(Catalog searched, Compiled start, List<String> keys, HeaderView headers) {
        catalog = searched;
        found = 0;
        readHeaders = false;
        asked.clear();
        seen.clear();
        asked.add(start);
        for (int i = 0; i < asked.size(); i++) {
            ask(asked.get(i), keys, headers);
        }
        return topics();
    }

    private void ask(Compiled exchange, List<String> keys, HeaderView headers) {
        matched = false;
        readHeaders |= exchange.readsHeaders;
        int count = exchange.ignoresKey ? 1 : keys.size();
        for (int i = 0; i < count; i++) {
            exchange.matcher.match(keys.get(i), headers, this);
        }
        if (!matched && exchange.alternate != null) {
            follow(catalog.exchange(exchange.alternate));
        }
    }

    /** A target of a binding that matched. */
    @Override
    public void accept(int target) {
        matched = true;
        if (target < 0) {
            follow(catalog.exchange(-target));
            return;
        }
        if (found == topicIds.length) {
            topicIds = Arrays.copyOf(topicIds, found * 2);
        }
        topicIds[found++] = target;
    }

    private void follow(@Nullable ExchangeDef exchange) {
        if (seen.isEmpty()) {
            seen.add(asked.get(0).exchange.id());
        }
        if (exchange != null && seen.add(exchange.id())) {
            asked.add(compiled.apply(exchange));
        }
    }

    private List<Topic> topics() {
        Arrays.sort(topicIds, 0, found);
        List<Topic> topics = new ArrayList<>(found);
        for (int i = 0; i < found; i++) {
            Topic topic = i > 0 && topicIds[i] == topicIds[i - 1] ? null : catalog.topic(topicIds[i]);
            if (topic != null) {
                topics.add(topic);
            }
        }
        return List.copyOf(topics);
    }

    /** Whether the message's headers were compared: another message may go elsewhere by the same key. */
    boolean hasReadHeaders() {
        return readHeaders;
    }
}
