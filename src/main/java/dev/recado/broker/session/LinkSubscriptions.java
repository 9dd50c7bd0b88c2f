package dev.recado.broker.session;

import dev.recado.base.Refusal;
import dev.recado.broker.SubscribeSpec;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The subscriptions of one link, and which of them have gathered something for their owners. One owner. */
final class LinkSubscriptions {

    /** What a link does with one. */
    interface One {

        SubscribeSpec spec();

        /** Sends what gathered. */
        void flush();

        /** It ends, and nothing is delivered any more. */
        void revoke(String reason);

        /** Leaves, without waiting for what is durable. */
        Future<Void> close(boolean vanished);
    }

    private final List<One> all = new ArrayList<>();
    private final Set<One> unsent = new LinkedHashSet<>();

    int count() {
        return all.size();
    }

    void add(One subscription) {
        all.add(subscription);
    }

    void remove(One subscription) {
        all.remove(subscription);
        unsent.remove(subscription);
    }

    /** {@code subscription} has gathered something for its owners. */
    void markUnsent(One subscription) {
        unsent.add(subscription);
    }

    /** Sends what gathered. */
    void flush() {
        if (!unsent.isEmpty()) {
            List<One> ready = new ArrayList<>(unsent);
            unsent.clear();
            ready.forEach(One::flush);
        }
    }

    /** Ends those that {@code refusal} speaks against. */
    void endRefused(Function<SubscribeSpec, @Nullable Refusal> refusal) {
        for (One subscription : List.copyOf(all)) {
            Refusal why = refusal.apply(subscription.spec());
            if (why != null) {
                subscription.revoke(why.detail());
            }
        }
    }

    /** Closes all; {@code vanished}: the session did not say that it goes. */
    void close(boolean vanished) {
        for (One subscription : List.copyOf(all)) {
            subscription.close(vanished);
        }
    }
}
