package dev.recado.transport.amqp;

import dev.recado.broker.PullPort;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.transport.amqp.wire.BasicMethods;
import dev.recado.transport.amqp.wire.MethodId;
import dev.recado.transport.amqp.wire.ServerBasic;
import dev.recado.transport.amqp.wire.ShortString;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code basic.get}: each has a subscription of its own, which goes once its message is settled. One channel's, one
 * owner.
 */
final class Gets implements PullPort {

    private static final ShortString NO_TAG = ShortString.of("");

    private final AmqpChannel channel;
    private final Unsettled<Consumer> unsettled;
    private final Map<Long, Promise<Pulled>> pulling = new HashMap<>(1);
    /** Nothing bounds what is got. */
    private final PrefetchWindow window = new PrefetchWindow();

    private long tickets;

    /** What a pull has brought, a batch of one or nothing. */
    private record Pulled(@Nullable DeliveryBatch batch) {}

    Gets(AmqpChannel channel, Unsettled<Consumer> unsettled) {
        this.channel = channel;
        this.unsettled = unsettled;
    }

    void get(MethodId method) {
        BasicMethods.Get read = channel.read(BasicMethods.Get.read(channel.arguments), method);
        Topic topic = read == null ? null : channel.queues().find(read.queue(), method);
        if (read == null || topic == null) {
            return;
        }
        if (StreamArguments.isStream(topic)) {
            String queue = channel.inVirtualHost("queue", topic.name().name());
            channel.fail(StreamArguments.notSupported(method.wireName(), queue, method));
            return;
        }
        Consumer getter = new Consumer(channel, unsettled, NO_TAG, read.noAck(), window);
        if (QueueArguments.limitsDeliveries(topic)) {
            getter.countsDeliveries();
        }
        SubscribeSpec spec = new SubscribeSpec(
                SubscribeSpec.Kind.PULL, topic.name().name(), GroupDef.QUEUE, null, 1, StartPosition.first());
        Future<Pulled> pulled = channel.link.subscribe(spec).compose(joined -> {
            getter.joined(joined);
            joined.attach(getter);
            return pull(joined);
        });
        channel.await(
                pulled.compose(found -> counted(topic, found)),
                found -> got(getter, found),
                refusal -> channel.fail(channel.notJoined(topic, refusal, method)));
    }

    private void got(Consumer getter, Counted found) {
        DeliveryBatch batch = found.pulled().batch();
        if (batch == null) {
            ServerBasic.putGetEmpty(channel.session.out, channel.number);
        } else {
            getter.putGot(batch, found.left(), channel.session.out);
            getter.subscription().cease(); // whoever holds a message is no consumer
        }
        getter.drained(); // it is given nothing more
    }

    private Future<Pulled> pull(SubscriptionLink from) {
        long ticket = ++tickets;
        Promise<Pulled> promise = Promise.promise();
        pulling.put(ticket, promise);
        from.pull(ticket);
        return promise.future();
    }

    /** What was found, and how many are ready behind it. */
    private record Counted(Pulled pulled, long left) {}

    private Future<Counted> counted(Topic topic, Pulled found) {
        return found.batch() == null
                ? Future.succeededFuture(new Counted(found, 0))
                : channel.link.describe(topic).map(figures -> new Counted(found, ChannelQueues.ready(figures)));
    }

    @Override
    public void onPulled(long ticket, @Nullable DeliveryBatch batch) {
        Promise<Pulled> promise = Objects.requireNonNull(pulling.remove(ticket), "nobody has pulled");
        promise.complete(new Pulled(batch));
    }

    @Override
    public void onAvailable(SubscriptionLink subscription, long count) {
        // Nobody waits: a get that finds nothing has been answered.
    }

    /** The channel is over. */
    void close() {
        pulling.clear();
    }
}
