package dev.recado.bench.text;

import dev.recado.base.ByteWriter;
import dev.recado.bench.LoadPlan;
import dev.recado.bench.LoadPlan.Ack;
import dev.recado.bench.LoadTransport.ConsumerCodec;
import dev.recado.bench.LoadTransport.DeliveryEvents;
import dev.recado.transport.text.wire.CommandWriter;
import dev.recado.transport.text.wire.ReplyDecoder;
import dev.recado.transport.text.wire.ReplyDecoder.Outcome;

/**
 * One consumer's connection: a subscription to each topic, numbered by the broker in the order of asking. Under {@link
 * Ack#batch} it acknowledges once for each stretch of messages of one subscription and partition that a read brought.
 * That also finishes a redelivery of a lower offset which is still on its way, so that one which is lost together with
 * its connection would count as lost: {@link Ack#each} is exact there.
 */
final class TextConsumerCodec implements ConsumerCodec {

    private static final int LINE_BYTES_MAX = 64 << 10;
    /** Above the plan's size, for messages of others. */
    private static final int PAYLOAD_BYTES_ROOM = 1 << 20;

    private final LoadPlan plan;
    private final String group;
    private final Ack ack;
    private final ReplyDecoder replies;
    private int greetingsOpen;

    private long stretchSubscription = -1;
    private int stretchPartition;
    private long stretchOffset;

    TextConsumerCodec(LoadPlan plan, String group) {
        this.plan = plan;
        this.group = group;
        replies = new ReplyDecoder(LINE_BYTES_MAX, plan.publishing().sizeBytes() + PAYLOAD_BYTES_ROOM);
        ack = plan.consuming().tap() ? Ack.auto : plan.consuming().ack();
        greetingsOpen = plan.topics().count() + (plan.setup().isElsewhere() ? 1 : 0);
    }

    @Override
    public void greet(ByteWriter out) {
        CommandWriter commands = new CommandWriter(out);
        boolean auto = plan.consuming().ack() == Ack.auto && !plan.consuming().tap();
        String credit = auto ? "auto" : Integer.toString(plan.consuming().credit());
        if (plan.setup().isElsewhere()) {
            commands.command("NAMESPACE:USE", plan.setup().namespace());
        }
        for (int topic = 0; topic < plan.topics().count(); topic++) {
            commands.subscribe(plan.topics().name(topic), group, credit, "");
        }
    }

    @Override
    public int read(byte[] bytes, int from, int to, DeliveryEvents events, ByteWriter out) {
        CommandWriter commands = new CommandWriter(out);
        int at = from;
        while (at < to) {
            Outcome outcome = replies.decode(bytes, at, to);
            if (outcome == Outcome.NEED_MORE) {
                break;
            }
            if (outcome == Outcome.MALFORMED) {
                events.onFailed("not the text protocol: " + replies.malformed());
                return to;
            }
            at = replies.end();
            onReply(bytes, events, commands, out);
        }
        endStretch(out);
        return at;
    }

    @Override
    public int neededBytes() {
        return replies.neededBytes();
    }

    private void onReply(byte[] bytes, DeliveryEvents events, CommandWriter commands, ByteWriter out) {
        switch (replies.kind()) {
            case MSG -> onMessage(bytes, events, commands, out);
            case OK -> {
                if (greetingsOpen > 0 && --greetingsOpen == 0) {
                    events.onReady();
                }
            }
            case ERROR -> events.onFailed(replies.text());
            case END -> events.onFailed("subscription ended: " + replies.text());
            default -> events.onFailed("unexpected: " + replies.text());
        }
    }

    private void onMessage(byte[] bytes, DeliveryEvents events, CommandWriter commands, ByteWriter out) {
        long subscription = replies.number();
        if (subscription < 1 || subscription > plan.topics().count()) {
            events.onFailed("delivery for a subscription that is not ours: " + subscription);
            return;
        }
        int partition = replies.partition();
        long offset = replies.firstOffset();
        int payloadFrom = replies.payloadStart();
        int payloadTo = payloadFrom + replies.payloadLength();
        int topic = (int) subscription - 1;
        events.onDelivery(topic, Math.max(0, partition), offset, replies.attempt(), bytes, payloadFrom, payloadTo);
        if (ack == Ack.each) {
            commands.ack(false, subscription, partition, offset);
        } else if (ack == Ack.batch) {
            if (subscription != stretchSubscription || partition != stretchPartition) {
                endStretch(out);
                stretchSubscription = subscription;
                stretchPartition = partition;
                stretchOffset = offset;
            }
            // A redelivery may stand between later ones.
            stretchOffset = Math.max(stretchOffset, offset);
        }
    }

    private void endStretch(ByteWriter out) {
        if (stretchSubscription >= 0) {
            out.putAscii("ACK:").putDecimal(stretchSubscription).putAscii(":UPTO:");
            if (stretchPartition >= 0) {
                out.putDecimal(stretchPartition).put('-');
            }
            out.putDecimal(stretchOffset).put('\n');
            stretchSubscription = -1;
        }
    }
}
