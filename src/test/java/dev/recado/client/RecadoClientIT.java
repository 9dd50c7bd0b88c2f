package dev.recado.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recado.base.ErrorCode;
import dev.recado.it.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client against the broker in the JAR, in a process of its own that is killed and comes back. */
@Timeout(120)
@SuppressWarnings("NullAway.Init") // set before each test
class RecadoClientIT {

    private static final Pattern TEXT_PORT = Pattern.compile("\"text\"\\s*:\\s*(?:\"[^\"]*:)?(\\d+)");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Path directory;
    private Process broker;
    private int port;

    @BeforeEach
    void startBroker(@TempDir Path temporary) throws IOException {
        directory = temporary;
        port = Ports.freeBelowEphemeral();
        start();
    }

    @AfterEach
    void stopBroker() throws InterruptedException {
        kill();
    }

    private void start(String... settings) throws IOException {
        Path ports = directory.resolve("ports.json");
        Files.deleteIfExists(ports);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = new ArrayList<>(List.of(
                java.toString(),
                "-jar",
                System.getProperty("recado.jar", "target/recado.jar"),
                "broker",
                "--data",
                directory.resolve("data").toString(),
                "--ports-file",
                ports.toString(),
                "--set",
                "text.port=" + port,
                "--set",
                "zmtp.enabled=false",
                "--set",
                "amqp.enabled=false"));
        for (String setting : settings) {
            command.addAll(List.of("--set", setting));
        }
        broker = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("broker.log").toFile())
                .start();
        await().atMost(LIMIT).until(() -> Files.exists(ports) || !broker.isAlive());
        Matcher found = TEXT_PORT.matcher(Files.readString(ports));
        assertThat(found.find()).isTrue();
        port = Integer.parseInt(found.group(1));
    }

    private void kill() throws InterruptedException {
        broker.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }

    private ClientOptions options() {
        return ClientOptions.of("127.0.0.1:" + port);
    }

    @Test
    void shouldStoreEveryMessageOnceThoughTheBrokerIsKilled() throws Exception {
        // Given
        int count = 20_000;
        List<CompletableFuture<MessageId>> stored = new ArrayList<>();
        Set<String> handled = ConcurrentHashMap.newKeySet();

        // When
        try (RecadoClient client = RecadoClient.connect(options())) {
            for (int i = 0; i < count; i++) {
                if (i == count / 2) {
                    kill();
                    start();
                }
                stored.add(client.publish("orders", ("m" + i).getBytes(UTF_8)));
            }
            assertThat(client.awaitConfirmed(LIMIT.toMillis())).isTrue();
            client.subscribe(SubscribeOptions.of("orders", "g").withFrom("first"), delivery -> {
                handled.add(delivery.text());
                delivery.ack();
            });
            await().atMost(LIMIT).until(() -> handled.size() == count);
        }

        // Then
        assertThat(stored).allMatch(future -> future.isDone() && !future.isCompletedExceptionally());
        assertThat(stored.stream().map(CompletableFuture::join).distinct()).hasSize(count);
        assertThat(stored.get(count - 1).join().offset()).isEqualTo(count - 1);
    }

    @Test
    void shouldHearOfAShortageAndSendAgainWhenItIsOver() throws Exception {
        // Given
        List<String> heard = new CopyOnWriteArrayList<>();
        ClientListener listener = new ClientListener() {
            @Override
            public void onBlocked(String reason) {
                heard.add(reason);
            }
        };
        kill();
        start("disk.free-min=1000TiB");
        try (RecadoClient client =
                RecadoClient.connect(options().retryRefused(true).listener(listener))) {

            // When
            CompletableFuture<MessageId> stored = client.publish("scarce", "x".getBytes(UTF_8));

            // Then
            await().atMost(LIMIT).untilAsserted(() -> assertThat(heard).containsExactly("Disk low"));
            kill();
            start();
            assertThat(stored.get(30, TimeUnit.SECONDS).offset()).isZero();
        }
    }

    @Test
    void shouldBeAloneCeaseAndGiveWay() {
        try (RecadoClient client = RecadoClient.connect(options())) {
            // Given
            SubscribeOptions wanted = SubscribeOptions.of("jobs", "g").withFrom("first");
            List<Delivery> held = new CopyOnWriteArrayList<>();
            List<String> others = new CopyOnWriteArrayList<>();
            Subscription alone = client.subscribe(wanted.withExclusive(true).withPriority(3), held::add);
            client.publish("jobs", "a".getBytes(UTF_8)).join();
            await().atMost(LIMIT).until(() -> held.size() == 1);
            assertThatThrownBy(() -> client.subscribe(wanted, delivery -> {}))
                    .isInstanceOfSatisfying(
                            RecadoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IN_USE));

            // When
            alone.cease().join();
            client.subscribe(wanted, delivery -> {
                others.add(delivery.text());
                delivery.ack();
            });
            client.publish("jobs", "b".getBytes(UTF_8)).join();

            // Then
            await().atMost(LIMIT).untilAsserted(() -> assertThat(others).containsExactly("b"));
            held.get(0).ackDurably().join();
            alone.close();
            assertThat(others).containsExactly("b");
        }
    }

    @Test
    void shouldAskAdministerAndAnswer() {
        try (RecadoClient client = RecadoClient.connect(options())) {
            // Given
            client.admin().createTopic("echo", Map.of("partitions", "2")).join();
            client.subscribe("echo", "servers", delivery -> delivery.reply(delivery.payload()));

            // When
            byte[] answer =
                    client.request("echo", "hola".getBytes(UTF_8), 5_000).join();

            // Then
            assertThat(new String(answer, UTF_8)).isEqualTo("hola");
            assertThat(client.admin().listTopics().join()).anyMatch(json -> json.contains("\"echo\""));
            assertThat(client.admin().stats().join()).isNotEmpty();
            assertThat(client.publish("echo", "k", Map.of(), new byte[] {1})
                            .join()
                            .partition())
                    .isNotNegative();
        }
    }

    @Test
    void shouldAcknowledgeDurablyAndGiveBack() {
        try (RecadoClient client = RecadoClient.connect(options())) {
            // Given
            client.publish("jobs", "x".getBytes(UTF_8)).join();
            List<Integer> attempts = new CopyOnWriteArrayList<>();
            CompletableFuture<Void> acked = new CompletableFuture<>();

            // When
            client.subscribe(SubscribeOptions.of("jobs", "g").withFrom("first"), delivery -> {
                attempts.add(delivery.attempt());
                if (delivery.attempt() == 1) {
                    delivery.nack(10);
                } else {
                    delivery.extend(60_000)
                            .thenCompose(done -> delivery.ackDurably())
                            .thenAccept(acked::complete);
                }
            });

            // Then
            assertThat(acked).succeedsWithin(LIMIT);
            assertThat(attempts).containsExactly(1, 2);
        }
    }
}
