package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ExitCode;
import dev.recado.config.ConfigException;
import dev.recado.config.ConfigLoader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code recado broker FILE} as whole runs in this process, each stopped as soon as it is ready. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClassicBridgeTest {

    private final Path folder;
    private final Path data;
    private final Path file;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    ClassicBridgeTest(@TempDir Path work) throws IOException {
        folder = Files.createDirectory(work.resolve("theirs"));
        data = work.resolve("data");
        file = folder.resolve("messages.dat");
    }

    @Test
    void shouldKeepTimestampsDamagedLinesAndTheFileAsItWas() throws Exception {
        // Given
        String classic = "7:1600000000:5:hello\n8:16000:9:damaged\n9:1600000000123:3:a\nb\nCONSUMER:ana:9\n";
        Files.writeString(file, classic);

        // When
        int first = run();
        int second = run();

        // Then
        assertThat(first).as(told()).isEqualTo(ExitCode.DONE);
        assertThat(second).as(told()).isEqualTo(ExitCode.DONE);
        assertThat(files())
                .containsExactly(
                        Map.entry("messages.dat", "0:1600000000:5:hello\n1:1600000000123:3:a\nb\n"),
                        Map.entry("messages.dat.offsets", "CONSUMER:ana:1\n"),
                        Map.entry("messages.dat.rejected", "8:16000:9:damaged\n"),
                        Map.entry("messages.dat~", classic));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text:\n  port: 9090\n",
                "\n\n# a comment\n1:2:1:x\n",
                "12:30:45 started\n",
                "1:2:30:a file of something else\n",
                "CONSUMER:without-offset\n",
                "\0\1\2",
            })
    void shouldNotTouchAFileThatIsNotClassic(String content) throws Exception {
        // Given
        Files.writeString(file, content);

        // When
        int code = run();

        // Then
        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(told()).contains(file + " is not a classic file and stays as it is: line ", "--config FILE");
        assertThat(files()).containsExactly(Map.entry("messages.dat", content));
        assertThat(data).doesNotExist();
    }

    @Test
    void shouldNotTouchPositionsThatAreNotClassic() throws Exception {
        // Given
        Files.writeString(file, "1:2:1:x\n");
        Files.writeString(folder.resolve("messages.dat.offsets"), "my notes\n");

        // When / Then
        assertThat(run()).isEqualTo(ExitCode.USAGE);
        assertThat(folder.resolve("messages.dat.offsets")).hasContent("my notes\n");
        assertThat(data).doesNotExist();
    }

    @Test
    void shouldTakeAFirstMessageThatIsTooLongForADamagedLine() throws Exception {
        // Given
        Files.writeString(file, "1:2:5:large\n2:3:1:x\n");

        // When
        int code = run("message.bytes-max=4B");

        // Then
        assertThat(code).as(told()).isEqualTo(ExitCode.DONE);
        assertThat(files())
                .containsKey("messages.dat~")
                .containsEntry("messages.dat.rejected", "1:2:5:large\n")
                .hasEntrySatisfying("messages.dat", text -> assertThat(text).endsWith(":1:x\n"));
    }

    @Test
    void shouldMakeAMissingFileAndSaySo() throws Exception {
        // When
        int code = run();

        // Then
        assertThat(code).as(told()).isEqualTo(ExitCode.DONE);
        assertThat(told()).contains("classic file " + file + " did not exist: made, empty");
        assertThat(files()).containsExactly(Map.entry("messages.dat", ""), Map.entry("messages.dat.offsets", ""));
    }

    @Test
    void shouldRefuseAFileThatCouldNotBeWrittenAtTheStop() throws Exception {
        // Given
        Path nowhere = folder.resolve("none/messages.dat");

        // When / Then
        assertThat(run(nowhere)).isEqualTo(ExitCode.USAGE);
        assertThat(told()).contains("there is no directory " + folder.resolve("none"));
        assertThat(run(folder)).isEqualTo(ExitCode.USAGE);
        assertThat(told()).contains(folder + " is a directory");
        assertThat(data).doesNotExist();
    }

    @Test
    void shouldKeepWhatSomebodyElseWroteBetweenRuns() throws Exception {
        // Given
        Files.writeString(file, "1:2:3:one\n");
        run();
        String edited = Files.readString(file) + "2:3:3:two\n";
        Files.writeString(file, edited);

        // When
        int code = run();

        // Then
        assertThat(code).as(told()).isEqualTo(ExitCode.DONE);
        assertThat(files())
                .containsEntry("messages.dat~", "1:2:3:one\n")
                .containsEntry("messages.dat~2", edited)
                .containsEntry("messages.dat", "0:2:3:one\n")
                .hasSize(4);
        assertThat(data.resolve("recado.log")).content().contains("classic file not read: topic default holds");
    }

    @Test
    void shouldLeaveTheFileAloneWhereItsReadingWasCutOffAndReadOnNextTime() throws Exception {
        // Given
        String classic = IntStream.range(0, 5_000)
                .mapToObj(i -> i + ":" + (1_500_000_000 + i) + ":4:" + String.format("%04d", i) + "\n")
                .collect(Collectors.joining());
        Files.writeString(file, classic);
        int code = runCutOff();

        // When
        Map<String, String> afterCut = files();
        run();

        // Then
        assertThat(code).isNotEqualTo(ExitCode.USAGE);
        assertThat(afterCut).containsExactly(Map.entry("messages.dat", classic));
        assertThat(files()).containsEntry("messages.dat", classic).containsEntry("messages.dat~", classic);
        assertThat(data.resolve(ClassicBridge.READING)).doesNotExist();
    }

    @Test
    void shouldNotAdviseToReadItsOwnFileAfterAReadingThatWasGivenUp() throws Exception {
        // Given: a reading was cut off, the file is another since, and a stop has replaced it
        Files.writeString(file, "1:2:3:one\n");
        run();
        Path mark = data.resolve(ClassicBridge.READING);
        Files.writeString(mark, "classic-x\nof another file\n");
        Files.writeString(file, "1:2:3:one\n2:3:3:two\n");
        run();
        boolean left = Files.exists(mark);
        Files.writeString(mark, "classic-x\nof another file\n");

        // When: as an earlier version has left it
        run();

        // Then
        String log = Files.readString(data.resolve("recado.log"));
        assertThat(left).isFalse();
        assertThat(mark).doesNotExist();
        assertThat(log.lines().filter(line -> line.contains("classic file not read on")))
                .hasSize(1);
        assertThat(log.lines().reduce("", (before, line) -> line.contains("classic file") ? line : before))
                .as(log)
                .contains("the topic holds its messages already");
    }

    @Test
    void shouldKeepLinksAndPermissions() throws Exception {
        // Given
        Files.writeString(file, "1:2:3:one\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);

        // When
        int code = run(link);

        // Then
        assertThat(code).as(told()).isEqualTo(ExitCode.DONE);
        assertThat(link).isSymbolicLink().hasContent("0:2:3:one\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    private int run(String... settings) throws ConfigException {
        return run(file, settings);
    }

    private int run(Path classic, String... settings) throws ConfigException {
        StopSwitch stopSwitch = new StopSwitch(() -> {});
        PrintStream ready = new PrintStream(out, true) {
            @Override
            public void println(Object line) {
                super.println(line);
                stopSwitch.request();
            }
        };
        return run(classic, stopSwitch, ready, settings);
    }

    private int runCutOff() throws ConfigException {
        StopSwitch stopSwitch = new StopSwitch(() -> {});
        stopSwitch.request();
        return run(file, stopSwitch, new PrintStream(out, true));
    }

    private int run(Path classic, StopSwitch stopSwitch, PrintStream printer, String... settings)
            throws ConfigException {
        ConfigLoader loader = new ConfigLoader()
                .freePorts()
                .set("node.data", data.toString())
                .set("zmtp.enabled", "false")
                .set("log.console-level", "off");
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            loader.set(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return new BrokerProcess(Wiring.broker(), stopSwitch, printer, new PrintStream(err, true))
                .run(new Launch(loader.load(), null, classic));
    }

    private String told() {
        return out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> listed = Files.list(folder)) {
            for (Path one : (Iterable<Path>) listed::iterator) {
                contents.put(one.getFileName().toString(), Files.readString(one));
            }
        }
        return contents;
    }
}
