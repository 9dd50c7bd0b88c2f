package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ExitCode;
import dev.recado.cli.RecadoCli;
import dev.recado.house.MayLeave;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** How the examples stand in the program: help, wrong usage, and nobody there. */
@Timeout(30)
@MayLeave(
        value = "thread (example-flush|iothread-.*|reaper-.*)",
        because = "closing a JeroMQ context waits for what no peer takes, and the program ends around it")
class ExamplesTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Commands.addTo(RecadoCli.commandLine())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void shouldHelpWithEveryCommand() {
        // Given
        List<CommandLine> lines = new ArrayList<>(List.of(Examples.commandLine()));

        // When / Then
        for (int i = 0; i < lines.size(); i++) {
            CommandLine line = lines.get(i);
            lines.addAll(line.getSubcommands().values());
            assertThat(run((line.getCommandSpec().qualifiedName() + " --help").split(" ")))
                    .isZero();
            assertThat(out.toString())
                    .contains("Usage: recado " + line.getCommandSpec().qualifiedName());
        }
        assertThat(lines).hasSize(10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "weather",
                "weather watch",
                "weather watch 10 --broker 127.0.0.1:5558",
                "weather watch 10 --count -1",
                "weather watch 10 --count 0",
                "weather publish --count 0",
                "sink --count 0",
                "weather publish --regions a/b",
                "weather publish --broker none",
                "divide master",
                "divide master no-such-folder",
                "divide master src --workers 1001",
                "divide worker",
                "divide worker --to target --filter purple",
                "divide local src --to target --workers 0",
                "divide sink --bind here",
                "sink --idle-exit -5",
                "nonsense"
            })
    void shouldAnswerWrongUsage(String arguments) {
        assertThat(run(("example " + arguments).split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).isNotEmpty();
    }

    @Test
    void shouldTellThatNobodyAnswers(@TempDir Path folder) throws IOException {
        // Given
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String at = "tcp://127.0.0.1:" + port;

        // When / Then
        assertThat(run("example", "weather", "watch", "10", "--broker", at, "--connect-timeout", "200"))
                .isEqualTo(ExitCode.UNREACHABLE);
        assertThat(run("example", "divide", "master", "src", "--results", at, "--connect-timeout", "200"))
                .isEqualTo(ExitCode.UNREACHABLE);
        assertThat(run(
                        "example",
                        "divide",
                        "local",
                        "src",
                        "--push=" + at,
                        "--pull=" + at,
                        "--to",
                        folder.toString(),
                        "--connect-timeout=200"))
                .isEqualTo(ExitCode.UNREACHABLE);
        assertThat(err.toString()).contains("nothing that speaks ZeroMQ answers at " + at, "Start what listens there");
    }

    @Test
    void shouldTellThatThePortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // When
            int code = run("example", "divide", "sink", "--bind", "tcp://127.0.0.1:" + taken.getLocalPort());

            // Then
            assertThat(code).isEqualTo(ExitCode.FAILED);
            assertThat(err.toString()).contains("cannot listen at tcp://127.0.0.1:" + taken.getLocalPort());
        }
    }
}
