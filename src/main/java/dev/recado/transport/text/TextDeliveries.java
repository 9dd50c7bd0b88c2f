package dev.recado.transport.text;

import dev.recado.base.ErrorCode;
import dev.recado.broker.DeliveryPort;
import dev.recado.broker.SubscriptionLink;
import dev.recado.broker.TapBatch;
import dev.recado.core.message.DeliveryBatch;
import io.vertx.core.Promise;

/** What the broker tells a session of its subscriptions. One session's, one owner. */
final class TextDeliveries implements DeliveryPort {

    private final TextSession session;

    TextDeliveries(TextSession session) {
        this.session = session;
    }

    @Override
    public void onDeliveries(SubscriptionLink subscription, DeliveryBatch batch) {
        deliver(subscription, batch);
    }

    @Override
    public void onTapped(SubscriptionLink subscription, TapBatch batch) {
        deliver(subscription, batch);
    }

    private void deliver(SubscriptionLink subscription, Object batch) {
        if (session.isOpen()) {
            session.pushes.add(subscription, batch);
            session.link.markDirty();
        }
    }

    @Override
    public void onAcked(SubscriptionLink subscription, int partitionIndex, long offset) {
        session.consuming.durableAcks().onAcked(subscription, partitionIndex, offset);
        session.link.markDirty();
    }

    @Override
    public void onEnded(SubscriptionLink subscription, String reason) {
        session.consuming.durableAcks().onEnded(subscription, reason);
        if (subscription.attachment() instanceof TextSubscription mine) {
            if (mine.hasCeased()) { // its client gets what it was handed, also of a topic that has ended with it
                Promise<Void> sent = Promise.promise();
                sent.future().onComplete(done -> end(mine, reason));
                mine.whenSent(sent);
            } else {
                end(mine, reason);
            }
        } else if (session.classic.isMine(subscription)) {
            session.end(ErrorWords.line(ErrorCode.NOT_FOUND, "the consumer ended, reason=" + reason));
        }
        session.link.markDirty();
    }

    private void end(TextSubscription mine, String reason) {
        session.pushes.onEnded(mine, reason);
        session.consuming.onEnded(mine);
        session.link.markDirty();
    }
}
