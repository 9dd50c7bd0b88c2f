package dev.recado.clients;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Programs with RabbitMQ's Java client: {@code JavaClient PORT COMMAND [ARGUMENT...]}. What they say of the broker
 * holds for RabbitMQ too.
 */
final class JavaClient {

    final ConnectionFactory factory = new ConnectionFactory();
    final Connection connection;

    JavaClient(int port) throws Exception {
        factory.setHost("127.0.0.1");
        factory.setPort(port);
        factory.setNetworkRecoveryInterval(50);
        connection = factory.newConnection("checks");
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
            case "checks" -> checks(port);
            case "publish" -> JavaWork.publish(port, args[2], Integer.parseInt(args[3]));
            case "work" -> JavaWork.work(port, args[2]);
            case "recover" -> JavaRecovery.run(port);
            default -> throw new IllegalArgumentException(args[1]);
        }
    }

    private static void checks(int port) throws Exception {
        Checks checks = new Checks();
        JavaClient client = new JavaClient(port);
        new JavaQueues(client).all(checks);
        new JavaErrors(client).all(checks);
        new JavaMessages(client).all(checks);
        new JavaDeliveries(client).all(checks);
        new JavaRouting(client).all(checks);
        checks.check("the connection closes", () -> client.connection.close());
        checks.end();
    }

    /** What is done with a channel of its own. */
    interface Talk {
        void on(Channel channel) throws Exception;
    }

    void talk(Talk talk) throws Exception {
        Channel channel = connection.createChannel();
        talk.on(channel);
        if (channel.isOpen()) {
            channel.close();
        }
    }

    /** A queue of this connection that ends with it. */
    static String queue(Channel channel) throws IOException {
        return channel.queueDeclare("", false, true, false, null).getQueue();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(Delivery delivery) {
        return new String(delivery.getBody(), StandardCharsets.UTF_8);
    }

    static void publish(Channel channel, String queue, String... bodies) throws IOException {
        for (String body : bodies) {
            channel.basicPublish("", queue, null, bytes(body));
        }
    }

    /** All that a consumer gets. */
    static BlockingQueue<Delivery> consume(Channel channel, String queue, boolean autoAck) throws IOException {
        BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
        channel.basicConsume(queue, autoAck, (tag, delivery) -> got.add(delivery), tag -> {});
        return got;
    }

    /** Waits until a queue has so many messages that nobody holds. */
    static void untilReady(Channel channel, String queue, int messages) throws Exception {
        Checks.until(messages + " in " + queue, () -> channel.messageCount(queue) == messages);
    }

    /** The code of the close that a call brings, with the part of its text that users search for. */
    static void refused(int code, String part, Talk talk, Channel channel) throws Exception {
        ShutdownSignalException end;
        try {
            talk.on(channel);
            Checks.until("the channel is closed", () -> !channel.isOpen());
            end = channel.getCloseReason();
        } catch (IOException e) {
            end = (ShutdownSignalException) e.getCause();
        } catch (ShutdownSignalException e) {
            end = e;
        }
        boolean hard = end.isHardError();
        int was = hard
                ? ((AMQP.Connection.Close) end.getReason()).getReplyCode()
                : ((AMQP.Channel.Close) end.getReason()).getReplyCode();
        Checks.equal(code, was);
        Checks.that(end.getMessage().contains(part), end.getMessage());
    }
}
