package dev.recado.transport.zmtp;

import dev.recado.base.Refusal;
import dev.recado.broker.Patience;
import dev.recado.broker.PublishPort;
import dev.recado.core.topic.Topic;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** A peer whose messages are published. Where there is no room they wait, as no answer could say so. One owner. */
abstract class PublishingTraffic extends Traffic implements PublishPort {

    private final Role role;
    private @Nullable Publishing publishing;

    PublishingTraffic(ZmtpEnvironment environment, ZmtpSession session, Role role) {
        super(environment, session, Patience.WAIT);
        this.role = role;
    }

    @Override
    Future<?> begin(Topic topic) {
        publishing = new Publishing(environment, link, session, role, topic);
        return Future.succeededFuture();
    }

    @Override
    void onMessage(MessageDecoder message) {
        if (publishing != null) {
            publishing.publish(message);
        }
    }

    /** Publishes the message as a request, whose answer comes with {@code correlation}. */
    final void request(MessageDecoder message, byte[] identity, long correlation) {
        if (publishing != null) {
            publishing.request(message, identity, correlation);
        }
    }

    @Override
    public void onRefused(long firstTicket, int count, Refusal refusal) {
        if (publishing != null) {
            publishing.onRefused(refusal);
        }
    }

    /** ZeroMQ has no word for it. */
    @Override
    public void onConfirmed(long firstTicket, int count, int partitionIndex, long firstOffset) {}
}
