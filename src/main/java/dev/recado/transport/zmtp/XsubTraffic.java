package dev.recado.transport.zmtp;

import dev.recado.base.BrokerException;
import dev.recado.base.Refusal;
import dev.recado.broker.InterestPort;
import dev.recado.core.topic.Topic;
import dev.recado.transport.zmtp.wire.Frames;
import io.vertx.core.Future;

/**
 * A peer that publishes: it hears what is wanted of the topic, all of it at first and then each change, and each of its
 * messages is published. One owner.
 */
final class XsubTraffic extends PublishingTraffic implements InterestPort {

    /** What may wait for a publisher that does not read. One that lets more wait connects again and hears it anew. */
    private static final int WISHES_BYTES_MAX = 32 * 1024 * 1024;

    XsubTraffic(ZmtpEnvironment environment, ZmtpSession session) {
        super(environment, session, Role.XSUB);
    }

    @Override
    Future<?> begin(Topic topic) {
        Refusal refusal = link.watchInterest(topic);
        return refusal == null ? super.begin(topic) : Future.failedFuture(BrokerException.of(refusal));
    }

    /** As a message of one frame, 1 or 0 and the prefix: the form that publishers of every version take. */
    @Override
    public void onInterest(String topic, byte[] prefix, boolean wanted) {
        if (!session.isOpen()) {
            return;
        }
        Frames.putHeader(session.outbox.forAnswer(), false, 1 + prefix.length);
        session.outbox.forAnswer().put(wanted ? 1 : 0).put(prefix);
        if (session.outbox.forAnswer().size() > WISHES_BYTES_MAX) {
            session.end("the publisher does not read its subscriptions");
        }
        session.flushSoon();
    }
}
