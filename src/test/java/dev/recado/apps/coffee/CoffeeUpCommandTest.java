package dev.recado.apps.coffee;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.CommandRun;
import dev.recado.apps.process.FreePorts;
import dev.recado.base.ExitCode;
import dev.recado.house.MayLeave;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@MayLeave(
        value = "thread CompletableFutureDelayScheduler",
        because = "the time limits of a run are the JDK's, whose thread lives as long as the process")
class CoffeeUpCommandTest {

    @TempDir
    Path data;

    private CommandRun up(String amqp) {
        return CommandRun.start(
                onStop -> CoffeeCommand.commandLine(onStop, () -> false),
                "up",
                "--free-ports",
                "--data",
                data.resolve("shop").toString(),
                "--amqp",
                amqp);
    }

    @Test
    void shouldSayWhereNoBrokerAnswers() throws IOException {
        // Given
        int port = FreePorts.pick(List.of("amqp")).values().iterator().next();

        // When
        CommandRun run = up("amqp://127.0.0.1:" + port);

        // Then
        assertThat(run.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(run.err()).startsWith("no broker at 127.0.0.1:" + port);
        assertThat(data.resolve("shop")).doesNotExist();
    }

    @Test
    void shouldRefuseWhatIsNoAddress() {
        // When
        CommandRun run = up("localhost");

        // Then
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--amqp: not an AMQP address such as");
    }
}
