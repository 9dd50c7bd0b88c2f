package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * {@code kill -9} in a stream of transactions, over text and over AMQP. Each takes messages of a queue and puts the
 * successor of each into it: whenever the broker dies, the queue then holds one message of each line of successors, and
 * none older than what a commit has answered. Four times by default, a hundred times (or {@code
 * -Drecado.kill.rounds=…}) with {@code mvn verify -DexcludedGroups= -Dgroups=long}.
 */
class TransactionKillIT {

    private static final int LINES = 24;
    private static final int TAKEN_MAX = 4;
    private static final Duration GLANCE = Duration.ofMillis(500);
    private static final String PADDING = "x".repeat(2_000);

    private final long seed = Long.getLong("recado.seed", System.nanoTime());
    private final Random random = new Random(seed);
    /** What a commit has answered last, by line. */
    private final Map<String, Integer> confirmed = new ConcurrentHashMap<>();

    private final AtomicInteger commits = new AtomicInteger();
    private final AtomicInteger commitsByAmqp = new AtomicInteger();
    private int commitsFound;

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    @Test
    @Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldFindEachTransactionWholeOrNotAtAll() throws Exception {
        killAndCount(4);
    }

    @Test
    @Tag("long")
    @Timeout(value = 7_200, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldFindItSoAfterAHundredKills() throws Exception {
        killAndCount(Integer.getInteger("recado.kill.rounds", 100));
    }

    private void killAndCount(int rounds) throws Exception {
        BrokerProcess.Plan plan =
                BrokerProcess.in(work).set("journal.file-bytes", "1MiB").set("journal.checkpoint-bytes", "1MiB");
        try (BrokerProcess broker = plan.start()) {
            fill(broker);
            broker.killNine();
        }
        for (int round = 0; round < rounds; round++) {
            try (BrokerProcess broker = plan.start()) {
                count(broker);
                workUntilKilled(broker);
            }
        }
        try (BrokerProcess broker = plan.start()) {
            count(broker);
        }
        System.out.println("TransactionKillIT seed=" + seed + " rounds=" + rounds + " commits=" + commits + " by AMQP="
                + commitsByAmqp + " lines done without an answer=" + commitsFound);
        assertThat(commitsByAmqp.get()).isPositive();
        assertThat(commits.get()).isGreaterThan(commitsByAmqp.get() + rounds);
    }

    private static void fill(BrokerProcess broker) throws IOException {
        try (AmqpCaller amqp = AmqpCaller.ready(broker.port("amqp"));
                TextConnection text = broker.connect()) {
            amqp.say("1 queue.declare jobs durable");
            for (int line = 0; line < LINES; line++) {
                assertThat(text.pub("jobs", message(line + "-0"))).startsWith("OK");
            }
        }
    }

    private static String message(String name) {
        return name + "-" + PADDING;
    }

    private static String lineOf(String message) {
        return message.substring(0, message.indexOf('-'));
    }

    private static int numberOf(String message) {
        return Integer.parseInt(message.split("-")[1]);
    }

    private static String successor(String message) {
        return message(lineOf(message) + "-" + (numberOf(message) + 1));
    }

    /** One message of each line, none before what was confirmed. */
    private void count(BrokerProcess broker) throws IOException {
        Map<String, Integer> found = new TreeMap<>();
        try (TextConnection text = broker.connect()) {
            assertThat(text.ask("SUB:jobs:queue:1000")).isEqualTo("OK:SUB:1");
            for (TextConnection.Delivery delivery : text.deliveries(LINES)) {
                String payload = delivery.payload();
                assertThat(found.put(lineOf(payload), numberOf(payload)))
                        .as("twice: line %s, seed %d", lineOf(payload), seed)
                        .isNull();
            }
            assertThat(text.deliveryWithin(GLANCE)).as("seed %d", seed).isNull();
            assertThat(text.ask("UNSUB:1")).startsWith("OK");
        }
        confirmed.forEach((line, number) ->
                assertThat(found.get(line)).as("line %s, seed %d", line, seed).isGreaterThanOrEqualTo(number));
        commitsFound += (int) found.entrySet().stream()
                .filter(each -> each.getValue() > confirmed.getOrDefault(each.getKey(), 0))
                .count();
        confirmed.putAll(found);
    }

    private void workUntilKilled(BrokerProcess broker) throws Exception {
        int before = commits.get();
        int more = 5 + random.nextInt(60);
        List<Thread> workers = new ArrayList<>();
        workers.add(worker(() -> workByText(broker)));
        workers.add(worker(() -> workByAmqp(broker)));
        Waiting.until("commits", Duration.ofSeconds(60), () -> commits.get() >= before + more);
        broker.killNine();
        for (Thread worker : workers) {
            worker.join();
        }
    }

    /** Works until the broker is gone. */
    private interface Work {
        void run() throws IOException;
    }

    private static Thread worker(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException | AssertionError gone) {
                // The broker was killed; what it has done is counted.
            }
        });
        thread.start();
        return thread;
    }

    private void done(List<String> messages) {
        messages.forEach(message -> confirmed.merge(lineOf(message), numberOf(message) + 1, Math::max));
        commits.incrementAndGet();
    }

    private void workByText(BrokerProcess broker) throws IOException {
        Random mine = new Random(seed);
        try (TextConnection text = broker.connect()) {
            text.ask("SUB:jobs:queue:8");
            while (true) {
                List<TextConnection.Delivery> taken = text.deliveries(1 + mine.nextInt(TAKEN_MAX));
                text.write("BEGIN\n");
                for (TextConnection.Delivery each : taken) {
                    text.write("ACK:1:" + each.id() + "\n").writePub("jobs", successor(each.payload()));
                }
                text.write("COMMIT\n").flush();
                for (int answers = 0; answers <= taken.size(); answers++) {
                    text.reply();
                }
                String answer = text.reply();
                if (!answer.equals("OK:COMMIT")) {
                    throw new IOException(answer);
                }
                done(taken.stream().map(TextConnection.Delivery::payload).toList());
            }
        }
    }

    private void workByAmqp(BrokerProcess broker) throws IOException {
        Random mine = new Random(seed + 1);
        try (AmqpCaller amqp = AmqpCaller.ready(broker.port("amqp"))) {
            amqp.say("1 tx.select");
            while (true) {
                List<String> taken = new ArrayList<>();
                for (int count = 1 + mine.nextInt(TAKEN_MAX); count > 0; count--) {
                    amqp.say("1 basic.get jobs");
                    if (amqp.last(1).startsWith("1 basic.get-ok ")) {
                        String[] words = amqp.last(1).split(" ");
                        String message = words[words.length - 1];
                        taken.add(message);
                        amqp.say("1 basic.ack " + words[2]);
                        amqp.say("1 basic.publish '' jobs delivery-mode=2 : " + successor(message));
                    }
                }
                amqp.say("1 tx.commit");
                if (!amqp.last(1).endsWith("tx.commit-ok")) {
                    throw new IOException(amqp.last(1));
                }
                if (!taken.isEmpty()) {
                    commitsByAmqp.incrementAndGet();
                    done(taken);
                }
            }
        }
    }
}
