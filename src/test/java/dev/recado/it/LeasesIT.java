package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One message in the hands of one member: acknowledged, handed back, expired, extended, given up. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LeasesIT {

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

    @Test
    void shouldRedeliverAtOnceWithoutBackOff() throws Exception {
        try (TextConnection client = subscribed("nack", "back-off-ms=0")) {
            // Given
            client.pub("nack", "m");
            assertThat(client.delivery().attempt()).isEqualTo(1);

            // When
            client.send("NACK:1:0");

            // Then
            TextConnection.Delivery again = client.delivery();
            assertThat(again.id()).isEqualTo("0");
            assertThat(again.attempt()).isEqualTo(2);
            client.ack(again);
            assertThat(client.deliveryWithin(GLANCE)).isNull();
        }
    }

    @Test
    void shouldRedeliverAfterTheDelayOfANack() throws Exception {
        try (TextConnection client = subscribed("nack-delay", "back-off-ms=0")) {
            // Given
            client.pub("nack-delay", "m");
            client.delivery();

            // When
            long begin = System.nanoTime();
            client.send("NACK:1:0:500");
            client.delivery();

            // Then
            assertThat(millisSince(begin)).isBetween(480L, 3_000L);
        }
    }

    @Test
    void shouldDoubleTheBackOff() throws Exception {
        try (TextConnection client = subscribed("back-off", "back-off-ms=200")) {
            client.pub("back-off", "m");
            client.delivery();
            long begin = System.nanoTime();
            client.send("NACK:1:0");
            client.delivery();
            long first = millisSince(begin);
            client.send("NACK:1:0");
            client.delivery();
            assertThat(first).isBetween(180L, 1_500L);
            assertThat(millisSince(begin) - first).isBetween(380L, 3_000L);
        }
    }

    @Test
    void shouldRedeliverOnlyWhatHasExpired() throws Exception {
        try (TextConnection client = subscribed("expiry", "lease-ms=500&back-off-ms=0")) {
            // Given
            long begin = System.nanoTime();
            client.pub("expiry", "done in time");
            client.pub("expiry", "expires");
            client.ack(client.deliveries(2).get(0));

            // When
            TextConnection.Delivery again = client.delivery();

            // Then
            assertThat(millisSince(begin)).isGreaterThanOrEqualTo(500);
            assertThat(again.payload()).isEqualTo("expires");
            assertThat(again.attempt()).isEqualTo(2);
        }
    }

    @Test
    void shouldIgnoreTheAcknowledgementOfSomebodyElse() throws Exception {
        try (TextConnection client = subscribed("others-ack", "lease-ms=30000");
                TextConnection other = broker.connect()) {
            // Given
            client.pub("others-ack", "m");
            TextConnection.Delivery first = client.delivery();
            assertThat(other.ask("SUB:others-ack:g:1")).isEqualTo("OK:SUB:1");

            // When
            other.ack(first);

            // Then
            assertThat(other.ask("PING")).isEqualTo("PONG");
            assertThat(Figures.group(client, "others-ack", "g", "backlog")).isEqualTo(1);
        }
    }

    @Test
    void shouldKeepAMessageWhoseLeaseIsExtended() throws Exception {
        try (TextConnection client = subscribed("extend", "lease-ms=400&back-off-ms=0")) {
            // Given
            client.pub("extend", "m");
            TextConnection.Delivery held = client.delivery();

            // When
            assertThat(client.ask("EXTEND:1:0:60000")).isEqualTo("OK:EXTEND:1:0");

            // Then
            assertThat(client.deliveryWithin(Duration.ofMillis(1_200))).isNull();
            client.ack(held);
            assertThat(client.ask("PING")).isEqualTo("PONG");
            assertThat(Figures.group(client, "extend", "g", "backlog")).isZero();
        }
    }

    @Test
    void shouldReturnWhatADeadMemberHeld() throws Exception {
        try (TextConnection heir = broker.connect()) {
            // Given
            TextConnection dying = subscribed("dying", "back-off-ms=0");
            for (int i = 0; i < 5; i++) {
                dying.pub("dying", "m" + i);
            }
            dying.deliveries(5);

            // When
            dying.reset();
            assertThat(heir.ask("SUB:dying:g:10")).isEqualTo("OK:SUB:1");

            // Then
            assertThat(heir.deliveries(5)).allMatch(delivery -> delivery.attempt() == 2);
        }
    }

    @Test
    void shouldGiveUpAfterTheLastAttempt() throws Exception {
        try (TextConnection client = subscribed("hopeless", "max-deliveries=3&back-off-ms=0");
                TextConnection undertaker = broker.connect()) {
            // Given
            client.pub("hopeless", "the-key", "colour=red", "body");

            // When
            for (int attempt = 1; attempt <= 3; attempt++) {
                assertThat(client.delivery().attempt()).isEqualTo(attempt);
                client.send("NACK:1:0");
            }

            // Then
            assertThat(undertaker.ask("SUB:hopeless.dead:g:10:first")).isEqualTo("OK:SUB:1");
            TextConnection.Delivery dead = undertaker.delivery();
            assertThat(dead.payload()).isEqualTo("body");
            assertThat(dead.key()).isEqualTo("the-key");
            assertThat(dead.headers())
                    .contains("colour=red")
                    .contains("hopeless")
                    .contains("max-deliveries");
            assertThat(client.deliveryWithin(GLANCE)).isNull();
            assertThat(Figures.group(client, "hopeless", "g", "backlog")).isZero();
        }
    }

    @Test
    void shouldDeadLetterARejectedMessageAtOnce() throws Exception {
        try (TextConnection client = subscribed("rejected", "dead-letter=morgue");
                TextConnection undertaker = broker.connect()) {
            // Given
            assertThat(undertaker.ask("TOPIC:CREATE:morgue")).startsWith("OK");
            client.pub("rejected", "bad");
            client.delivery();

            // When
            client.send("REJECT:1:0:unreadable");

            // Then
            assertThat(undertaker.ask("SUB:morgue:g:10:first")).isEqualTo("OK:SUB:1");
            TextConnection.Delivery dead = undertaker.delivery();
            assertThat(dead.payload()).isEqualTo("bad");
            assertThat(dead.headers()).contains("unreadable");
        }
    }

    @Test
    void shouldRememberADurableAcknowledgementAfterKillNine(@WorkDir Path own) throws Exception {
        BrokerProcess.Plan plan = BrokerProcess.in(own);
        try (BrokerProcess first = plan.start();
                TextConnection client = first.connect()) {
            // Given
            assertThat(client.ask("SUB:precious:g:10:first")).isEqualTo("OK:SUB:1");
            client.pub("precious", "m0");
            client.pub("precious", "m1");
            client.deliveries(2);

            // When
            assertThat(client.ask("ACK!:1:0")).isEqualTo("ACKED:1:0");
            first.killNine();
        }

        // Then
        try (BrokerProcess second = plan.start();
                TextConnection client = second.connect()) {
            assertThat(client.ask("SUB:precious:g:10:first")).isEqualTo("OK:SUB:1");
            assertThat(client.delivery().payload()).isEqualTo("m1");
            assertThat(client.deliveryWithin(GLANCE)).isNull();
        }
    }

    @Test
    void shouldAcknowledgeByItselfWhereAskedTo() throws Exception {
        try (TextConnection client = broker.connect()) {
            // Given
            assertThat(client.ask("SUB:auto:g:auto:first")).isEqualTo("OK:SUB:1");

            // When
            client.pub("auto", "m");
            client.delivery();

            // Then
            Waiting.until("backlog 0", TextConnection.PATIENCE, () -> backlog("auto") == 0);
        }
    }

    /** A client that is the only member of the group {@code g}, made with these settings, on a new topic. */
    private static TextConnection subscribed(String topic, String settings) throws IOException {
        TextConnection client = broker.connect();
        assertThat(client.ask("TOPIC:CREATE:" + topic)).startsWith("OK");
        assertThat(client.ask("GROUP:CREATE:" + topic + ":g:from=first&" + settings))
                .startsWith("OK");
        assertThat(client.ask("SUB:" + topic + ":g:10")).isEqualTo("OK:SUB:1");
        return client;
    }

    private static long backlog(String topic) {
        return figure(topic, "backlog");
    }

    private static long figure(String topic, String field) {
        try (TextConnection admin = broker.connect()) {
            return Figures.group(admin, topic, "g", field);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long millisSince(long begin) {
        return (System.nanoTime() - begin) / 1_000_000;
    }
}
