package dev.recado.clients;

import com.rabbitmq.client.AMQP;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.rabbitmq.QueueOptions;
import io.vertx.rabbitmq.RabbitMQClient;
import io.vertx.rabbitmq.RabbitMQConsumer;
import io.vertx.rabbitmq.RabbitMQMessage;
import io.vertx.rabbitmq.RabbitMQOptions;
import io.vertx.rabbitmq.RabbitMQPublisher;
import io.vertx.rabbitmq.RabbitMQPublisherConfirmation;
import io.vertx.rabbitmq.RabbitMQPublisherOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Programs with Vert.x' client of RabbitMQ: {@code VertxClient PORT COMMAND [ARGUMENT...]}. What they say of the broker
 * holds for RabbitMQ too.
 */
final class VertxClient {

    final Vertx vertx = Vertx.vertx();
    final int port;
    final RabbitMQClient client;

    VertxClient(int port) throws Exception {
        this.port = port;
        client = client();
        await(client.start());
    }

    public static void main(String[] args) {
        try {
            run(args);
        } catch (Exception | Error e) {
            // Threads of the client would keep the program alive.
            e.printStackTrace();
            Runtime.getRuntime().halt(2);
        }
    }

    private static void run(String[] args) throws Exception {
        int port = Integer.parseInt(args[0]);
        switch (args[1]) {
            case "checks" -> new VertxClient(port).all();
            case "publish" -> VertxWork.publish(port, args[2], Integer.parseInt(args[3]));
            case "work" -> VertxWork.work(port, args[2]);
            default -> throw new IllegalArgumentException(args[1]);
        }
    }

    RabbitMQClient client() {
        RabbitMQOptions options = new RabbitMQOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setReconnectAttempts(1_000)
                .setReconnectInterval(50);
        return RabbitMQClient.create(vertx, options);
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(Checks.PATIENCE_MS, TimeUnit.MILLISECONDS);
    }

    private void all() throws Exception {
        Checks checks = new Checks();
        checks.check("declare, publish and get", this::get);
        checks.check("a consumer acknowledges", this::consume);
        checks.check("1 MiB", this::large);
        checks.check("a publisher with confirms", this::confirms);
        checks.check("wait for confirms", this::waits);
        checks.check("fan-out and topics", this::routing);
        checks.check("a consumer whose queue is deleted ends", this::deleted);
        checks.check("requests by a queue that the server names", this::requests);
        checks.check("a queue that is not there is refused, and the client goes on", this::notFound);
        checks.check("delay by dead letter", this::delay);
        checks.check("the connection closes", () -> await(client.stop()));
        checks.end();
    }

    private static JsonObject none() {
        return new JsonObject();
    }

    private static BlockingQueue<RabbitMQMessage> messages(RabbitMQConsumer consumer) {
        BlockingQueue<RabbitMQMessage> got = new LinkedBlockingQueue<>();
        consumer.handler(got::add);
        return got;
    }

    private void publish(String exchange, String key, String text) throws Exception {
        await(client.basicPublish(exchange, key, Buffer.buffer(text)));
    }

    private void get() throws Exception {
        await(client.queueDeclare("vertx-get", true, false, false));
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .contentType("text/plain")
                .headers(Map.of("n", 1))
                .build();
        await(client.basicPublish("", "vertx-get", properties, Buffer.buffer("one")));
        Checks.until("one is there", () -> await(client.messageCount("vertx-get")) == 1);
        RabbitMQMessage got = await(client.basicGet("vertx-get", false));
        Checks.equal("one", got.body().toString());
        Checks.equal("text/plain", got.properties().getContentType());
        Checks.equal(Map.of("n", 1), got.properties().getHeaders());
        await(client.basicAck(got.envelope().getDeliveryTag(), false));
        Checks.equal(null, await(client.basicGet("vertx-get", true)));
        await(client.queueDelete("vertx-get"));
    }

    private void consume() throws Exception {
        await(client.queueDeclare("vertx-consume", true, false, false));
        await(client.basicQos(10));
        RabbitMQConsumer consumer = await(client.basicConsumer("vertx-consume", new QueueOptions().setAutoAck(false)));
        BlockingQueue<RabbitMQMessage> got = messages(consumer);
        for (int i = 0; i < 50; i++) {
            publish("", "vertx-consume", "" + i);
        }
        for (int i = 0; i < 50; i++) {
            RabbitMQMessage next = Checks.next(got);
            if (i == 25 && !next.envelope().isRedeliver()) {
                await(client.basicNack(next.envelope().getDeliveryTag(), false, true));
                i--;
            } else {
                await(client.basicAck(next.envelope().getDeliveryTag(), false));
            }
        }
        await(consumer.cancel());
        Checks.equal(0, await(client.queueDelete("vertx-consume")).getMessageCount());
    }

    private void large() throws Exception {
        await(client.queueDeclare("vertx-large", false, false, false));
        byte[] body = new byte[1 << 20];
        new Random(15).nextBytes(body);
        await(client.basicPublish("", "vertx-large", Buffer.buffer(body)));
        RabbitMQConsumer consumer = await(client.basicConsumer("vertx-large"));
        Checks.that(Arrays.equals(body, Checks.next(messages(consumer)).body().getBytes()), "another body");
        await(consumer.cancel());
        await(client.queueDelete("vertx-large"));
    }

    private void confirms() throws Exception {
        await(client.queueDeclare("vertx-confirms", true, false, false));
        RabbitMQClient own = client();
        await(own.start());
        RabbitMQPublisher publisher = RabbitMQPublisher.create(vertx, own, new RabbitMQPublisherOptions());
        await(publisher.start());
        BlockingQueue<RabbitMQPublisherConfirmation> confirmed = new LinkedBlockingQueue<>();
        publisher.getConfirmationStream().handler(confirmed::add);
        for (int i = 0; i < 200; i++) {
            AMQP.BasicProperties named = new AMQP.BasicProperties.Builder()
                    .messageId("" + i)
                    .deliveryMode(2)
                    .build();
            publisher.publish("", "vertx-confirms", named, Buffer.buffer("" + i));
        }
        for (int i = 0; i < 200; i++) {
            RabbitMQPublisherConfirmation next = Checks.next(confirmed);
            Checks.that(next.isSucceeded(), next.toJson());
        }
        await(publisher.stop());
        await(own.stop());
        Checks.equal(200, await(client.queueDelete("vertx-confirms")).getMessageCount());
    }

    private void waits() throws Exception {
        RabbitMQClient own = client();
        await(own.start());
        await(own.queueDeclare("vertx-waits", true, false, false));
        await(own.confirmSelect());
        await(own.basicPublish("", "vertx-waits", Buffer.buffer("one")));
        await(own.waitForConfirms());
        Checks.equal(1, await(own.queueDelete("vertx-waits")).getMessageCount());
        await(own.stop());
    }

    private void routing() throws Exception {
        await(client.exchangeDeclare("vertx-fanout", "fanout", true, false, none()));
        await(client.exchangeDeclare("vertx-topics", "topic", true, false));
        await(client.exchangeBind("vertx-topics", "vertx-fanout", ""));
        String queue = await(client.queueDeclareAuto()).getString("queue");
        await(client.queueBind(queue, "vertx-topics", "a.*"));
        BlockingQueue<RabbitMQMessage> got = messages(await(client.basicConsumer(queue)));
        publish("vertx-topics", "b.c", "no");
        publish("vertx-topics", "a.c", "one");
        publish("vertx-fanout", "a.d", "two");
        for (String expected : List.of("one", "two")) {
            Checks.equal(expected, Checks.next(got).body().toString());
        }
        await(client.queueUnbind(queue, "vertx-topics", "a.*"));
        await(client.exchangeUnbind("vertx-topics", "vertx-fanout", ""));
        await(client.exchangeDelete("vertx-topics"));
        await(client.exchangeDelete("vertx-fanout"));
    }

    private void deleted() throws Exception {
        await(client.queueDeclare("vertx-deleted", false, false, false));
        BlockingQueue<String> ended = new LinkedBlockingQueue<>();
        RabbitMQConsumer consumer = await(client.basicConsumer("vertx-deleted"));
        consumer.endHandler(none -> ended.add("end"));
        consumer.handler(message -> {});
        await(client.queueDelete("vertx-deleted"));
        Checks.equal("end", Checks.next(ended));
    }

    private void requests() throws Exception {
        await(client.queueDeclare("vertx-requests", false, false, false));
        RabbitMQConsumer serving = await(client.basicConsumer("vertx-requests"));
        serving.handler(question -> client.basicPublish(
                "",
                question.properties().getReplyTo(),
                new AMQP.BasicProperties.Builder()
                        .correlationId(question.properties().getCorrelationId())
                        .build(),
                Buffer.buffer("" + 2 * Integer.parseInt(question.body().toString()))));
        String inbox = await(client.queueDeclareAuto()).getString("queue");
        BlockingQueue<RabbitMQMessage> answers = messages(await(client.basicConsumer(inbox)));
        int sum = 0;
        for (int i = 0; i < 50; i++) {
            AMQP.BasicProperties asks = new AMQP.BasicProperties.Builder()
                    .replyTo(inbox)
                    .correlationId("" + i)
                    .build();
            await(client.basicPublish("", "vertx-requests", asks, Buffer.buffer("" + i)));
            RabbitMQMessage answer = Checks.next(answers);
            Checks.equal("" + i, answer.properties().getCorrelationId());
            sum += Integer.parseInt(answer.body().toString());
        }
        Checks.equal(2_450, sum);
        await(serving.cancel());
        await(client.queueDelete("vertx-requests"));
    }

    private void notFound() throws Exception {
        RabbitMQClient own = client();
        await(own.start());
        Future<Long> refused = own.messageCount("vertx-none");
        try {
            await(refused);
            throw new AssertionError("there is such a queue");
        } catch (java.util.concurrent.ExecutionException e) {
            Checks.that(String.valueOf(e.getCause().getCause()).contains("404"), e.getCause());
        }
        await(own.stop());
        get();
    }

    private void delay() throws Exception {
        await(client.queueDeclare("vertx-due", true, false, false));
        JsonObject arguments = new JsonObject()
                .put("x-message-ttl", 200)
                .put("x-dead-letter-exchange", "")
                .put("x-dead-letter-routing-key", "vertx-due");
        await(client.queueDeclare("vertx-wait", true, false, false, arguments));
        BlockingQueue<RabbitMQMessage> due = messages(await(client.basicConsumer("vertx-due")));
        publish("", "vertx-wait", "later");
        Checks.equal("later", Checks.next(due).body().toString());
        await(client.queueDelete("vertx-wait"));
        await(client.queueDelete("vertx-due"));
    }
}
