package dev.recado.transport.zmtp;

import dev.recado.broker.SubscriptionLink;
import dev.recado.transport.WrittenMarks;

/**
 * A peer that pulls. A message is done once the socket took it; with a window, once so many others were taken after it,
 * so that the last ones of a peer that dies go to others. One owner.
 */
final class PushTraffic extends DeliveringTraffic {

    private final int window;
    private final HandedOver unfinished = new HandedOver();

    PushTraffic(ZmtpEnvironment environment, ZmtpSession session) {
        super(
                environment,
                session,
                environment.settings.pullers().credit()
                        + environment.settings.pullers().redeliverWindow(),
                environment.settings.pullers().redeliverWindow() > 0);
        window = environment.settings.pullers().redeliverWindow();
    }

    /** What it sends is no business of a socket that pulls: it is passed over. */
    @Override
    void onMessage(MessageDecoder message) {}

    @Override
    public void onEncoded(WrittenMarks.Mark mark, int partition, long offset) {
        if (window == 0) {
            mark.ack(offset);
        } else {
            unfinished.add(partition, offset);
        }
    }

    @Override
    void seal(long position) {
        unfinished.seal(position);
    }

    @Override
    void onWritten(long position) {
        unfinished.onWritten(position);
        SubscriptionLink from = subscription();
        while (from != null && unfinished.written() > window) {
            unfinished.finishFirst(from);
        }
    }
}
