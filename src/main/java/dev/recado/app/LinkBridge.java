package dev.recado.app;

import dev.recado.base.BrokerException;
import dev.recado.base.Refusal;
import dev.recado.broker.Broker;
import dev.recado.broker.Link;
import dev.recado.broker.Patience;
import dev.recado.broker.PublishPort;
import dev.recado.broker.SessionInfo;
import dev.recado.broker.SessionPort;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.security.Identity;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A link for a worker thread that may wait: every call hops to an event loop and back. One thread at a time. */
final class LinkBridge implements SessionPort, PublishPort, AutoCloseable {

    private final Context context;
    private @Nullable Link link;
    private long ticket;
    private long missing;
    private @Nullable Refusal refusal;
    private @Nullable Promise<Void> settled;

    private LinkBridge(Context context) {
        this.context = context;
    }

    /** Opens one; not to be called on an event loop. */
    static LinkBridge open(Vertx vertx, Broker broker) {
        LinkBridge bridge = new LinkBridge(((VertxInternal) vertx).createEventLoopContext());
        bridge.onLoop(() -> {
            bridge.link = broker.open(bridge, Patience.REFUSE, SessionInfo.INTERNAL, Identity.BROKER);
            return Future.succeededFuture();
        });
        return bridge;
    }

    private <T> T onLoop(java.util.function.Supplier<Future<T>> task) {
        Promise<T> done = Promise.promise();
        context.runOnContext(unused -> {
            try {
                task.get().onComplete(done);
            } catch (RuntimeException failed) {
                done.tryFail(failed);
            }
        });
        try {
            return done.future().toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
        }
    }

    private Link link() {
        return Objects.requireNonNull(link, "the link is not open");
    }

    /** Runs one command of the link and waits for its answer. */
    <T> T call(Function<Link, Future<T>> command) {
        return onLoop(() -> command.apply(link()));
    }

    Topic topic(TopicName name) {
        Topic topic = link().catalog().topic(name);
        if (topic == null) {
            throw new IllegalStateException("no such topic topic=" + name);
        }
        return topic;
    }

    /** Publishes all, numbered from {@code first} on, and waits until all are confirmed. */
    void publishAll(Topic topic, String producer, long first, List<Draft> messages) {
        if (messages.isEmpty()) {
            return;
        }
        onLoop(() -> {
            Promise<Void> done = Promise.promise();
            settled = done;
            missing = messages.size();
            long number = first;
            for (Draft message : messages) {
                Refusal now = link().publishNumbered(topic, message, ticket++, producer, number++);
                if (now != null) {
                    settle(1, now);
                }
            }
            return done.future();
        });
    }

    private void settle(long count, @Nullable Refusal why) {
        refusal = why == null ? refusal : why;
        missing -= count;
        Promise<Void> waiting = settled;
        if (missing == 0 && waiting != null) {
            if (refusal == null) {
                waiting.tryComplete();
            } else {
                waiting.tryFail(BrokerException.of(refusal));
            }
        }
    }

    @Override
    public void onConfirmed(long firstTicket, int count, int partitionIndex, long firstOffset) {
        settle(count, null);
    }

    @Override
    public void onRefused(long firstTicket, int count, Refusal why) {
        settle(count, why);
    }

    @Override
    public void onClosedByBroker(Refusal why) {
        settle(missing, why);
    }

    @Override
    public void onTurnEnd() {
        // nothing is written
    }

    @Override
    public void onBackPressure(boolean pauseReading) {
        // batches are awaited one by one
    }

    @Override
    public void close() {
        onLoop(() -> {
            link().close();
            return Future.succeededFuture();
        });
    }
}
