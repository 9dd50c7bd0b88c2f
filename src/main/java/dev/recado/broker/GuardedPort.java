package dev.recado.broker;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.message.MessageView;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session's bug ends that session and is counted; the owner that called goes on. */
final class GuardedPort implements SessionPort {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedPort.class);
    private static final Refusal BUG = Refusal.fatal(ErrorCode.NOT_ALLOWED, "a bug of the broker ended this session");

    private final SessionPort port;
    private final LoopLink link;

    GuardedPort(SessionPort port, LoopLink link) {
        this.port = port;
        this.link = link;
    }

    @Override
    public void onConfirmed(long firstTicket, int count, int partitionIndex, long firstOffset) {
        try {
            port.onConfirmed(firstTicket, count, partitionIndex, firstOffset);
        } catch (RuntimeException | AssertionError bug) {
            end(bug);
        }
    }

    @Override
    public void onRouted(long ticket, int topics) {
        guard(() -> port.onRouted(ticket, topics));
    }

    @Override
    public void onRefused(long firstTicket, int count, Refusal refusal) {
        guard(() -> port.onRefused(firstTicket, count, refusal));
    }

    @Override
    public void onDeliveries(Subscription subscription, DeliveryBatch batch) {
        guard(() -> port.onDeliveries(subscription, batch));
    }

    @Override
    public void onTapped(Subscription subscription, TapBatch batch) {
        guard(() -> port.onTapped(subscription, batch));
    }

    @Override
    public void onPulled(long ticket, @Nullable DeliveryBatch batch) {
        guard(() -> port.onPulled(ticket, batch));
    }

    @Override
    public void onAvailable(Subscription subscription, long count) {
        guard(() -> port.onAvailable(subscription, count));
    }

    @Override
    public void onAcked(Subscription subscription, int partitionIndex, long offset) {
        guard(() -> port.onAcked(subscription, partitionIndex, offset));
    }

    @Override
    public void onEnded(Subscription subscription, String reason) {
        guard(() -> port.onEnded(subscription, reason));
    }

    @Override
    public void onReply(long correlation, MessageView reply) {
        guard(() -> port.onReply(correlation, reply));
    }

    @Override
    public void onInterest(String topic, byte[] prefix, boolean wanted) {
        guard(() -> port.onInterest(topic, prefix, wanted));
    }

    @Override
    public void onClosedByBroker(Refusal refusal) {
        try {
            port.onClosedByBroker(refusal);
        } catch (RuntimeException | AssertionError bug) {
            LOG.error("bug in a session that is being closed", bug);
        }
    }

    @Override
    public void onTurnEnd() {
        guard(port::onTurnEnd);
    }

    @Override
    public void onBackPressure(boolean pauseReading) {
        guard(() -> port.onBackPressure(pauseReading));
    }

    private void guard(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | AssertionError bug) {
            end(bug);
        }
    }

    private void end(Throwable bug) {
        LOG.error("bug in a session, the session is closed", bug);
        link.loop().counters().sessionBugs++;
        onClosedByBroker(BUG);
        link.close();
    }
}
