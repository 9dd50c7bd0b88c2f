package dev.recado.transport.zmtp;

import dev.recado.base.BrokerException;
import dev.recado.base.ByteWriter;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.broker.ReplyPort;
import dev.recado.core.message.MessageView;
import dev.recado.core.topic.Topic;
import dev.recado.transport.SlicedOutput;
import dev.recado.transport.zmtp.wire.FrameReader;
import dev.recado.transport.zmtp.wire.Frames;
import io.vertx.core.Future;
import java.util.List;

/**
 * A client with requests: each is stored in the topic with the address of the client's inbox, and what arrives there
 * is written to it. Nothing is remembered of a request, so that a client that goes away leaves nothing behind.
 *
 * <p>An answer of a ZeroMQ worker brings its frames, envelope and all. For an answer of another protocol the envelope
 * is told from the correlation: none, the empty delimiter, or, of a REQ socket with ZMQ_REQ_CORRELATE, its number and
 * the delimiter. One owner.
 */
final class RouterTraffic extends PublishingTraffic implements ReplyPort {

    /** Bytes of answers that may wait for a client in any case; more take of what all clients share. */
    private static final int ANSWERS_BYTES_OWN = 64 * 1024;
    /** No client has more waiting than that, or one answer. */
    private static final int ANSWERS_BYTES_MAX = 32 * 1024 * 1024;

    private static final long NO_ENVELOPE = 0;
    private static final long DELIMITER = 1;
    /** Above the number of a REQ socket, in the lower 32 bits. */
    private static final long NUMBERED = 2;
    /** An envelope that does not fit into a number. */
    private static final long DEEP = 3;

    private static final int NUMBER_BYTES = 4;
    private static final byte[] NOTHING = {};

    private final byte[] identity;
    /** Bytes taken of what all clients share. */
    private long sharedBytes;

    RouterTraffic(ZmtpEnvironment environment, ZmtpSession session, Peer peer) {
        super(environment, session, Role.ROUTER);
        identity = peer.identity();
    }

    @Override
    Future<?> begin(Topic topic) {
        Future<?> begun = super.begin(topic);
        if (identity.length == 0) {
            return begun;
        }
        if (identity[0] == 0) {
            return Future.failedFuture(BrokerException.of(
                    Refusal.of(ErrorCode.INVALID_ARGUMENT, "an identity does not begin with a byte of 0")));
        }
        return link.nameInbox(RoutingId.inboxOf(identity), environment.settings.takeOver());
    }

    @Override
    void onMessage(MessageDecoder message) {
        request(message, identity, correlation(message));
    }

    private static long correlation(MessageDecoder message) {
        int frames = message.frameCount();
        for (int i = 0; i < frames - 1; i++) {
            if (message.length(i) > 0) {
                continue;
            }
            if (i == 0) {
                return DELIMITER;
            }
            return i == 1 && message.length(0) == NUMBER_BYTES
                    ? NUMBERED << 32 | numberAt(message.bytes(), message.start(0))
                    : DEEP;
        }
        return NO_ENVELOPE;
    }

    private static long numberAt(byte[] bytes, int at) {
        return (bytes[at] & 0xFFL) << 24
                | (bytes[at + 1] & 0xFF) << 16
                | (bytes[at + 2] & 0xFF) << 8
                | bytes[at + 3] & 0xFF;
    }

    @Override
    public void onReply(long correlation, MessageView reply) {
        boolean whole = reply.partCount > 0;
        if (!session.isOpen() || !whole && correlation == DEEP) {
            link.replyDropped();
            return;
        }
        if (beginsAtOnce(reply)) {
            SlicedOutput slices = whole ? Parts.toSlices(reply) : answer(correlation, reply);
            session.large().holdAndBegin(slices, reply.bytes.length, () -> {});
            session.flush();
            return;
        }
        if (!session.isOpen() || !hasRoom(reply)) {
            link.replyDropped();
            return;
        }
        if (whole) {
            environment.parts.toFrames(reply, session.outbox.forAnswer());
        } else {
            putAnswer(correlation, reply, session.outbox.forAnswer());
        }
        if (session.outbox.size() > ANSWERS_BYTES_OWN) {
            session.flush();
        } else {
            session.flushSoon();
        }
    }

    /**
     * Whether the answer is written in slices, of the array in which it came: it is large, nothing waits before it, and
     * what all clients share has room for it until it is written.
     */
    private boolean beginsAtOnce(MessageView reply) {
        if (!session.large().takes(reply.payloadLength)) {
            return false;
        }
        if (session.outbox.size() > 0 || session.large().isUnderWay()) {
            session.flush();
        }
        boolean isNext = session.isOpen()
                && session.outbox.size() == 0
                && !session.large().isUnderWay();
        if (!isNext || !environment.answers.tryReserve(reply.bytes.length)) {
            return false;
        }
        sharedBytes += reply.bytes.length;
        return true;
    }

    private static SlicedOutput answer(long correlation, MessageView reply) {
        ByteWriter head = new ByteWriter(32);
        putEnvelope(correlation, head);
        Frames.putHeader(head, false, reply.payloadLength);
        List<SlicedOutput> parts = List.of(
                SlicedOutput.bytes(head.array(), 0, head.size()),
                SlicedOutput.bytes(reply.bytes, reply.payloadStart, reply.payloadLength));
        return SlicedOutput.sequence(parts.iterator());
    }

    /**
     * Whether the answer goes at once or may wait. What waits already is written first where the socket takes it, after
     * which the client may be read again, and its session end.
     */
    private boolean hasRoom(MessageView reply) {
        long bytes = reply.payloadLength + (reply.partCount + 3L) * FrameReader.HEADER_BYTES_MAX;
        boolean waits = session.outbox.size() > 0 || session.large().isUnderWay();
        if (waits && session.outbox.size() + bytes > ANSWERS_BYTES_OWN) {
            session.flush();
            if (!session.isOpen()) {
                return false;
            }
        }
        int waiting = session.outbox.size();
        if (waiting + bytes <= ANSWERS_BYTES_OWN || waiting == 0 && session.outbox.takesNow()) {
            return true;
        }
        if (waiting > 0 && waiting + bytes > ANSWERS_BYTES_MAX || !environment.answers.tryReserve(bytes)) {
            return false;
        }
        sharedBytes += bytes;
        return true;
    }

    /** What waited is on its way to the socket, which counts it from here on. */
    @Override
    void encode(ByteWriter out, int bytesMax) {
        giveBack();
    }

    @Override
    void close() {
        giveBack();
        super.close();
    }

    private void giveBack() {
        environment.answers.release(sharedBytes);
        sharedBytes = 0;
    }

    private static void putAnswer(long correlation, MessageView reply, ByteWriter out) {
        putEnvelope(correlation, out);
        Frames.put(out, false, reply.bytes, reply.payloadStart, reply.payloadLength);
    }

    private static void putEnvelope(long correlation, ByteWriter out) {
        if (correlation >> 32 == NUMBERED) {
            Frames.putHeader(out, true, NUMBER_BYTES);
            out.putInt((int) correlation);
        }
        if (correlation != NO_ENVELOPE) {
            Frames.put(out, true, NOTHING, 0, 0);
        }
    }
}
