package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Somebody who does not read, or does not finish a message, beside publishers of many times the heap: memory stays
 * bounded, nobody is told that it is low, and the one goes on with the newest messages when it wants to.
 */
class HeldMemoryIT {

    private static final int HEAP_MIB = 256;
    private static final long MIB = 1 << 20;
    private static final long GROWTH_BYTES_MAX = 60 * MIB;
    /** A few sizes whose sum is far below what a session may have unanswered. */
    private static final int[] SIZES = {128, 1_000, 20_000, 128, 300_000, 5_000, 1 << 20, 128};

    private static final Duration TOLD_AGAIN = Duration.ofSeconds(2);
    private static final Pattern USED = Pattern.compile("(?:heap|generation)\\s+total [0-9]+K, used ([0-9]+)K");

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    /** Bytes of the broker's heap that are in use after a collection. */
    private static long heapInUse(BrokerProcess broker) throws IOException, InterruptedException {
        jcmd(broker, "GC.run");
        Matcher used = USED.matcher(jcmd(broker, "GC.heap_info"));
        long sum = 0;
        while (used.find()) {
            sum += Long.parseLong(used.group(1)) * 1024;
        }
        assertThat(sum).isPositive();
        return sum;
    }

    private static String jcmd(BrokerProcess broker, String command) throws IOException, InterruptedException {
        String tool = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process = new ProcessBuilder(tool, Long.toString(broker.pid()), command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    /** Publishes messages of mixed sizes, each beginning with its number, until {@code total} bytes were sent. */
    private static final class Flood {
        private final TextConnection connection;
        private final List<String> topics;
        private final Random random = new Random(7);
        private final List<String> refusals = new ArrayList<>();
        private int next;

        private Flood(TextConnection connection, List<String> topics) {
            this.connection = connection;
            this.topics = topics;
        }

        private void send(long total) throws IOException {
            long left = total;
            while (left > 0) {
                for (int size : SIZES) {
                    connection.write("PUB:" + topics.get(random.nextInt(topics.size())) + ":" + size + "\n");
                    connection.write(String.format("%-10d", next++));
                    connection.write(new byte[size - 10]).write("\n");
                    left -= size;
                }
                connection.flush();
                for (int i = 0; i < SIZES.length; i++) {
                    String reply = connection.reply();
                    if (!reply.startsWith("OK:")) {
                        refusals.add(reply);
                    }
                }
            }
        }
    }

    private static int numberOf(TextConnection.Delivery delivery) {
        return Integer.parseInt(new String(delivery.bytes(), 0, 10, StandardCharsets.UTF_8).trim());
    }

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldHoldLittleForAPatternSubscriberThatDoesNotRead() throws Exception {
        try (BrokerProcess broker = BrokerProcess.in(work).heapMiB(HEAP_MIB).start();
                TextConnection publisher = broker.connect();
                TextConnection subscriber = TextConnection.open(broker.textPort(), 4_096)) {
            List<String> topics = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                topics.add("news." + i);
                String durability = i % 5 == 0 ? "os" : "memory";
                assertThat(publisher.ask("TOPIC:CREATE:news." + i + ":durability=" + durability))
                        .startsWith("OK:");
            }
            assertThat(subscriber.ask("SUB:news.#::65535")).isEqualTo("OK:SUB:1");
            long before = heapInUse(broker);

            Flood flood = new Flood(publisher, topics);
            flood.send(600 * MIB);

            assertThat(flood.refusals).isEmpty();
            assertThat(heapInUse(broker) - before).isLessThan(GROWTH_BYTES_MAX);
            readToTheNewest(subscriber, flood.next - 1);
            subscriber.reset();
            Waiting.until("memory given back", TOLD_AGAIN, () -> holdsNothing(publisher));
        }
    }

    private static boolean holdsNothing(TextConnection client) {
        return Figures.broker(client, "bytes_memory_topics") == 0 && Figures.broker(client, "bytes_pattern_mail") == 0;
    }

    /** What comes is in the order of publishing within a topic, and ends with the last message there is. */
    private static void readToTheNewest(TextConnection subscriber, int newest) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        while (numbers.isEmpty() || numbers.get(numbers.size() - 1) < newest) {
            TextConnection.Delivery delivery = subscriber.delivery();
            numbers.add(numberOf(delivery));
            subscriber.ack(delivery);
        }
        assertThat(numbers).doesNotHaveDuplicates();
        assertThat(numbers.size()).isGreaterThan(10);
    }

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldHoldLittleBehindAHeldMessageWhereTheOldestAreDropped() throws Exception {
        try (BrokerProcess broker = BrokerProcess.in(work).heapMiB(HEAP_MIB).start();
                TextConnection publisher = broker.connect();
                TextConnection holder = broker.connect()) {
            String settings = "durability=memory&overflow=drop-oldest&limit.bytes=" + (MIB + 500);
            assertThat(publisher.ask("TOPIC:CREATE:latest:" + settings)).startsWith("OK:");
            assertThat(holder.ask("SUB:latest:g:1:first")).isEqualTo("OK:SUB:1");
            assertThat(publisher.pub("latest", String.format("%-10d", -1))).isEqualTo("OK:MSG_ID:0");
            TextConnection.Delivery held = holder.delivery();
            long before = heapInUse(broker);

            Flood flood = new Flood(publisher, List.of("latest"));
            flood.send(300 * MIB);

            assertThat(flood.refusals).isEmpty();
            assertThat(heapInUse(broker) - before).isLessThan(GROWTH_BYTES_MAX);
            assertThat(Figures.broker(publisher, "bytes_memory_topics")).isLessThan(2 * MIB + 10_000);
            assertThat(holder.ask("ACK!:1:" + held.id())).isEqualTo("ACKED:1:" + held.id());
            List<Integer> numbers = new ArrayList<>();
            while (numbers.isEmpty() || numbers.get(numbers.size() - 1) < flood.next - 1) {
                TextConnection.Delivery delivery = holder.delivery();
                numbers.add(numberOf(delivery));
                holder.ack(delivery);
            }
            assertThat(numbers).isSorted().doesNotHaveDuplicates();
            Waiting.until("memory given back", TOLD_AGAIN, () -> holdsNothing(publisher));
        }
    }
}
