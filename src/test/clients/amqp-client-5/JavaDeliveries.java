package dev.recado.clients;

import static dev.recado.clients.JavaClient.consume;
import static dev.recado.clients.JavaClient.publish;
import static dev.recado.clients.JavaClient.queue;
import static dev.recado.clients.JavaClient.text;
import static dev.recado.clients.JavaClient.untilReady;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;

/** What consumers get, hold and give back. */
final class JavaDeliveries {

    private final JavaClient client;

    JavaDeliveries(JavaClient client) {
        this.client = client;
    }

    void all(Checks checks) {
        checks.check("acknowledge several at once", this::multiple);
        checks.check("nack and reject give back or not", this::giveBack);
        checks.check("what a closed channel held comes again, marked", this::redelivered);
        checks.check("basic.get one by one", this::get);
        checks.check("basic.recover", this::recover);
        checks.check("prefetch of a consumer", this::prefetch);
        checks.check("a consumer is told that its queue is gone", this::cancelled);
        checks.check("cancel, then acknowledge what is held", this::cancel);
        checks.check("two consumers share", this::share);
        checks.check("consumer priorities", this::consumerPriorities);
        checks.check("a single active consumer", this::singleActive);
        checks.check("a delivery limit", this::deliveryLimit);
    }

    private void multiple() throws Exception {
        client.talk(channel -> {
            String queue = queue(channel);
            BlockingQueue<Delivery> got = consume(channel, queue, false);
            publish(channel, queue, "1", "2", "3", "4");
            List<Long> tags = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                tags.add(Checks.next(got).getEnvelope().getDeliveryTag());
            }
            Checks.equal(List.of(1L, 2L, 3L, 4L), tags);
            channel.basicAck(3, true);
            channel.basicNack(0, true, true);
            Delivery again = Checks.next(got);
            Checks.equal("4", text(again));
            Checks.equal(5L, again.getEnvelope().getDeliveryTag());
            channel.basicAck(0, true);
            Checks.equal(0L, channel.messageCount(queue));
        });
    }

    private void giveBack() throws Exception {
        client.talk(channel -> {
            String queue = queue(channel);
            channel.basicQos(1);
            BlockingQueue<Delivery> got = consume(channel, queue, false);
            publish(channel, queue, "1", "2");
            Delivery first = Checks.next(got);
            Checks.that(!first.getEnvelope().isRedeliver(), "at first");
            channel.basicReject(first.getEnvelope().getDeliveryTag(), true);
            Delivery again = Checks.next(got);
            Checks.equal("1", text(again));
            Checks.that(again.getEnvelope().isRedeliver(), "not marked");
            channel.basicReject(again.getEnvelope().getDeliveryTag(), false);
            Delivery second = Checks.next(got);
            Checks.equal("2", text(second));
            channel.basicNack(second.getEnvelope().getDeliveryTag(), false, false);
            untilReady(channel, queue, 0);
        });
    }

    private void redelivered() throws Exception {
        client.talk(channel -> {
            String queue = queue(channel);
            publish(channel, queue, "1", "2", "3");
            untilReady(channel, queue, 3);
            Channel other = client.connection.createChannel();
            BlockingQueue<Delivery> held = consume(other, queue, false);
            Checks.next(held);
            Checks.next(held);
            Checks.next(held);
            other.close();
            BlockingQueue<Delivery> got = consume(channel, queue, true);
            for (String expected : List.of("1", "2", "3")) {
                Delivery again = Checks.next(got);
                Checks.equal(expected, text(again));
                Checks.that(again.getEnvelope().isRedeliver(), "not marked");
            }
        });
    }

    private void get() throws Exception {
        client.talk(channel -> {
            String queue = queue(channel);
            Checks.that(channel.basicGet(queue, true) == null, "empty");
            publish(channel, queue, "1", "2");
            untilReady(channel, queue, 2);
            GetResponse one = channel.basicGet(queue, false);
            Checks.equal(1, one.getMessageCount());
            channel.basicNack(one.getEnvelope().getDeliveryTag(), false, true);
            GetResponse again = channel.basicGet(queue, false);
            Checks.equal("1", new String(again.getBody()));
            Checks.that(again.getEnvelope().isRedeliver(), "not marked");
            channel.basicAck(again.getEnvelope().getDeliveryTag(), false);
            Checks.equal("2", new String(channel.basicGet(queue, true).getBody()));
            Checks.that(channel.basicGet(queue, true) == null, "empty again");
            String[] many = IntStream.range(0, 200).mapToObj(Integer::toString).toArray(String[]::new);
            publish(channel, queue, many);
            untilReady(channel, queue, many.length);
            for (String each : many) {
                GetResponse held = channel.basicGet(queue, false);
                Checks.equal(each, new String(held.getBody()));
            }
        });
    }

    private void recover() throws Exception {
        client.talk(channel -> {
            String queue = queue(channel);
            BlockingQueue<Delivery> got = consume(channel, queue, false);
            publish(channel, queue, "1", "2");
            Checks.next(got);
            Checks.next(got);
            channel.basicRecover(true);
            Delivery again = Checks.next(got);
            Checks.equal("1", text(again));
            Checks.that(again.getEnvelope().isRedeliver(), "not marked");
            Checks.equal("2", text(Checks.next(got)));
            channel.basicAck(0, true);
        });
    }

    private void prefetch() throws Exception {
        client.talk(channel -> {
            String queue = queue(channel);
            channel.basicQos(2);
            BlockingQueue<Delivery> got = consume(channel, queue, false);
            publish(channel, queue, "1", "2", "3", "4");
            Delivery first = Checks.next(got);
            Checks.next(got);
            untilReady(channel, queue, 2);
            Checks.that(got.isEmpty(), "more than its prefetch");
            channel.basicAck(first.getEnvelope().getDeliveryTag(), false);
            Checks.equal("3", text(Checks.next(got)));
            untilReady(channel, queue, 1);
            channel.basicAck(0, true);
            Checks.equal("4", text(Checks.next(got)));
        });
    }

    private void cancelled() throws Exception {
        client.talk(channel -> {
            String queue = queue(channel);
            BlockingQueue<String> said = new LinkedBlockingQueue<>();
            channel.basicConsume(queue, true, "told", new DefaultConsumer(channel) {
                @Override
                public void handleCancel(String tag) {
                    said.add(tag);
                }
            });
            client.talk(other -> other.queueDelete(queue));
            Checks.equal("told", Checks.next(said));
        });
    }

    private void cancel() throws Exception {
        client.talk(channel -> {
            String queue = queue(channel);
            BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
            String tag = channel.basicConsume(queue, false, (t, delivery) -> got.add(delivery), t -> {});
            publish(channel, queue, "1");
            Delivery held = Checks.next(got);
            channel.basicCancel(tag);
            publish(channel, queue, "2");
            untilReady(channel, queue, 1);
            channel.basicAck(held.getEnvelope().getDeliveryTag(), false);
            Checks.equal("2", new String(channel.basicGet(queue, true).getBody()));
        });
    }

    private void share() throws Exception {
        client.talk(channel -> {
            String queue = queue(channel);
            Channel other = client.connection.createChannel();
            other.basicQos(1);
            channel.basicQos(1);
            BlockingQueue<Delivery> mine = consume(channel, queue, false);
            BlockingQueue<Delivery> others = consume(other, queue, false);
            publish(channel, queue, "1", "2");
            Checks.equal(3, Integer.parseInt(text(Checks.next(mine))) + Integer.parseInt(text(Checks.next(others))));
            other.close();
        });
    }

    private void consumerPriorities() throws Exception {
        client.talk(channel -> {
            String queue = queue(channel);
            BlockingQueue<Delivery> low = consume(channel, queue, true);
            BlockingQueue<Delivery> high = new LinkedBlockingQueue<>();
            channel.basicConsume(queue, true, Map.of("x-priority", 10), (t, delivery) -> high.add(delivery), t -> {});
            publish(channel, queue, "1", "2", "3");
            for (String expected : List.of("1", "2", "3")) {
                Checks.equal(expected, text(Checks.next(high)));
            }
            Checks.that(low.isEmpty(), "the lower one got some");
        });
    }

    private void singleActive() throws Exception {
        client.talk(channel -> {
            channel.queueDeclare("jvm-single", true, false, false, Map.of("x-single-active-consumer", true));
            BlockingQueue<Delivery> first = new LinkedBlockingQueue<>();
            String tag = channel.basicConsume("jvm-single", true, (t, delivery) -> first.add(delivery), t -> {});
            BlockingQueue<Delivery> second = consume(channel, "jvm-single", true);
            publish(channel, "jvm-single", "1", "2");
            Checks.equal("1", text(Checks.next(first)));
            Checks.equal("2", text(Checks.next(first)));
            channel.basicCancel(tag);
            publish(channel, "jvm-single", "3");
            Checks.equal("3", text(Checks.next(second)));
            channel.queueDelete("jvm-single");
        });
    }

    private void deliveryLimit() throws Exception {
        client.talk(channel -> {
            channel.queueDeclare(
                    "jvm-limit", true, false, false, Map.of("x-queue-type", "quorum", "x-delivery-limit", 2));
            BlockingQueue<Delivery> got = consume(channel, "jvm-limit", false);
            publish(channel, "jvm-limit", "1");
            for (int i = 0; i < 3; i++) {
                channel.basicNack(Checks.next(got).getEnvelope().getDeliveryTag(), false, true);
            }
            untilReady(channel, "jvm-limit", 0);
            Checks.that(got.isEmpty(), "once more");
            channel.queueDelete("jvm-limit");
        });
    }
}
