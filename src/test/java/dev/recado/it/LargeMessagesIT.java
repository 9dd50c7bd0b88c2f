package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * More large messages at once than a heap of 256 MiB holds, at the default limits: every publish is stored or refused,
 * no allocation fails, and sessions beside them are served.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LargeMessagesIT {

    private static final int HEAP_MIB = 256;
    private static final int BYTES = 16 * 1024 * 1024;
    private static final byte[] LARGE = filled();
    private static final Duration STORED_LIMIT = Duration.ofSeconds(60);
    private static final long PING_P99_MS_MAX = 250;
    private static final long PUBLISH_P99_MS_MAX = 1_000;

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    private final AtomicInteger stored = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    private static byte[] filled() {
        byte[] bytes = new byte[BYTES];
        Arrays.fill(bytes, (byte) 'l');
        return bytes;
    }

    /** What happens beside the probes. */
    @FunctionalInterface
    private interface Mix {
        void run(BrokerProcess broker, LoadCrew crew) throws Exception;
    }

    private void play(String name, Mix mix) throws Exception {
        BrokerProcess.Plan plan = BrokerProcess.in(work).heapMiB(HEAP_MIB);
        try (BrokerProcess broker = plan.start();
                LoadCrew crew = new LoadCrew();
                Probe probe = new Probe(broker.textPort())) {
            mix.run(broker, crew);
            long gone = System.nanoTime() + Duration.ofSeconds(2).toNanos();
            Waiting.until("two seconds", Duration.ofSeconds(5), () -> System.nanoTime() - gone > 0);
            probe.awaitMore(20);
            System.out.println("LargeMessagesIT " + name + " stored=" + stored + " refused=" + refused + " " + probe
                    + " rssMiB=" + broker.process().residentMiB());
            assertThat(broker.isAlive()).as(() -> broker.process().report()).isTrue();
            assertThat(probe.refusedSince(gone)).as("refused 2 s after").isZero();
            assertThat(probe.pingP99Ms()).isLessThanOrEqualTo(PING_P99_MS_MAX);
            assertThat(probe.publishP99Ms()).isLessThanOrEqualTo(PUBLISH_P99_MS_MAX);
            assertThat(broker.process().residentMiB()).isLessThan(2L * HEAP_MIB);
            assertThat(stored.get()).isGreaterThanOrEqualTo(refused.get());
            assertThat(Files.readString(plan.data().resolve("recado.log"))).doesNotContain("OutOfMemoryError");
        }
    }

    /** Publishes {@code count} large messages, one after the other's answer. */
    private void publish(int port, String topic, int count) throws IOException {
        try (TextConnection connection = TextConnection.open(port)) {
            for (int i = 0; i < count; i++) {
                connection.write("PUB:" + topic + ":" + BYTES + "\n").flush();
                connection.write(LARGE).write("\n").flush();
                String reply = connection.reply();
                (reply.startsWith("OK:MSG_ID:") ? stored : refused).incrementAndGet();
            }
        }
    }

    private void awaitPublished(LoadCrew crew, int count) {
        Waiting.until(count + " publishes stored or refused", STORED_LIMIT, () -> {
            crew.check();
            return stored.get() + refused.get() >= count;
        });
    }

    @Test
    void shouldStoreOrRefuseWhatManyPublishAtOnce() throws Exception {
        play("publishers", (broker, crew) -> {
            for (int client = 0; client < 20; client++) {
                crew.run(() -> publish(broker.textPort(), "large", 2));
            }
            awaitPublished(crew, 40);
        });
    }

    @Test
    void shouldServeOthersThoughMembersTakeNothing() throws Exception {
        List<TextConnection> lazy = new ArrayList<>();
        try {
            play("members", (broker, crew) -> {
                publish(broker.textPort(), "unread", 12);
                for (int i = 0; i < 20; i++) {
                    TextConnection one = TextConnection.open(broker.textPort(), 4 << 10);
                    lazy.add(one);
                    assertThat(one.ask("SUB:unread:workers:1:first")).isEqualTo("OK:SUB:1");
                }
                crew.run(() -> publish(broker.textPort(), "unread", 8));
                awaitPublished(crew, 20);
            });
        } finally {
            for (TextConnection one : lazy) {
                one.reset();
            }
        }
    }

    @Test
    void shouldStoreThoughSlowSendersHoldMemory() throws Exception {
        play("slow senders", (broker, crew) -> {
            for (int i = 0; i < 6; i++) {
                crew.run(() -> dribble(broker.textPort()));
            }
            try (TextConnection asking = broker.connect()) {
                Waiting.until(
                        "slow senders hold memory",
                        STORED_LIMIT,
                        () -> Figures.broker(asking, "bytes_incoming") >= BYTES);
            }
            for (int client = 0; client < 4; client++) {
                crew.run(() -> publish(broker.textPort(), "large", 2));
            }
            awaitPublished(crew, 8);
        });
        assertThat(refused.get()).isZero();
    }

    /** A large message at 20 KiB/s, until the broker ends that. */
    private static void dribble(int port) {
        byte[] piece = new byte[2 * 1024];
        try (TextConnection connection = TextConnection.open(port)) {
            connection.write("PUB:slow:" + BYTES + "\n").flush();
            while (true) {
                connection.write(piece).flush();
                Waiting.within(Duration.ofMillis(100), () -> false);
            }
        } catch (IOException ended) {
            return; // the broker gives its memory to others
        }
    }

    @Test
    void shouldKeepWhatWasLentForARoutedMessageWithinTheBound() throws Exception {
        play("exchange", (broker, crew) -> {
            try (TextConnection admin = broker.connect()) {
                assertThat(admin.ask("EXCHANGE:CREATE:all:fanout")).startsWith("OK");
                for (int i = 0; i < 2; i++) {
                    assertThat(admin.ask("TOPIC:CREATE:copy" + i)).startsWith("OK");
                    assertThat(admin.ask("BIND:all:copy" + i + ":")).startsWith("OK");
                }
            }
            crew.run(() -> route(broker.textPort()));
            awaitPublished(crew, 3);
        });
    }

    private void route(int port) throws IOException {
        try (TextConnection connection = TextConnection.open(port)) {
            for (int i = 0; i < 3; i++) {
                connection.write("XPUB:all:::" + BYTES / 2 + "\n").flush();
                connection.write(Arrays.copyOf(LARGE, BYTES / 2)).write("\n").flush();
                String reply = connection.reply();
                (reply.equals("OK:ROUTED:2") ? stored : refused).incrementAndGet();
            }
        }
    }
}
