package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups whose members come, go and die, and how each strategy shares. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GroupsIT {

    private static final Duration LIMIT = Duration.ofMinutes(1);

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
    @ValueSource(strings = {"round-robin", "least-in-flight", "key-ordered"})
    void shouldLoseNothingWhileMembersJoinLeaveAndDie(String strategy) throws Exception {
        long seed = Long.getLong("recado.seed", System.nanoTime());
        System.out.println("GroupsIT " + strategy + " seed=" + seed);
        String topic = "churn-" + strategy;
        try (TextConnection admin = broker.connect()) {
            assertThat(admin.ask("TOPIC:CREATE:" + topic + ":partitions=3")).startsWith("OK");
            // A member that dies costs its messages an attempt; none of them may become a dead letter here.
            assertThat(admin.ask("GROUP:CREATE:" + topic
                            + ":g:from=first&max-deliveries=1000000&back-off-ms=1&strategy=" + strategy))
                    .startsWith("OK");
        }
        HistoryChecker history = new HistoryChecker();
        try (LoadCrew crew = new LoadCrew()) {
            // Given
            for (LoadPublisher.Style style : LoadPublisher.Style.values()) {
                LoadPublisher publisher = new LoadPublisher(topic + style, topic, style, history);
                crew.run(() -> publisher.run(broker.textPort(), 7_000));
            }
            LoadMember steady = new LoadMember("steady", topic + ":g:20:first", history);
            crew.run(() -> steady.run(broker.textPort(), 1));

            // When
            for (int i = 0; i < 4; i++) {
                Churn churn = new Churn("churn" + i, topic, history, new Random(seed + i));
                crew.run(churn::run);
            }
            Waiting.until("all confirmed and delivered", LIMIT, () -> {
                crew.check();
                return history.confirmedCount() == 21_000 && history.missing() == 0;
            });
            steady.stop();
            crew.join();
        }

        // Then
        HistoryChecker.Verdict verdict = history.verdict();
        assertThat(verdict.lost()).as("seed=%s %s", seed, verdict).isEmpty();
        assertThat(verdict.phantoms()).as("seed=%s %s", seed, verdict).isEmpty();
        assertThat(verdict.duplicates()).as("seed=%s %s", seed, verdict).isEmpty();
        // With keys in order, a slot that changes hands waits while others go on: then ids need not rise at a member.
        assertThat(verdict.disorder().isEmpty() || strategy.equals("key-ordered"))
                .as("seed=%s %s", seed, verdict)
                .isTrue();
        drain(topic);
    }

    /** A member that joins thirty times and ends each time in another way. */
    private static final class Churn {
        private final String name;
        private final String topic;
        private final HistoryChecker history;
        private final Random random;

        private Churn(String name, String topic, HistoryChecker history, Random random) {
            this.name = name;
            this.topic = topic;
            this.history = history;
            this.random = random;
        }

        private void run() throws IOException {
            for (int joining = 0; joining < 30; joining++) {
                try (TextConnection connection = broker.connect()) {
                    assertThat(connection.ask("SUB:" + topic + ":g:20")).isEqualTo("OK:SUB:1");
                    work(connection, name + "/" + joining, random.nextInt(100));
                    end(connection);
                }
            }
        }

        private void work(TextConnection connection, String session, int messages) throws IOException {
            for (int i = 0; i < messages; i++) {
                TextConnection.Delivery delivery = connection.deliveryWithin(Duration.ofMillis(20));
                if (delivery == null) {
                    return;
                }
                history.delivered(1, session, delivery);
                if (random.nextInt(10) > 0) {
                    connection.ack(delivery);
                } else if (random.nextBoolean()) {
                    connection.send("NACK:1:" + delivery.id());
                }
            }
        }

        private void end(TextConnection connection) throws IOException {
            switch (random.nextInt(3)) {
                case 0 -> connection.reset();
                case 1 -> connection.send("QUIT");
                default -> connection.send("UNSUB:1");
            }
        }
    }

    private static void drain(String topic) throws IOException {
        try (TextConnection last = broker.connect()) {
            assertThat(last.ask("SUB:" + topic + ":g:auto")).isEqualTo("OK:SUB:1");
            Waiting.until("backlog 0", LIMIT, () -> backlog(topic) == 0);
        }
    }

    private static long backlog(String topic) {
        try (TextConnection admin = broker.connect()) {
            return Figures.group(admin, topic, "g", "backlog");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"round-robin", "least-in-flight"})
    void shouldShareWithinOneMessagePerMemberUnderEqualCredit(String strategy) throws Exception {
        String topic = "fair-" + strategy;
        List<TextConnection> members = new ArrayList<>();
        try (TextConnection publisher = broker.connect()) {
            // Given
            publisher.ask("TOPIC:CREATE:" + topic);
            assertThat(publisher.ask("GROUP:CREATE:" + topic + ":g:from=first&strategy=" + strategy))
                    .startsWith("OK");
            for (int i = 0; i < 7; i++) {
                TextConnection member = broker.connect();
                members.add(member);
                assertThat(member.ask("SUB:" + topic + ":g:1000")).isEqualTo("OK:SUB:1");
            }

            // When
            for (int i = 0; i < 1_000; i++) {
                publisher.writePub(topic, "m" + i);
            }
            publisher.flush();
            for (int i = 0; i < 1_000; i++) {
                assertThat(publisher.reply()).startsWith("OK:MSG_ID:");
            }

            // Then
            assertThat(received(members, 1_000)).allMatch(count -> count == 142 || count == 143);
        } finally {
            for (TextConnection member : members) {
                member.close();
            }
        }
    }

    /** How many messages each member got, once all of them have got {@code total} together; none acknowledges. */
    private static List<Integer> received(List<TextConnection> members, int total) throws IOException {
        int[] counts = new int[members.size()];
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (IntStream.of(counts).sum() < total && System.nanoTime() < deadline) {
            for (int i = 0; i < counts.length; i++) {
                while (members.get(i).deliveryWithin(Duration.ofMillis(2)) != null) {
                    counts[i]++;
                }
            }
        }
        assertThat(IntStream.of(counts).sum()).isEqualTo(total);
        return IntStream.of(counts).boxed().toList();
    }

    @Test
    void shouldGiveNoMemberMoreThanItsCredit() throws Exception {
        try (TextConnection member = broker.connect();
                TextConnection publisher = broker.connect()) {
            // Given
            assertThat(member.ask("SUB:credit:g:3:first")).isEqualTo("OK:SUB:1");
            for (int i = 0; i < 10; i++) {
                publisher.pub("credit", "m" + i);
            }

            // When
            List<TextConnection.Delivery> held = member.deliveries(3);

            // Then
            assertThat(member.deliveryWithin(Duration.ofMillis(200))).isNull();
            member.ack(held.get(1));
            assertThat(member.delivery().payload()).isEqualTo("m3");
            member.send("CREDIT:1:2");
            assertThat(member.deliveries(2))
                    .extracting(TextConnection.Delivery::payload)
                    .containsExactly("m4", "m5");
            member.send("ACK:1:UPTO:5");
            assertThat(member.deliveries(4))
                    .extracting(TextConnection.Delivery::payload)
                    .containsExactly("m6", "m7", "m8", "m9");
        }
    }

    @Test
    void shouldKeepEachKeyWithOneMemberInOrder() throws Exception {
        List<TextConnection> members = new ArrayList<>();
        try (TextConnection publisher = broker.connect()) {
            // Given
            publisher.ask("TOPIC:CREATE:keyed");
            assertThat(publisher.ask("GROUP:CREATE:keyed:g:from=first&strategy=key-ordered"))
                    .startsWith("OK");
            for (int i = 0; i < 3; i++) {
                members.add(broker.connect());
                assertThat(members.get(i).ask("SUB:keyed:g:500")).isEqualTo("OK:SUB:1");
            }

            // When
            for (int i = 0; i < 300; i++) {
                assertThat(publisher.pub("keyed", "k" + i % 30, "", Integer.toString(i)))
                        .startsWith("OK");
            }

            // Then
            judgeKeys(members);
        } finally {
            for (TextConnection member : members) {
                member.close();
            }
        }
    }

    private static void judgeKeys(List<TextConnection> members) throws IOException {
        Map<String, Integer> ownerOf = new HashMap<>();
        Map<String, Integer> lastOf = new HashMap<>();
        int total = 0;
        for (int i = 0; i < members.size(); i++) {
            for (var delivery = members.get(i).deliveryWithin(Duration.ofMillis(300));
                    delivery != null;
                    delivery = members.get(i).deliveryWithin(Duration.ofMillis(300))) {
                total++;
                Integer owner = ownerOf.putIfAbsent(delivery.key(), i);
                assertThat(owner == null || owner == i)
                        .as("key %s has one member", delivery.key())
                        .isTrue();
                int number = Integer.parseInt(delivery.payload());
                Integer before = lastOf.put(delivery.key(), number);
                assertThat(before == null || before < number)
                        .as("order of key %s", delivery.key())
                        .isTrue();
            }
        }
        assertThat(total).isEqualTo(300);
        assertThat(ownerOf.values().stream().distinct().count())
                .as("members that have keys")
                .isEqualTo(3);
    }

    @Test
    void shouldFailOverASingleActiveMember() throws Exception {
        try (TextConnection publisher = broker.connect();
                TextConnection first = broker.connect();
                TextConnection second = broker.connect()) {
            // Given
            publisher.ask("TOPIC:CREATE:single-active");
            assertThat(publisher.ask("GROUP:CREATE:single-active:g:from=first&strategy=single-active&back-off-ms=0"))
                    .startsWith("OK");
            assertThat(first.ask("SUB:single-active:g:10")).isEqualTo("OK:SUB:1");
            assertThat(second.ask("SUB:single-active:g:10")).isEqualTo("OK:SUB:1");
            for (int i = 0; i < 5; i++) {
                publisher.pub("single-active", "m" + i);
            }
            assertThat(first.deliveries(5)).allMatch(delivery -> delivery.attempt() == 1);
            assertThat(second.deliveryWithin(Duration.ofMillis(100))).isNull();

            // When
            first.reset();

            // Then
            List<TextConnection.Delivery> inherited = second.deliveries(5);
            assertThat(inherited).extracting(TextConnection.Delivery::id).containsExactly("0", "1", "2", "3", "4");
            assertThat(inherited).allMatch(delivery -> delivery.attempt() == 2);
        }
    }

    @Test
    void shouldServeGroupsIndependently() throws Exception {
        try (TextConnection client = broker.connect()) {
            // Given
            assertThat(client.ask("SUB:two-groups:a:10:first")).isEqualTo("OK:SUB:1");
            assertThat(client.ask("SUB:two-groups:b:10:first")).isEqualTo("OK:SUB:2");

            // When
            client.pub("two-groups", "for both");

            // Then
            assertThat(client.deliveries(2))
                    .extracting(TextConnection.Delivery::sid)
                    .containsExactlyInAnyOrder(1, 2);
        }
    }
}
