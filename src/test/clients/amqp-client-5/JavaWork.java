package dev.recado.clients;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** A work queue whose publisher and workers write down what they did; the client itself connects again. */
final class JavaWork {

    private static final String JOBS = "jvm-jobs";

    private JavaWork() {}

    private static Channel open(int port) throws Exception {
        Connection connection = new JavaClient(port).connection;
        Channel channel = connection.createChannel();
        channel.queueDeclare(JOBS, true, false, false, null);
        return channel;
    }

    /** Publishes numbers and writes down each that was confirmed, in batches as a program would. */
    static void publish(int port, String ledger, int count) throws Exception {
        Channel channel = open(port);
        channel.confirmSelect();
        try (Ledger confirmed = new Ledger(ledger)) {
            for (int next = 0; next < count; ) {
                int end = Math.min(count, next + 5);
                try {
                    for (int job = next; job < end; job++) {
                        channel.basicPublish(
                                "", JOBS, true, MessageProperties.PERSISTENT_TEXT_PLAIN, JavaClient.bytes("" + job));
                    }
                    channel.waitForConfirmsOrDie(Checks.PATIENCE_MS);
                    for (; next < end; next++) {
                        confirmed.add("" + next);
                    }
                } catch (ShutdownSignalException | IOException e) {
                    // The batch again, once the client has recovered by itself.
                    Checks.until("recovered", channel::isOpen);
                }
                Checks.pause(5);
            }
        }
        Runtime.getRuntime().halt(0);
    }

    /** Writes down each number before it is acknowledged, until it is killed. */
    static void work(int port, String ledger) throws Exception {
        Channel channel = open(port);
        channel.basicQos(10);
        Ledger done = new Ledger(ledger);
        channel.basicConsume(
                JOBS,
                false,
                (tag, delivery) -> {
                    done.add(JavaClient.text(delivery));
                    channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
                },
                tag -> {});
        System.out.println("ready");
        new CountDownLatch(1).await();
    }
}
