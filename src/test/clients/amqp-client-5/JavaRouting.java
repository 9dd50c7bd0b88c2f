package dev.recado.clients;

import static dev.recado.clients.JavaClient.bytes;
import static dev.recado.clients.JavaClient.consume;
import static dev.recado.clients.JavaClient.queue;
import static dev.recado.clients.JavaClient.text;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.RpcClient;
import com.rabbitmq.client.RpcClientParams;
import com.rabbitmq.client.RpcServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Where messages go: through exchanges, to those who asked and back. */
final class JavaRouting {

    private final JavaClient client;

    JavaRouting(JavaClient client) {
        this.client = client;
    }

    void all(Checks checks) {
        checks.check("fan-out to three", this::fanOut);
        checks.check("topics", this::topics);
        checks.check("headers", this::headers);
        checks.check("exchange to exchange, and an alternate one", this::exchanges);
        checks.check("requests by a queue that the server names", () -> requests(""));
        checks.check("requests by direct reply-to", () -> requests("amq.rabbitmq.reply-to"));
    }

    private void fanOut() throws Exception {
        client.talk(channel -> {
            channel.exchangeDeclare("jvm-news", "fanout");
            List<BlockingQueue<Delivery>> subscribers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                String queue = queue(channel);
                channel.queueBind(queue, "jvm-news", "");
                subscribers.add(consume(channel, queue, true));
            }
            for (int i = 0; i < 300; i++) {
                channel.basicPublish("jvm-news", "any", null, bytes("" + i));
            }
            for (BlockingQueue<Delivery> subscriber : subscribers) {
                for (int i = 0; i < 300; i++) {
                    Checks.equal("" + i, text(Checks.next(subscriber)));
                }
            }
            channel.exchangeDelete("jvm-news");
        });
    }

    private void topics() throws Exception {
        client.talk(channel -> {
            channel.exchangeDeclare("jvm-topics", "topic", true);
            Map<String, String> wants = Map.of(
                    "kern.*",
                    "kern.info",
                    "*.critical",
                    "cron.critical",
                    "#",
                    "",
                    "a.#.z",
                    "a.z",
                    "stock.*.nyse",
                    "stock.us.nyse");
            for (Map.Entry<String, String> one : wants.entrySet()) {
                String queue = queue(channel);
                channel.queueBind(queue, "jvm-topics", one.getKey());
                BlockingQueue<Delivery> got = consume(channel, queue, true);
                if (!one.getKey().equals("#")) {
                    channel.basicPublish("jvm-topics", "no." + one.getValue() + ".no", null, bytes("no"));
                }
                channel.basicPublish("jvm-topics", one.getValue(), null, bytes("yes"));
                Delivery hit = Checks.next(got);
                Checks.equal("yes", text(hit));
                Checks.equal(one.getValue(), hit.getEnvelope().getRoutingKey());
                Checks.equal("jvm-topics", hit.getEnvelope().getExchange());
                channel.queueDelete(queue);
            }
            channel.exchangeDelete("jvm-topics");
        });
    }

    private void headers() throws Exception {
        client.talk(channel -> {
            channel.exchangeDeclare("jvm-headers", "headers");
            String both = queue(channel);
            String one = queue(channel);
            channel.queueBind(both, "jvm-headers", "", Map.of("x-match", "all", "format", "pdf", "pages", 3));
            channel.queueBind(one, "jvm-headers", "", Map.of("x-match", "any", "format", "pdf", "pages", 3));
            BlockingQueue<Delivery> all = consume(channel, both, true);
            BlockingQueue<Delivery> any = consume(channel, one, true);
            publish(channel, Map.of("format", "pdf", "pages", 4), "half");
            publish(channel, Map.of("format", "pdf", "pages", 3L), "whole");
            Checks.equal("whole", text(Checks.next(all)));
            Checks.equal("half", text(Checks.next(any)));
            Checks.equal("whole", text(Checks.next(any)));
            channel.exchangeDelete("jvm-headers");
        });
    }

    private static void publish(Channel channel, Map<String, Object> headers, String body) throws Exception {
        AMQP.BasicProperties properties =
                new AMQP.BasicProperties.Builder().headers(headers).build();
        channel.basicPublish("jvm-headers", "", properties, bytes(body));
    }

    private void exchanges() throws Exception {
        client.talk(channel -> {
            channel.exchangeDeclare("jvm-rest", "fanout");
            channel.exchangeDeclare("jvm-first", "direct", false, false, Map.of("alternate-exchange", "jvm-rest"));
            channel.exchangeDeclare("jvm-second", "topic");
            channel.exchangeBind("jvm-second", "jvm-first", "key");
            String hit = queue(channel);
            String rest = queue(channel);
            channel.queueBind(hit, "jvm-second", "#");
            channel.queueBind(rest, "jvm-rest", "");
            BlockingQueue<Delivery> hits = consume(channel, hit, true);
            BlockingQueue<Delivery> others = consume(channel, rest, true);
            channel.basicPublish("jvm-first", "key", null, bytes("bound"));
            channel.basicPublish("jvm-first", "other", null, bytes("not bound"));
            Checks.equal("bound", text(Checks.next(hits)));
            Checks.equal("not bound", text(Checks.next(others)));
            for (String name : List.of("jvm-first", "jvm-second", "jvm-rest")) {
                channel.exchangeDelete(name);
            }
        });
    }

    private void requests(String replyTo) throws Exception {
        Channel serving = client.connection.createChannel();
        String requests = queue(serving);
        RpcServer server = new RpcServer(serving, requests) {
            @Override
            public byte[] handleCall(byte[] question, AMQP.BasicProperties reply) {
                return bytes("" + 2 * Integer.parseInt(new String(question)));
            }
        };
        Thread loop = new Thread(() -> {
            try {
                server.mainloop();
            } catch (Exception ended) {
                // The channel is closed.
            }
        });
        loop.setDaemon(true);
        loop.start();
        client.talk(channel -> {
            String inbox = replyTo.isEmpty() ? queue(channel) : replyTo;
            RpcClient asking = new RpcClient(new RpcClientParams()
                    .channel(channel)
                    .exchange("")
                    .routingKey(requests)
                    .replyTo(inbox)
                    .timeout((int) Checks.PATIENCE_MS));
            AtomicLong sum = new AtomicLong();
            for (int i = 0; i < 200; i++) {
                sum.addAndGet(Integer.parseInt(asking.stringCall("" + i)));
            }
            Checks.equal(39_800L, sum.get());
        });
        server.close();
        serving.close();
    }
}
