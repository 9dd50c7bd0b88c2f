package dev.recado.bench.amqp;

import dev.recado.base.ByteWriter;
import dev.recado.bench.LoadPlan;
import dev.recado.bench.LoadPlan.Ack;
import dev.recado.bench.LoadTransport.ConsumerCodec;
import dev.recado.bench.LoadTransport.DeliveryEvents;
import dev.recado.transport.amqp.wire.MethodId;

/**
 * One consumer's connection: a consumer of each topic's queue, whose tag is the topic's number. Under {@link Ack#batch}
 * it acknowledges once for all that a read brought.
 */
final class AmqpConsumerCodec implements ConsumerCodec {

    /** Above the plan's size, for messages of others. */
    private static final int BODY_BYTES_ROOM = 1 << 20;

    private static final int NOTHING = 0;

    private final LoadPlan plan;
    private final Targets targets;
    private final int group;
    private final Ack ack;
    private final ServerReader reader;
    private int greetingsOpen;

    AmqpConsumerCodec(LoadPlan plan, int group) {
        this.plan = plan;
        this.group = group;
        targets = new Targets(plan);
        ack = plan.consuming().tap() ? Ack.auto : plan.consuming().ack();
        reader = new ServerReader(plan.publishing().sizeBytes() + BODY_BYTES_ROOM);
        greetingsOpen = plan.topics().count();
    }

    @Override
    public void greet(ByteWriter out) {
        ClientWords.putGreeting(plan.setup().namespace(), out);
        if (ack != Ack.auto) {
            ClientWords.putQos(plan.consuming().credit(), out);
        }
        for (int topic = 0; topic < plan.topics().count(); topic++) {
            String queue = "";
            if (plan.consuming().tap()) {
                ClientWords.putDeclareOwnQueue(out);
                ClientWords.putBind(queue, targets.exchange(topic), out);
            } else {
                queue = targets.queue(topic, group);
            }
            ClientWords.putConsume(queue, Integer.toString(topic), ack == Ack.auto, out);
        }
    }

    @Override
    public int read(byte[] bytes, int from, int to, DeliveryEvents events, ByteWriter out) {
        int at = from;
        long last = NOTHING;
        while (true) {
            ServerReader.Step step = reader.next(bytes, at, to);
            at = reader.end();
            switch (step) {
                case NEED_MORE -> {
                    if (last != NOTHING && ack == Ack.batch) {
                        ClientWords.putAck(last, true, out);
                    }
                    return at;
                }
                case FAILED -> {
                    events.onFailed("broker says: " + reader.failure());
                    return to;
                }
                case METHOD -> onMethod(events);
                case DELIVERY -> {
                    onDelivery(events);
                    last = reader.deliveryTag();
                    if (ack == Ack.each) {
                        ClientWords.putAck(last, false, out);
                    }
                }
            }
        }
    }

    @Override
    public int neededBytes() {
        return reader.neededBytes();
    }

    private void onMethod(DeliveryEvents events) {
        if (reader.method() == MethodId.BASIC_CONSUME_OK && --greetingsOpen == 0) {
            events.onReady();
        }
    }

    private void onDelivery(DeliveryEvents events) {
        int topic = reader.consumer();
        if (topic < 0 || topic >= plan.topics().count()) {
            events.onFailed("delivery for a consumer that is not ours: " + topic);
            return;
        }
        int from = reader.bodyStart();
        int attempt = reader.redelivered() ? 2 : 1;
        events.onDelivery(topic, 0, DeliveryEvents.NO_OFFSET, attempt, reader.body(), from, from + reader.bodyLength());
    }
}
