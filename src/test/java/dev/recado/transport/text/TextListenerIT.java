package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.base.SettingValues;
import dev.recado.base.TimeSource;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.TopicSettings;
import dev.recado.transport.BadClient;
import dev.recado.transport.BoundListener;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.ConnectionCount;
import dev.recado.transport.LoopBroker;
import dev.recado.transport.LoopSockets;
import dev.recado.transport.SessionSettings;
import dev.recado.transport.SharedByListeners;
import dev.recado.transport.Transport;
import dev.recado.transport.TransportContext;
import dev.recado.transport.Transports;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The listener on a real socket, against clients that behave badly; behind it a fake broker. */
@Timeout(60)
class TextListenerIT {

    private static final int CLIENTS_MAX = 20;
    private static final int MESSAGE_MAX = 1 << 20;

    private final Vertx vertx = Vertx.vertx();
    private final LoopBroker broker = new LoopBroker();
    private final ConnectionCount connections = new ConnectionCount(CLIENTS_MAX);
    private final ByteBudget assembly = new ByteBudget(8 << 20);
    private BoundListener listener;

    @BeforeEach
    void start() throws Exception {
        SessionSettings session =
                new SessionSettings(MESSAGE_MAX, 10_000, true, TopicSettings.DEFAULT, GroupSettings.DEFAULT);
        Transport transport = Transports.found().stream()
                .filter(one -> one.name().equals("text"))
                .findFirst()
                .orElseThrow();
        Map<String, String> given = Map.of("text.port", "0", "sessions.idle-timeout", "1500ms");
        TransportContext context = new TransportContext(
                vertx,
                broker,
                Stage.OPEN,
                TimeSource.system(),
                new SharedByListeners(2, connections, assembly, new LoopSockets(16 << 20), figure -> {}),
                session,
                SettingValues.of(transport.settings(), given));
        listener = wait(transport.start(context)).get(0);
    }

    @AfterEach
    void stop() throws Exception {
        wait(listener.stop(2_000));
        assertThat(connections.open()).as("connections left").isZero();
        assertThat(assembly.usedBytes()).as("memory left").isZero();
        wait(vertx.close());
    }

    private static <T> T wait(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private BadClient client() throws Exception {
        return new BadClient(listener.port());
    }

    /** Another client is served as if nothing had happened. */
    private void assertServes() throws Exception {
        await().untilAsserted(() -> assertThat(connections.open()).isLessThan(CLIENTS_MAX));
        try (BadClient other = client()) {
            assertThat(other.send("PUB:ok:2\nhi\n").line()).startsWith("OK:MSG_ID:");
        }
    }

    @Test
    void shouldServeOnAllLoopsOfOneFreePort() throws Exception {
        // When
        for (int i = 0; i < 4; i++) {
            assertServes();
        }

        // Then
        assertThat(listener.port()).isPositive();
        assertThat(broker.loops()).isEqualTo(2);
    }

    @Test
    void shouldAnswerOneByteAtATime() throws Exception {
        try (BadClient client = client()) {
            // When
            for (char c : "PUB:t:3\na\nb\nPING\n".toCharArray()) {
                client.send(String.valueOf(c));
            }

            // Then
            assertThat(client.line()).isEqualTo("OK:MSG_ID:0");
            assertThat(client.line()).isEqualTo("PONG");
        }
    }

    @Test
    void shouldEndEndlessLines() throws Exception {
        try (BadClient client = client()) {
            // When
            long sent = client.flood(new byte[8_192], 64 << 20);

            // Then
            assertThat(sent).isLessThan(32 << 20);
            assertServes();
        }
    }

    @Test
    void shouldTellWhyItHangsUp() throws Exception {
        for (String bad : List.of("PUB:t:-1\n", "PUB:t:99999999999999999999999\n", "PUB:t:1\nabc", "PUB\n")) {
            try (BadClient client = client()) {
                // When
                client.send(bad);

                // Then
                assertThat(client.line()).as(bad).startsWith("ERROR:");
                assertThat(client.line()).as(bad).isEqualTo("(end)");
            }
        }
        assertServes();
    }

    @Test
    void shouldRefuseHugePayloadsWithoutStoringThem() throws Exception {
        try (BadClient client = client()) {
            // When
            client.send("PUB:t:20000000\n");
            client.flood(new byte[100_000], 20_000_000);
            client.send("\nPING\n");

            // Then
            assertThat(client.line()).isEqualTo("ERROR:Message too long: 20000000 bytes, limit " + MESSAGE_MAX);
            assertThat(client.line()).isEqualTo("PONG");
        }
    }

    @Test
    void shouldSurviveBinaryRubbish() throws Exception {
        for (int seed = 0; seed < 30; seed++) {
            byte[] rubbish = new byte[20_000];
            new Random(seed).nextBytes(rubbish);
            try (BadClient client = client()) {
                client.flood(rubbish, rubbish.length);
            }
        }
        assertServes();
    }

    @Test
    void shouldAnswerAClientThatHangsUpHalf() throws Exception {
        try (BadClient client = client()) {
            // When
            client.send("PUB:t:2\nhi\nPING\n").hangUpHalf();

            // Then
            assertThat(client.rest()).isEqualTo("OK:MSG_ID:0\nPONG\n");
        }
    }

    @Test
    void shouldPerformWhatWaitsBehindABarrierWhenAClientHangsUpHalf() throws Exception {
        try (BadClient client = client()) {
            // When
            client.send("SUB:t:g\nPING\nPUB:u:2\nhi\n" + "PING\n".repeat(100)).hangUpHalf();

            // Then
            assertThat(client.rest()).isEqualTo("OK:SUB:1\nPONG\nOK:MSG_ID:0\n" + "PONG\n".repeat(100));
        }
    }

    @Test
    void shouldCloseAfterQuit() throws Exception {
        try (BadClient client = client()) {
            assertThat(client.send("PUB:t:2\nhi\nQUIT\nPING\n").rest()).isEqualTo("OK:MSG_ID:0\n");
        }
    }

    @Test
    void shouldForgetClientsThatSayNothing() throws Exception {
        try (BadClient client = client()) {
            assertThat(client.line()).isEqualTo("ERROR:Idle: silent for 1500 ms");
            assertThat(client.line()).isEqualTo("(end)");
        }
    }

    @Test
    void shouldReadWhatCameDuringAStandstillBeforeItFindsAnybodySilent() throws Exception {
        try (BadClient client = client()) {
            // Given
            assertThat(client.send("REGISTER:PRODUCER\n").line()).isEqualTo("OK:PRODUCER");
            CountDownLatch tickIsDue = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            ((VertxInternal) vertx)
                    .nettyEventLoopGroup()
                    .forEach(loop -> loop.execute(() -> {
                        // Netty runs all timers that are due before it reads again: this, then the tick.
                        loop.schedule(() -> standStill(goOn), 1, TimeUnit.MILLISECONDS);
                        standStill(tickIsDue);
                    }));

            // When
            pass(300);
            tickIsDue.countDown();
            client.send("HEARTBEAT:1\n");
            pass(2_000);
            goOn.countDown();

            // Then
            assertThat(client.send("REGISTER:PRODUCER\n").line()).isEqualTo("OK:PRODUCER");
        }
    }

    private static void pass(long ms) {
        long begin = System.nanoTime();
        await().until(() -> System.nanoTime() - begin > ms * 1_000_000);
    }

    private static void standStill(CountDownLatch until) {
        try {
            assertThat(until.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void shouldRefuseTooManyClientsAndServeTheOthers() throws Exception {
        List<BadClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < CLIENTS_MAX; i++) {
                clients.add(client());
                assertThat(clients.get(i).send("PING\n").line()).isEqualTo("PONG");
            }
            try (BadClient surplus = client()) {
                assertThat(surplus.rest()).isEqualTo("ERROR:Too many clients: limit=20\n");
            }
            assertThat(clients.get(0).send("PING\n").line()).isEqualTo("PONG");
            clients.remove(0).close();
            assertServes();
        } finally {
            for (BadClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void shouldDeliverLargeMessagesToASlowReader() throws Exception {
        // Given
        int count = 40;
        byte[] payload = new byte[200_000];
        try (BadClient client = client()) {
            client.send("SUB:big:g:auto\n");
            assertThat(client.line()).isEqualTo("OK:SUB:1");
            client.send("CONFIRM:NONE\n");
            assertThat(client.line()).isEqualTo("OK:CONFIRM");

            // When
            for (int i = 0; i < count; i++) {
                client.send("PUB:big:200000\n").send(payload).send("\n");
            }

            // Then
            for (int i = 0; i < count; i++) {
                assertThat(client.line()).isEqualTo("MSG:1:" + i + ":1:200000");
                assertThat(client.line()).hasSize(200_000);
            }
        }
    }

    @Test
    void shouldWriteWhatIsOwedBeforeItStops() throws Exception {
        try (BadClient client = client()) {
            // Given
            assertThat(client.send("PING\n").line()).isEqualTo("PONG");

            // When
            Future<Void> stopped = listener.stop(5_000);

            // Then
            assertThat(client.rest()).isEmpty();
            wait(stopped);
        }
    }
}
