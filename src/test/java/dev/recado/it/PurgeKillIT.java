package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * {@code kill -9} behind purges, retention and single acknowledgements: every start serves its topics again. Four times
 * by default, two hundred times (or {@code -Drecado.kill.rounds=…}) with {@code mvn verify -DexcludedGroups=
 * -Dgroups=long}. The seed is printed; {@code -Drecado.seed=…} repeats its choices.
 */
class PurgeKillIT {

    private static final Duration GLANCE = Duration.ofMillis(1);
    private static final List<String> TOPICS = List.of("jobs", "news");

    private final long seed = Long.getLong("recado.seed", System.nanoTime());
    private final Random random = new Random(seed);
    /** What was acknowledged durably, as topic and payload. */
    private final Set<String> finished = new HashSet<>();

    private int published;

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    @Test
    @Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldServeAfterEveryKill() throws Exception {
        killAndServe(4);
    }

    @Test
    @Tag("long")
    @Timeout(value = 7_200, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldServeAfterTwoHundredKills() throws Exception {
        killAndServe(Integer.getInteger("recado.kill.rounds", 200));
    }

    private void killAndServe(int rounds) throws IOException {
        System.out.println("PurgeKillIT rounds=" + rounds + " seed=" + seed);
        BrokerProcess.Plan plan = BrokerProcess.in(work)
                .set("disk.retention-every", "50ms")
                .set("journal.file-bytes", "1MiB")
                .set("journal.checkpoint-bytes", "1MiB");
        try (BrokerProcess broker = plan.start();
                TextConnection admin = broker.connect()) {
            assertThat(admin.ask("TOPIC:CREATE:jobs:kind=queue")).startsWith("OK");
            assertThat(admin.ask("TOPIC:CREATE:news:retention.time=1&partitions=2"))
                    .startsWith("OK");
            broker.killNine();
        }
        for (int round = 0; round < rounds; round++) {
            try (BrokerProcess broker = plan.start()) {
                workAndKill(broker);
            }
        }
        System.out.println("PurgeKillIT published=" + published + " durablyFinished=" + finished.size());
    }

    private void workAndKill(BrokerProcess broker) throws IOException {
        try (TextConnection publisher = broker.connect();
                TextConnection consumer = broker.connect()) {
            assertThat(consumer.ask("SUB:jobs:queue:10")).isEqualTo("OK:SUB:1");
            assertThat(consumer.ask("SUB:news:readers:10:first")).isEqualTo("OK:SUB:2");
            for (String topic : TOPICS) {
                serve(publisher, consumer, topic);
                assertThat(publisher.list("TOPIC:DESCRIBE:" + topic)).isNotEmpty();
            }
            assertThat(publisher.list("STATS")).isNotEmpty();
            for (int step = 10 + random.nextInt(60); step > 0; step--) {
                step(publisher, consumer);
            }
            broker.killNine();
        }
    }

    /** A message that is published now arrives, and nothing that was durably finished comes before it. */
    private void serve(TextConnection publisher, TextConnection consumer, String topic) throws IOException {
        String payload = publish(publisher, topic);
        boolean arrived = false;
        while (!arrived) {
            TextConnection.Delivery delivery = consumer.delivery();
            arrived = delivery.payload().equals(payload);
            take(consumer, delivery);
        }
    }

    private void step(TextConnection publisher, TextConnection consumer) throws IOException {
        String topic = TOPICS.get(random.nextInt(TOPICS.size()));
        switch (random.nextInt(12)) {
            case 0 -> assertThat(publisher.ask("TOPIC:PURGE:" + topic)).startsWith("OK");
            case 1 -> {
                for (int i = random.nextInt(50); i > 0; i--) {
                    publish(publisher, topic);
                }
            }
            case 2 ->
                assertThat(publisher.ask("GROUP:RESET:news:readers:first")).startsWith("OK");
            default -> {
                publish(publisher, topic);
                TextConnection.Delivery delivery = consumer.deliveryWithin(GLANCE);
                if (delivery != null) {
                    take(consumer, delivery);
                }
            }
        }
    }

    private String publish(TextConnection publisher, String topic) throws IOException {
        String payload = topic + " " + published++;
        assertThat(publisher.pub(topic, payload)).startsWith("OK:MSG_ID:");
        return payload;
    }

    private void take(TextConnection consumer, TextConnection.Delivery delivery) throws IOException {
        boolean queue = delivery.sid() == 1;
        assertThat(finished).as("seed=%d", seed).doesNotContain(queue ? delivery.payload() : "");
        if (random.nextInt(3) > 0) {
            consumer.ack(delivery);
            return;
        }
        consumer.send("ACK!:" + delivery.sid() + ":" + delivery.id());
        assertThat(consumer.reply()).isEqualTo("ACKED:" + delivery.sid() + ":" + delivery.id());
        if (queue) {
            finished.add(delivery.payload());
        }
    }
}
