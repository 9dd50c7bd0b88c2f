package dev.recado.transport.zmtp;

import dev.recado.base.ByteWriter;
import dev.recado.base.Refusal;
import dev.recado.broker.Link;
import dev.recado.broker.Patience;
import dev.recado.broker.SessionPort;
import dev.recado.core.topic.Topic;
import dev.recado.transport.SessionFrame;
import io.vertx.core.Future;

/**
 * What one role does with a connection behind its handshake: messages of the peer go to the broker, what the broker has
 * for it becomes frames. The broker's port to the session. Without I/O; owned by its session's loop. Where there is no
 * room, what a peer publishes waits, as no answer could say that it does not.
 */
abstract class Traffic implements SessionPort {

    final ZmtpEnvironment environment;
    final ZmtpSession session;
    final Link link;

    /** Opens the session's link. */
    Traffic(ZmtpEnvironment environment, ZmtpSession session, Patience patience) {
        this.environment = environment;
        this.session = session;
        link = environment.broker.open(
                this, patience, session.commands.info(session.address()), session.commands.identity());
    }

    /** Finds or makes its topic and takes its place there, unless its connection has gone meanwhile. */
    final Future<?> start(ZmtpSettings.TopicRef topic) {
        return EndpointTopic.ensure(environment.broker, topic)
                .compose((Topic there) ->
                        session.life() == SessionFrame.Life.CLOSED ? Future.succeededFuture() : begin(there));
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
    public void onClosedByBroker(Refusal refusal) {
        session.end(refusal.detail());
    }
}
