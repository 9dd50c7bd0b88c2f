package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Workers that hang, beside one that works: nothing that it did not see becomes a dead letter. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SilentMembersIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration GLANCE = Duration.ofMillis(200);

    private static BrokerProcess broker;

    @BeforeAll
    static void startBroker(@WorkDir Path work) throws IOException {
        broker = BrokerProcess.in(work).start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @ParameterizedTest
    @CsvSource({"single-active, 1, 20", "key-ordered, 1, 20", "round-robin, 3, 400", "least-in-flight, 3, 400"})
    void shouldMakeNoDeadLettersBesideAWorkerThatWorks(String strategy, int hung, int count) throws Exception {
        List<TextConnection> workers = new ArrayList<>();
        try (TextConnection admin = broker.connect();
                TextConnection healthy = broker.connect()) {
            // Given
            create(admin, strategy, "lease-ms=1000&max-deliveries=4&back-off-ms=0&strategy=" + strategy);
            for (int i = 0; i < hung; i++) {
                TextConnection worker = broker.connect();
                workers.add(worker);
                assertThat(worker.ask("SUB:" + strategy + ":g")).isEqualTo("OK:SUB:1");
            }
            assertThat(healthy.ask("SUB:" + strategy + ":g")).isEqualTo("OK:SUB:1");

            // When
            for (int i = 0; i < count; i++) {
                admin.pub(strategy, "key" + i % 10, "", "m" + i);
            }
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (backlog(admin, strategy) > 0 && System.nanoTime() < deadline) {
                TextConnection.Delivery next = healthy.deliveryWithin(GLANCE);
                if (next != null) {
                    healthy.ack(next);
                }
            }

            // Then
            assertThat(backlog(admin, strategy)).isZero();
            assertThat(Figures.group(admin, strategy, "g", "dead-lettered")).isZero();
        } finally {
            for (TextConnection worker : workers) {
                worker.close();
            }
        }
    }

    @Test
    void shouldGiveAMemberMoreOnceItIsHeardOf() throws Exception {
        try (TextConnection slow = broker.connect();
                TextConnection other = broker.connect()) {
            // Given a member whose lease ended
            create(slow, "heard", "lease-ms=300&back-off-ms=0");
            assertThat(slow.ask("SUB:heard:g:10")).isEqualTo("OK:SUB:1");
            slow.pub("heard", "m0");
            TextConnection.Delivery late = slow.delivery();
            assertThat(other.ask("SUB:heard:g:10")).isEqualTo("OK:SUB:1");
            TextConnection.Delivery moved = other.delivery();
            assertThat(moved.attempt()).isEqualTo(2);
            other.ack(moved);
            assertThat(Figures.group(other, "heard", "g", "silent")).isEqualTo(1);

            // When it acknowledges what is no longer its own
            slow.ack(late);
            assertThat(slow.ask("PING")).isEqualTo("PONG");

            // Then
            assertThat(Figures.group(slow, "heard", "g", "silent")).isZero();
            slow.pub("heard", "m1");
            slow.pub("heard", "m2");
            assertThat(slow.delivery().attempt()).isEqualTo(1);
        }
    }

    private static long backlog(TextConnection admin, String topic) {
        return Figures.group(admin, topic, "g", "backlog");
    }

    private static void create(TextConnection admin, String topic, String settings) throws IOException {
        assertThat(admin.ask("TOPIC:CREATE:" + topic)).startsWith("OK");
        assertThat(admin.ask("GROUP:CREATE:" + topic + ":g:from=first&" + settings))
                .startsWith("OK");
    }
}
