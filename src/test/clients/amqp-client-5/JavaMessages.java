package dev.recado.clients;

import static dev.recado.clients.JavaClient.bytes;
import static dev.recado.clients.JavaClient.publish;
import static dev.recado.clients.JavaClient.queue;
import static dev.recado.clients.JavaClient.untilReady;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.LongString;
import com.rabbitmq.client.MessageProperties;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.LinkedBlockingQueue;

/** Messages come as they were sent; confirms and returns come for each of them. */
final class JavaMessages {

    private final JavaClient client;

    JavaMessages(JavaClient client) {
        this.client = client;
    }

    void all(Checks checks) {
        checks.check("all properties", this::properties);
        checks.check("a header table with all types", this::headers);
        checks.check("bodies of no byte, of one frame and of 1 MiB", this::bodies);
        checks.check("correlated confirms", this::confirms);
        checks.check("what leads nowhere is returned, then confirmed", this::returns);
        checks.check("200 messages, then the channel is closed", this::closeBehind);
        checks.check("an expiration of its own", this::expiration);
        checks.check("a queue's time to live", this::timeToLive);
        checks.check("delay by dead letter", this::delay);
        checks.later("a transaction", "tx is refused still", this::transaction);
        checks.check("priorities", this::priorities);
    }

    private GetResponse roundTrip(AMQP.BasicProperties properties, byte[] body) throws Exception {
        Channel channel = client.connection.createChannel();
        channel.confirmSelect();
        String queue = queue(channel);
        channel.basicPublish("", queue, true, properties, body);
        channel.waitForConfirmsOrDie(Checks.PATIENCE_MS);
        GetResponse got = channel.basicGet(queue, true);
        Checks.that(got != null, "nothing is there");
        channel.close();
        return got;
    }

    private void properties() throws Exception {
        AMQP.BasicProperties all = new AMQP.BasicProperties(
                "application/json",
                "gzip",
                null,
                2,
                7,
                "correlation",
                "reply",
                "3600000",
                "message",
                new Date(1_700_000_000_000L),
                "type",
                "guest",
                "app",
                "");
        GetResponse got = roundTrip(all, bytes("{}"));
        Checks.equal(all.toString(), got.getProps().toString());
        Checks.equal("", got.getEnvelope().getExchange());
        Checks.that(!got.getEnvelope().isRedeliver(), "redelivered");
        Checks.equal(0, got.getMessageCount());
        Checks.equal(
                new AMQP.BasicProperties().toString(),
                roundTrip(null, bytes("x")).getProps().toString());
    }

    private void headers() throws Exception {
        Map<String, Object> sent = new HashMap<>();
        sent.put("string", "größer");
        sent.put("empty", "");
        sent.put("int", Integer.MIN_VALUE);
        sent.put("long", Long.MAX_VALUE);
        sent.put("short", (short) -2);
        sent.put("byte", (byte) -1);
        sent.put("true", true);
        sent.put("double", Math.PI);
        sent.put("float", 0.5f);
        sent.put("decimal", new BigDecimal("-12.345"));
        sent.put("date", new Date(1_700_000_000_000L));
        sent.put("none", null);
        sent.put("bytes", new byte[] {0, -1, 5});
        sent.put("list", List.of(1, "two", List.of(), Map.of("k", 3L)));
        sent.put("map", Map.of("a", Map.of("b", Map.of("c", true))));
        AMQP.BasicProperties properties =
                new AMQP.BasicProperties.Builder().headers(sent).build();
        Map<String, Object> got = roundTrip(properties, bytes("x")).getProps().getHeaders();
        Checks.equal(sent.keySet(), got.keySet());
        sent.forEach((key, value) -> Checks.equal(value, plain(got.get(key))));
    }

    /** What the client has wrapped, as it was. */
    private static Object plain(Object value) {
        if (value instanceof LongString) {
            return value.toString();
        }
        if (value instanceof List<?> list) {
            List<Object> all = new ArrayList<>();
            list.forEach(one -> all.add(plain(one)));
            return all;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> all = new HashMap<>();
            map.forEach((key, one) -> all.put(key, plain(one)));
            return all;
        }
        return value;
    }

    private void bodies() throws Exception {
        Random random = new Random(15);
        // The frame of 131072 bytes has 8 of its own.
        for (int length : new int[] {0, 1, 131_063, 131_064, 131_065, 262_128, 1 << 20}) {
            byte[] body = new byte[length];
            random.nextBytes(body);
            Checks.that(Arrays.equals(body, roundTrip(null, body).getBody()), "not the same", length);
        }
    }

    private void confirms() throws Exception {
        client.talk(channel -> {
            String queue = queue(channel);
            ConcurrentSkipListMap<Long, String> open = new ConcurrentSkipListMap<>();
            channel.addConfirmListener(
                    (tag, multiple) -> {
                        if (multiple) {
                            open.headMap(tag, true).clear();
                        } else {
                            Checks.that(open.remove(tag) != null, "confirmed twice", tag);
                        }
                    },
                    (tag, multiple) -> open.put(-tag, "refused"));
            channel.confirmSelect();
            for (int i = 0; i < 2_000; i++) {
                open.put(channel.getNextPublishSeqNo(), "message " + i);
                channel.basicPublish("", queue, MessageProperties.PERSISTENT_TEXT_PLAIN, bytes("message " + i));
            }
            Checks.until("all confirmed", open::isEmpty);
            Checks.equal(2_000L, channel.messageCount(queue));
        });
    }

    private void returns() throws Exception {
        client.talk(channel -> {
            BlockingQueue<String> said = new LinkedBlockingQueue<>();
            channel.addReturnListener(back -> said.add(back.getReplyCode() + " " + back.getReplyText() + " "
                    + back.getExchange() + " " + back.getRoutingKey() + " " + new String(back.getBody()) + " "
                    + back.getProperties().getCorrelationId()));
            channel.addConfirmListener((tag, multiple) -> said.add("ack " + tag), (tag, multiple) -> said.add("nack"));
            channel.confirmSelect();
            channel.basicPublish(
                    "amq.direct",
                    "no.where",
                    true,
                    new AMQP.BasicProperties.Builder().correlationId("c").build(),
                    bytes("lost"));
            Checks.equal("312 NO_ROUTE amq.direct no.where lost c", Checks.next(said));
            Checks.equal("ack 1", Checks.next(said));
            channel.basicPublish("amq.direct", "no.where", false, null, bytes("lost"));
            Checks.equal("ack 2", Checks.next(said));
        });
    }

    private void closeBehind() throws Exception {
        client.talk(channel -> channel.queueDeclare("jvm-close", true, false, false, null));
        client.talk(channel -> {
            for (int i = 0; i < 200; i++) {
                channel.basicPublish("", "jvm-close", MessageProperties.PERSISTENT_BASIC, bytes("" + i));
            }
        });
        client.talk(channel -> {
            untilReady(channel, "jvm-close", 200);
            channel.queueDelete("jvm-close");
        });
    }

    private void expiration() throws Exception {
        client.talk(channel -> {
            String queue = queue(channel);
            channel.basicPublish(
                    "",
                    queue,
                    new AMQP.BasicProperties.Builder().expiration("50").build(),
                    bytes("x"));
            publish(channel, queue, "stays");
            untilReady(channel, queue, 1);
            Checks.equal("stays", new String(channel.basicGet(queue, true).getBody()));
        });
        client.talk(channel -> {
            String queue = queue(channel);
            JavaClient.refused(
                    406,
                    "expiration",
                    on -> on.basicPublish(
                            "",
                            queue,
                            new AMQP.BasicProperties.Builder().expiration("1.5").build(),
                            bytes("x")),
                    channel);
        });
    }

    private void timeToLive() throws Exception {
        client.talk(channel -> {
            channel.queueDeclare("jvm-ttl", false, false, false, Map.of("x-message-ttl", 50L));
            publish(channel, "jvm-ttl", "1", "2", "3");
            untilReady(channel, "jvm-ttl", 0);
            channel.queueDelete("jvm-ttl");
        });
    }

    private void delay() throws Exception {
        client.talk(channel -> {
            channel.queueDeclare("jvm-due", true, false, false, null);
            channel.queueDeclare(
                    "jvm-wait",
                    true,
                    false,
                    false,
                    Map.of("x-message-ttl", 200, "x-dead-letter-exchange", "", "x-dead-letter-routing-key", "jvm-due"));
            BlockingQueue<Delivery> due = JavaClient.consume(channel, "jvm-due", true);
            long begin = System.nanoTime();
            publish(channel, "jvm-wait", "later");
            Delivery late = Checks.next(due);
            Checks.that(System.nanoTime() - begin >= 190_000_000, "too early");
            Checks.equal("later", JavaClient.text(late));
            Map<?, ?> death =
                    (Map<?, ?>) ((List<?>) late.getProperties().getHeaders().get("x-death")).get(0);
            Checks.equal("expired", plain(death.get("reason")));
            Checks.equal("jvm-wait", plain(death.get("queue")));
            Checks.equal(1L, death.get("count"));
            channel.queueDelete("jvm-wait");
            channel.queueDelete("jvm-due");
        });
    }

    private void transaction() throws Exception {
        client.talk(channel -> {
            String queue = queue(channel);
            channel.txSelect();
            publish(channel, queue, "no");
            channel.txRollback();
            publish(channel, queue, "1", "2");
            channel.txCommit();
            untilReady(channel, queue, 2);
            channel.basicGet(queue, false);
            channel.txRollback();
        });
    }

    private void priorities() throws Exception {
        client.talk(channel -> {
            channel.queueDeclare("jvm-priority", true, false, false, Map.of("x-max-priority", 10));
            channel.confirmSelect();
            for (int priority : new int[] {1, 9, 5}) {
                channel.basicPublish(
                        "",
                        "jvm-priority",
                        new AMQP.BasicProperties.Builder().priority(priority).build(),
                        bytes("" + priority));
            }
            channel.waitForConfirmsOrDie(Checks.PATIENCE_MS);
            for (String expected : List.of("9", "5", "1")) {
                Checks.equal(
                        expected,
                        new String(channel.basicGet("jvm-priority", true).getBody()));
            }
            channel.queueDelete("jvm-priority");
        });
    }
}
