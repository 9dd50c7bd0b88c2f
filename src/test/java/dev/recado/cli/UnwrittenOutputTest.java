package dev.recado.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ExitCode;
import dev.recado.client.FakeTextServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be written to standard output, for a full disk or a reader that has gone, is a failure. */
@Timeout(30)
class UnwrittenOutputTest {

    private static final String FULL = "No space left on device";

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private FakeTextServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = FakeTextServer.start();
        server.describe("busy", "{\"name\":\"busy\",\"rate\":0.0,\"backlog\":7,\"groups\":[]}");
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }

    /** Takes {@code lines} line ends, and fails from then on as a full disk does. */
    private int run(int lines, String line) {
        return run(lines, FULL, line);
    }

    private int run(int lines, String why, String line) {
        OutputStream out = new OutputStream() {
            private int left = lines;

            @Override
            public void write(int b) throws IOException {
                if (left == 0) {
                    throw new IOException(why);
                }
                left -= b == '\n' ? 1 : 0;
            }
        };
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(new byte[0]), out, new PrintStream(err, true, UTF_8), false, action -> {});
        return RecadoCli.commandLine(terminal)
                .execute(Stream.of(line.split(" ")).toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ping", "stats", "lag", "lag -o json", "topic create a", "producer a -n 1 -i 0"})
    void shouldFailWhereTheAnswerIsNotWritten(String line) {
        // When
        int code = run(0, line + " --broker " + server.address());

        // Then
        assertThat(code).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString(UTF_8)).startsWith("recado ").contains(": cannot write: " + FULL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "lag --help", "--version", "completion"})
    void shouldFailWhereHelpIsNotWritten(String line) {
        // When
        int code = run(0, line);

        // Then
        assertThat(code).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString(UTF_8)).contains("cannot write: " + FULL).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stats", "lag", "--help", "lag --help", "completion"})
    void shouldSayNothingWhereTheReaderHasGone(String line) {
        // When
        int code = run(0, "Broken pipe", line.contains("-") || line.equals("completion") ? line : address(line));

        // Then
        assertThat(code).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    private String address(String line) {
        return line + " --broker " + server.address();
    }

    @Test
    void shouldEndToWatchWhenNobodyReads() {
        // When
        int code = run(2, "Broken pipe", "lag busy -w=100ms -o json --broker " + server.address());

        // Then
        assertThat(code).isEqualTo(ExitCode.FAILED);
    }
}
