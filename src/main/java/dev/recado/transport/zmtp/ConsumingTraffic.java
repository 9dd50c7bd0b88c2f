package dev.recado.transport.zmtp;

import dev.recado.broker.Patience;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.Subscription;
import dev.recado.core.topic.Topic;
import dev.recado.transport.WrittenMarks;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A peer that gets messages of a topic: they wait in batches until they are encoded, and marks tell the broker what the
 * socket took. What the broker hands over before it hears of that bounds the queue. One owner.
 *
 * @param <B> a batch as the broker hands it over
 */
abstract class ConsumingTraffic<B> extends Traffic {

    final WrittenMarks marks = new WrittenMarks();
    final ArrayDeque<B> batches = new ArrayDeque<>(2);
    private @Nullable Subscription subscription;

    ConsumingTraffic(ZmtpEnvironment environment, ZmtpSession session) {
        super(environment, session, Patience.REFUSE);
    }

    /** What it consumes of the topic. */
    abstract SubscribeSpec spec(Topic topic);

    @Override
    final Future<?> begin(Topic topic) {
        return link.subscribe(spec(topic)).onSuccess(joined -> subscription = joined);
    }

    /** Its place in the broker, or null before it was taken. */
    final @Nullable Subscription subscription() {
        return subscription;
    }

    /** The broker handed something over. */
    final void take(B batch) {
        if (session.isOpen()) {
            batches.add(batch);
            session.flushSoon();
        }
    }

    @Override
    void seal(long position) {
        marks.seal(position);
    }

    @Override
    void onWritten(long position) {
        marks.onWritten(position);
    }
}
