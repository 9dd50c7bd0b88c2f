package dev.recado.clients;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.DirectMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;

/**
 * Programs with Spring AMQP, the same for its versions 3 and 4: {@code SpringClient PORT COMMAND [ARGUMENT...]}. What
 * they say of the broker holds for RabbitMQ too.
 */
final class SpringClient {

    final CachingConnectionFactory connections;
    final RabbitTemplate template;
    final RabbitAdmin admin;

    SpringClient(int port) {
        connections = new CachingConnectionFactory("127.0.0.1", port);
        connections.setPublisherConfirmType(ConfirmType.CORRELATED);
        connections.setPublisherReturns(true);
        connections.setChannelCacheSize(5);
        template = new RabbitTemplate(connections);
        template.setMandatory(true);
        template.setReplyTimeout(Checks.PATIENCE_MS);
        template.setReceiveTimeout(Checks.PATIENCE_MS);
        admin = new RabbitAdmin(connections);
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
            case "publish" -> SpringWork.publish(port, args[2], Integer.parseInt(args[3]));
            case "work" -> SpringWork.work(port, args[2]);
            case "recover" -> SpringRecovery.run(port);
            default -> throw new IllegalArgumentException(args[1]);
        }
    }

    private static void checks(int port) throws Exception {
        Checks checks = new Checks();
        SpringClient client = new SpringClient(port);
        new SpringMessages(client).all(checks);
        new SpringRequests(client).all(checks);
        checks.check("annotated listeners", () -> SpringListeners.run(port));
        checks.check("the connection closes", client.connections::destroy);
        checks.end();
    }

    /** The kinds of containers that applications have. */
    AbstractMessageListenerContainer container(boolean direct, String... queues) {
        AbstractMessageListenerContainer container;
        if (direct) {
            DirectMessageListenerContainer made = new DirectMessageListenerContainer(connections);
            made.setConsumersPerQueue(2);
            made.setMonitorInterval(100);
            container = made;
        } else {
            SimpleMessageListenerContainer made = new SimpleMessageListenerContainer(connections);
            made.setConcurrentConsumers(2);
            made.setReceiveTimeout(100);
            container = made;
        }
        container.setRecoveryInterval(50);
        container.setFailedDeclarationRetryInterval(50);
        container.setShutdownTimeout(5_000);
        container.setPrefetchCount(10);
        container.setQueueNames(queues);
        container.setAmqpAdmin(admin);
        return container;
    }
}
