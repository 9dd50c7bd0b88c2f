package dev.recado.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.base.ExitCode;
import dev.recado.client.FakeTextServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(30)
class RecadoCliTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private volatile IntSupplier onStop = () -> 0;

    @SuppressWarnings("NullAway.Init") // started before each test
    private FakeTextServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = FakeTextServer.start();
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }

    private int run(boolean interactive, byte[] input, String... arguments) {
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(input),
                out,
                new PrintStream(err, true, UTF_8),
                interactive,
                action -> onStop = action);
        return RecadoCli.commandLine(terminal).execute(arguments);
    }

    private int run(String... arguments) {
        return run(false, new byte[0], arguments);
    }

    private String[] withBroker(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--broker");
        all.add(server.address());
        return all.toArray(String[]::new);
    }

    @Test
    void shouldSendEachLineOfAPipeAsItIs() {
        // Given
        byte[] input = "uno\r\n\ndos:€\nq\nlast".getBytes(UTF_8);

        // When
        int code = run(false, input, withBroker("producer", "--topic", "lines"));

        // Then
        assertThat(code).isZero();
        assertThat(server.payloads("lines")).containsExactly("uno\r", "", "dos:€", "q", "last");
        assertThat(out.toString(UTF_8)).startsWith("sent 5 messages in ");
    }

    @Test
    void shouldSendAFileAndTellAScriptHowMuch(@TempDir Path directory) throws IOException {
        // Given
        Path file = directory.resolve("lines.txt");
        Files.writeString(file, "x\n".repeat(10_000));

        // When
        int code = run(withBroker("producer", "--file", file.toString(), "-o", "json"));

        // Then
        assertThat(code).isZero();
        assertThat(server.payloads("default")).hasSize(10_000);
        assertThat(Json.fields(out.toString(UTF_8)))
                .containsEntry("stored", "10000")
                .containsEntry("refused", "0");
    }

    @Test
    void shouldSendWhatIsTypedUntilQ() {
        // Given
        byte[] typed = "hola\n\nadios\nq\nnot this\n".getBytes(UTF_8);

        // When
        int code = run(true, typed, withBroker("producer"));

        // Then
        assertThat(code).isZero();
        assertThat(server.payloads("default")).containsExactly("hola", "adios");
        assertThat(out.toString(UTF_8))
                .contains("q quits", "> ", "stored 0: hola", "stored 1: adios", "sent 2 messages");
    }

    @Test
    void shouldSendMadeUpMessages() {
        // Given / When
        int code = run(withBroker("producer", "-n", "3", "-i", "1ms"));

        // Then
        assertThat(code).isZero();
        assertThat(server.payloads("default")).containsExactly("message 1", "message 2", "message 3");
    }

    @Test
    void shouldFailWhereAMessageIsRefused() {
        // Given
        server.refuse("Message too long: 3 bytes, limit 2", 1);

        // When
        int code = run(false, "abc\nde\n".getBytes(UTF_8), withBroker("producer"));

        // Then
        assertThat(code).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString(UTF_8))
                .contains("not stored: Message too long: 3 bytes, limit 2", "1 confirmed, 1 refused")
                .contains("not stored: lines 1", "sed -n '1p' INPUT | recado producer --topic default");
        assertThat(server.payloads("default")).containsExactly("de");
    }

    @Test
    void shouldStopAProducerAtASignalAfterWhatIsOnItsWay() {
        // Given
        CompletableFuture<Integer> code =
                CompletableFuture.supplyAsync(() -> run(withBroker("producer", "-n", "1000000", "-i", "1ms")));
        await().until(() -> server.payloads("default").size() > 3);

        // When
        int signalled = onStop.getAsInt();

        // Then
        assertThat(signalled).isZero();
        assertThat(code.join()).isZero();
        assertThat(out.toString(UTF_8))
                .contains("sent " + server.payloads("default").size() + " messages");
    }

    @Test
    void shouldSayWhatItWaitsForAndEndAtTheFirstSignal() {
        // Given
        server.answerNoPublish();
        CompletableFuture<Integer> code =
                CompletableFuture.supplyAsync(() -> run(withBroker("producer", "-n", "5000", "-i", "0")));
        await().until(() -> err.toString(UTF_8).contains("waiting"));

        // When
        long begin = System.nanoTime();
        int signalled = onStop.getAsInt();
        long tookMs = (System.nanoTime() - begin) / 1_000_000;

        // Then
        assertThat(signalled).isEqualTo(ExitCode.FAILED);
        assertThat(tookMs).isLessThan(1_000);
        assertThat(err.toString(UTF_8))
                .contains("waiting for the broker's answer; 0 confirmed, 4096 not yet")
                .contains("topic default holds 2, limit.messages=2 overflow=block")
                .contains("0 confirmed, 0 refused, 4096 unknown, 904 unsent");
        assertThat(out.toString(UTF_8)).startsWith("sent 0 messages");
        server.answerPublishes();
        assertThat(code.join()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void shouldSayWhyTheBrokerRefusesForNow() {
        // Given
        server.refuse("Disk low", Integer.MAX_VALUE);
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(
                () -> run(false, "a\nb\nc\n".getBytes(UTF_8), withBroker("producer", "-o", "json")));
        await().until(() -> err.toString(UTF_8).contains("waiting"));

        // When
        int signalled = onStop.getAsInt();

        // Then
        assertThat(signalled).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString(UTF_8)).contains("waiting, the broker refused: Disk low; trying again; 0 confirmed");
        server.refuse("", 0);
        assertThat(code.join()).isEqualTo(ExitCode.FAILED);
        Map<String, String> told = Json.fields(out.toString(UTF_8));
        assertThat(told).containsEntry("stored", "0").containsEntry("refused", "0");
        assertThat(Integer.parseInt(told.get("unknown")) + Integer.parseInt(told.get("unsent")))
                .isBetween(1, 3);
    }

    @Test
    void shouldWriteConsumedMessagesToAFileAndAcknowledgeThem(@TempDir Path directory) throws IOException {
        // Given
        for (int i = 0; i < 500; i++) {
            server.put("lines", ("m" + i).getBytes(UTF_8));
        }
        Path file = directory.resolve("consumed.txt");

        // When
        int code = run(withBroker(
                "consumer", "--topic", "lines", "--group", "g", "--count", "500", "--to-file", file.toString()));

        // Then
        assertThat(code).isZero();
        assertThat(Files.readAllLines(file)).hasSize(500).startsWith("m0", "m1").endsWith("m499");
        assertThat(server.ackedCount("lines", "g")).isEqualTo(500);
        assertThat(server.heard("SUB:lines:g:500:first:time&spend")).isTrue();
    }

    @Test
    void shouldTakeNoMoreThanAskedFor() {
        // Given
        for (int i = 0; i < 10; i++) {
            server.put("default", ("m" + i).getBytes(UTF_8));
        }

        // When
        int first = run(withBroker("consumer", "--id", "c7", "--count", "4"));
        int second = run(withBroker("consumer", "--id", "c7", "--count", "6"));

        // Then
        assertThat(List.of(first, second)).containsOnly(0);
        assertThat(out.toString(UTF_8)).isEqualTo("m0\nm1\nm2\nm3\nm4\nm5\nm6\nm7\nm8\nm9\n");
        assertThat(server.ackedCount("default", "c7")).isEqualTo(10);
    }

    @Test
    void shouldStopAnIdleConsumer() {
        // Given
        server.put("default", "only".getBytes(UTF_8));

        // When
        int code = run(withBroker("consumer", "--group", "g", "--idle-exit", "200", "-o", "json"));

        // Then
        assertThat(code).isZero();
        assertThat(Json.fields(out.toString(UTF_8)))
                .containsEntry("payload", "only")
                .containsEntry("attempt", "1");
    }

    @Test
    void shouldConsumeInAnAutomaticGroupOfAnyTopicAndAcknowledgeAfterwards() {
        // Given
        server.put("orders", "ERROR:No messages available".getBytes(UTF_8));
        server.put("orders", "NOTIFY:MESSAGES_AVAILABLE:1".getBytes(UTF_8));

        // When
        int code = run(withBroker("consumer", "--topic", "orders", "--count", "2", "--from", "0", "--credit", "7"));

        // Then
        assertThat(code).isZero();
        assertThat(out.toString(UTF_8)).isEqualTo("ERROR:No messages available\nNOTIFY:MESSAGES_AVAILABLE:1\n");
        assertThat(server.ackedCount("orders", "auto-1")).isEqualTo(2);
        assertThat(server.heard("SUB:orders::2:0:time&spend")).isTrue();
    }

    @Test
    void shouldGoOnConsumingAfterTheBrokerCameBack() throws Exception {
        // Given
        server.put("default", "before".getBytes(UTF_8));
        CompletableFuture<Integer> code =
                CompletableFuture.supplyAsync(() -> run(withBroker("consumer", "--group", "g", "--count", "2")));
        await().until(() -> server.ackedCount("default", "g") == 1);

        // When
        server.down();
        server.put("default", "after".getBytes(UTF_8));
        server.up();

        // Then
        assertThat(code.join()).isZero();
        assertThat(out.toString(UTF_8)).isEqualTo("before\nafter\n");
    }

    @Test
    void shouldStopAConsumerAtASignal() {
        // Given
        server.put("default", "one".getBytes(UTF_8));
        CompletableFuture<Integer> code =
                CompletableFuture.supplyAsync(() -> run(withBroker("consumer", "--group", "g")));
        await().until(() -> server.ackedCount("default", "g") == 1);

        // When
        int signalled = onStop.getAsInt();

        // Then
        assertThat(signalled).isNegative();
        assertThat(code.join()).isZero();
        assertThat(err.toString(UTF_8)).contains("consumed 1 message in ");
    }

    @Test
    void shouldEndOnceTheGroupHasFinishedWhatWasThere() {
        // Given
        String described = "{\"name\":\"orders\",\"partitions\":1,\"partition-figures\":[{\"partition\":0,\"end\":2}],"
                + "\"groups\":[{\"name\":\"g\",\"floor\":%d,\"backlog\":7}]}";
        server.describe("orders", described.formatted(1));
        server.put("orders", "x".getBytes(UTF_8));
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(
                () -> run(withBroker("consumer", "--topic", "orders", "--group", "g", "--to-end")));
        await().until(() -> server.ackedCount("orders", "g") == 1
                && server.commands("TOPIC:DESCRIBE:orders").size() > 2);
        assertThat(code).isNotDone();

        // When
        server.describe("orders", described.formatted(2));

        // Then
        assertThat(code.join()).isZero();
        assertThat(out.toString(UTF_8)).isEqualTo("x\n");
    }

    @Test
    void shouldAdministerAndPrintTablesForPeople() {
        // Given
        server.put("orders", "x".getBytes(UTF_8));

        // When
        int created = run(withBroker("topic", "create", "jobs", "-s", "kind=queue", "--set", "partitions=3"));
        int listed = run(withBroker("topic", "list"));
        int browsed = run(withBroker("message", "browse", "orders"));
        int published = run(withBroker("message", "publish", "orders", "hola", "--key", "k"));

        // Then
        assertThat(List.of(created, listed, browsed, published)).containsOnly(0);
        assertThat(server.heard("TOPIC:CREATE:jobs:kind=queue&partitions=3")).isTrue();
        assertThat(out.toString(UTF_8)).isEqualTo("""
                        created topic jobs
                        TOPIC   KIND  DURABILITY  PARTITIONS  GROUPS  MESSAGES  BACKLOG  OLDEST  RATE/S
                        jobs    log   fsync                1       0         0        2       -     0.5
                        orders  log   fsync                1       0         1        2       -     0.5
                        ID  PAYLOAD
                         0  x
                        1
                        """);
    }

    @Test
    void shouldPrintJsonForScripts() {
        // Given
        server.put("orders", "x".getBytes(UTF_8));

        // When
        int listed = run(withBroker("topic", "list", "-o", "json"));
        int stats = run(withBroker("stats", "-o", "json"));

        // Then
        assertThat(List.of(listed, stats)).containsOnly(0);
        assertThat(out.toString(UTF_8))
                .isEqualTo(
                        "{\"name\":\"orders\",\"kind\":\"log\",\"durability\":\"fsync\",\"partitions\":1,\"groups\":0,"
                                + "\"kept\":1,\"backlog\":2,\"oldest\":-1,\"rate\":0.5}\n{\"sessions\":1}\n");
    }

    @Test
    void shouldTellWhatTheBrokerRefused() {
        // Given / When
        int code = run(withBroker("topic", "delete", "none"));

        // Then
        assertThat(code).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString(UTF_8)).contains("recado topic delete: Topic not found: none");
    }

    @Test
    void shouldTellHowToStartABrokerWhereNoneAnswers() throws IOException {
        // Given
        server.down();

        // When
        int code = run(withBroker("ping"));

        // Then
        assertThat(code).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(err.toString(UTF_8)).contains(server.address(), "java -jar recado.jar", "--broker");
    }

    @Test
    void shouldRefuseWrongUsageAndHelpWithEveryCommand() {
        // Given
        CommandLine root = RecadoCli.commandLine();

        // When / Then
        assertThat(run("consumer", "--from", "bogus")).isEqualTo(ExitCode.USAGE);
        assertThat(run("consumer", "--credit", "0")).isEqualTo(ExitCode.USAGE);
        assertThat(run("consumer", "--ack", "auto", "--count", "10")).isEqualTo(ExitCode.USAGE);
        assertThat(run("producer", "-n", "1", "--file", "x")).isEqualTo(ExitCode.USAGE);
        assertThat(run("ping", "--broker", "nowhere:http")).isEqualTo(ExitCode.USAGE);
        assertThat(run("nonsense")).isEqualTo(ExitCode.USAGE);
        assertHelp(root, new ArrayList<>());
    }

    private void assertHelp(CommandLine command, List<String> path) {
        List<String> arguments = new ArrayList<>(path);
        arguments.add("--help");
        assertThat(run(arguments.toArray(String[]::new))).as("%s", arguments).isZero();
        command.getSubcommands().forEach((name, child) -> {
            List<String> deeper = new ArrayList<>(path);
            deeper.add(name);
            assertHelp(child, deeper);
        });
    }
}
