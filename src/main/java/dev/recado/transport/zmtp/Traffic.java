package dev.recado.transport.zmtp;

import dev.recado.base.ByteWriter;
import dev.recado.base.Refusal;
import dev.recado.broker.Link;
import dev.recado.broker.Patience;
import dev.recado.broker.SessionPort;
import dev.recado.broker.Subscription;
import dev.recado.broker.TapBatch;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.message.MessageView;
import dev.recado.core.topic.Topic;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * What one role does with a connection behind its handshake: messages of the peer go to the broker, what the broker has
 * for it becomes frames. The broker's port to the session. Without I/O; owned by its session's loop. What a role does
 * not know of does nothing. Where there is no room, what a peer publishes waits, as no answer could say that it does
 * not.
 */
abstract class Traffic implements SessionPort {

    final ZmtpEnvironment environment;
    final ZmtpSession session;
    final Link link;

    /** Opens the session's link. */
    Traffic(ZmtpEnvironment environment, ZmtpSession session, Patience patience) {
        this.environment = environment;
        this.session = session;
        link = environment.broker.open(this, patience, session.info());
    }

    /** Takes its place in the broker; nothing of the peer is read before that is done. */
    abstract Future<?> begin(Topic topic);

    /** A message came; its frames are valid during the call. */
    abstract void onMessage(MessageDecoder message);

    /** A subscriber wants what begins with a prefix, or no longer. */
    void onSubscription(byte[] bytes, int from, int length, boolean wanted) {}

    /**
     * Encodes whole messages until {@code out} holds about {@code bytesMax}; where that is small because memory is
     * short, longer messages wait.
     */
    void encode(ByteWriter out, int bytesMax) {}

    /** What was encoded so far ends at {@code position} of the session's output. */
    void seal(long position) {}

    /** What came of nothing, messages that a subscriber does not want, ends where the output ends already. */
    final void sealNothing(long sentBytes, long takenBytes) {
        seal(sentBytes);
        onWritten(takenBytes);
    }

    /** The socket took everything up to {@code position}. */
    void onWritten(long position) {}

    /** The connection is over: what it held is settled and the link closed. */
    void close() {
        link.close();
    }

    @Override
    public void onTurnEnd() {
        session.flush();
    }

    @Override
    public void onBackPressure(boolean pauseReading) {
        session.onBackPressure(pauseReading);
    }

    @Override
    public void onEnded(Subscription subscription, String reason) {
        session.end(reason);
    }

    @Override
    public void onClosedByBroker(Refusal refusal) {
        session.end(refusal.detail());
    }

    @Override
    public void onConfirmed(long firstTicket, int count, int partitionIndex, long firstOffset) {}

    @Override
    public void onRouted(long ticket, int topics) {}

    @Override
    public void onRefused(long firstTicket, int count, Refusal refusal) {}

    @Override
    public void onDeliveries(Subscription subscription, DeliveryBatch batch) {}

    @Override
    public void onTapped(Subscription subscription, TapBatch batch) {}

    @Override
    public void onInterest(String topic, byte[] prefix, boolean wanted) {}

    @Override
    public void onReply(long correlation, MessageView reply) {}

    @Override
    public void onPulled(long ticket, @Nullable DeliveryBatch batch) {}

    @Override
    public void onAvailable(Subscription subscription, long count) {}

    @Override
    public void onAcked(Subscription subscription, int partitionIndex, long offset) {}
}
