package dev.recado.clients;

import com.rabbitmq.client.ShutdownSignalException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.AnonymousQueue;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.TopicExchange;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.ConnectionListener;
import org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer;
import org.springframework.context.support.GenericApplicationContext;

/** A program whose broker is stopped and started again; containers and the admin bring everything back. */
final class SpringRecovery {

    private SpringRecovery() {}

    static void run(int port) throws Exception {
        Checks checks = new Checks();
        SpringClient client = new SpringClient(port);
        GenericApplicationContext context = new GenericApplicationContext();
        TopicExchange exchange = new TopicExchange("spring-recovery", false, false);
        Queue stays = new Queue("spring-stays");
        Queue named = new AnonymousQueue();
        context.registerBean("exchange", TopicExchange.class, () -> exchange);
        context.registerBean("stays", Queue.class, () -> stays);
        context.registerBean("named", Queue.class, () -> named);
        context.registerBean("binding", Binding.class, () -> BindingBuilder.bind(named)
                .to(exchange)
                .with("a.*"));
        context.refresh();
        client.admin.setApplicationContext(context);
        client.admin.afterPropertiesSet();
        BlockingQueue<String> got = new LinkedBlockingQueue<>();
        for (boolean direct : new boolean[] {false, true}) {
            AbstractMessageListenerContainer container =
                    client.container(direct, direct ? stays.getName() : named.getName());
            container.setMissingQueuesFatal(false);
            container.setApplicationContext(context);
            container.setMessageListener(message -> got.add(new String(message.getBody(), StandardCharsets.UTF_8)));
            container.start();
        }
        CountDownLatch lost = new CountDownLatch(1);
        client.connections.addConnectionListener(new ConnectionListener() {
            @Override
            public void onCreate(Connection connection) {}

            @Override
            public void onShutDown(ShutdownSignalException signal) {
                lost.countDown();
            }
        });
        client.template.convertAndSend("spring-recovery", "a.b", "before");
        Checks.equal("before", Checks.next(got));
        System.out.println("ready");
        System.out.flush();
        checks.check("connection, topology and containers come back", () -> {
            Checks.that(lost.await(Checks.PATIENCE_MS, TimeUnit.MILLISECONDS), "the connection was not lost");
            publish(client, "spring-recovery", "a.b", "after", got);
            publish(client, "", "spring-stays", "stays", got);
            client.admin.deleteQueue("spring-stays");
            client.admin.deleteExchange("spring-recovery");
        });
        checks.end();
    }

    /** Again until it arrives, as somebody does whose broker is away. */
    private static void publish(
            SpringClient client, String exchange, String key, String text, BlockingQueue<String> got) throws Exception {
        Checks.until(text + " arrives", () -> {
            try {
                client.template.convertAndSend(exchange, key, text);
            } catch (AmqpException away) {
                Checks.pause(50);
            }
            String next = got.poll(200, TimeUnit.MILLISECONDS);
            while (next != null && !next.equals(text)) {
                next = got.poll();
            }
            return text.equals(next);
        });
    }
}
