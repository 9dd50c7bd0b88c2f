package dev.recado.transport.zmtp;

import dev.recado.base.ByteWriter;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.message.MessageView;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.transport.DeliveryCursor;
import dev.recado.transport.OutputCursor;
import dev.recado.transport.SlicedOutput;

/** A peer among which the messages of a topic are shared: a member of its group. One owner. */
abstract class DeliveringTraffic extends ConsumingTraffic<DeliveryBatch> implements DeliveryCursor.Encoding {

    private final int credit;
    private final boolean trailing;
    private final DeliveryCursor cursor;

    /**
     * {@code credit} is how many messages it may hold, {@code trailing} whether it holds some until others follow.
     */
    DeliveringTraffic(ZmtpEnvironment environment, ZmtpSession session, int credit, boolean trailing) {
        super(environment, session);
        this.credit = credit;
        this.trailing = trailing;
        cursor = new DeliveryCursor(this, session.marks(), session.large(), environment.scratch);
    }

    @Override
    final OutputCursor<DeliveryBatch> cursor() {
        return cursor;
    }

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
    public void onDeliveries(SubscriptionLink from, DeliveryBatch batch) {
        take(batch);
    }

    /** Most messages have nothing before their own frames. */
    @Override
    public void putHead(DeliveryBatch batch, int index, MessageView message, ByteWriter out) {}

    @Override
    public final void put(MessageView message, ByteWriter out) {
        environment.parts.toFrames(message, out);
    }

    @Override
    public final SlicedOutput slices(MessageView message) {
        return Parts.toSlices(message);
    }
}
