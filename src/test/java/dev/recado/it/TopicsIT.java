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

/** Topics and what is kept in them: replay, expiry, purge, deletion, durability, browsing, numbered publishes. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TopicsIT {

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
    void shouldReplayFromAnyPosition() throws Exception {
        try (TextConnection client = broker.connect()) {
            // Given
            publish(client, "replay", "m0", "m1", "m2");
            long between = System.currentTimeMillis() + 1;
            Waiting.until("the clock moves on", GLANCE, () -> System.currentTimeMillis() > between);
            publish(client, "replay", "m3", "m4");

            // Then
            assertThat(begin("replay", "first")).isEqualTo("m0");
            assertThat(begin("replay", "last")).isEqualTo("m4");
            assertThat(begin("replay", "2")).isEqualTo("m2");
            assertThat(begin("replay", "@" + between)).isEqualTo("m3");
            assertThat(begin("replay", "next")).isEqualTo("nothing");
        }
    }

    /** The first message that a new group gets which begins there. */
    private static String begin(String topic, String from) throws IOException {
        try (TextConnection reader = broker.connect()) {
            String group = "from-" + from.replace("@", "at-");
            assertThat(reader.ask("SUB:" + topic + ":" + group + ":10:" + from)).isEqualTo("OK:SUB:1");
            TextConnection.Delivery first = reader.deliveryWithin(Duration.ofSeconds(1));
            return first == null ? "nothing" : first.payload();
        }
    }

    @Test
    void shouldDeliverAgainAfterAReset() throws Exception {
        try (TextConnection client = broker.connect()) {
            // Given
            publish(client, "reset", "m0", "m1");
            assertThat(client.ask("SUB:reset:g:auto:first")).isEqualTo("OK:SUB:1");
            client.deliveries(2);
            assertThat(client.ask("UNSUB:1")).isEqualTo("OK:UNSUB:1");

            // When
            assertThat(client.ask("GROUP:RESET:reset:g:1")).startsWith("OK");

            // Then
            assertThat(client.ask("SUB:reset:g:auto")).isEqualTo("OK:SUB:2");
            assertThat(client.delivery().payload()).isEqualTo("m1");
            assertThat(client.deliveryWithin(GLANCE)).isNull();
        }
    }

    @Test
    void shouldNotDeliverWhatIsTooOld() throws Exception {
        try (TextConnection client = broker.connect()) {
            // Given
            assertThat(client.ask("TOPIC:CREATE:ttl:ttl=300")).startsWith("OK");
            assertThat(client.ask("GROUP:CREATE:ttl:g:from=first")).startsWith("OK");
            publish(client, "ttl", "old");
            long later = System.currentTimeMillis() + 400;
            Waiting.until("the message is too old", Duration.ofSeconds(2), () -> System.currentTimeMillis() > later);
            publish(client, "ttl", "fresh");

            // Then
            assertThat(client.ask("SUB:ttl:g:10")).isEqualTo("OK:SUB:1");
            assertThat(client.delivery().payload()).isEqualTo("fresh");
        }
    }

    @Test
    void shouldPurgeAndGoOnCounting() throws Exception {
        try (TextConnection client = broker.connect()) {
            // Given
            assertThat(client.ask("TOPIC:CREATE:purge")).startsWith("OK");
            assertThat(client.ask("GROUP:CREATE:purge:g:from=first")).startsWith("OK");
            publish(client, "purge", "a", "b", "c");

            // When
            assertThat(client.ask("TOPIC:PURGE:purge")).startsWith("OK");

            // Then
            assertThat(client.ask("SUB:purge:g:10")).isEqualTo("OK:SUB:1");
            assertThat(client.pub("purge", "d")).isEqualTo("OK:MSG_ID:3");
            assertThat(client.delivery().payload()).isEqualTo("d");
        }
    }

    @Test
    void shouldEndSubscriptionsWhenATopicIsDeleted() throws Exception {
        try (TextConnection client = broker.connect();
                TextConnection reader = broker.connect();
                TextConnection tap = broker.connect()) {
            // Given
            publish(client, "doomed", "m");
            assertThat(reader.ask("SUB:doomed:g:10:first")).isEqualTo("OK:SUB:1");
            assertThat(tap.ask("SUB:doomed:*")).isEqualTo("OK:SUB:1");

            // When
            assertThat(client.ask("TOPIC:DELETE:doomed")).startsWith("OK");

            // Then
            assertThat(reader.notice()).startsWith("END:1:");
            assertThat(tap.notice()).startsWith("END:1:");
            assertThat(client.list("TOPIC:LIST")).noneMatch(line -> line.contains("\"doomed\""));
            assertThat(client.pub("doomed", "anew")).isEqualTo("OK:MSG_ID:0");
        }
    }

    @Test
    void shouldKeepWhatTheDurabilityPromisesAfterKillNine(@WorkDir Path own) throws Exception {
        BrokerProcess.Plan plan = BrokerProcess.in(own);
        try (BrokerProcess first = plan.start();
                TextConnection client = first.connect()) {
            // Given
            for (String durability : List.of("fsync", "os", "memory")) {
                assertThat(client.ask("TOPIC:CREATE:" + durability + ":durability=" + durability))
                        .startsWith("OK");
                assertThat(client.ask("GROUP:CREATE:" + durability + ":g:from=first"))
                        .startsWith("OK");
                publish(client, durability, "m0", "m1", "m2");
            }

            // When
            first.killNine();
        }

        // Then
        try (BrokerProcess second = plan.start();
                TextConnection client = second.connect()) {
            for (String durability : List.of("fsync", "os")) {
                try (TextConnection reader = second.connect()) {
                    assertThat(reader.ask("SUB:" + durability + ":g:10")).isEqualTo("OK:SUB:1");
                    assertThat(reader.deliveries(3))
                            .extracting(TextConnection.Delivery::payload)
                            .containsExactly("m0", "m1", "m2");
                }
            }
            assertThat(client.ask("SUB:memory:g:10:first")).isEqualTo("OK:SUB:1");
            assertThat(client.deliveryWithin(GLANCE)).isNull();
            assertThat(client.pub("memory", "works")).startsWith("OK:MSG_ID:");
        }
    }

    @Test
    void shouldBrowseWithoutConsuming() throws Exception {
        try (TextConnection client = broker.connect()) {
            // Given
            assertThat(client.ask("TOPIC:CREATE:browsed")).startsWith("OK");
            assertThat(client.ask("GROUP:CREATE:browsed:g:from=first")).startsWith("OK");
            publish(client, "browsed", "m0", "m1", "m2", "m3");

            // When
            List<String> page = client.list("BROWSE:browsed:1:2");

            // Then
            assertThat(page).hasSize(2);
            assertThat(Figures.group(client, "browsed", "g", "backlog")).isEqualTo(4);
            assertThat(client.ask("SUB:browsed:g:10")).isEqualTo("OK:SUB:1");
            assertThat(client.deliveries(4)).allMatch(delivery -> delivery.attempt() == 1);
        }
    }

    @Test
    void shouldStoreANumberedMessageOnce() throws Exception {
        try (TextConnection client = broker.connect()) {
            // Given
            assertThat(client.ask("PRODUCER:dedupe-p:1")).isEqualTo("OK:PRODUCER:dedupe-p:1");
            publish(client, "dedupe", "one", "two");

            // When
            assertThat(client.ask("PRODUCER:dedupe-p:1")).isEqualTo("OK:PRODUCER:dedupe-p:3");
            publish(client, "dedupe", "one", "two", "three");

            // Then
            assertThat(client.ask("SUB:dedupe:g:10:first")).isEqualTo("OK:SUB:1");
            assertThat(client.deliveries(3))
                    .extracting(TextConnection.Delivery::payload)
                    .containsExactly("one", "two", "three");
            assertThat(client.deliveryWithin(GLANCE)).isNull();
        }
    }

    @Test
    void shouldRefuseANumberBelowTheWindow() throws Exception {
        try (TextConnection client = broker.connect()) {
            // Given
            assertThat(client.ask("PRODUCER:window-p:1")).startsWith("OK:PRODUCER:");
            for (int i = 0; i < 5_000; i++) {
                client.writePub("window", "m");
            }
            client.flush();
            for (int i = 0; i < 5_000; i++) {
                assertThat(client.reply()).isEqualTo("OK:MSG_ID:" + i);
            }

            // When
            assertThat(client.ask("PRODUCER:window-p:1")).isEqualTo("OK:PRODUCER:window-p:5001");
            String reply = client.pub("window", "m");

            // Then
            assertThat(reply).startsWith("ERROR:Sequence too old").endsWith("seq=1");
        }
    }

    @Test
    void shouldEndTheOlderSessionOfAProducer() throws Exception {
        try (TextConnection older = broker.connect();
                TextConnection newer = broker.connect()) {
            assertThat(older.ask("PRODUCER:twice:1")).startsWith("OK:PRODUCER:");
            assertThat(newer.ask("PRODUCER:twice:1")).startsWith("OK:PRODUCER:");
            assertThat(older.lastLineBeforeClose()).startsWith("ERROR:");
            assertThat(newer.ask("PING")).isEqualTo("PONG");
        }
    }

    @Test
    void shouldKeepAQueueToItsOneGroup() throws Exception {
        try (TextConnection client = broker.connect()) {
            // Given
            assertThat(client.ask("TOPIC:CREATE:q:kind=queue")).startsWith("OK");
            publish(client, "q", "m0", "m1");

            // Then
            assertThat(client.ask("SUB:q:other:10")).startsWith("ERROR:");
            assertThat(client.ask("SUB:q:queue:10")).isEqualTo("OK:SUB:1");
            assertThat(client.deliveries(2))
                    .extracting(TextConnection.Delivery::payload)
                    .containsExactly("m0", "m1");
            assertThat(client.ask("ACK!:1:0")).isEqualTo("ACKED:1:0");
            assertThat(client.ask("ACK!:1:1")).isEqualTo("ACKED:1:1");
            assertThat(Figures.group(client, "q", "queue", "backlog")).isZero();
        }
    }

    @Test
    void shouldKeepEachKeyInOnePartition() throws Exception {
        try (TextConnection client = broker.connect()) {
            // Given
            assertThat(client.ask("TOPIC:CREATE:parts:partitions=4")).startsWith("OK");

            // When
            List<String> first = new ArrayList<>();
            List<String> second = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                first.add(partition(client.pub("parts", "k" + i, "", "a")));
                second.add(partition(client.pub("parts", "k" + i, "", "b")));
            }

            // Then
            assertThat(second).isEqualTo(first);
            assertThat(first.stream().distinct().count()).isGreaterThan(1);
        }
    }

    private static String partition(String reply) {
        assertThat(reply).matches("OK:MSG_ID:[0-3]-\\d+");
        return reply.substring("OK:MSG_ID:".length(), reply.indexOf('-'));
    }

    @Test
    void shouldCarryKeyHeadersAndEveryByte() throws Exception {
        try (TextConnection client = broker.connect()) {
            // Given
            byte[] all = new byte[256];
            for (int i = 0; i < all.length; i++) {
                all[i] = (byte) i;
            }

            // When
            client.write("PUB:bytes:k%3A1:h%3D=%26v&empty=:256\n")
                    .write(all)
                    .write("\n")
                    .flush();
            assertThat(client.reply()).isEqualTo("OK:MSG_ID:0");
            assertThat(client.pub("bytes", "")).isEqualTo("OK:MSG_ID:1");

            // Then
            assertThat(client.ask("SUB:bytes:g:10:first")).isEqualTo("OK:SUB:1");
            TextConnection.Delivery delivery = client.delivery();
            assertThat(delivery.bytes()).isEqualTo(all);
            assertThat(delivery.key()).isEqualTo("k%3A1");
            assertThat(delivery.headers().split("&")).containsExactlyInAnyOrder("h%3D=%26v", "empty=");
            assertThat(client.delivery().bytes()).isEmpty();
        }
    }

    @Test
    void shouldConfirmAsAsked() throws Exception {
        try (TextConnection client = broker.connect()) {
            assertThat(client.ask("CONFIRM:RANGE")).isEqualTo("OK:CONFIRM");
            long confirmed = 0;
            for (int i = 0; i < 100; i++) {
                client.writePub("confirms", "m");
            }
            client.send("PING");
            String reply = client.reply();
            while (!reply.equals("PONG")) {
                String[] field = reply.split(":", -1);
                assertThat(Long.parseLong(field[2])).isEqualTo(confirmed);
                confirmed = Long.parseLong(field[field.length - 1]) + 1;
                reply = client.reply();
            }
            assertThat(confirmed).isEqualTo(100);
            assertThat(client.ask("CONFIRM:NONE")).isEqualTo("OK:CONFIRM");
            client.writePub("confirms", "silent").flush();
            assertThat(client.ask("PING")).isEqualTo("PONG");
        }
    }

    @Test
    void shouldIntroduceItselfAndSayGoodbye() throws Exception {
        try (TextConnection client = broker.connect()) {
            assertThat(client.ask("HELLO:test")).matches("OK:HELLO:recado[^:]*:.+");
            assertThat(client.ask("AUTH:guest:guest")).isEqualTo("OK:AUTH");
            assertThat(client.list("STATS")).isNotEmpty();
            assertThat(client.list("HELP")).isNotEmpty();
            client.writePub("goodbye", "m").send("QUIT");
            assertThat(client.reply()).isEqualTo("OK:MSG_ID:0");
            client.lastLineBeforeClose();
        }
    }

    @Test
    void shouldRefuseWrongCredentials() throws Exception {
        try (TextConnection client = broker.connect()) {
            assertThat(client.ask("AUTH:guest:wrong")).startsWith("ERROR:");
        }
    }

    @Test
    void shouldAlterAndDescribe() throws Exception {
        try (TextConnection client = broker.connect()) {
            assertThat(client.ask("TOPIC:CREATE:altered:limit.messages=1&overflow=reject"))
                    .startsWith("OK");
            publish(client, "altered", "m");
            assertThat(client.pub("altered", "m")).startsWith("ERROR:");
            assertThat(client.ask("TOPIC:ALTER:altered:limit.messages=2")).startsWith("OK");
            publish(client, "altered", "m");
            assertThat(client.ask("TOPIC:CREATE:altered:limit.messages=7")).startsWith("ERROR:");
            assertThat(client.list("TOPIC:DESCRIBE:altered")).isNotEmpty();
            assertThat(client.ask("TOPIC:DESCRIBE:no-such-topic")).startsWith("ERROR:");
        }
    }

    private static void publish(TextConnection client, String topic, String... payloads) throws IOException {
        for (String payload : payloads) {
            assertThat(client.pub(topic, payload)).startsWith("OK:MSG_ID:");
        }
    }
}
