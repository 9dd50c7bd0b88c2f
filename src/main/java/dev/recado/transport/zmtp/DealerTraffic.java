package dev.recado.transport.zmtp;

import dev.recado.base.ByteWriter;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageView;
import dev.recado.transport.WrittenMarks;
import dev.recado.transport.zmtp.wire.Frames;
import java.util.Arrays;

/**
 * A worker: it gets requests with the routing id of their client in front, and its messages go to the client that they
 * name. A REP socket answers one request after the other, in order, so it holds its requests until their answers: its
 * credit says how many it is given, and those of one that dies can go to another worker. Of a DEALER or ROUTER nobody
 * knows how many answers belong to a request; it is done with one once the socket took it. One owner.
 */
final class DealerTraffic extends DeliveringTraffic {

    private static final int CREDIT_WITHOUT_ANSWERS = 1000;
    private static final byte[] NOTHING = {};

    private final boolean answersInOrder;
    private final HandedOver unanswered = new HandedOver();
    /** The identity that was answered last, and its address. */
    private byte[] lastIdentity = NOTHING;

    private String lastAddress = "";

    DealerTraffic(ZmtpEnvironment environment, ZmtpSession session, Peer peer) {
        super(
                environment,
                session,
                peer.socketType().equals("REP") ? environment.settings.workers().credit() : CREDIT_WITHOUT_ANSWERS,
                false);
        answersInOrder = peer.socketType().equals("REP");
    }

    /** The envelope. */
    @Override
    public void putHead(DeliveryBatch batch, int index, MessageView message, ByteWriter out) {
        RoutingId.putFrame(message, out);
        // Who asks in another protocol has no envelope; a REP socket drops what has not the end of one, unanswered.
        if (!RoutingId.isOfZmtp(message) || answersInOrder && !environment.parts.hasDelimiter(message)) {
            Frames.put(out, true, NOTHING, 0, 0);
        }
    }

    @Override
    public void onEncoded(WrittenMarks.Mark mark, int partition, long offset) {
        if (answersInOrder) {
            unanswered.add(partition, offset);
        } else {
            mark.ack(offset);
        }
    }

    @Override
    void seal(long position) {
        unanswered.seal(position);
    }

    /**
     * An answer: the routing id of its client, then what the client gets. One that has nothing of both is one too. It
     * may come while the socket still has to take other requests of the same slice.
     */
    @Override
    void onMessage(MessageDecoder message) {
        if (message.frameCount() < 2) {
            link.replyDropped();
        } else {
            Draft answer = environment.scratch.draft.clear();
            environment.parts.toAnswer(message, 1, answer, environment.scratch.freshScratch());
            link.reply(address(message.bytes(), message.start(0), message.length(0)), answer);
        }
        SubscriptionLink from = subscription();
        if (answersInOrder && from != null && unanswered.sealed() > 0) {
            unanswered.finishFirst(from);
        }
    }

    private String address(byte[] bytes, int from, int length) {
        String address = RoutingId.address(bytes, from, length);
        if (address != null) {
            return address;
        }
        if (!Arrays.equals(bytes, from, from + length, lastIdentity, 0, lastIdentity.length) || length == 0) {
            lastIdentity = Arrays.copyOfRange(bytes, from, from + length);
            lastAddress = environment.broker.inboxAddress(RoutingId.inboxOf(lastIdentity), 0);
        }
        return lastAddress;
    }

    /**
     * At most once: what the worker may have is done, answered or not, and so is what was on its way. At least once: it
     * goes to another.
     */
    @Override
    void close() {
        SubscriptionLink from = subscription();
        if (answersInOrder && !environment.settings.workers().redeliver() && from != null) {
            while (unanswered.sealed() > 0) {
                unanswered.finishFirst(from);
            }
        }
        super.close();
    }
}
