package dev.recado.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.client.FakeTextServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TopCommandTest {

    private static final String[] BEFORE = {"messages_published=1000", "messages_delivered=10", "sessions=3"};

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private volatile IntSupplier onStop = () -> 0;

    @SuppressWarnings("NullAway.Init") // started before each test
    private FakeTextServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = FakeTextServer.start();
        server.describe("calm", topic("calm", 0.5, "done", -1));
        server.describe("busy", topic("busy", 7.5, "late", System.currentTimeMillis() - 7_200_500));
        server.list("STATS", BEFORE);
        server.list("STATS", "messages_published=2000", "messages_delivered=10", "sessions=3", "disk_low=1");
        server.list("SESSION:LIST:0:1000", session(1, "lazy", 0.1), session(2, "fast\\u001b[2J", 900.5));
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }

    private static String topic(String name, double rate, String group, long oldestMs) {
        return """
                {"name":"%s","partitions":1,"rate":%s,"kept":9,"backlog":1,"groups":[{"name":"%s","members":1,\
                "oldest":%d,"backlog":1,"ready":0,"leased":1,"waiting":0}]}""".formatted(name, rate, group, oldestMs);
    }

    private static String session(int number, String client, double rate) {
        return """
                {"session":%d,"protocol":"text","peer":"127.0.0.1:50001","client":"%s","user":"anonymous",\
                "since":1700000000000,"subscriptions":1,"unconfirmed":0,"paused":false,"published":5,"delivered":0,\
                "acked":0,"publish-rate":%s,"deliver-rate":0.0,"ack-rate":0.0}""".formatted(number, client, rate);
    }

    private int run(boolean interactive, String... arguments) {
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(new byte[0]),
                out,
                new PrintStream(out, true, UTF_8),
                interactive,
                action -> onStop = action);
        return RecadoCli.commandLine(terminal).execute(arguments);
    }

    private List<String> words() {
        return out.toString(UTF_8)
                .lines()
                .map(line -> line.isEmpty() ? "" : line.split(" ")[0])
                .toList();
    }

    @Test
    void shouldShowOnePictureWhereNobodyLooks() {
        // When
        int code = run(false, "top", "--broker", server.address(), "--interval", "200ms");

        // Then
        assertThat(code).isZero();
        assertThat(out.toString(UTF_8))
                .contains("DISK LOW: publishes are refused\n", "sessions 3")
                .containsPattern("in [0-9.]+/s  out 0\\.0/s")
                .doesNotContain("\u001b");
        assertThat(words().subList(3, words().size()))
                .as("the fastest topic and session first, the group first that waits longest")
                .containsExactly("", "TOPIC", "busy", "calm", "", "TOPIC", "busy", "calm", "", "SESSION", "", "");
    }

    @Test
    void shouldShowNoMoreRowsThanItIsTold() {
        // When
        int code = run(false, "top", "--once", "--rows", "1", "--broker", server.address(), "-i", "200ms");

        // Then
        assertThat(code).isZero();
        assertThat(out.toString(UTF_8)).contains("busy", "900.5").doesNotContain("calm", "lazy");
    }

    @Test
    void shouldTellScriptsAll() {
        // When
        int code = run(false, "top", "-o", "json", "--count", "2", "--broker", server.address(), "-i", "200ms");

        // Then
        assertThat(code).isZero();
        List<String> lines = out.toString(UTF_8).lines().toList();
        assertThat(lines).hasSize(2);
        Map<String, String> first = Json.fields(lines.get(0));
        assertThat(first.keySet()).containsExactly("time", "node", "topics", "groups", "sessions");
        assertThat(Double.parseDouble(Json.fields(first.get("node")).get("published-rate")))
                .isBetween(1.0, 5_000.0);
        assertThat(Json.fields(Json.fields(lines.get(1)).get("node"))).containsEntry("published-rate", "0.0");
        assertThat(Json.elements(first.get("sessions"))).hasSize(2);
        assertThat(Json.elements(first.get("groups"))).hasSize(2);
    }

    @Test
    void shouldGoOnUntilItIsStoppedWhereSomebodyLooks() throws InterruptedException {
        // Given
        Thread looking = new Thread(() -> run(true, "top", "--broker", server.address(), "-i", "100ms"), "top");

        // When
        looking.start();
        await().until(() -> out.toString(UTF_8).split("\u001b\\[H", -1).length >= 4);
        int code = onStop.getAsInt();
        looking.join(10_000);

        // Then
        assertThat(code).isZero();
        assertThat(looking.isAlive()).isFalse();
    }

    @Test
    void shouldShowTheRestToWhoMayNotSeeSessions() {
        // Given
        server.refuse("SESSION:LIST:0:1000", "ERROR:Not authorized: right=configure");

        // When
        int code = run(false, "top", "--broker", server.address(), "-i", "200ms");

        // Then
        assertThat(code).isZero();
        assertThat(out.toString(UTF_8)).endsWith("sessions are shown to users who may configure\n");
    }

    @Test
    void shouldListAndCloseSessions() {
        // When
        int listed = run(false, "session", "list", "--broker", server.address());
        int closed = run(false, "session", "close", "2", "--reason", "too fast", "--broker", server.address());
        int wrong = run(false, "session", "close", "0", "--broker", server.address());

        // Then
        assertThat(List.of(listed, closed, wrong)).containsExactly(0, 0, 2);
        assertThat(out.toString(UTF_8)).contains("fast·[2J", "closed session 2\n");
        assertThat(server.commands("SESSION:CLOSE:")).containsExactly("SESSION:CLOSE:2:too%20fast");
    }

    @Test
    void shouldTellWhoIsInAGroup() {
        // Given
        server.list(
                "GROUP:MEMBERS:busy:late",
                "{\"partition\":0,\"session\":7,\"consumer\":\"\",\"pulls\":false,\"credit\":10,\"leased\":2,"
                        + "\"handed-bytes\":0,\"paused\":false,\"silent\":true,\"ceased\":false}");

        // When
        int code = run(false, "group", "members", "busy", "late", "--broker", server.address());

        // Then
        assertThat(code).isZero();
        assertThat(out.toString(UTF_8)).isEqualTo("""
                SESSION  PARTITION  CONSUMER  CREDIT  LEASED  UNREAD BYTES  PAUSED  SILENT  CEASED
                      7          0         -      10       2             0  false   true    false
                """);
    }
}
