package dev.recado.broker.session;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.broker.DeliveryPort;
import dev.recado.broker.InterestPort;
import dev.recado.broker.PublishPort;
import dev.recado.broker.PullPort;
import dev.recado.broker.ReplyPort;
import dev.recado.broker.SessionPort;
import dev.recado.broker.SubscriptionLink;
import dev.recado.broker.TapBatch;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.message.MessageView;
import dev.recado.core.message.StoredRun;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a session from the code of owners: a failure of the session's own ends that session and is counted, and the
 * owner that called goes on. See {@link Boundary}.
 */
final class GuardedPort implements SessionPort, PublishPort, DeliveryPort, PullPort, ReplyPort, InterestPort {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedPort.class);
    private static final Refusal BUG = Refusal.fatal(ErrorCode.NOT_ALLOWED, "a bug of the broker ended this session");

    private final SessionPort port;
    private final LoopLink link;
    private final Boundary boundary;

    GuardedPort(SessionPort port, LoopLink link) {
        this.port = port;
        this.link = link;
        this.boundary = link.loop().boundary();
    }

    @Override
    public void onConfirmed(long firstTicket, int count, int partitionIndex, long firstOffset) {
        int before = boundary.toSession();
        try {
            port.publishes().onConfirmed(firstTicket, count, partitionIndex, firstOffset);
            boundary.fromSession(before);
        } catch (Throwable bug) {
            boundary.fromSession(before, bug);
            end(bug);
        }
    }

    /** Answers what does not change, so that it needs no guard. */
    @Override
    public boolean countsTopics() {
        return port.publishes().countsTopics();
    }

    @Override
    public void onRouted(long ticket, int topics) {
        run(() -> port.publishes().onRouted(ticket, topics));
    }

    @Override
    public void onRefused(long firstTicket, int count, Refusal refusal) {
        run(() -> port.publishes().onRefused(firstTicket, count, refusal));
    }

    @Override
    public void onDeliveries(SubscriptionLink subscription, DeliveryBatch batch) {
        link.record().onDelivered(batch.size());
        run(() -> port.deliveries().onDeliveries(subscription, batch));
    }

    @Override
    public void onTapped(SubscriptionLink subscription, TapBatch batch) {
        for (StoredRun run : batch.runs()) {
            link.record().onDelivered(run.count());
        }
        run(() -> port.deliveries().onTapped(subscription, batch));
    }

    @Override
    public void onPulled(long ticket, @Nullable DeliveryBatch batch) {
        link.record().onDelivered(batch == null ? 0 : batch.size());
        run(() -> port.pulls().onPulled(ticket, batch));
    }

    @Override
    public void onAvailable(SubscriptionLink subscription, long count) {
        run(() -> port.pulls().onAvailable(subscription, count));
    }

    @Override
    public void onAcked(SubscriptionLink subscription, int partitionIndex, long offset) {
        run(() -> port.deliveries().onAcked(subscription, partitionIndex, offset));
    }

    @Override
    public void onEnded(SubscriptionLink subscription, String reason) {
        run(() -> port.deliveries().onEnded(subscription, reason));
    }

    @Override
    public void onReply(long correlation, MessageView reply) {
        run(() -> port.replies().onReply(correlation, reply));
    }

    @Override
    public void onInterest(String topic, byte[] prefix, boolean wanted) {
        run(() -> port.interest().onInterest(topic, prefix, wanted));
    }

    @Override
    public void onShortage(@Nullable Refusal shortage) {
        run(() -> port.onShortage(shortage));
    }

    @Override
    public void onClosedByBroker(Refusal refusal) {
        int before = boundary.toSession();
        try {
            port.onClosedByBroker(refusal);
            boundary.fromSession(before);
        } catch (Throwable bug) {
            boundary.fromSession(before, bug);
            LOG.error("bug in a session that is being closed", bug);
        }
    }

    @Override
    public void onTurnEnd() {
        run(port::onTurnEnd);
    }

    @Override
    public void onBackPressure(boolean pauseReading) {
        run(() -> port.onBackPressure(pauseReading));
    }

    /** Runs code of the session. */
    void run(Runnable call) {
        int before = boundary.toSession();
        try {
            call.run();
            boundary.fromSession(before);
        } catch (Throwable bug) {
            boundary.fromSession(before, bug);
            end(bug);
        }
    }

    /** {@code answer}, whose handlers run as code of the session. */
    <T> Future<T> toSession(Future<T> answer) {
        Promise<T> told = Promise.promise();
        answer.onComplete(outcome -> run(() -> told.handle(outcome)));
        return told.future();
    }

    private void end(Throwable bug) {
        LOG.error("bug in a session, the session is closed", bug);
        link.loop().counters().sessionBugs++;
        onClosedByBroker(BUG);
        link.close();
    }
}
