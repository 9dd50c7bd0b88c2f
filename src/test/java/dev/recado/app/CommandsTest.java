package dev.recado.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.base.ExitCode;
import dev.recado.cli.RecadoCli;
import dev.recado.cli.Terminal;
import dev.recado.config.ConfigException;
import dev.recado.file.WholeFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class CommandsTest {

    private static final String ANOTHER_BACKUP = "Nothing is restored; take another backup";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Path folder;

    CommandsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @ParameterizedTest
    @ValueSource(strings = {"config", "config -o json", "config --help"})
    void shouldFailWhereTheAnswerIsNotWritten(String line) {
        // Given
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                InputStream.nullInputStream(), full, new PrintStream(told, true, UTF_8), false, action -> {});

        // When
        int code = Commands.addTo(RecadoCli.commandLine(terminal)).execute(line.split(" "));

        // Then
        assertThat(code).isEqualTo(ExitCode.FAILED);
        assertThat(told.toString(UTF_8).lines())
                .singleElement()
                .asString()
                .endsWith(": cannot write: No space left on device");
    }

    @Test
    void shouldRefuseToImportAFileOfPlainLinesAtOnce() throws IOException {
        // Given
        Path lines = Files.writeString(folder.resolve("lines.txt"), "\ncoffee\ntea\n");

        // When
        int code = run("import", lines.toString(), "--topic", "jobs", "--broker", "127.0.0.1:1");

        // Then
        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .contains(lines + " is not a classic file: line 2 is neither MSG_ID:TIMESTAMP:SIZE:CONTENT nor")
                .contains("recado producer --file " + lines + " --topic jobs");
    }

    @Test
    void shouldAnswerUnknownOptionsAsWrongUsage() {
        assertThat(run("broker", "--nonsense")).isEqualTo(ExitCode.USAGE);
        assertThat(run("nonsense")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void shouldTellAScriptWhatCommandsOnAStoppedDirectoryDid() throws IOException {
        // Given
        Path data = folder.resolve("data");
        Path archive = folder.resolve("backup.zip");
        Path restored = folder.resolve("restored");

        // When
        run("format", "--data", data.toString(), "-o", "json");
        run("backup", archive.toString(), "--data", data.toString(), "-o", "json");
        run("restore", archive.toString(), "--data", restored.toString(), "-o", "json");
        run("repair", "--data", restored.toString(), "-o", "json");

        // Then
        List<String> lines = out.toString().lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).isEqualTo("{\"formatted\":\"" + data + "\",\"node\":\"n1\",\"shards\":8}");
        assertThat(lines.get(1))
                .startsWith("{\"backed-up\":\"" + data + "\",\"archive\":\"" + archive + "\",\"files\":")
                .contains(",\"bytes\":");
        assertThat(lines.get(2)).startsWith("{\"restored\":\"" + restored + "\",\"archive\":\"" + archive + "\",");
        assertThat(lines.get(3)).isEqualTo("{\"checked\":\"" + restored + "\",\"findings\":0,\"repaired\":false}");
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
        assertThatThrownBy(() -> WholeFiles.write(target, content -> {
                    content.write(new byte[100_000]);
                    throw new IOException("the broker is gone");
                }))
                .hasMessage("the broker is gone");

        // Then
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void shouldNotBackUpOrRepairUnderARunningBroker() throws IOException, UsageException {
        Path directory = Files.createDirectories(folder.resolve("data"));
        Files.writeString(directory.resolve("state"), "x");
        try (DataLock running = DataLock.take(directory)) {
            String data = running.directory().toString();
            String archive = folder.resolve("backup.zip").toString();

            assertThat(run("backup", archive, "--data", data)).isEqualTo(ExitCode.FAILED);
            assertThat(run("repair", "--data", data)).isEqualTo(ExitCode.FAILED);
            assertThat(err.toString().lines()).hasSize(2).allMatch(line -> line.contains("is in use"));
        }
    }

    @Test
    void shouldSayThatADataDirectoryIsAFile() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("file"), "precious");
        String archive = Files.writeString(folder.resolve("archive"), "").toString();
        String new1 = folder.resolve("new.zip").toString();
        List<List<String>> commands = List.of(
                List.of("broker", "--free-ports"),
                List.of("format"),
                List.of("repair"),
                List.of("backup", new1),
                List.of("restore", archive));

        for (String data : List.of(file.toString(), file + "/below")) {
            for (List<String> command : commands) {
                // When
                int code = run(with(command, "--data", data));

                // Then
                assertThat(code).as(command + " " + data).isEqualTo(ExitCode.USAGE);
            }
        }
        // The broker tells the process's own standard error.
        assertThat(err.toString().lines())
                .hasSize(8)
                .allMatch(line -> line.startsWith("data directory " + file)
                        && line.endsWith(" cannot be used: " + file + " is not a directory. Name another with --data"));
        assertThat(file).hasContent("precious");
    }

    @Test
    void shouldSayThatThereIsNothingToBackUpOrRepair() throws IOException {
        // Given
        String empty = Files.createDirectory(folder.resolve("empty")).toString();
        String missing = folder.resolve("missing").toString();
        String archive = folder.resolve("b.zip").toString();

        // When / Then
        for (String data : List.of(empty, missing)) {
            assertThat(run("repair", "--data", data)).isEqualTo(ExitCode.USAGE);
            assertThat(run("backup", archive, "--data", data)).isEqualTo(ExitCode.USAGE);
        }
        assertThat(err.toString().lines())
                .containsExactly(
                        "data directory " + empty
                                + " is empty, so there is nothing to check: name the broker's with --data",
                        "data directory " + empty
                                + " is empty, so there is nothing to back up: name the broker's with --data",
                        "data directory " + missing + " does not exist: name one with --data",
                        "data directory " + missing + " does not exist: name one with --data");
        assertThat(folder.resolve("empty")).isEmptyDirectory();
        assertThat(folder.resolve("b.zip")).doesNotExist();
    }

    @Test
    void shouldSayWhyAnArchiveCannotBeRestored() throws IOException {
        // Given
        Path noZip = Files.writeString(folder.resolve("notes.txt"), "not a ZIP");
        Path cut = folder.resolve("cut.zip");
        Files.writeString(Files.createDirectories(folder.resolve("data")).resolve("state"), "x".repeat(10_000));
        assertThat(run(
                        "backup",
                        cut.toString(),
                        "--data",
                        folder.resolve("data").toString()))
                .isEqualTo(ExitCode.DONE);
        Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), 60));
        String data = folder.resolve("new").toString();

        // When
        int codeOfMissing = run("restore", folder.resolve("none").toString(), "--data", data);
        int codeOfNoZip = run("restore", noZip.toString(), "--data", data);
        int codeOfCut = run("restore", cut.toString(), "--data", data);

        // Then
        assertThat(List.of(codeOfMissing, codeOfNoZip, codeOfCut))
                .containsExactly(ExitCode.USAGE, ExitCode.FAILED, ExitCode.FAILED);
        assertThat(err.toString().lines()).hasSize(3).satisfies(lines -> {
            assertThat(lines.get(0)).endsWith("none does not exist");
            assertThat(lines.get(1))
                    .contains("is not a finished backup: it has no MANIFEST")
                    .endsWith(ANOTHER_BACKUP);
            assertThat(lines.get(2))
                    .contains("is damaged: an entry cannot be read (")
                    .endsWith(ANOTHER_BACKUP);
        });
        assertThat(folder.resolve("new")).doesNotExist();
    }

    @Test
    void shouldRefuseToExportWhereNothingCanBeWrittenBeforeItAsksTheBroker() throws IOException {
        // Given
        Path there = Files.writeString(folder.resolve("there"), "precious");
        String nobody = "127.0.0.1:1";

        // When / Then
        assertThat(run(
                        "export",
                        "--broker",
                        nobody,
                        "--to",
                        folder.resolve("none/out").toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("export", "--broker", nobody, "--to", folder.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(run("export", "--broker", nobody, "--to", there.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(run("export", "--broker", nobody, "--to", "-", "--offsets", there.toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString().lines())
                .containsExactly(
                        "cannot write --to " + folder + "/none/out: there is no directory " + folder
                                + "/none (mkdir -p " + folder + "/none). Name another file",
                        "cannot write --to " + folder + ": it is a directory. Name another file",
                        "--to " + there + " exists and stays as it is: name another file, or add --replace",
                        "--offsets " + there + " exists and stays as it is: name another file, or add --replace");
        assertThat(there).hasContent("precious");
    }

    @Test
    void shouldNameAHostThatIsUnknown() {
        // When
        int code = run("ping", "--broker", "no-such-host.invalid:8080");

        // Then
        assertThat(code).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(err.toString()).contains("no-such-host.invalid:8080 unknown host");
    }

    @Test
    void shouldFindTheDataDirectoryAsTheBrokerDoes() throws IOException, ConfigException {
        // Given
        SettingOptions options = new SettingOptions();
        options.config = Files.writeString(folder.resolve("recado.yaml"), "node:\n  data: of-the-file\n");

        // When / Then
        options.environment = Map.of();
        assertThat(options.dataDirectory()).isEqualTo(Path.of("of-the-file"));
        options.environment = Map.of("RECADO_NODE_DATA", "of-the-environment");
        assertThat(options.dataDirectory()).isEqualTo(Path.of("of-the-environment"));
        options.data = "of-the-option";
        assertThat(options.dataDirectory()).isEqualTo(Path.of("of-the-option"));
    }

    @Test
    void shouldTakeAFileOfSettingsOnAStoppedDirectory() throws IOException {
        // Given
        Path data = Files.createDirectory(folder.resolve("data"));
        Files.writeString(data.resolve("state"), "x");
        String config = Files.writeString(folder.resolve("recado.yaml"), "node.data: " + data + "\n")
                .toString();
        String archive = folder.resolve("b.zip").toString();

        // When
        int backup = run("backup", archive, "--config", config);
        int repair = run("repair", "--config", config);
        int restore = run("restore", archive, "--config", config);

        // Then
        assertThat(backup).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("backed up " + data + " to " + archive, "damaged file=identity");
        assertThat(repair).isEqualTo(ExitCode.FAILED);
        assertThat(restore).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("data directory " + data + " is not empty");
    }

    private static String[] with(List<String> command, String... more) {
        return Stream.concat(command.stream(), Stream.of(more)).toArray(String[]::new);
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

    @Test
    void shouldBuildTheModelOfTheCommandThatIsCalledAlone() {
        Set<String> all = Commands.commandLine("").getSubcommands().keySet();
        assertThat(all).hasSizeGreaterThan(16);
        // Completion is about all of them.
        assertThat(Commands.commandLine("completion").getSubcommands().keySet()).isEqualTo(all);
        for (String name :
                all.stream().filter(name -> !name.equals("completion")).toList()) {
            assertThat(Commands.commandLine(name).getSubcommands().keySet())
                    .as("a command is called what its table calls it")
                    .containsExactly(name);
        }
        assertThat(Commands.commandLine("nonsense").getSubcommands().keySet()).isEqualTo(all);
        assertThat(Commands.commandLine("--help").getSubcommands().keySet()).isEqualTo(all);
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
