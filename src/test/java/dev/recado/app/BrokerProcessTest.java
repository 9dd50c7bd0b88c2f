package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ExitCode;
import dev.recado.base.SettingException;
import dev.recado.config.Config;
import dev.recado.config.ConfigException;
import dev.recado.config.ConfigLoader;
import dev.recado.journal.DataDirectory;
import dev.recado.journal.NioDisk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class BrokerProcessTest {

    private final Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final StopSwitch stopSwitch = new StopSwitch(() -> {});

    BrokerProcessTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void shouldAnnounceItselfAndStopInOrder() throws IOException, ConfigException {
        // Given
        FakeNode node = FakeNode.willing();
        Path portsFile = folder.resolve("ports.json");
        stopSwitch.request();

        // When
        int code = run(node, new Launch(config(), portsFile, null));

        // Then
        assertThat(code).isEqualTo(ExitCode.DONE);
        assertThat(text(out)).matches("recado ready in \\d+ ms on epoll: text 127\\.0\\.0\\.1:40123\\R");
        assertThat(portsFile).hasContent("{\"text\": 40123}\n");
        assertThat(node.stopAsked).isCompleted();
        assertThat(Files.readAllLines(folder.resolve("data/recado.log")))
                .hasSize(3)
                .satisfies(lines -> assertThat(lines.get(0))
                        .matches("\\S+Z INFO node - broker is ready ms=\\d+ io=epoll"
                                + " listeners=\\[text 127.0.0.1:40123]"));
    }

    @Test
    void shouldFailWhenTheNodeCannotStart() throws ConfigException {
        // Given
        FakeNode node = FakeNode.willing();
        node.started.obtrudeException(new IOException("text.port: 8080 is in use"));

        // When
        int code = run(node, new Launch(config(), null, null));

        // Then
        assertThat(code).isEqualTo(ExitCode.FAILED);
        assertThat(text(out)).isEmpty();
        assertThat(text(err)).contains("recado failed: text.port: 8080 is in use");
        assertThat(node.stopAsked).isCompleted();
    }

    @Test
    void shouldFailWhenTheRunningNodeFails() throws ConfigException {
        // Given
        FakeNode node = FakeNode.willing();
        node.failed.completeExceptionally(new IOException("storage failed"));

        // When
        int code = run(node, new Launch(config(), null, null));

        // Then
        assertThat(code).isEqualTo(ExitCode.FAILED);
        assertThat(text(err)).contains("recado failed: storage failed");
        assertThat(node.stopAsked).isCompleted();
    }

    @Test
    void shouldFailWhenTheNodeDoesNotStopInOrder() throws ConfigException {
        // Given
        FakeNode node = FakeNode.willing();
        node.stopped.obtrudeException(new IOException("journal is not drained"));
        stopSwitch.request();

        // When
        int code = run(node, new Launch(config(), null, null));

        // Then
        assertThat(code).isEqualTo(ExitCode.FAILED);
        assertThat(text(err)).contains("recado did not stop in order: journal is not drained");
    }

    @Test
    void shouldStopBeforeItIsReadyWhenAskedTo() throws ConfigException {
        // Given
        FakeNode node = new FakeNode();
        node.stopped.complete(null);
        stopSwitch.request();

        // When
        int code = run(node, new Launch(config(), null, null));

        // Then
        assertThat(code).isEqualTo(ExitCode.DONE);
        assertThat(text(out)).isEmpty();
    }

    @Test
    void shouldReplaceAFileOfPortsAndNoOther() throws IOException, ConfigException {
        // Given
        Path ports = Files.writeString(folder.resolve("ports.json"), "{\"text\": 1, \"zmtp-router\": 2}\n");
        Path empty = Files.createFile(folder.resolve("empty"));
        Path config = Files.writeString(folder.resolve("recado.yaml"), "text.port: 0\n");
        stopSwitch.request();

        // When / Then
        assertThat(run(FakeNode.willing(), new Launch(config(), ports, null))).isEqualTo(ExitCode.DONE);
        assertThat(run(FakeNode.willing(), new Launch(config(), empty, null))).isEqualTo(ExitCode.DONE);
        assertThat(ports).hasContent("{\"text\": 40123}").hasSameTextualContentAs(empty);
        assertThat(run(FakeNode.willing(), new Launch(config(), config, null))).isEqualTo(ExitCode.USAGE);
        assertThat(text(err)).contains("--ports-file " + config + " is not a file of ports and stays as it is");
        assertThat(config).hasContent("text.port: 0\n");
    }

    @Test
    void shouldRefuseToListenToStrangers() throws ConfigException {
        // Given
        Config config = new ConfigLoader().set("text.host", "0.0.0.0").load();

        // When
        int code = run(FakeNode.willing(), new Launch(config, null, null));

        // Then
        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(text(err)).startsWith("text.host: 0.0.0.0 is not a loopback address");
    }

    @Test
    void shouldTellOfEverythingThatIsWrongAtOnce() throws IOException, ConfigException {
        // Given
        Path notes = Files.writeString(folder.resolve("notes.txt"), "not ours\n");
        Config config = new ConfigLoader()
                .set("zmtp.pull.host", "10.0.0.1")
                .set("zmtp.push.host", "10.0.0.1")
                .set("node.data", notes.toString())
                .load();

        // When
        int code = run(FakeNode.willing(), new Launch(config, notes, notes));

        // Then
        assertThat(code).isEqualTo(ExitCode.USAGE);
        List<String> lines = text(err).lines().toList();
        assertThat(lines).hasSize(5);
        assertThat(lines.get(0)).startsWith("zmtp.pull.host: 10.0.0.1 is not a loopback address");
        assertThat(lines.get(1)).startsWith("zmtp.push.host: 10.0.0.1 is not a loopback address");
        assertThat(lines.get(2)).contains("notes.txt", "not a directory");
        assertThat(lines.get(3)).startsWith("--ports-file " + notes);
        assertThat(lines.get(4)).startsWith(notes + " is not a classic file");
    }

    @Test
    void shouldRefuseAPortsFileInAMissingDirectory() throws ConfigException {
        // Given
        Path ports = folder.resolve("missing/ports.json");

        // When
        int code = run(FakeNode.willing(), new Launch(config(), ports, null));

        // Then
        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(text(err))
                .startsWith("--ports-file " + ports + " cannot be written: there is no directory " + ports.getParent());
    }

    @ParameterizedTest
    @CsvSource({"logs, it is a directory", "missing/recado.log, there is no directory", "'', ", "new.log, "})
    void shouldRefuseALogThatCannotBeWritten(String file, @Nullable String why) throws IOException, ConfigException {
        // Given
        Files.createDirectories(folder.resolve("data/logs"));
        Config config = new ConfigLoader()
                .set("node.data", folder.resolve("data").toString())
                .set("log.file", file)
                .load();
        stopSwitch.request();

        // When
        int code = run(FakeNode.willing(), new Launch(config, null, null));

        // Then
        assertThat(code).isEqualTo(why == null ? ExitCode.DONE : ExitCode.USAGE);
        if (why != null) {
            assertThat(text(err)).startsWith("log.file: ").contains(file, why);
        }
    }

    @Test
    void shouldAnswerWrongUsageWhereASettingNamesNoFile() throws ConfigException {
        // Given
        FakeNode node = FakeNode.willing();
        node.started.obtrudeException(new SettingException("zmtp.curve.key-file: cannot read key", null));

        // When
        int code = run(node, new Launch(config(), null, null));

        // Then
        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(text(err)).contains("zmtp.curve.key-file: cannot read key");
        assertThat(node.stopAsked).isCompleted();
    }

    @Test
    void shouldRefuseALockedDirectory() throws IOException, ConfigException {
        // Given
        int code;
        try (DataDirectory other =
                DataDirectory.open(new NioDisk(folder.resolve("data")), null, null, UUID::randomUUID)) {
            // When
            code = run(FakeNode.willing(), new Launch(config(), null, null));
            assertThat(other.identity().nodeId()).isEqualTo("n1");
        }

        // Then
        assertThat(code).isEqualTo(ExitCode.FAILED);
        assertThat(text(err)).contains("is in use", "" + ProcessHandle.current().pid());
    }

    @Test
    void shouldListListenersInThePortsFile() {
        assertThat(PortsFile.json(List.of(new BoundAddress("text", "::1", 1), new BoundAddress("admin", "::1", 2))))
                .isEqualTo("{\"text\": 1, \"admin\": 2}\n");
    }

    private Config config() throws ConfigException {
        return new ConfigLoader()
                .set("node.data", folder.resolve("data").toString())
                .load();
    }

    private int run(FakeNode node, Launch launch) {
        return new BrokerProcess(
                        (launched, disk, directory) -> node,
                        stopSwitch,
                        new PrintStream(out, true),
                        new PrintStream(err, true))
                .run(launch);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
