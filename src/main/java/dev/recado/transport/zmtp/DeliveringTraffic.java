package dev.recado.transport.zmtp;

import dev.recado.base.ByteWriter;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.Subscription;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.MessageView;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.transport.WrittenMarks;

/**
 * A peer among which the messages of a topic are shared: a member of its group. The broker hands over at most 1 MiB, or
 * one message, per partition before it hears that the socket took it; that bounds the queue. One owner.
 */
abstract class DeliveringTraffic extends ConsumingTraffic<DeliveryBatch> {

    private final int credit;
    private final boolean trailing;
    /** Where the first of the batches goes on. */
    private int next;

    /**
     * {@code credit} is how many messages it may hold, {@code trailing} whether it holds some until others follow.
     */
    DeliveringTraffic(ZmtpEnvironment environment, ZmtpSession session, int credit, boolean trailing) {
        super(environment, session);
        this.credit = credit;
        this.trailing = trailing;
    }

    /** Appends the frames that precede those of the message itself; short ones. */
    void putEnvelope(MessageView message, ByteWriter out) {}

    /** A message was encoded to its end: what is to become of it once the socket took it. */
    abstract void onEncoded(WrittenMarks.Mark mark, int partition, long offset);

    @Override
    final SubscribeSpec spec(Topic topic) {
        return new SubscribeSpec(
                        SubscribeSpec.Kind.GROUP,
                        topic.name().name(),
                        EndpointTopic.groupOf(topic),
                        null,
                        credit,
                        StartPosition.first())
                .withTrailing(trailing);
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
                put(batch, mark, out);
                next++;
            }
            if (next < batch.size() || session.large().isUnderWay()) {
                return;
            }
            mark.written(batch.bytes());
            batches.remove();
            next = 0;
        }
    }

    /** Appends the frames of message {@link #next}, or begins them where it is large. */
    private void put(DeliveryBatch batch, WrittenMarks.Mark mark, ByteWriter out) {
        Subscription from = mark.subscription();
        int partition = batch.partitionIndex();
        long offset = batch.offset(next);
        MessageView view = environment.view;
        boolean readable = view.read(batch.run(next).bytes(), batch.position(next));
        if (readable) {
            putEnvelope(view, out);
        }
        if (readable && session.isWrittenInSlices(length(batch, next))) {
            Runnable onEnd = () -> onEncoded(marks.begin(from, partition), partition, offset);
            session.large().holdAndBegin(Parts.toSlices(view), view.bytes.length, onEnd);
            return;
        }
        if (readable) {
            environment.parts.toFrames(view, out);
        }
        onEncoded(mark, partition, offset);
    }

    private static int length(DeliveryBatch batch, int message) {
        return MessageLayout.length(batch.run(message).bytes(), batch.position(message));
    }

    private boolean hasToWait(DeliveryBatch batch, int bytesMax) {
        return session.hasToWait(length(batch, next), bytesMax);
    }
}
