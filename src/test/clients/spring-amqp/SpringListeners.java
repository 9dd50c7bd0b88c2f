package dev.recado.clients;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.springframework.amqp.rabbit.annotation.EnableRabbit;
import org.springframework.amqp.rabbit.annotation.Exchange;
import org.springframework.amqp.rabbit.annotation.Queue;
import org.springframework.amqp.rabbit.annotation.QueueBinding;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.config.SimpleRabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application as most are: a configuration, and methods that listen, with queues and bindings declared by them. */
final class SpringListeners {

    private SpringListeners() {}

    static void run(int port) throws Exception {
        System.setProperty("checks.port", "" + port);
        try (AnnotationConfigApplicationContext context =
                new AnnotationConfigApplicationContext(Settings.class, Orders.class)) {
            RabbitTemplate template = context.getBean(RabbitTemplate.class);
            template.setReplyTimeout(Checks.PATIENCE_MS);
            template.convertAndSend("spring-orders", "order.new", "book");
            Checks.equal("book", Checks.next(context.getBean(Orders.class).orders));
            Checks.equal("BOOK", template.convertSendAndReceive("spring-orders", "shout", "book"));
            context.getBean(RabbitAdmin.class).deleteExchange("spring-orders");
        }
    }

    @Configuration
    @EnableRabbit
    static class Settings {

        @Bean
        CachingConnectionFactory connections() {
            return new CachingConnectionFactory("127.0.0.1", Integer.getInteger("checks.port"));
        }

        @Bean
        SimpleRabbitListenerContainerFactory rabbitListenerContainerFactory(ConnectionFactory connections) {
            SimpleRabbitListenerContainerFactory factory = new SimpleRabbitListenerContainerFactory();
            factory.setConnectionFactory(connections);
            factory.setReceiveTimeout(100L);
            return factory;
        }

        @Bean
        RabbitTemplate template(ConnectionFactory connections) {
            return new RabbitTemplate(connections);
        }

        @Bean
        RabbitAdmin admin(ConnectionFactory connections) {
            return new RabbitAdmin(connections);
        }
    }

    static class Orders {

        final BlockingQueue<String> orders = new LinkedBlockingQueue<>();

        @RabbitListener(
                bindings =
                        @QueueBinding(
                                value = @Queue,
                                exchange = @Exchange(value = "spring-orders", type = "topic"),
                                key = "order.#"))
        public void order(String order) {
            orders.add(order);
        }

        @RabbitListener(
                bindings =
                        @QueueBinding(
                                value = @Queue(autoDelete = "true"),
                                exchange = @Exchange(value = "spring-orders", type = "topic"),
                                key = "shout"))
        public String shout(String word) {
            return word.toUpperCase(java.util.Locale.ROOT);
        }
    }
}
