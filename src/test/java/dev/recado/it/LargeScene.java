package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A broker with a heap of 256 MiB and the default limits, more large messages at once than that holds, and two sessions
 * beside them: every publish is stored or refused, no allocation fails, and the two are served.
 */
final class LargeScene {

    static final int BYTES = 16 * 1024 * 1024;
    static final Duration STORED_LIMIT = Duration.ofSeconds(60);

    private static final int HEAP_MIB = 256;
    private static final byte[] LARGE = filled();
    private static final long PING_P99_MS_MAX = 250;
    private static final long PUBLISH_P99_MS_MAX = 1_000;

    private final Path work;
    private final AtomicInteger stored = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    LargeScene(Path work) {
        this.work = work;
    }

    private static byte[] filled() {
        byte[] bytes = new byte[BYTES];
        Arrays.fill(bytes, (byte) 'l');
        return bytes;
    }

    /** The first {@code bytes} of a large message. */
    static byte[] large(int bytes) {
        return bytes == BYTES ? LARGE : Arrays.copyOf(LARGE, bytes);
    }

    /** What happens beside the probes. */
    @FunctionalInterface
    interface Mix {
        void run(BrokerProcess broker, LoadCrew crew) throws Exception;
    }

    BrokerProcess.Plan plan() {
        return BrokerProcess.in(work).heapMiB(HEAP_MIB);
    }

    int refused() {
        return refused.get();
    }

    void play(String name, Mix mix) throws Exception {
        BrokerProcess.Plan plan = plan();
        try (BrokerProcess broker = plan.start();
                LoadCrew crew = new LoadCrew();
                Probe probe = new Probe(broker.textPort())) {
            mix.run(broker, crew);
            long gone = System.nanoTime() + Duration.ofSeconds(2).toNanos();
            Waiting.until("two seconds", Duration.ofSeconds(5), () -> System.nanoTime() - gone > 0);
            probe.awaitMore(20);
            System.out.println("LargeScene " + name + " stored=" + stored + " refused=" + refused + " " + probe
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
    void publish(int port, String topic, int count) throws IOException {
        try (TextConnection connection = TextConnection.open(port)) {
            for (int i = 0; i < count; i++) {
                publish(connection, topic);
            }
        }
    }

    void publish(TextConnection connection, String topic) throws IOException {
        connection.write("PUB:" + topic + ":" + BYTES + "\n").send(LARGE).send("");
        count(connection.reply().startsWith("OK:MSG_ID:"));
    }

    void count(boolean wasStored) {
        (wasStored ? stored : refused).incrementAndGet();
    }

    void awaitPublished(LoadCrew crew, int count) {
        Waiting.until(count + " publishes stored or refused", STORED_LIMIT, () -> {
            crew.check();
            return stored.get() + refused.get() >= count;
        });
    }

    /** A large message at 20 KiB/s, until the broker ends that. */
    static void dribble(int port) {
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
}
