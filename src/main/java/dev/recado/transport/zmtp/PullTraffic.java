package dev.recado.transport.zmtp;

import dev.recado.base.Refusal;
import dev.recado.broker.Patience;
import dev.recado.core.topic.Topic;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** A peer that pushes: each of its messages is stored in the pipeline's topic. One owner. */
final class PullTraffic extends Traffic {

    private @Nullable Publishing publishing;

    PullTraffic(ZmtpEnvironment environment, ZmtpSession session) {
        super(environment, session, Patience.WAIT);
    }

    @Override
    Future<?> begin(Topic topic) {
        publishing = new Publishing(environment, link, session, Role.PULL, topic);
        return Future.succeededFuture();
    }

    @Override
    void onMessage(MessageDecoder message) {
        if (publishing != null) {
            publishing.publish(message);
        }
    }

    @Override
    public void onRefused(long firstTicket, int count, Refusal refusal) {
        if (publishing != null) {
            publishing.onRefused(refusal);
        }
    }
}
