package dev.recado.transport.zmtp;

import dev.recado.base.ByteWriter;
import dev.recado.broker.DeliveryPort;
import dev.recado.broker.Patience;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.topic.Topic;
import dev.recado.transport.OutputCursor;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * A peer that gets messages of a topic: they wait until they are encoded, and marks tell the broker what the socket
 * took. One owner.
 *
 * @param <B> a batch as the broker hands it over
 */
abstract class ConsumingTraffic<B> extends Traffic implements DeliveryPort {

    private @Nullable SubscriptionLink subscription;

    ConsumingTraffic(ZmtpEnvironment environment, ZmtpSession session) {
        super(environment, session, Patience.REFUSE);
    }

    /** What it consumes of the topic. */
    abstract SubscribeSpec spec(Topic topic);

    /** Where what the broker hands over waits. */
    abstract OutputCursor<B> cursor();

    @Override
    final Future<?> begin(Topic topic) {
        return link.subscribe(spec(topic)).onSuccess(joined -> subscription = joined);
    }

    /** Its place in the broker, or null before it was taken. */
    final @Nullable SubscriptionLink subscription() {
        return subscription;
    }

    /** The broker handed something over. */
    final void take(B batch) {
        if (session.isOpen()) {
            cursor().add(batch);
            session.flushSoon();
        }
    }

    @Override
    final void encode(ByteWriter out, int bytesMax) {
        SubscriptionLink from = subscription;
        if (from != null) {
            cursor().encode(from, out, bytesMax);
        }
    }

    @Override
    public void onEnded(SubscriptionLink from, String reason) {
        session.end(reason);
    }
}
