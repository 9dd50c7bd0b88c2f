package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Peers that take too little or give too much, against a broker with 256 MiB of heap: its memory stays bounded and
 * nobody else starves.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BackPressureIT {

    private static final int HEAP_MIB = 256;

    /** Heap, 64 MiB of direct memory, and what a JVM needs beside them: code, classes, stacks, collector. */
    private static final long RESIDENT_MIB_MAX = HEAP_MIB + 64 + 220;

    private static final long WORST_ROUND_MS = 5_000;
    private static final Duration STANDS = Duration.ofSeconds(2);
    private static final int BIG_BYTES = 64 << 10;
    private static final String BIG = "b".repeat(BIG_BYTES);

    private static BrokerProcess broker;
    private HealthyTraffic others;

    @BeforeAll
    static void startBroker(@WorkDir Path work) throws IOException {
        broker = BrokerProcess.in(work)
                .heapMiB(HEAP_MIB)
                .set("publish.block-timeout", "3s")
                .start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void startOthers() {
        others = new HealthyTraffic(broker.textPort(), "healthy");
    }

    @AfterEach
    void judge() {
        others.awaitRounds(3);
        others.close();
        long resident = broker.process().residentMiB();
        System.out.println("BackPressureIT rssMiB=" + resident + " worstRoundMs=" + others.worstMs() + " rounds="
                + others.rounds());
        assertThat(broker.isAlive()).as(() -> broker.process().report()).isTrue();
        assertThat(resident).isLessThan(RESIDENT_MIB_MAX);
        assertThat(others.worstMs()).as("slowest round of the healthy client").isLessThan(WORST_ROUND_MS);
    }

    @Test
    void shouldBoundMemoryWhenAConsumerStopsReading() throws Exception {
        int messages = 5_000;
        try (TextConnection lazy = TextConnection.open(broker.textPort(), 32 << 10);
                TextConnection publisher = broker.connect()) {
            // Given
            assertThat(lazy.ask("SUB:lazy:g:60000:first")).isEqualTo("OK:SUB:1");

            // When
            publishBig(publisher, "lazy", messages);
            others.awaitRounds(10);

            // Then
            assertThat(lazy.deliveries(100))
                    .allMatch(delivery -> delivery.payload().equals(BIG));
        }
        try (TextConnection heir = broker.connect()) {
            assertThat(heir.ask("SUB:lazy:g:auto:first")).isEqualTo("OK:SUB:1");
            assertThat(distinctIds(heir, messages)).isEqualTo(messages);
        }
    }

    @Test
    void shouldServeOneGroupThoughAMemberOfAnotherStopsReading() throws Exception {
        try (TextConnection lazy = TextConnection.open(broker.textPort(), 32 << 10);
                TextConnection eager = broker.connect();
                TextConnection publisher = broker.connect()) {
            // Given
            assertThat(lazy.ask("SUB:shared:lazy:60000:first")).isEqualTo("OK:SUB:1");
            assertThat(eager.ask("SUB:shared:eager:auto:first")).isEqualTo("OK:SUB:1");

            // When
            publishBig(publisher, "shared", 1_000);

            // Then
            assertThat(distinctIds(eager, 1_000)).isEqualTo(1_000);
        }
    }

    @Test
    void shouldBoundMemoryWhenATapStopsReading() throws Exception {
        try (TextConnection lazy = TextConnection.open(broker.textPort(), 32 << 10);
                TextConnection publisher = broker.connect()) {
            // Given
            assertThat(lazy.ask("SUB:tapped:*")).isEqualTo("OK:SUB:1");

            // When
            publishBig(publisher, "tapped", 2_000);

            // Then
            assertThat(lazy.delivery().payload()).isEqualTo(BIG);
        }
    }

    @Test
    void shouldServeOthersThoughACrowdTakesNoOutput() throws Exception {
        int crowd = 400;
        List<TextConnection> lazy = new ArrayList<>();
        try (TextConnection publisher = broker.connect()) {
            // Given
            publisher.ask("TOPIC:CREATE:crowd");
            for (int i = 0; i < crowd; i++) {
                TextConnection one = TextConnection.open(broker.textPort(), 4 << 10);
                lazy.add(one);
                assertThat(one.ask("SUB:crowd:g" + i + ":auto:first")).isEqualTo("OK:SUB:1");
            }

            // When
            publishBig(publisher, "crowd", 16);

            // Then
            others.awaitRounds(100);
            assertThat(publisher.ask("PING")).isEqualTo("PONG");
        } finally {
            for (TextConnection one : lazy) {
                one.reset();
            }
        }
    }

    @Test
    void shouldServeOthersThoughSixTakeNothingOfALargeMessage() throws Exception {
        List<TextConnection> lazy = new ArrayList<>();
        try (TextConnection publisher = broker.connect()) {
            // Given
            publisher.ask("TOPIC:CREATE:huge");
            for (int i = 0; i < 6; i++) {
                TextConnection one = TextConnection.open(broker.textPort(), 4 << 10);
                lazy.add(one);
                assertThat(one.ask("SUB:huge:g" + i + ":10:first")).isEqualTo("OK:SUB:1");
            }

            // When
            assertThat(publisher.pub("huge", "h".repeat(16_000_000))).isEqualTo("OK:MSG_ID:0");

            // Then
            others.awaitRounds(100);
            assertThat(publisher.ask("PING")).isEqualTo("PONG");
        } finally {
            for (TextConnection one : lazy) {
                one.reset();
            }
        }
    }

    @Test
    void shouldSlowAProducerThatIsFasterThanTheDisk() throws Exception {
        int messages = 400_000;
        try (TextConnection producer = broker.connect();
                LoadCrew crew = new LoadCrew()) {
            // Given
            assertThat(producer.ask("CONFIRM:RANGE")).isEqualTo("OK:CONFIRM");

            // When
            String payload = "f".repeat(1_000);
            crew.run(() -> {
                for (int i = 0; i < messages; i++) {
                    producer.writePub("flood", payload);
                    if (i % 64 == 63) {
                        producer.flush();
                    }
                }
            });
            long confirmed = 0;
            while (confirmed < messages) {
                confirmed += confirmedBy(producer.reply());
            }
            crew.join();

            // Then
            assertThat(confirmed).isEqualTo(messages);
        }
    }

    @Test
    void shouldStopReadingFromAProducerThatReadsNoAnswers() throws Exception {
        int count = 2_000_000;
        AtomicInteger written = new AtomicInteger();
        try (TextConnection producer = TextConnection.open(broker.textPort(), 4 << 10);
                LoadCrew crew = new LoadCrew()) {
            // Given
            crew.run(() -> {
                try {
                    while (written.get() < count) {
                        producer.writePub("deaf", "d");
                        if (written.incrementAndGet() % 512 == 0) {
                            producer.flush();
                        }
                    }
                } catch (IOException closedByTheTest) {
                    return;
                }
            });

            // When: its answers fill what the system keeps for it. Rounds take a millisecond, a pause of its may take
            // more
            Standstill standstill = new Standstill(written::get);
            Waiting.until("the producer gets no further", Duration.ofMinutes(2), () -> {
                others.awaitRounds(30);
                return standstill.lasts(STANDS);
            });

            // Then
            int stopped = written.get();
            others.awaitRounds(30);
            assertThat(written.get())
                    .as("written and not answered")
                    .isEqualTo(stopped)
                    .isLessThan(count);
        }
    }

    @Test
    void shouldRefuseWhenAFullTopicRejects() throws Exception {
        try (TextConnection client = broker.connect()) {
            // Given
            assertThat(client.ask("TOPIC:CREATE:rejecting:limit.messages=100&overflow=reject"))
                    .startsWith("OK");
            assertThat(client.ask("GROUP:CREATE:rejecting:g:from=first")).startsWith("OK");
            fill(client, "rejecting", 100);

            // When
            String refused = client.pub("rejecting", "one too many");

            // Then
            assertThat(refused).startsWith("ERROR:");
            assertThat(client.ask("SUB:rejecting:g:10")).isEqualTo("OK:SUB:1");
            client.ack(client.delivery());
            assertThat(client.pub("rejecting", "room again")).startsWith("OK:MSG_ID:");
        }
    }

    @Test
    void shouldLetAPublishWaitWhenAFullTopicBlocks() throws Exception {
        try (TextConnection publisher = broker.connect();
                TextConnection consumer = broker.connect()) {
            // Given
            assertThat(publisher.ask("TOPIC:CREATE:blocking:limit.messages=100&overflow=block"))
                    .startsWith("OK");
            assertThat(publisher.ask("GROUP:CREATE:blocking:g:from=first")).startsWith("OK");
            fill(publisher, "blocking", 100);

            // When
            publisher.writePub("blocking", "waits").flush();
            others.awaitRounds(20);
            assertThat(publisher.hasInput())
                    .as("an answer while the topic is full")
                    .isFalse();
            assertThat(consumer.ask("SUB:blocking:g:10")).isEqualTo("OK:SUB:1");
            consumer.ack(consumer.delivery());

            // Then
            assertThat(publisher.reply()).isEqualTo("OK:MSG_ID:100");
        }
    }

    @Test
    void shouldRefuseABlockedPublishAfterItsTimeout() throws Exception {
        try (TextConnection publisher = broker.connect()) {
            // Given
            assertThat(publisher.ask("TOPIC:CREATE:stuck:limit.messages=5&overflow=block"))
                    .startsWith("OK");
            assertThat(publisher.ask("GROUP:CREATE:stuck:g:from=first")).startsWith("OK");
            fill(publisher, "stuck", 5);

            // When
            String reply = publisher.pub("stuck", "in vain");

            // Then
            assertThat(reply).startsWith("ERROR:");
        }
    }

    @Test
    void shouldKeepTheNewestWhenAFullTopicDropsTheOldest() throws Exception {
        try (TextConnection client = broker.connect()) {
            // Given
            assertThat(client.ask("TOPIC:CREATE:dropping:limit.messages=100&overflow=drop-oldest"))
                    .startsWith("OK");
            assertThat(client.ask("GROUP:CREATE:dropping:g:from=first")).startsWith("OK");

            // When
            fill(client, "dropping", 150);

            // Then
            assertThat(client.ask("SUB:dropping:g:200")).isEqualTo("OK:SUB:1");
            List<TextConnection.Delivery> left = client.deliveries(100);
            assertThat(left.get(0).id()).isEqualTo("50");
            assertThat(left.get(99).id()).isEqualTo("149");
            assertThat(client.deliveryWithin(Duration.ofMillis(200))).isNull();
        }
    }

    @Test
    void shouldBoundTheMemoryOfAMemoryTopic() throws Exception {
        try (TextConnection publisher = broker.connect()) {
            // Given
            assertThat(publisher.ask("TOPIC:CREATE:volatile:durability=memory&limit.bytes=16777216&overflow=reject"))
                    .startsWith("OK");
            assertThat(publisher.ask("GROUP:CREATE:volatile:g:from=first")).startsWith("OK");

            // When
            int refused = 0;
            for (int i = 0; i < 1_000; i++) {
                refused += publisher.pub("volatile", BIG).startsWith("ERROR:") ? 1 : 0;
            }

            // Then
            assertThat(refused).isBetween(600, 900);
        }
    }

    @Test
    void shouldRefusePublishesAndServeConsumersWhenTheDiskIsLow(@WorkDir Path own) throws Exception {
        // Given
        try (BrokerProcess roomy = BrokerProcess.in(own).start();
                TextConnection client = roomy.connect()) {
            fill(client, "scarce", 3);
            assertThat(roomy.terminate()).isZero();
        }

        // When
        try (BrokerProcess scarce =
                        BrokerProcess.in(own).set("disk.free-min", "1000TiB").start();
                TextConnection client = scarce.connect()) {
            assertThat(client.ask("HELLO:curious:blocked")).startsWith("OK:HELLO:");

            // Then
            assertThat(client.pub("scarce", "no room")).startsWith("ERROR:Disk low");
            assertThat(client.notice()).isEqualTo("BLOCKED:Disk low");
            assertThat(client.ask("SUB:scarce:g:10:first")).startsWith("OK:SUB:");
            client.deliveries(3)
                    .forEach(delivery -> assertThat(delivery.payload()).startsWith("message"));
        }
    }

    private static void fill(TextConnection client, String topic, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            assertThat(client.pub(topic, "message " + i)).isEqualTo("OK:MSG_ID:" + i);
        }
    }

    /** Keeps at most 16 messages unanswered. */
    private static void publishBig(TextConnection publisher, String topic, int count) throws IOException {
        int unanswered = 0;
        for (int i = 0; i < count; i++) {
            publisher.writePub(topic, BIG).flush();
            unanswered++;
            if (unanswered == 16) {
                assertThat(publisher.reply()).startsWith("OK:MSG_ID:");
                unanswered--;
            }
        }
        for (; unanswered > 0; unanswered--) {
            assertThat(publisher.reply()).startsWith("OK:MSG_ID:");
        }
    }

    private static long confirmedBy(String reply) {
        String[] field = reply.split(":", -1);
        if (reply.startsWith("OK:MSG_IDS:")) {
            return Long.parseLong(field[3]) - Long.parseLong(field[2]) + 1;
        }
        assertThat(reply).startsWith("OK:MSG_ID:");
        return 1;
    }

    /** Reads until {@code count} distinct messages have come; the reader asks for automatic acknowledgement. */
    private static int distinctIds(TextConnection reader, int count) throws IOException {
        Set<String> ids = new HashSet<>();
        while (ids.size() < count) {
            ids.add(reader.delivery().id());
        }
        return ids.size();
    }
}
