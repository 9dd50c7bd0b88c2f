package dev.recado.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.client.FakeTextServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LagCommandTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private FakeTextServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = FakeTextServer.start();
        long nowMs = System.currentTimeMillis();
        server.describe("calm", topic("calm", group("done", 0, -1)));
        server.describe("busy", topic("busy", group("late", 5, nowMs - 7_200_500), group("fast", 900, nowMs - 1_500)));
        server.describe(
                "lost",
                "{\"name\":\"lost\",\"rate\":0.0,\"backlog\":7,\"oldest\":" + (nowMs - 60_500) + ",\"groups\":[]}");
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }

    private static String topic(String name, String... groups) {
        return "{\"name\":\"" + name + "\",\"rate\":1.5,\"backlog\":1,\"groups\":[" + String.join(",", groups) + "]}";
    }

    private static String group(String name, int backlog, long oldestMs) {
        return "{\"name\":\"" + name + "\",\"members\":1,\"oldest\":" + oldestMs + ",\"backlog\":" + backlog
                + ",\"ready\":0,\"leased\":0,\"waiting\":0}";
    }

    private int run(String... arguments) {
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(new byte[0]), out, new PrintStream(out, true, UTF_8), false, action -> {});
        return RecadoCli.commandLine(terminal).execute(arguments);
    }

    @Test
    void shouldShowTheWorstGroupFirst() {
        // When
        int code = run("lag", "--broker", server.address());

        // Then
        assertThat(code).isZero();
        assertThat(out.toString(UTF_8)).isEqualTo("""
                        TOPIC  GROUP  BACKLOG  OLDEST  READY  LEASED  WAITING  MEMBERS  RATE/S
                        busy   late         5      2h      0       0        0        1     1.5
                        lost   -            7      1m                                      0.0
                        busy   fast       900      1s      0       0        0        1     1.5
                        calm   done         0       -      0       0        0        1     1.5
                        """);
    }

    @Test
    void shouldTellScriptsRawNumbersOfTheTopicsThatAreNamed() {
        // When
        int code = run("lag", "lost", "-o", "json", "--broker", server.address());

        // Then
        assertThat(code).isZero();
        assertThat(out.toString(UTF_8))
                .matches("\\{\"topic\":\"lost\",\"group\":\"\",\"backlog\":7,\"oldest\":[0-9]+,\"rate\":0.0}\n");
    }
}
