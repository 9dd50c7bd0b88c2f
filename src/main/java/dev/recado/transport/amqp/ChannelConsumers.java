package dev.recado.transport.amqp;

import dev.recado.broker.DeliveryPort;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.topic.Topic;
import dev.recado.transport.amqp.wire.AddedHeader;
import dev.recado.transport.amqp.wire.BasicMethods;
import dev.recado.transport.amqp.wire.MethodId;
import dev.recado.transport.amqp.wire.ReplyCode;
import dev.recado.transport.amqp.wire.ServerBasic;
import dev.recado.transport.amqp.wire.ServerMethods;
import dev.recado.transport.amqp.wire.Settlement;
import dev.recado.transport.amqp.wire.ShortString;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a channel consumes: qos, consumers, and how its deliveries are settled. One channel's, one owner. */
final class ChannelConsumers implements DeliveryPort {

    private static final long NO_DELAY = 0;

    private final AmqpChannel channel;
    private final AmqpSession session;
    private final Settlement settlement = new Settlement();
    private final Map<String, Consumer> consumers = new HashMap<>(2);
    /** What came for a consumer whose subscription was not answered yet. */
    private final ArrayDeque<DeliveryBatch> early = new ArrayDeque<>(0);

    /** Consumers whose queue is gone, which the client is to be told. */
    private final ArrayDeque<ShortString> endedUntold = new ArrayDeque<>(0);

    final Unsettled<Consumer> unsettled = new Unsettled<>();
    private final Gets gets;
    final DirectReplies replies;
    private final PrefetchWindow window = new PrefetchWindow();
    private int prefetch;
    private long generated;

    ChannelConsumers(AmqpChannel channel) {
        this.channel = channel;
        this.session = channel.session;
        gets = new Gets(channel, unsettled);
        replies = new DirectReplies(channel.number, channel.link, session, session.environment.memory(), unsettled);
    }

    Gets gets() {
        return gets;
    }

    void perform(MethodId method) {
        switch (method) {
            case BASIC_ACK -> {
                if (readable(settlement.readAck(channel.arguments), method)) {
                    settle(method, this::acked);
                }
            }
            case BASIC_NACK -> {
                if (readable(settlement.readNack(channel.arguments), method)) {
                    settle(method, givingBack(method, settlement.requeue() ? this::requeued : this::rejected));
                }
            }
            case BASIC_REJECT -> {
                if (readable(settlement.readReject(channel.arguments), method)) {
                    settle(method, givingBack(method, settlement.requeue() ? this::requeued : this::rejected));
                }
            }
            case BASIC_CONSUME -> consume(method);
            case BASIC_CANCEL -> cancel(method);
            case BASIC_QOS -> qos(method);
            case BASIC_GET -> gets.get(method);
            case BASIC_RECOVER, BASIC_RECOVER_ASYNC -> recover(method);
            default -> channel.fail(AmqpError.notImplemented(method.wireName(), method));
        }
    }

    private boolean readable(boolean read, MethodId method) {
        if (!read) {
            channel.read(null, method);
        }
        return read;
    }

    // --- settling

    private void settle(MethodId method, Unsettled.Settling<Consumer> settling) {
        if (channel.transactions().isSelected()) {
            settleLater(method, settling);
            return;
        }
        boolean wasFull = window.isFull();
        settleNamed(method, counted(settling));
        proceed(wasFull);
    }

    /** What is settled is held no more. */
    private static Unsettled.Settling<Consumer> counted(Unsettled.Settling<Consumer> settling) {
        return (consumer, partition, first, last) -> {
            settling.onSettled(consumer, partition, first, last);
            consumer.settled(last - first + 1);
        };
    }

    private void proceed(boolean wasFull) {
        if (wasFull && !window.isFull()) {
            consumers.values().forEach(Consumer::proceed);
            session.flushSoon();
        }
    }

    /** The link collects it, and what is named stays unsettled until the commit. */
    private void settleLater(MethodId method, Unsettled.Settling<Consumer> settling) {
        ChannelTransactions transactions = channel.transactions();
        long tag = settlement.deliveryTag();
        boolean all = settlement.multiple() && tag == 0;
        if (!all && (!unsettled.has(tag) || transactions.settles(tag))) {
            channel.fail(AmqpError.precondition("unknown delivery tag " + tag, method));
            return;
        }
        long to = all ? Long.MAX_VALUE - 1 : tag;
        unsettled.visit(settlement.multiple() ? 0 : tag, to, (each, consumer, partition, offset) -> {
            if (transactions.settle(each)) {
                settling.onSettled(consumer, partition, offset, offset);
            }
        });
    }

    /** Deliveries of these tags are settled. */
    void onCommitted(Collection<Long> tags) {
        boolean wasFull = window.isFull();
        tags.forEach(tag -> unsettled.settle(tag, (consumer, partition, first, last) -> consumer.settled(1)));
        proceed(wasFull);
    }

    private void settleNamed(MethodId method, Unsettled.Settling<Consumer> settling) {
        long tag = settlement.deliveryTag();
        if (settlement.multiple()) {
            boolean known = tag == 0 ? unsettled.count() > 0 : unsettled.has(tag);
            if (known || tag == 0) {
                unsettled.settleUpTo(tag == 0 ? Long.MAX_VALUE - 1 : tag, settling);
                return;
            }
        } else if (unsettled.settle(tag, settling)) {
            return;
        }
        channel.fail(AmqpError.precondition("unknown delivery tag " + tag, method));
    }

    private void acked(Consumer consumer, int partition, long first, long last) {
        consumer.subscription().ack(partition, first, last);
    }

    private void requeued(Consumer consumer, int partition, long first, long last) {
        for (long offset = first; offset <= last; offset++) {
            consumer.subscription().nack(partition, offset, NO_DELAY);
        }
    }

    private void rejected(Consumer consumer, int partition, long first, long last) {
        for (long offset = first; offset <= last; offset++) {
            consumer.subscription().reject(partition, offset, "rejected");
        }
    }

    /** Who reads a stream alone has nobody to give anything back to: there is only what it acknowledges. */
    private Unsettled.Settling<Consumer> givingBack(MethodId method, Unsettled.Settling<Consumer> settling) {
        return (consumer, partition, first, last) -> {
            if (consumer.isAlone()) {
                String queue =
                        channel.inVirtualHost("queue", consumer.subscription().topic());
                channel.fail(StreamArguments.notSupported("basic.nack and basic.reject", queue, method));
            } else {
                settling.onSettled(consumer, partition, first, last);
            }
        };
    }

    private void recover(MethodId method) {
        BasicMethods.Recover read = channel.read(BasicMethods.Recover.read(channel.arguments), method);
        if (read == null) {
            return;
        }
        if (!read.requeue()) {
            channel.fail(AmqpError.notImplemented("requeue=false", method));
            return;
        }
        recoverAll();
        consumers.values().forEach(Consumer::proceed);
        if (method == MethodId.BASIC_RECOVER) {
            ServerMethods.putBare(session.out, channel.number, MethodId.BASIC_RECOVER_OK);
        }
    }

    /** At once, also in a transaction: what that settles stays with it, to be settled or rolled back. */
    private void recoverAll() {
        Unsettled.Settling<Consumer> settling = counted(this::requeuedAtOnce);
        ChannelTransactions transactions = channel.transactions();
        if (!transactions.isSelected()) {
            unsettled.settleUpTo(Long.MAX_VALUE - 1, settling);
            return;
        }
        List<Long> tags = new ArrayList<>();
        unsettled.visit(0, Long.MAX_VALUE - 1, (tag, consumer, partition, offset) -> {
            if (!transactions.settles(tag)) {
                tags.add(tag);
            }
        });
        tags.forEach(tag -> unsettled.settle(tag, settling));
    }

    private void requeuedAtOnce(Consumer consumer, int partition, long first, long last) {
        for (long offset = first; offset <= last; offset++) {
            consumer.subscription().nackAtOnce(partition, offset, NO_DELAY);
        }
    }

    // --- consumers

    private void qos(MethodId method) {
        BasicMethods.Qos read = channel.read(BasicMethods.Qos.read(channel.arguments), method);
        if (read == null) {
            return;
        }
        if (read.prefetchBytes() != 0) {
            channel.fail(AmqpError.notImplemented("prefetch_size!=0 (" + read.prefetchBytes() + ")", method));
            return;
        }
        if (read.global()) {
            window.messagesMax(read.prefetchCount());
        } else {
            prefetch = read.prefetchCount();
        }
        // As the standard reads: running consumers too, of which none can be made to hold less.
        for (Consumer consumer : consumers.values()) {
            consumer.allow(credit());
            consumer.proceed();
        }
        ServerMethods.putBare(session.out, channel.number, MethodId.BASIC_QOS_OK);
    }

    /** How many messages one consumer may hold; more than all together would only wait here. */
    private int credit() {
        int alone = prefetch == 0 ? SubscribeSpec.ANY_CREDIT : prefetch;
        int together = window.messagesMax() == 0 ? SubscribeSpec.ANY_CREDIT : window.messagesMax();
        return Math.min(alone, together);
    }

    private void consume(MethodId method) {
        BasicMethods.Consume read = channel.read(BasicMethods.Consume.read(channel.arguments), method);
        if (read == null) {
            return;
        }
        String tag = read.consumerTag().isEmpty() ? generatedTag() : read.consumerTag();
        if (consumers.containsKey(tag) || replies.hasTag(tag)) {
            channel.fail(AmqpError.of(ReplyCode.NOT_ALLOWED, "attempt to reuse consumer tag '" + tag + "'", method));
            return;
        }
        if (read.queue().equals(ReplyAddress.QUEUE)) {
            consumeReplies(read, ShortString.of(tag));
            return;
        }
        Topic topic = channel.queues().find(read.queue(), method);
        if (topic != null) {
            consume(read, topic, tag, method);
        }
    }

    private void consumeReplies(BasicMethods.Consume read, ShortString tag) {
        AmqpError problem = replies.consume(tag, read.noAck());
        if (problem != null) {
            channel.fail(problem);
        } else if (!read.noWait()) {
            ServerBasic.putConsumeOk(session.out, channel.number, tag);
        }
    }

    private void consume(BasicMethods.Consume read, Topic topic, String tag, MethodId method) {
        ConsumeWish wish = new ConsumeWish(
                read, topic, channel.inVirtualHost("queue", topic.name().name()));
        AmqpError wrong = wish.problem(prefetch, method);
        if (wrong != null) {
            channel.fail(wrong);
            return;
        }
        int credit = read.noAck() ? SubscribeSpec.ANY_CREDIT : credit();
        SubscribeSpec spec = wish.spec(credit, session.environment.time().wallMs());
        Consumer consumer = new Consumer(channel, unsettled, ShortString.of(tag), read.noAck(), window);
        consumer.allowed(credit);
        consumer.ofStream(
                StreamArguments.isStream(topic) ? new AddedHeader(StreamArguments.OFFSET) : null,
                spec.kind() == SubscribeSpec.Kind.READER);
        if (QueueArguments.limitsDeliveries(topic)) {
            consumer.countsDeliveries();
        }
        consumers.put(tag, consumer);
        channel.await(
                channel.link.subscribe(spec),
                joined -> {
                    joined.attach(consumer);
                    consumer.joined(joined);
                    if (!read.noWait()) {
                        ServerBasic.putConsumeOk(session.out, channel.number, consumer.tag());
                    }
                    for (DeliveryBatch batch = early.poll(); batch != null; batch = early.poll()) {
                        consumer.add(batch);
                    }
                },
                refusal -> {
                    consumers.remove(tag);
                    early.clear();
                    channel.fail(channel.notJoined(topic, refusal, method));
                });
    }

    private String generatedTag() {
        generated++;
        return "amq.ctag-"
                + Long.toString(channel.session.environment.uuids().get().getMostSignificantBits(), 36) + "."
                + generated;
    }

    private void cancel(MethodId method) {
        BasicMethods.Cancel read = channel.read(BasicMethods.Cancel.read(channel.arguments), method);
        if (read == null) {
            return;
        }
        Consumer consumer = consumers.get(read.consumerTag());
        if (consumer == null) {
            if (replies.hasTag(read.consumerTag())) {
                replies.cancel();
            }
            cancelled(read);
            return;
        }
        // What is on its way arrives, and is to be acknowledged, before the client hears that nothing more comes; and
        // a queue that ends with its last consumer has ended by then.
        Future<?> ending = consumer.subscription().cease().compose(ceased -> consumer.drained());
        channel.await(ending, method, done -> {
            consumers.remove(read.consumerTag());
            cancelled(read);
        });
    }

    private void cancelled(BasicMethods.Cancel read) {
        if (!read.noWait()) {
            ServerBasic.putCancelOk(session.out, channel.number, ShortString.of(read.consumerTag()));
        }
    }

    // --- from the broker

    @Override
    public void onDeliveries(SubscriptionLink subscription, DeliveryBatch batch) {
        if (channel.isClosing()) {
            return;
        }
        if (subscription.attachment() instanceof Consumer consumer) {
            consumer.add(batch);
        } else {
            early.add(batch);
        }
        channel.link.markDirty();
    }

    @Override
    public void onEnded(SubscriptionLink subscription, String reason) {
        if (!(subscription.attachment() instanceof Consumer consumer) || consumer.hasCeased()) {
            return; // a cancelled one writes what it was given, also of a queue that has ended with it
        }
        consumer.end();
        if (consumers.remove(consumer.tag().toString(), consumer)) {
            endedUntold.add(consumer.tag());
            if (!channel.queues().isDeleting()) {
                tellEnded();
            }
        }
    }

    /** Whoever deletes a queue hears that first, and then of its own consumers. */
    void tellEnded() {
        for (ShortString tag = endedUntold.poll(); tag != null; tag = endedUntold.poll()) {
            if (session.connection().hearsOfCancels() && !channel.isOver()) {
                ServerBasic.putCancel(session.out, channel.number, tag);
            }
        }
        channel.link.markDirty();
    }

    /** Those of queues that end with their last consumer cease: done once a queue that ends thereby has ended. */
    Future<?> leaveMortal() {
        List<Future<?>> leaving = new ArrayList<>(0);
        for (Consumer consumer : consumers.values()) {
            Topic queue =
                    channel.catalog().topic(channel.name(consumer.subscription().topic()));
            if (queue != null && queue.settings().isAutoDelete() && !consumer.hasCeased()) {
                leaving.add(consumer.subscription().cease().andThen(ceased -> consumer.drained()));
            }
        }
        return leaving.isEmpty() ? Future.succeededFuture() : Future.join(leaving);
    }

    /** The channel is over. */
    void close() {
        gets.close();
        replies.close();
        consumers.values().forEach(Consumer::end);
        consumers.clear();
        unsettled.clear();
    }
}
