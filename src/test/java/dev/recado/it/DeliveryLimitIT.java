package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a delivery is that counts: one that a crash ended, of the worker or of the broker, and none that was left. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeliveryLimitIT {

    private static final Duration GLANCE = Duration.ofMillis(500);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void shouldHoldToTheLimitOverKillNine(@WorkDir Path work) throws Exception {
        BrokerProcess.Plan plan = BrokerProcess.in(work);
        for (int life = 1; life <= 2; life++) {
            try (BrokerProcess broker = plan.start();
                    TextConnection client = broker.connect()) {
                if (life == 1) {
                    create(client);
                }
                assertThat(client.ask("SUB:jobs:g:5")).isEqualTo("OK:SUB:1");
                assertThat(client.delivery().attempt()).isEqualTo(life);
                rememberDelivery(client);
                broker.killNine();
            }
        }
        try (BrokerProcess broker = plan.start();
                TextConnection client = broker.connect()) {
            awaitDeadLetter(client);
            assertThat(client.ask("SUB:jobs:g:5")).isEqualTo("OK:SUB:1");
            assertThat(client.deliveryWithin(GLANCE)).isNull();
        }
    }

    @Test
    void shouldNotCountWhatAnOrderlyStopTakesBack(@WorkDir Path work) throws Exception {
        BrokerProcess.Plan plan = BrokerProcess.in(work);
        for (int life = 1; life <= 4; life++) {
            try (BrokerProcess broker = plan.start();
                    TextConnection client = broker.connect()) {
                if (life == 1) {
                    create(client);
                }
                assertThat(client.ask("SUB:jobs:g:5")).isEqualTo("OK:SUB:1");
                assertThat(client.delivery().attempt()).isEqualTo(life);
                assertThat(broker.terminate()).isZero();
            }
        }
    }

    @Test
    void shouldNotCountWhoQuitsAndCountWhoBreaksOff(@WorkDir Path work) throws Exception {
        try (BrokerProcess broker = BrokerProcess.in(work).start();
                TextConnection admin = broker.connect()) {
            // Given
            create(admin);
            for (int attempt = 1; attempt <= 4; attempt++) {
                try (TextConnection worker = broker.connect()) {
                    assertThat(worker.ask("SUB:jobs:g:5")).isEqualTo("OK:SUB:1");
                    assertThat(worker.delivery().attempt()).isEqualTo(attempt);
                    worker.send("QUIT");
                    awaitNobody(admin);
                }
            }
            assertThat(Figures.group(admin, "jobs", "g", "dead-lettered")).isZero();

            // When
            for (int i = 0; i < 2; i++) {
                TextConnection worker = broker.connect();
                assertThat(worker.ask("SUB:jobs:g:5")).isEqualTo("OK:SUB:1");
                worker.delivery();
                worker.reset();
                awaitNobody(admin);
            }

            // Then
            awaitDeadLetter(admin);
        }
    }

    private static void create(TextConnection client) throws IOException {
        assertThat(client.ask("TOPIC:CREATE:jobs")).startsWith("OK");
        assertThat(client.ask("GROUP:CREATE:jobs:g:from=first&max-deliveries=2&back-off-ms=0"))
                .startsWith("OK");
        assertThat(client.pub("jobs", "x")).isEqualTo("OK:MSG_ID:0");
    }

    /** A durable acknowledgement of something else takes what was handed out along. */
    private static void rememberDelivery(TextConnection client) throws IOException {
        assertThat(client.ask("ACK!:1:99")).isEqualTo("ACKED:1:99");
    }

    private static void awaitNobody(TextConnection admin) {
        Waiting.until("no member", LIMIT, () -> Figures.group(admin, "jobs", "g", "members") == 0);
    }

    private static void awaitDeadLetter(TextConnection admin) {
        Waiting.until("a dead letter", LIMIT, () -> Figures.group(admin, "jobs", "g", "backlog") == 0);
        assertThat(Figures.group(admin, "jobs", "g", "dead-lettered")).isEqualTo(1);
    }
}
