package dev.recado.transport.amqp;

import dev.recado.base.Refusal;
import dev.recado.broker.DeleteIf;
import dev.recado.broker.Link;
import dev.recado.broker.SessionPort;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.Topic;
import dev.recado.security.Identity;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The queues that are one connection's alone. A link of its own keeps them while all channels are closed; it is told
 * nothing, as the channels are.
 */
final class OwnedQueues implements SessionPort {

    private final Function<SessionPort, Link> opener;
    private static final int LOOKED_OVER_LEAST = 16;

    /** Those that may not be in the catalog yet: as many as channels are declaring one. */
    private final Set<UUID> making = new HashSet<>(0);

    private final Set<UUID> queues = new HashSet<>(0);
    /** How many there are when those that have ended are let go of. */
    private int lookedOverAt = LOOKED_OVER_LEAST;

    private @Nullable Link anchor;

    /** {@code opener} opens a link of the connection's for a port. */
    OwnedQueues(Function<SessionPort, Link> opener) {
        this.opener = opener;
    }

    /** A queue is made that is to end with the connection. */
    void add(UUID queue) {
        making.add(queue);
        if (anchor == null) {
            anchor = opener.apply(this);
        }
    }

    /** It has come to be. A client that makes one for each request, and deletes it, must not leave a trace of each. */
    void made(UUID queue, Catalog catalog) {
        if (making.remove(queue)) {
            queues.add(queue);
        }
        if (queues.size() >= lookedOverAt) {
            queues.removeIf(one -> catalog.topic(one) == null);
            lookedOverAt = Math.max(LOOKED_OVER_LEAST, 2 * queues.size());
        }
    }

    /** It did not come to be. */
    void remove(UUID queue) {
        making.remove(queue);
    }

    boolean contains(UUID queue) {
        return queues.contains(queue) || making.contains(queue);
    }

    /** How many it keeps track of. */
    int count() {
        return queues.size() + making.size();
    }

    /** Deletes them: whoever hears that the connection is closed may declare them anew. */
    Future<?> end() {
        Link last = anchor;
        List<Future<Long>> ending = new ArrayList<>(0);
        queues.addAll(making);
        for (UUID queue : queues) {
            Topic topic = last == null ? null : last.catalog().topic(queue);
            if (last != null && topic != null) {
                ending.add(last.delete(topic, DeleteIf.ANY));
            }
        }
        return ending.isEmpty() ? Future.succeededFuture() : Future.join(ending);
    }

    /** The connection goes on as {@code identity}; false where that has ended meanwhile. */
    boolean identify(Identity identity) {
        return anchor == null || anchor.identify(identity);
    }

    void close() {
        Link last = anchor;
        if (last != null) {
            last.close();
        }
    }

    @Override
    public void onClosedByBroker(Refusal refusal) {}

    @Override
    public void onTurnEnd() {}

    @Override
    public void onBackPressure(boolean pauseReading) {}
}
