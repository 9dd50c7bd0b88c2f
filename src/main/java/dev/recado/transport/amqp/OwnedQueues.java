package dev.recado.transport.amqp;

import dev.recado.base.Refusal;
import dev.recado.broker.DeleteIf;
import dev.recado.broker.Link;
import dev.recado.broker.SessionPort;
import dev.recado.core.topic.Topic;
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
    private final Set<UUID> queues = new HashSet<>(0);
    private @Nullable Link anchor;

    /** {@code opener} opens a link of the connection's for a port. */
    OwnedQueues(Function<SessionPort, Link> opener) {
        this.opener = opener;
    }

    /** A queue is to end with the connection. */
    void add(UUID queue) {
        queues.add(queue);
        if (anchor == null) {
            anchor = opener.apply(this);
        }
    }

    /** It did not come to be. */
    void remove(UUID queue) {
        queues.remove(queue);
    }

    boolean contains(UUID queue) {
        return queues.contains(queue);
    }

    /** Deletes them: whoever hears that the connection is closed may declare them anew. */
    Future<?> end() {
        Link last = anchor;
        List<Future<Long>> ending = new ArrayList<>(0);
        for (UUID queue : queues) {
            Topic topic = last == null ? null : last.catalog().topic(queue);
            if (last != null && topic != null) {
                ending.add(last.delete(topic, DeleteIf.ANY));
            }
        }
        return ending.isEmpty() ? Future.succeededFuture() : Future.join(ending);
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
