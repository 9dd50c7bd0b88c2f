package dev.recado.transport.zmtp;

import dev.recado.base.ByteWriter;
import dev.recado.broker.DeliveryBatch;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.Subscription;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.MessageView;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.transport.Wire;
import dev.recado.transport.WrittenMarks;

/**
 * A peer among which the messages of a topic are shared: a member of its group. The broker hands over at most 1 MiB, or
 * one message, per partition before it hears that the socket took it; that bounds the queue. One owner.
 */
abstract class DeliveringTraffic extends ConsumingTraffic<DeliveryBatch> {

    private final int credit;
    /** Where the first of the batches goes on. */
    private int next;

    /** {@code credit} is how many messages it may hold. */
    DeliveringTraffic(ZmtpEnvironment environment, ZmtpSession session, int credit) {
        super(environment, session);
        this.credit = credit;
    }

    /** Appends the frames of one message. */
    abstract void putFrames(MessageView message, ByteWriter out);

    /** A message was encoded: what is to become of it once the socket took it. */
    abstract void onEncoded(WrittenMarks.Mark mark, int partition, long offset);

    @Override
    final SubscribeSpec spec(Topic topic) {
        return new SubscribeSpec(
                SubscribeSpec.Kind.GROUP,
                topic.name().name(),
                EndpointTopic.groupOf(topic),
                null,
                credit,
                StartPosition.first());
    }

    @Override
    public void onDeliveries(Subscription from, DeliveryBatch batch) {
        take(batch);
    }

    @Override
    void encode(ByteWriter out, int bytesMax) {
        Subscription from = subscription();
        while (from != null && !batches.isEmpty() && out.size() < bytesMax) {
            DeliveryBatch batch = batches.element();
            WrittenMarks.Mark mark = marks.begin(from, batch.partitionIndex());
            while (next < batch.size() && out.size() < bytesMax && !hasToWait(batch, bytesMax)) {
                MessageView view = environment.view;
                if (view.read(batch.run(next).bytes(), batch.position(next))) {
                    putFrames(view, out);
                }
                onEncoded(mark, batch.partitionIndex(), batch.offset(next));
                next++;
            }
            if (next < batch.size()) {
                return;
            }
            mark.written(batch.bytes());
            batches.remove();
            next = 0;
        }
    }

    private boolean hasToWait(DeliveryBatch batch, int bytesMax) {
        return Wire.hasToWait(MessageLayout.length(batch.run(next).bytes(), batch.position(next)), bytesMax);
    }
}
