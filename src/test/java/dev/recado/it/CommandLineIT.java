package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The commands that talk to a broker, as a person or a script would give them. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CommandLineIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

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

    @Test
    void shouldCarryLinesFromAPipeToAFile() throws Exception {
        // Given
        Path input = Files.writeString(work.resolve("input.txt"), "uno\n\ndos: con dos puntos\nq\nsin final de línea");
        Path output = work.resolve("output.txt");

        // When
        try (JarProcess producer =
                JarProcess.command(work, input, "producer", "--broker", broker.address(), "--topic", "piped")) {
            assertThat(producer.exitCode(LIMIT)).as(producer::report).isZero();
        }
        try (JarProcess consumer = JarProcess.command(
                work,
                "consumer",
                "--broker",
                broker.address(),
                "--topic",
                "piped",
                "--group",
                "g",
                "--from",
                "first",
                "--to-file",
                output.toString())) {
            Waiting.until("all lines in the file", LIMIT, () -> text(output).contains("línea"));
            consumer.terminate();
            assertThat(consumer.exitCode(LIMIT)).as(consumer::report).isZero();
        }

        // Then
        assertThat(Files.readString(output)).isEqualTo("uno\n\ndos: con dos puntos\nq\nsin final de línea\n");
        try (TextConnection admin = broker.connect()) {
            assertThat(Figures.group(admin, "piped", "g", "backlog")).isZero();
        }
    }

    @Test
    void shouldMakeUpMessagesWithAnInterval() throws Exception {
        // When
        long begin = System.nanoTime();
        run("producer", "--broker", broker.address(), "--topic", "made-up", "-n", "4", "-i", "200");

        // Then
        assertThat((System.nanoTime() - begin) / 1_000_000).isGreaterThanOrEqualTo(600);
        try (TextConnection reader = broker.connect()) {
            assertThat(reader.ask("SUB:made-up:g:10:first")).isEqualTo("OK:SUB:1");
            assertThat(reader.deliveries(4)).hasSize(4);
            assertThat(reader.deliveryWithin(Duration.ofMillis(200))).isNull();
        }
    }

    @Test
    void shouldSayWhatAProducerWaitsForAndEndItAtTheFirstSignal() throws Exception {
        // Given
        run("topic", "create", "narrow", "--broker", broker.address(), "--set", "limit.messages=10");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            lines.append("line ").append(i).append('\n');
        }
        Path input = Files.writeString(work.resolve("hundred.txt"), lines);
        try (JarProcess producer =
                JarProcess.command(work, input, "producer", "--broker", broker.address(), "--topic", "narrow")) {
            Waiting.until(
                    "a word on what it waits for", LIMIT, () -> producer.err().contains("limit.messages=10"));

            // When
            producer.terminate();
            boolean ended = producer.endsWithin(Duration.ofSeconds(2));

            // Then
            assertThat(ended).as(producer::report).isTrue();
            assertThat(producer.exitCode(LIMIT)).isEqualTo(1);
            assertThat(producer.err())
                    .contains("waiting for the broker's answer; ", "topic narrow holds ", "overflow=block")
                    .containsPattern("[0-9]+ confirmed, 0 refused, [0-9]+ unknown, 0 unsent");
        }
    }

    @Test
    void shouldEndAtTheEndOfTheTopicOnceOtherMembersAreDoneToo() throws Exception {
        // Given a member that holds the first message
        String[] words = {"consumer", "shared", "--group", "g", "--to-end", "--broker", broker.address()};
        try (TextConnection member = broker.connect()) {
            assertThat(member.ask("SUB:shared:g:1:first")).isEqualTo("OK:SUB:1");
            try (TextConnection publisher = broker.connect()) {
                for (int i = 0; i < 5; i++) {
                    publisher.pub("shared", "m" + i);
                }
            }
            assertThat(member.deliveries(1)).hasSize(1);
            try (JarProcess consumer = JarProcess.command(work, words)) {
                Waiting.until("four messages", LIMIT, () -> consumer.out().contains("m4"));
                assertThat(consumer.endsWithin(Duration.ofMillis(500)))
                        .as("while one is held")
                        .isFalse();

                // When
                member.send("ACK:1:0");

                // Then
                assertThat(consumer.exitCode(LIMIT)).as(consumer::report).isZero();
                assertThat(consumer.out()).isEqualTo("m1\nm2\nm3\nm4\n");
            }
        }
        assertThat(run(words)).as("nothing new").isEmpty();
        assertThat(run("consumer", "shared", "--to-end", "--broker", broker.address()))
                .as("an automatic group")
                .isEqualTo("m0\nm1\nm2\nm3\nm4\n");
        assertThat(run("consumer", "unborn", "--to-end", "--broker", broker.address()))
                .as("a topic that it makes")
                .isEmpty();
    }

    @Test
    void shouldKeepWhatAConsumerHasAcknowledgedOverAKillOfTheBroker(@WorkDir Path directory) throws Exception {
        // Given
        String first;
        try (BrokerProcess own = BrokerProcess.in(directory).start()) {
            try (TextConnection publisher = own.connect()) {
                for (int i = 0; i < 20; i++) {
                    publisher.pub("jobs", "m" + i);
                }
            }
            first = run("consumer", "jobs", "--group", "g", "--count", "3", "--broker", own.address());

            // When
            own.killNine();
        }
        String second;
        try (BrokerProcess own = BrokerProcess.in(directory).start()) {
            second = run("consumer", "jobs", "--group", "g", "-n", "2", "-o", "json", "--broker", own.address());
        }

        // Then: none of the others was in its hands, so all are delivered for the first time
        assertThat(first).isEqualTo("m0\nm1\nm2\n");
        assertThat(second.lines()).hasSize(2).allMatch(line -> line.contains("\"attempt\":1,\"time\":"));
        assertThat(second).contains("\"payload\":\"m3\"", "\"payload\":\"m4\"");
    }

    @Test
    void shouldAdministerTopics() throws Exception {
        assertThat(run("topic", "create", "managed", "--broker", broker.address(), "--set", "partitions=3"))
                .contains("managed");
        String described = run("topic", "describe", "managed", "--broker", broker.address(), "--output", "json");
        assertThat(new ObjectMapper().readTree(described).toString()).contains("managed");
        assertThat(run("topic", "list", "--broker", broker.address())).contains("managed");
        run("topic", "alter", "managed", "--broker", broker.address(), "--set", "limit.messages=5");
        run("group", "create", "managed", "crew", "--broker", broker.address(), "--set", "max-deliveries=2");
        assertThat(run("group", "list", "managed", "--broker", broker.address()))
                .contains("crew");
        run("group", "delete", "managed", "crew", "--broker", broker.address());
        run("topic", "purge", "managed", "--broker", broker.address());
        run("topic", "delete", "managed", "--broker", broker.address());
        assertThat(run("topic", "list", "--broker", broker.address())).doesNotContain("managed");
    }

    @Test
    void shouldMakeUseAndRemoveNamespaces() throws Exception {
        // Given
        String here = broker.address();
        run("vhost", "add", "shop", "--broker", here);
        run("vhost", "add", "shop", "--broker", here);
        run("message", "publish", "orders", "in the shop", "--broker", here, "--namespace", "shop");
        JsonNode load = new ObjectMapper()
                .readTree(run(
                        "bench", "--broker", here, "--namespace", "shop", "--count=500", "--verify", "--output=json"));

        // When
        String listed = run("vhost", "list", "--broker", here, "--output", "json");
        String topics = run("topic", "list", "--broker", here, "--namespace", "shop");
        try (TextConnection inside = broker.connect();
                JarProcess refused = JarProcess.command(work, "vhost", "remove", "shop", "--broker", here)) {
            assertThat(inside.ask("NAMESPACE:USE:shop")).startsWith("OK");
            assertThat(refused.exitCode(LIMIT)).isEqualTo(1);
            assertThat(refused.err()).contains("In use: namespace=shop topics=1; --with-topics deletes these too");
            run("vhost", "remove", "shop", "--with-topics", "--broker", here);

            // Then
            assertThat(inside.lastLineBeforeClose()).isEqualTo("ERROR:Not found: namespace=shop");
        }
        assertThat(load.get("good").asBoolean()).as(load.toString()).isTrue();
        assertThat(listed).contains("\"shop\"");
        assertThat(topics).contains("orders").doesNotContain("bench-");
        assertThat(run("vhost", "list", "--broker", here)).doesNotContain("shop");
    }

    @Test
    void shouldBrowseWhatWasPublishedWithoutConsumingIt() throws Exception {
        // Given
        run("message", "publish", "seen", "hola", "--broker", broker.address());
        run("message", "publish", "seen", "mundo", "--broker", broker.address());

        // When
        String page = run("message", "browse", "seen", "--broker", broker.address());

        // Then
        assertThat(page).contains("hola").contains("mundo");
        try (TextConnection reader = broker.connect()) {
            assertThat(reader.ask("SUB:seen:g:10:first")).isEqualTo("OK:SUB:1");
            assertThat(reader.deliveries(2)).allMatch(delivery -> delivery.attempt() == 1);
        }
    }

    @Test
    void shouldTellWhatWentWrong() throws Exception {
        try (JarProcess unknownTopic =
                        JarProcess.command(work, "topic", "describe", "no-such-topic", "--broker", broker.address());
                JarProcess unknownCommand = JarProcess.command(work, "explode");
                JarProcess help = JarProcess.command(work, "--help")) {
            assertThat(unknownTopic.exitCode(LIMIT)).isEqualTo(1);
            assertThat(unknownTopic.err()).contains("no-such-topic").doesNotContain("\tat ");
            assertThat(unknownCommand.exitCode(LIMIT)).isEqualTo(2);
            assertThat(help.exitCode(LIMIT)).isZero();
            assertThat(help.out())
                    .contains("broker")
                    .contains("producer")
                    .contains("consumer")
                    .contains("repair");
        }
    }

    /** Runs a command that must succeed, and returns what it printed. */
    private static String run(String... args) throws IOException {
        try (JarProcess command = JarProcess.command(work, args)) {
            assertThat(command.exitCode(LIMIT)).as(command::report).isZero();
            return command.out();
        }
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
