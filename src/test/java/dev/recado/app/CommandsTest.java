package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.cli.RecadoCli;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class CommandsTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Path folder;

    CommandsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void shouldListSettings() {
        assertThat(run("config", "--set", "text.port=1234")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("text.port: 1234", "groups.max-members: 10");
    }

    @Test
    void shouldListSettingsAsJson() {
        assertThat(run("config", "--output", "json")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).startsWith("{").contains("\"text.port\" : \"8080\"");
    }

    @Test
    void shouldAnswerWrongSettingsAsWrongUsage() {
        assertThat(run("broker", "--set", "text.prot=1", "--set", "text.port=-1"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString().lines())
                .containsExactly(
                        "unknown setting text.prot: did you mean text.port?",
                        "text.port: -1 is not allowed: an integer from 0 to 65535");
    }

    @Test
    void shouldAnswerUnknownOptionsAsWrongUsage() {
        assertThat(run("broker", "--nonsense")).isEqualTo(ExitCode.USAGE);
        assertThat(run("nonsense")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void shouldBackUpAndRestore() throws IOException {
        // Given
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(data.resolve("state"), "x");
        String archive = folder.resolve("backup.zip").toString();
        Path restored = folder.resolve("restored");

        // When
        int backup = run("backup", archive, "--data", data.toString());
        int restore = run("restore", archive, "--data", restored.toString());

        // Then
        assertThat(backup).isEqualTo(ExitCode.DONE);
        assertThat(restore).isEqualTo(ExitCode.DONE);
        assertThat(restored.resolve("state")).hasContent("x");
        assertThat(out.toString()).contains("backed up ", "restored ", ": files=1 bytes=1");
    }

    @Test
    void shouldNeverOverwriteABackup() throws IOException {
        // Given
        Path archive = Files.writeString(folder.resolve("backup.zip"), "precious");

        // When
        int code = run("backup", archive.toString(), "--data", folder.toString());

        // Then
        assertThat(code).isEqualTo(ExitCode.FAILED);
        assertThat(archive).hasContent("precious");
    }

    @Test
    @Timeout(30)
    void shouldNotBackUpIntoItsOwnDirectory() throws IOException {
        // Given
        Path data = Files.createDirectories(folder.resolve("data/journal"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), data);
        Path root = folder.resolve("data");

        // When / Then
        for (Path archive : List.of(root.resolve("b.zip"), data.resolve("b.zip"), link.resolve("b.zip"))) {
            assertThat(run("backup", archive.toString(), "--data", root.toString()))
                    .isEqualTo(ExitCode.USAGE);
        }
        assertThat(run("backup", data.resolve("../../data/b.zip").toString(), "--data", root.toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("lies in the data directory");
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void shouldNotExportMessagesAndPositionsToTheSameFile() {
        String file = folder.resolve("out").toString();
        assertThat(run(
                        "export",
                        "--to",
                        file,
                        "--offsets",
                        folder.resolve("./out").toString()))
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void shouldLeaveNoPartOfAFileThatCouldNotBeWritten() throws IOException {
        // Given
        Path target = folder.resolve("out");

        // When
        assertThatThrownBy(() -> AtomicFile.write(target, content -> {
                    content.write(new byte[100_000]);
                    throw new IOException("the broker is gone");
                }))
                .hasMessage("the broker is gone");

        // Then
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void shouldNotBackUpOrRepairUnderARunningBroker() throws IOException {
        Path directory = Files.createDirectories(folder.resolve("data"));
        try (DataLock running = DataLock.take(directory)) {
            String data = running.directory().toString();
            String archive = folder.resolve("backup.zip").toString();

            assertThat(run("backup", archive, "--data", data)).isEqualTo(ExitCode.FAILED);
            assertThat(run("repair", "--data", data)).isEqualTo(ExitCode.FAILED);
            assertThat(err.toString().lines()).hasSize(2).allMatch(line -> line.contains("is in use"));
        }
    }

    @Test
    void shouldFormatOnce() {
        // Given
        String data = folder.resolve("new").toString();

        // When
        int first = run("format", "--data", data, "--set", "node.id=n7");
        int second = run("format", "--data", data);

        // Then
        assertThat(first).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("formatted " + data + ": node=n7 shards=");
        assertThat(second).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void shouldNotFormatWhatIsNotEmpty() throws IOException {
        // Given
        Files.writeString(folder.resolve("precious"), "x");

        // When
        int code = run("format", "--data", folder.toString());

        // Then
        assertThat(code).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("is not empty: found=precious");
    }

    @Test
    void shouldLeaveTheFailuresOfOtherCommandsToThem() {
        // Given
        CommandLine root = new CommandLine(new Other());
        root.setExecutionExceptionHandler((failure, command, parsed) -> ExitCode.UNREACHABLE);

        // When / Then
        assertThat(Commands.addTo(root).execute()).isEqualTo(ExitCode.UNREACHABLE);
    }

    private int run(String... args) {
        return Commands.addTo(RecadoCli.commandLine())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    @Command(name = "other")
    private static final class Other implements Runnable {
        @Override
        public void run() {
            throw new IllegalStateException("not reachable");
        }
    }
}
