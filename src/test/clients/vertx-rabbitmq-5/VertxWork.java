package dev.recado.clients;

import com.rabbitmq.client.MessageProperties;
import io.vertx.core.buffer.Buffer;
import io.vertx.rabbitmq.QueueOptions;
import io.vertx.rabbitmq.RabbitMQClient;
import io.vertx.rabbitmq.RabbitMQConsumer;
import java.util.concurrent.CountDownLatch;

/** A work queue whose publisher and workers write down what they did; the program opens a new client where one ends. */
final class VertxWork {

    private static final String JOBS = "jvm-jobs";

    private VertxWork() {}

    private interface Use {
        void of(RabbitMQClient client) throws Exception;
    }

    /** Again and again with a new client, until it came to its end. */
    private static void withClients(int port, Use use) throws Exception {
        while (true) {
            try {
                VertxClient vertx = new VertxClient(port);
                VertxClient.await(vertx.client.queueDeclare(JOBS, true, false, false));
                use.of(vertx.client);
                return;
            } catch (Exception lost) {
                Checks.pause(50);
            }
        }
    }

    /** Publishes numbers and writes down each that was confirmed, in batches as a program would. */
    static void publish(int port, String ledger, int count) throws Exception {
        try (Ledger confirmed = new Ledger(ledger)) {
            int[] next = {0};
            withClients(port, client -> {
                VertxClient.await(client.confirmSelect());
                while (next[0] < count) {
                    int end = Math.min(count, next[0] + 5);
                    for (int job = next[0]; job < end; job++) {
                        VertxClient.await(client.basicPublish(
                                "", JOBS, MessageProperties.PERSISTENT_TEXT_PLAIN, Buffer.buffer("" + job)));
                    }
                    VertxClient.await(client.waitForConfirms(Checks.PATIENCE_MS));
                    for (; next[0] < end; next[0]++) {
                        confirmed.add("" + next[0]);
                    }
                    Checks.pause(5);
                }
            });
        }
        Runtime.getRuntime().halt(0);
    }

    /** Writes down each number before it is acknowledged, until it is killed; the client itself consumes again. */
    static void work(int port, String ledger) throws Exception {
        VertxClient vertx = new VertxClient(port);
        Ledger done = new Ledger(ledger);
        vertx.client.addConnectionEstablishedCallback(established -> vertx.client
                .basicQos(10)
                .compose(none -> vertx.client.queueDeclare(JOBS, true, false, false))
                .<Void>mapEmpty()
                .onComplete(established));
        VertxClient.await(vertx.client.queueDeclare(JOBS, true, false, false));
        VertxClient.await(vertx.client.basicQos(10));
        RabbitMQConsumer consumer =
                VertxClient.await(vertx.client.basicConsumer(JOBS, new QueueOptions().setAutoAck(false)));
        consumer.handler(message -> {
            done.add(message.body().toString());
            vertx.client.basicAck(message.envelope().getDeliveryTag(), false);
        });
        System.out.println("ready");
        new CountDownLatch(1).await();
    }
}
