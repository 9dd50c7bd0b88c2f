package dev.recado.transport.amqp;

import dev.recado.base.ByteWriter;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.message.MessageView;
import dev.recado.core.message.Origin;
import dev.recado.transport.DeliveryCursor;
import dev.recado.transport.SlicedOutput;
import dev.recado.transport.WrittenMarks;
import dev.recado.transport.amqp.wire.AddedHeader;
import dev.recado.transport.amqp.wire.Address;
import dev.recado.transport.amqp.wire.AmqpFrames;
import dev.recado.transport.amqp.wire.BodyFrames;
import dev.recado.transport.amqp.wire.ServerBasic;
import dev.recado.transport.amqp.wire.ShortString;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A consumer of a channel: what it was given and is not written, and how that is written. One owner. */
final class Consumer implements DeliveryCursor.Encoding, MessageSource {

    private static final long NOTHING = -1;
    private static final String DELIVERY_COUNT = "x-delivery-count";

    private final AmqpChannel channel;
    private final Unsettled<Consumer> unsettled;
    private final ShortString tag;
    private final boolean noAck;
    private final PrefetchWindow window;
    private final DeliveryCursor cursor;
    private final Address address = new Address();
    private final BodyFrames bodies = new BodyFrames();
    /** What its messages are told besides: of a stream where each stands, or how often it came before. */
    private @Nullable AddedHeader added;

    private boolean countsDeliveries;
    private final ByteWriter withAdded = new ByteWriter(0);
    private boolean alone;
    private @Nullable SubscriptionLink subscription;
    private boolean ended;
    private int credit;
    /** What it was delivered and has not settled. */
    private long held;
    /** It is cancelled, and stays for what it holds. */
    private boolean ceased;
    /** It is among those that have something to write. */
    private boolean inTurn;
    /** Who waits until nothing waits. */
    private @Nullable Promise<Void> drained;

    Consumer(
            AmqpChannel channel, Unsettled<Consumer> unsettled, ShortString tag, boolean noAck, PrefetchWindow window) {
        this.channel = channel;
        this.window = window;
        this.unsettled = unsettled;
        this.tag = tag;
        this.noAck = noAck;
        AmqpSession session = channel.session;
        cursor = new DeliveryCursor(this, session.marks(), session.large(), session.environment.scratch());
    }

    ShortString tag() {
        return tag;
    }

    void joined(SubscriptionLink joined) {
        subscription = joined;
    }

    SubscriptionLink subscription() {
        return Objects.requireNonNull(subscription, "a consumer that has not joined");
    }

    /** Of a stream its messages come with their offset; {@code alone}: it has them from no group. */
    void ofStream(@Nullable AddedHeader offset, boolean readsAlone) {
        added = offset;
        alone = readsAlone;
    }

    /**
     * Its messages come with the number of times that they were delivered before: those of a queue with a limit. As
     * with RabbitMQ's quorum queues (seen with 3.10.8), a first {@code basic.deliver} comes without.
     */
    void countsDeliveries() {
        added = new AddedHeader(DELIVERY_COUNT);
        countsDeliveries = true;
    }

    boolean isAlone() {
        return alone;
    }

    /** It may hold so many from its beginning on. */
    void allowed(int messages) {
        credit = messages;
    }

    /** It may hold so many from now on, where that is more. */
    void allow(int messages) {
        if (!noAck && messages > credit && credit != SubscribeSpec.ANY_CREDIT && subscription != null) {
            subscription.addCredit(messages - credit);
            credit = messages;
        }
    }

    /** The broker handed something over. */
    void add(DeliveryBatch batch) {
        if (ended) {
            return;
        }
        cursor.add(batch);
        proceed();
    }

    /** What waits goes out, unless its channel's consumers hold all that they may. */
    void proceed() {
        if (!inTurn && isWaiting()) {
            inTurn = true;
            channel.session.ready(this);
        }
    }

    /** A cancelled one is given what was reserved for it. */
    @Override
    public boolean holdsBack() {
        return window.isFull() && !noAck && !ceased;
    }

    @Override
    public boolean isWaiting() {
        return !cursor.isEmpty() && !holdsBack();
    }

    @Override
    public void encode(ByteWriter out, int bytesMax) {
        cursor.encode(subscription(), out, bytesMax);
        inTurn = isWaiting();
        tellDrained();
    }

    /** It was given all that it is given: completes, in another turn, once nothing of that waits to be encoded. */
    Future<Void> drained() {
        ceased = true;
        if (cursor.isEmpty() || ended) {
            leaveIfDone();
            return Future.succeededFuture();
        }
        Promise<Void> promise = Promise.promise();
        drained = promise;
        proceed();
        return promise.future();
    }

    boolean hasCeased() {
        return ceased;
    }

    private void tellDrained() {
        Promise<Void> promise = drained;
        if (promise != null && (ended || cursor.isEmpty())) {
            drained = null;
            channel.session.later(promise::complete);
            leaveIfDone();
        }
    }

    /** So many messages of it are settled. */
    void settled(long count) {
        held -= count;
        window.onSettled(count);
        leaveIfDone();
    }

    private void leaveIfDone() {
        if (ceased && !ended && held == 0 && cursor.isEmpty()) {
            ended = true;
            subscription().close();
        }
    }

    /** Nothing of it goes out any more. */
    void end() {
        if (!ended) {
            ended = true;
            cursor.clear();
            channel.session.notReady(this);
            inTurn = false;
            tellDrained();
        }
    }

    @Override
    public void putHead(DeliveryBatch batch, int index, MessageView message, ByteWriter out) {
        long deliveryTag = noAck ? unsettled.skip() : unsettled.add(this, batch.partitionIndex(), batch.offset(index));
        onDelivered();
        boolean redelivered = batch.attempt(index) > 1;
        address(message, subscription().topic());
        ServerBasic.putDeliver(out, channel.number, tag, deliveryTag, redelivered, address);
        putContentHeader(message, countsDeliveries && !redelivered ? NOTHING : told(batch, index), out);
        address.forget();
    }

    private void onDelivered() {
        if (!noAck) {
            held++;
            window.onDelivered();
        }
    }

    /** Where the message was published to. */
    private void address(MessageView message, String topic) {
        if (Origin.isDeadLetter(message)) {
            ByteWriter made = new ByteWriter(64);
            DeadLetterMapping.address(message, topic).put(made);
            address.wrap(made.array(), 0, made.size());
        } else if (MessageMapping.isNative(message)) {
            address.wrap(message.bytes, message.nativeStart, MessageMapping.addressLength(message));
        } else {
            ByteWriter made = new ByteWriter(64);
            Address.of("", message.keyLength > 0 ? message.keyText() : topic).put(made);
            address.wrap(made.array(), 0, made.size());
        }
    }

    private long told(DeliveryBatch batch, int index) {
        return countsDeliveries ? batch.attempt(index) - 1L : batch.offset(index);
    }

    private void putContentHeader(MessageView message, long told, ByteWriter out) {
        if (MessageMapping.isNative(message) && !Origin.isDeadLetter(message)) {
            int from = message.nativeStart + MessageMapping.addressLength(message);
            int length = message.nativeStart + message.nativeLength - from;
            putContentHeader(message, told, message.bytes, from, length, out);
        } else {
            ByteWriter made = new ByteWriter(64);
            if (Origin.isDeadLetter(message)) {
                DeadLetterMapping.putProperties(message, made);
            } else {
                MessageMapping.putProperties(message, null, made);
            }
            putContentHeader(message, told, made.array(), 0, made.size(), out);
        }
    }

    private void putContentHeader(
            MessageView message, long told, byte[] properties, int from, int length, ByteWriter out) {
        AddedHeader one = added;
        if (one == null || told < 0) {
            AmqpFrames.putContentHeader(out, channel.number, message.payloadLength, properties, from, length);
            return;
        }
        withAdded.clear();
        one.put(properties, from, length, told, withAdded);
        AmqpFrames.putContentHeader(out, channel.number, message.payloadLength, withAdded.array(), 0, withAdded.size());
    }

    /** Writes {@code basic.get-ok} and what follows it; {@code left} more are in the queue. */
    void putGot(DeliveryBatch batch, long left, ByteWriter out) {
        MessageView message = channel.session.environment.scratch().view;
        if (!message.read(batch.run(0).bytes(), batch.position(0))) {
            ServerBasic.putGetEmpty(out, channel.number);
            return;
        }
        long deliveryTag = noAck ? unsettled.skip() : unsettled.add(this, batch.partitionIndex(), batch.offset(0));
        onDelivered();
        address(message, subscription().topic());
        ServerBasic.putGetOk(out, channel.number, deliveryTag, batch.attempt(0) > 1, address, left);
        putContentHeader(message, told(batch, 0), out);
        address.forget();
        put(message, out);
        message.forget();
        subscription().written(batch.partitionIndex(), batch.bytes());
        if (noAck) {
            subscription().ackAtOnce(batch.partitionIndex(), batch.offset(0), batch.offset(0));
        }
    }

    @Override
    public void put(MessageView message, ByteWriter out) {
        bodies.start(channel.number, message.payloadStart, message.payloadLength, channel.session.frameBytesMax())
                .putAll(out, message.bytes);
    }

    @Override
    public SlicedOutput slices(MessageView message) {
        return new BodySlices(
                message.bytes,
                new BodyFrames()
                        .start(
                                channel.number,
                                message.payloadStart,
                                message.payloadLength,
                                channel.session.frameBytesMax()));
    }

    @Override
    public void onEncoded(WrittenMarks.Mark mark, int partition, long offset) {
        if (noAck) {
            mark.ack(offset);
        }
    }
}
