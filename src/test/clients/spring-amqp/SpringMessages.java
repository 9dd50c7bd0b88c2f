package dev.recado.clients;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.amqp.AmqpRejectAndDontRequeueException;
import org.springframework.amqp.core.AcknowledgeMode;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.FanoutExchange;
import org.springframework.amqp.core.HeadersExchange;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.core.TopicExchange;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.api.ChannelAwareBatchMessageListener;
import org.springframework.amqp.rabbit.listener.api.ChannelAwareMessageListener;

/** Templates publish and receive, containers listen. */
final class SpringMessages {

    private final SpringClient client;

    SpringMessages(SpringClient client) {
        this.client = client;
    }

    void all(Checks checks) {
        checks.check("declare, count, purge, delete", this::declare);
        checks.check("send and receive, with properties and headers", this::receive);
        checks.check("1 MiB", this::large);
        checks.check("correlated confirms", this::confirms);
        checks.check("a returned message in its correlation", this::returns);
        checks.check("a refused publish closes the channel, not the connection", this::refused);
        checks.check("a simple container gives back what fails", () -> fails(false));
        checks.check("a direct container gives back what fails", () -> fails(true));
        checks.check("a container in batches", this::batches);
        checks.check("a container acknowledges by hand", this::byHand);
        checks.check("a container starts again where its queue was deleted", this::deleted);
        checks.check("fan-out, topics and headers", this::routing);
        checks.check("delay by dead letter", this::delay);
        checks.later("a transacted template", "tx is refused still", this::transacted);
    }

    private void untilCount(String queue, int messages) throws Exception {
        Checks.until(
                messages + " in " + queue,
                () -> client.admin.getQueueInfo(queue).getMessageCount() == messages);
    }

    private void declare() throws Exception {
        Queue queue = QueueBuilder.durable("spring-declare")
                .ttl(60_000)
                .maxLength(100)
                .build();
        client.admin.declareQueue(queue);
        client.admin.declareQueue(queue);
        client.template.convertAndSend("spring-declare", "one");
        client.template.convertAndSend("spring-declare", "two");
        untilCount("spring-declare", 2);
        Checks.equal(2, client.admin.purgeQueue("spring-declare"));
        Checks.that(client.admin.deleteQueue("spring-declare"), "not deleted");
        Checks.equal(null, client.admin.getQueueInfo("spring-declare"));
        Queue named = client.admin.declareQueue();
        Checks.that(named.getName().startsWith("amq.gen-") || named.getName().startsWith("spring.gen-"), named);
        client.admin.deleteQueue(named.getName());
    }

    private void receive() throws Exception {
        client.admin.declareQueue(new Queue("spring-receive"));
        Map<String, Object> headers = new HashMap<>(Map.of(
                "int",
                1,
                "long",
                2L,
                "true",
                true,
                "double",
                0.5,
                "list",
                List.of(1, "two"),
                "map",
                Map.of("k", "v"),
                "date",
                new Date(1_700_000_000_000L)));
        Message sent = MessageBuilder.withBody("größer".getBytes(StandardCharsets.UTF_8))
                .setContentType(MessageProperties.CONTENT_TYPE_TEXT_PLAIN)
                .setContentEncoding("utf-8")
                .setMessageId("id")
                .setCorrelationId("c")
                .setPriority(3)
                .setExpiration("60000")
                .setDeliveryMode(MessageDeliveryMode.PERSISTENT)
                .copyHeaders(headers)
                .build();
        client.template.send("spring-receive", sent);
        Message got = client.template.receive("spring-receive");
        Checks.that(got != null, "nothing");
        Checks.equal("größer", new String(got.getBody(), StandardCharsets.UTF_8));
        MessageProperties properties = got.getMessageProperties();
        Checks.equal(new HashMap<>(headers), new HashMap<>(properties.getHeaders()));
        Checks.equal(
                "id c 3 60000 utf-8 text/plain PERSISTENT",
                properties.getMessageId() + " "
                        + properties.getCorrelationId() + " " + properties.getPriority() + " "
                        + properties.getExpiration() + " "
                        + properties.getContentEncoding() + " " + properties.getContentType() + " "
                        + properties.getReceivedDeliveryMode());
        // With no time to wait a template uses basic.get.
        RabbitTemplate impatient = new RabbitTemplate(client.connections);
        Checks.equal(null, impatient.receive("spring-receive"));
        client.admin.deleteQueue("spring-receive");
    }

    private void large() throws Exception {
        client.admin.declareQueue(new Queue("spring-large"));
        byte[] body = new byte[1 << 20];
        new Random(15).nextBytes(body);
        client.template.convertAndSend("spring-large", body);
        Checks.equal(body, client.template.receiveAndConvert("spring-large"));
        client.admin.deleteQueue("spring-large");
    }

    private void confirms() throws Exception {
        client.admin.declareQueue(new Queue("spring-confirms"));
        List<CorrelationData> all = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            CorrelationData one = new CorrelationData("" + i);
            all.add(one);
            client.template.convertAndSend("", "spring-confirms", "message " + i, one);
        }
        for (CorrelationData one : all) {
            Checks.that(
                    one.getFuture()
                            .get(Checks.PATIENCE_MS, TimeUnit.MILLISECONDS)
                            .isAck(),
                    one);
            Checks.equal(null, one.getReturned());
        }
        Checks.equal(500, client.admin.purgeQueue("spring-confirms"));
        // On one channel, and waiting for it.
        client.template.invoke(operations -> {
            operations.convertAndSend("spring-confirms", "last");
            return true;
        });
        client.admin.deleteQueue("spring-confirms");
    }

    private void returns() throws Exception {
        CorrelationData one = new CorrelationData("one");
        client.template.convertAndSend("amq.direct", "nowhere", "lost", one);
        Checks.that(
                one.getFuture().get(Checks.PATIENCE_MS, TimeUnit.MILLISECONDS).isAck(), "not confirmed");
        Checks.equal(
                "312 NO_ROUTE",
                one.getReturned().getReplyCode() + " " + one.getReturned().getReplyText());
    }

    private void refused() throws Exception {
        CorrelationData one = new CorrelationData("one");
        client.template.convertAndSend("spring-no-exchange", "key", "lost", one);
        CorrelationData.Confirm confirm = one.getFuture().get(Checks.PATIENCE_MS, TimeUnit.MILLISECONDS);
        Checks.that(!confirm.isAck(), "confirmed");
        returns();
    }

    private void fails(boolean direct) throws Exception {
        String name = "spring-fails-" + direct;
        client.admin.declareQueue(new Queue(name));
        BlockingQueue<String> done = new LinkedBlockingQueue<>();
        AtomicInteger marked = new AtomicInteger();
        Set<String> failed = ConcurrentHashMap.newKeySet();
        AbstractMessageListenerContainer container = client.container(direct, name);
        container.setErrorHandler(error -> {
            if (error.getCause() instanceof AmqpRejectAndDontRequeueException refused) {
                throw refused;
            }
        });
        container.setMessageListener(message -> {
            String text = new String(message.getBody(), StandardCharsets.UTF_8);
            if (text.equals("13")) {
                done.add(text);
                throw new AmqpRejectAndDontRequeueException("never");
            }
            if (Integer.parseInt(text) % 10 == 0 && failed.add(text)) {
                throw new IllegalStateException("once");
            }
            if (Boolean.TRUE.equals(message.getMessageProperties().isRedelivered())) {
                marked.incrementAndGet();
            }
            done.add(text);
        });
        container.start();
        Set<String> all = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 100; i++) {
            client.template.convertAndSend(name, "" + i);
        }
        while (all.size() < 100) {
            all.add(Checks.next(done));
        }
        Checks.that(marked.get() >= 10, "marked as redelivered:", marked);
        container.stop();
        untilCount(name, 0);
        client.admin.deleteQueue(name);
    }

    private void batches() throws Exception {
        client.admin.declareQueue(new Queue("spring-batches"));
        BlockingQueue<Integer> sizes = new LinkedBlockingQueue<>();
        SimpleMessageListenerContainer container =
                (SimpleMessageListenerContainer) client.container(false, "spring-batches");
        container.setConsumerBatchEnabled(true);
        container.setDeBatchingEnabled(true);
        container.setBatchSize(10);
        container.setMessageListener(
                (ChannelAwareBatchMessageListener) (messages, channel) -> sizes.add(messages.size()));
        for (int i = 0; i < 100; i++) {
            client.template.convertAndSend("spring-batches", "" + i);
        }
        container.start();
        for (int sum = 0; sum < 100; ) {
            sum += Checks.next(sizes);
        }
        container.stop();
        untilCount("spring-batches", 0);
        client.admin.deleteQueue("spring-batches");
    }

    private void byHand() throws Exception {
        client.admin.declareQueue(new Queue("spring-hand"));
        BlockingQueue<String> done = new LinkedBlockingQueue<>();
        AbstractMessageListenerContainer container = client.container(true, "spring-hand");
        container.setAcknowledgeMode(AcknowledgeMode.MANUAL);
        container.setMessageListener((ChannelAwareMessageListener) (message, channel) -> {
            long tag = message.getMessageProperties().getDeliveryTag();
            if (Boolean.TRUE.equals(message.getMessageProperties().isRedelivered())) {
                channel.basicAck(tag, false);
                done.add(new String(message.getBody(), StandardCharsets.UTF_8));
            } else {
                channel.basicNack(tag, false, true);
            }
        });
        container.start();
        client.template.convertAndSend("spring-hand", "one");
        Checks.equal("one", Checks.next(done));
        container.stop();
        untilCount("spring-hand", 0);
        client.admin.deleteQueue("spring-hand");
    }

    private void deleted() throws Exception {
        client.admin.declareQueue(new Queue("spring-deleted"));
        BlockingQueue<String> done = new LinkedBlockingQueue<>();
        AbstractMessageListenerContainer container = client.container(true, "spring-deleted");
        container.setMissingQueuesFatal(false);
        container.setMessageListener(message -> done.add(new String(message.getBody(), StandardCharsets.UTF_8)));
        container.start();
        client.template.convertAndSend("spring-deleted", "one");
        Checks.equal("one", Checks.next(done));
        client.admin.deleteQueue("spring-deleted");
        client.admin.declareQueue(new Queue("spring-deleted"));
        client.template.convertAndSend("spring-deleted", "two");
        Checks.equal("two", Checks.next(done));
        container.stop();
        client.admin.deleteQueue("spring-deleted");
    }

    private void routing() throws Exception {
        FanoutExchange fanout = new FanoutExchange("spring-fanout");
        TopicExchange topics = new TopicExchange("spring-topics");
        HeadersExchange headers = new HeadersExchange("spring-headers");
        List.of(fanout, topics, headers).forEach(client.admin::declareExchange);
        Queue queue = new Queue("spring-routing", false, false, false);
        client.admin.declareQueue(queue);
        for (Binding one : List.of(
                BindingBuilder.bind(queue).to(fanout),
                BindingBuilder.bind(queue).to(topics).with("order.*.paid"),
                BindingBuilder.bind(queue)
                        .to(headers)
                        .whereAll(Map.of("kind", "x", "n", 1))
                        .match())) {
            client.admin.declareBinding(one);
        }
        client.template.convertAndSend("spring-fanout", "any", "fanout");
        client.template.setMandatory(false);
        client.template.convertAndSend("spring-topics", "order.7.open", "no");
        client.template.setMandatory(true);
        client.template.convertAndSend("spring-topics", "order.7.paid", "topic");
        client.template.convertAndSend("spring-headers", "", "headers", message -> {
            message.getMessageProperties().setHeader("kind", "x");
            message.getMessageProperties().setHeader("n", 1);
            return message;
        });
        // The template may have used a channel for each.
        Set<Object> got = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            got.add(client.template.receiveAndConvert("spring-routing"));
        }
        Checks.equal(Set.of("fanout", "topic", "headers"), got);
        client.admin.deleteQueue("spring-routing");
        List.of("spring-fanout", "spring-topics", "spring-headers").forEach(client.admin::deleteExchange);
    }

    private void delay() throws Exception {
        client.admin.declareQueue(new Queue("spring-due"));
        client.admin.declareQueue(QueueBuilder.durable("spring-wait")
                .ttl(200)
                .deadLetterExchange("")
                .deadLetterRoutingKey("spring-due")
                .build());
        client.template.convertAndSend("spring-wait", "later");
        Message late = client.template.receive("spring-due");
        Checks.equal(
                "spring-wait",
                late.getMessageProperties().getXDeathHeader().get(0).get("queue"));
        client.admin.deleteQueue("spring-wait");
        client.admin.deleteQueue("spring-due");
    }

    private void transacted() throws Exception {
        SpringClient other = new SpringClient(client.connections.getPort());
        other.connections.setPublisherConfirmType(CachingConnectionFactory.ConfirmType.NONE);
        other.template.setChannelTransacted(true);
        other.admin.declareQueue(new Queue("spring-tx"));
        other.template.convertAndSend("spring-tx", "one");
        Checks.equal("one", other.template.receiveAndConvert("spring-tx"));
        other.admin.deleteQueue("spring-tx");
        other.connections.destroy();
    }
}
