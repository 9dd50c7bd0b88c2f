package dev.recado.transport.zmtp;

import dev.recado.base.Refusal;
import dev.recado.broker.Patience;
import dev.recado.core.topic.Topic;
import dev.recado.transport.zmtp.wire.Frames;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * A peer that publishes: it hears what is wanted of the topic, all of it at first and then each change, and each of its
 * messages is published. One owner.
 */
final class XsubTraffic extends Traffic {

    /** What may wait for a publisher that does not read. One that lets more wait connects again and hears it anew. */
    private static final int WISHES_BYTES_MAX = 32 * 1024 * 1024;

    private @Nullable Publishing publishing;

    XsubTraffic(ZmtpEnvironment environment, ZmtpSession session) {
        super(environment, session, Patience.WAIT);
    }

    @Override
    Future<?> begin(Topic topic) {
        publishing = new Publishing(environment, link, session, Role.XSUB, topic);
        link.watchInterest(topic);
        return Future.succeededFuture();
    }

    @Override
    void onMessage(MessageDecoder message) {
        if (publishing != null) {
            publishing.publish(message);
        }
    }

    /** As a message of one frame, 1 or 0 and the prefix: the form that publishers of every version take. */
    @Override
    public void onInterest(String topic, byte[] prefix, boolean wanted) {
        if (!session.isOpen()) {
            return;
        }
        Frames.putHeader(session.outbox(), false, 1 + prefix.length);
        session.outbox().put(wanted ? 1 : 0).put(prefix);
        if (session.outbox().size() > WISHES_BYTES_MAX) {
            session.end("the publisher does not read its subscriptions");
        }
        session.flushSoon();
    }

    @Override
    public void onRefused(long firstTicket, int count, Refusal refusal) {
        if (publishing != null) {
            publishing.onRefused(refusal);
        }
    }
}
