package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Dead letters looked at, put back and dropped by the command line. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeadLettersIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Path work;
    private static BrokerProcess broker;

    @BeforeAll
    static void startBroker(@WorkDir Path directory) throws IOException {
        work = directory;
        broker = BrokerProcess.in(work).start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    /** Six messages of which four are rejected for two reasons; waits until they are dead letters. */
    private static void reject(TextConnection client, String topic) throws IOException {
        for (int i = 0; i < 6; i++) {
            client.send("PUB:" + topic + ":key%3A" + i + ":color=red&n=" + i + ":2");
            client.send("m" + i);
            assertThat(client.reply()).isEqualTo("OK:MSG_ID:" + i);
        }
        assertThat(client.ask("SUB:" + topic + ":workers:10:first")).isEqualTo("OK:SUB:1");
        assertThat(client.deliveries(6)).hasSize(6);
        for (int i = 0; i < 4; i++) {
            client.send("REJECT:1:" + i + (i < 2 ? ":bad%20address" : ":no stock"));
        }
        client.send("ACK:1:4");
        assertThat(client.ask("ACK!:1:5")).isEqualTo("ACKED:1:5");
        assertThat(client.ask("UNSUB:1")).isEqualTo("OK:UNSUB:1");
        Waiting.until("four dead letters", LIMIT, () -> Figures.topic(client, topic + ".dead", "kept") == 4);
    }

    @Test
    void shouldRequeueByReasonAndDropTheRest() throws Exception {
        // Given
        try (TextConnection client = broker.connect()) {
            reject(client, "orders");
        }
        JsonNode before = letters("orders");
        String shown = run("dead", "show", "orders", "0");

        // When
        String requeued = run("dead", "requeue", "orders", "--reason", "bad address", "--rate", "50", "-o", "json");
        JsonNode between = letters("orders");
        String again = run("dead", "requeue", "orders", "--reason", "bad address");
        String dropped = run("dead", "drop", "orders", "--all");

        // Then
        assertThat(before).hasSize(4);
        assertThat(before.get(0).get("reason").asText()).isEqualTo("bad address");
        assertThat(before.get(0).get("topic").asText()).isEqualTo("orders");
        assertThat(before.get(0).get("group").asText()).isEqualTo("workers");
        assertThat(before.get(0).get("headers").toString()).isEqualTo("{\"color\":\"red\",\"n\":\"0\"}");
        assertThat(shown).contains("bad address", "key:0", "m0");
        assertThat(JSON.readTree(requeued).toString())
                .isEqualTo("{\"done\":\"requeued\",\"topic\":\"orders\",\"count\":2,\"left\":2}");
        assertThat(between)
                .hasSize(2)
                .allMatch(letter -> letter.get("reason").asText().equals("no stock"));
        assertThat(again).startsWith("requeued 0 dead letters");
        assertThat(dropped).startsWith("dropped 2 dead letters");
        assertThat(letters("orders")).isEmpty();
        try (TextConnection reader = broker.connect()) {
            assertThat(reader.ask("SUB:orders:workers:10")).isEqualTo("OK:SUB:1");
            TextConnection.Delivery first = reader.deliveries(2).get(0);
            assertThat(first.payload()).isEqualTo("m0");
            assertThat(first.key()).isEqualTo("key%3A0");
            assertThat(first.headers()).isEqualTo("color=red&n=0");
        }
    }

    @Test
    void shouldLeaveWhatCannotBePublishedWhereItIs() throws Exception {
        // Given
        try (TextConnection client = broker.connect()) {
            reject(client, "full");
        }
        run("topic", "create", "narrow", "-s", "limit.messages=1", "-s", "overflow=reject");

        // When
        try (JarProcess requeue = JarProcess.command(work, withBroker("dead", "requeue", "full", "--to", "narrow"))) {
            assertThat(requeue.exitCode(LIMIT)).as(requeue::report).isEqualTo(1);
            assertThat(requeue.err()).contains("left as it is: id=1 Topic full");
        }

        // Then
        assertThat(letters("full")).hasSize(3);
        try (JarProcess drop = JarProcess.command(work, withBroker("dead", "drop", "full"))) {
            assertThat(drop.exitCode(LIMIT)).isEqualTo(2);
        }
    }

    @Test
    void shouldSettleThoseThatGoThroughAnExchangeIntoAQueue() throws Exception {
        // Given: as AMQP programs have it
        run("topic", "create", "jobs.failed", "-s", "kind=queue");
        run(
                "topic",
                "create",
                "jobs",
                "-s",
                "kind=queue",
                "-s",
                "dead-letter.exchange=",
                "-s",
                "dead-letter.key=jobs.failed");
        try (TextConnection client = broker.connect()) {
            assertThat(client.ask("SUB:jobs:queue:10")).isEqualTo("OK:SUB:1");
            for (int i = 0; i < 3; i++) {
                assertThat(client.ask("PUBL:jobs:m" + i)).isEqualTo("OK:MSG_ID:" + i);
            }
            assertThat(client.deliveries(3)).hasSize(3);
            for (int i = 0; i < 3; i++) {
                client.send("REJECT:1:" + i + ":no stock");
            }
            Waiting.until("three dead letters", LIMIT, () -> Figures.topic(client, "jobs.failed", "kept") == 3);
        }
        JsonNode before = letters("jobs");

        // When
        String requeued = run("dead", "requeue", "jobs", "--id", "1");
        JsonNode between = letters("jobs.failed");
        String dropped = run("dead", "drop", "jobs", "--all");

        // Then
        assertThat(before).hasSize(3);
        assertThat(before.get(0).get("topic").asText()).isEqualTo("jobs");
        assertThat(before.get(0).get("group").asText()).isEqualTo("queue");
        assertThat(before.get(0).get("history").asText()).startsWith("reason=rejected queue=jobs ");
        assertThat(before.get(0).get("headers")).isEmpty();
        assertThat(requeued).startsWith("requeued 1 dead letter of jobs, left 2");
        assertThat(between)
                .hasSize(2)
                .noneMatch(letter -> letter.get("id").asText().equals("1"));
        assertThat(dropped).startsWith("dropped 2 dead letters of jobs, left 0");
        assertThat(letters("jobs")).isEmpty();
        try (TextConnection client = broker.connect()) {
            assertThat(client.ask("SUB:jobs:queue:10")).isEqualTo("OK:SUB:1");
            TextConnection.Delivery again = client.deliveries(1).get(0);
            assertThat(again.payload()).isEqualTo("m1");
            assertThat(again.headers()).isEmpty();
        }
    }

    @Test
    void shouldShowNothingWhereNothingDied() throws Exception {
        run("topic", "create", "healthy");
        assertThat(run("dead", "list", "healthy")).isEmpty();
        assertThat(run("dead", "drop", "healthy", "--all")).startsWith("dropped 0 dead letters");
    }

    private static JsonNode letters(String topic) throws IOException {
        return JSON.readTree(
                "[" + String.join(",", run("dead", "list", topic, "-o", "json").split("\n")) + "]");
    }

    /** Runs a command that must succeed, and returns what it printed. */
    private static String run(String... args) throws IOException {
        try (JarProcess command = JarProcess.command(work, withBroker(args))) {
            assertThat(command.exitCode(LIMIT)).as(command::report).isZero();
            return command.out();
        }
    }

    private static String[] withBroker(String... args) {
        String[] all = Arrays.copyOf(args, args.length + 2);
        all[args.length] = "--broker";
        all[args.length + 1] = broker.address();
        return all;
    }
}
