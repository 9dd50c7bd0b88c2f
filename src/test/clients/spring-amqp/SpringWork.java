package dev.recado.clients;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer;

/** A work queue whose publisher and workers write down what they did; Spring connects again. */
final class SpringWork {

    private static final String JOBS = "jvm-jobs";

    private SpringWork() {}

    /** Publishes numbers and writes down each that was confirmed, in batches as a program would. */
    static void publish(int port, String ledger, int count) throws Exception {
        SpringClient client = new SpringClient(port);
        client.admin.declareQueue(new Queue(JOBS));
        try (Ledger confirmed = new Ledger(ledger)) {
            Map<String, CorrelationData> open = new LinkedHashMap<>();
            for (int next = 0; next < count || !open.isEmpty(); ) {
                while (open.size() < 5 && next < count) {
                    open.put("" + next, new CorrelationData());
                    next++;
                }
                Map<String, CorrelationData> sent = new LinkedHashMap<>();
                try {
                    for (String job : open.keySet()) {
                        CorrelationData correlation = new CorrelationData(job);
                        client.template.convertAndSend("", JOBS, job, correlation);
                        sent.put(job, correlation);
                    }
                } catch (AmqpException notConnected) {
                    Checks.pause(20);
                }
                for (Map.Entry<String, CorrelationData> one : sent.entrySet()) {
                    if (isStored(one.getValue())) {
                        confirmed.add(one.getKey());
                        open.remove(one.getKey());
                    }
                }
                Checks.pause(5);
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private static boolean isStored(CorrelationData correlation) throws Exception {
        try {
            return correlation.getFuture().get(2, TimeUnit.SECONDS).isAck() && correlation.getReturned() == null;
        } catch (TimeoutException lost) {
            return false;
        }
    }

    /** Writes down each number before it is acknowledged, until it is killed. */
    static void work(int port, String ledger) throws Exception {
        SpringClient client = new SpringClient(port);
        client.admin.declareQueue(new Queue(JOBS));
        Ledger done = new Ledger(ledger);
        AbstractMessageListenerContainer container = client.container(ledger.endsWith("1.txt"), JOBS);
        container.setMessageListener(message -> done.add(new String(message.getBody(), StandardCharsets.UTF_8)));
        container.start();
        System.out.println("ready");
        new CountDownLatch(1).await();
    }
}
