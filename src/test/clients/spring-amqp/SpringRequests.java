package dev.recado.clients;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.AsyncRabbitTemplate;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.adapter.MessageListenerAdapter;

/** Requests and their answers, by each of the ways that a template has. */
final class SpringRequests {

    private static final int REQUESTS = 50;

    private final SpringClient client;

    SpringRequests(SpringClient client) {
        this.client = client;
    }

    /** Answers; the adapter finds the method by its name. */
    public static final class Doubling {
        public String handleMessage(String question) {
            return "" + 2 * Integer.parseInt(question);
        }
    }

    void all(Checks checks) {
        client.admin.declareQueue(new Queue("spring-requests"));
        AbstractMessageListenerContainer serving = client.container(false, "spring-requests");
        serving.setMessageListener(new MessageListenerAdapter(new Doubling()));
        serving.start();
        // The template asks passively for amq.rabbitmq.reply-to, and takes temporary queues where it is not there.
        checks.check("requests by what the template finds", () -> ask(new RabbitTemplate(client.connections)));
        checks.check("requests by temporary queues", this::temporary);
        checks.check("requests by a reply queue and a container", this::fixed);
        checks.check("requests of an asynchronous template", this::asynchronous);
        checks.check("requests by direct reply-to", this::direct);
        serving.stop();
        client.admin.deleteQueue("spring-requests");
    }

    private void ask(RabbitTemplate template) throws Exception {
        template.setReplyTimeout(Checks.PATIENCE_MS);
        int sum = 0;
        for (int i = 0; i < REQUESTS; i++) {
            sum += Integer.parseInt((String) template.convertSendAndReceive("", "spring-requests", "" + i));
        }
        Checks.equal(REQUESTS * (REQUESTS - 1), sum);
    }

    private void temporary() throws Exception {
        RabbitTemplate template = new RabbitTemplate(client.connections);
        template.setUseTemporaryReplyQueues(true);
        ask(template);
    }

    private void direct() throws Exception {
        RabbitTemplate template = new RabbitTemplate(client.connections);
        template.setReplyAddress("amq.rabbitmq.reply-to");
        ask(template);
    }

    private void fixed() throws Exception {
        client.admin.declareQueue(new Queue("spring-replies"));
        RabbitTemplate template = new RabbitTemplate(client.connections);
        template.setReplyAddress("spring-replies");
        AbstractMessageListenerContainer replies = client.container(false, "spring-replies");
        replies.setMessageListener(template);
        replies.start();
        template.setReplyTimeout(Checks.PATIENCE_MS);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            CompletableFuture<?>[] all = new CompletableFuture<?>[4];
            for (int i = 0; i < all.length; i++) {
                all[i] = CompletableFuture.runAsync(
                        () -> {
                            try {
                                ask(template);
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        threads);
            }
            CompletableFuture.allOf(all).get(Checks.PATIENCE_MS, TimeUnit.MILLISECONDS);
        } finally {
            threads.shutdown();
        }
        replies.stop();
        client.admin.deleteQueue("spring-replies");
    }

    private void asynchronous() throws Exception {
        client.admin.declareQueue(new Queue("spring-async"));
        AsyncRabbitTemplate template =
                new AsyncRabbitTemplate(new RabbitTemplate(client.connections), (SimpleMessageListenerContainer)
                        client.container(false, "spring-async"));
        template.start();
        CompletableFuture<String> answer = template.convertSendAndReceive("", "spring-requests", "21");
        Checks.equal("42", answer.get(Checks.PATIENCE_MS, TimeUnit.MILLISECONDS));
        template.stop();
        client.admin.deleteQueue("spring-async");
    }
}
