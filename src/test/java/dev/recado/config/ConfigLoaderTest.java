package dev.recado.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.recado.core.topic.Overflow;
import dev.recado.transport.ListenerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {

    private final Path folder;

    ConfigLoaderTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void shouldHaveDefaultsWhereNothingIsSaid() throws ConfigException {
        // When
        Config config = new ConfigLoader().load();

        // Then
        assertThat(config).isEqualTo(Config.defaults());
        assertThat(listener("text", config)).isEqualTo(new ListenerSettings("127.0.0.1", 8080, 4096, null));
        assertThat(config.transports().values().integer("text.line-bytes-max")).isEqualTo(65_536);
        assertThat(config.node().dataDir()).isEqualTo(Path.of("data"));
        assertThat(config.groups().maxMembers()).isEqualTo(10);
        assertThat(config.transports().values().number("sessions.idle-timeout")).isEqualTo(60_000);
        assertThat(config.disk().freeMinBytes()).isEqualTo(1L << 30);
        assertThat(config.topics().defaults().overflow()).isEqualTo(Overflow.BLOCK);
    }

    @Test
    void shouldSayThatAPathCannotBeWritten() {
        // Given: a character that no path has, as one that the system's character set lacks
        List<String> keys = List.of("node.data", "log.file", "zmtp.curve.key-file", "zmtp.curve.clients-file");
        ConfigLoader loader = new ConfigLoader();
        keys.forEach(key -> loader.set(key, "a\0b"));

        // When
        ConfigException wrong = catchThrowableOfType(ConfigException.class, loader::load);

        // Then
        assertThat(wrong.problems()).hasSize(keys.size()).allMatch(problem -> problem.contains("LC_ALL=C.UTF-8"));
    }

    @Test
    void shouldLetTheLastSourceWin() throws ConfigException, IOException {
        // Given
        Path file = yaml("text:\n  port: 1\n  host: localhost\nsessions.connections-max: 3\n");

        // When
        Config config = new ConfigLoader()
                .file(file)
                .environment(Map.of("RECADO_TEXT_PORT", "2", "RECADO_SESSIONS_CONNECTIONS_MAX", "4", "HOME", "x"))
                .assignments(List.of("text.port=5"))
                .load();

        // Then
        assertThat(listener("text", config).port()).isEqualTo(5);
        assertThat(listener("text", config).host()).isEqualTo("localhost");
        assertThat(config.sessions().connectionsMax()).isEqualTo(4);
    }

    @Test
    void shouldReadNestedAndDottedKeys() throws ConfigException, IOException {
        // Given
        Path file =
                yaml("topics:\n  default:\n    limit.messages: 1000\n    overflow: reject\nmessage.bytes-max: 1MiB\n");

        // When
        Config config = new ConfigLoader().file(file).load();

        // Then
        assertThat(config.topics().defaults().limitMessages()).isEqualTo(1000);
        assertThat(config.topics().defaults().overflow()).isEqualTo(Overflow.REJECT);
        assertThat(config.message().bytesMax()).isEqualTo(1 << 20);
    }

    @Test
    void shouldAcceptAnEmptyFile() throws ConfigException, IOException {
        assertThat(new ConfigLoader().file(yaml("# nothing\n")).load()).isEqualTo(Config.defaults());
    }

    @Test
    void shouldNameKeyValueAndWhatIsAllowed() {
        assertThat(problems(new ConfigLoader().assignments(List.of("text.prot=1"))))
                .containsExactly("unknown setting text.prot: did you mean text.port?");
        assertThat(problems(new ConfigLoader().assignments(List.of("text.port=99999"))))
                .containsExactly("text.port: 99999 is not allowed: an integer from 0 to 65535");
        assertThat(problems(new ConfigLoader().assignments(List.of("topics.default.overflow=wait"))))
                .containsExactly("topics.default.overflow: wait is not allowed: one of block, reject, drop-oldest,"
                        + " reject-dead-letter");
        assertThat(problems(new ConfigLoader().assignments(List.of("topics.auto-create=yes"))))
                .containsExactly("topics.auto-create: yes is not allowed: true or false");
        assertThat(problems(new ConfigLoader().assignments(List.of("text.port"))))
                .containsExactly("--set text.port is not allowed: key=value");
    }

    @Test
    void shouldPassOverVariablesThatAreNoSettings() throws ConfigException {
        // Given
        Map<String, String> variables = Map.of(
                "RECADO_BROKER", "somewhere:8080",
                "RECADO_HOME", "/opt/recado",
                "RECADO_NAMESPACE", "shop",
                "RECADO_OPTS", "-Xmx1g",
                "RECADO_VERSION", "0.9");

        // When
        Config config = new ConfigLoader().environment(variables).load();

        // Then
        assertThat(config).isEqualTo(Config.defaults());
        assertThat(problems(new ConfigLoader().environment(Map.of("RECADO_BROKERS", "x"))))
                .hasSize(1);
    }

    @Test
    void shouldReportEverythingAtOnceWithItsOrigin() throws IOException {
        // Given
        Path file = yaml("nonsense-of-some-kind: 1\ntext.port: x\n");
        ConfigLoader loader = new ConfigLoader()
                .file(file)
                .environment(Map.of("RECADO_TEXT_PROT", "1"))
                .assignments(List.of("disk.free-min=much"));

        // When
        List<String> problems = problems(loader);

        // Then
        assertThat(problems)
                .containsExactly(
                        "unknown setting nonsense-of-some-kind: `recado config` lists them all (in " + file + ")",
                        "text.port: x is not allowed: an integer from 0 to 65535 (in " + file + ")",
                        "unknown setting text.prot: did you mean text.port? (environment variable RECADO_TEXT_PROT)",
                        "disk.free-min: much is not allowed: a size from 0 to 1024TiB");
    }

    @Test
    void shouldPassOverWhatKubernetesSets() throws ConfigException {
        // Given
        Map<String, String> variables = Map.of(
                "RECADO_PORT", "tcp://10.0.0.1:8080", "RECADO_SERVICE_HOST", "10.0.0.1", "RECADO_PORT_8080_TCP", "x");

        // When / Then
        assertThat(new ConfigLoader().environment(variables).load()).isEqualTo(Config.defaults());
    }

    @Test
    void shouldRefuseWhatIsNoSettingsFile() throws IOException {
        assertThat(problems(new ConfigLoader().file(folder.resolve("absent.yaml"))))
                .containsExactly(folder.resolve("absent.yaml") + ": no such file");
        assertThat(problems(new ConfigLoader().file(yaml("- a\n- b\n")))).hasSize(1);
        assertThat(problems(new ConfigLoader().file(yaml("text: [unclosed\n")))).hasSize(1);
        assertThat(problems(new ConfigLoader().file(yaml("text.port: 1\ntext.port: 2\n"))))
                .hasSize(1);
        assertThat(problems(new ConfigLoader().file(yaml("text:\n  port: 1\ntext.port: 2\n"))))
                .hasSize(1);
    }

    @Test
    void shouldRefuseSettingsThatContradictEachOther() {
        assertThat(problems(new ConfigLoader().set("journal.checkpoint-bytes", "64MiB")))
                .containsExactly(
                        "journal.file-bytes: 128MiB is not allowed: at most journal.checkpoint-bytes, which is 64MiB");
        assertThat(problems(new ConfigLoader().set("node.id", "a b")))
                .containsExactly("node.id: a b is not allowed: letters, digits, '.', '_' and '-' only");
        assertThat(problems(
                        new ConfigLoader().set("topics.default.kind", "queue").set("topics.default.partitions", "4")))
                .containsExactly("topics.default.partitions: 4 is not allowed: topics.default.kind is queue, and a"
                        + " queue has one partition");
    }

    @Test
    void shouldRefuseTwoListenersOfOneAddressAndTwoPatternsOfOneTopic() {
        assertThat(problems(new ConfigLoader()
                        .set("text.port", "7777")
                        .set("zmtp.pull.host", "localhost")
                        .set("zmtp.pull.port", "7777")))
                .containsExactly("zmtp.pull.port: 7777 is not allowed: text.port is the same");
        assertThat(problems(new ConfigLoader()
                        .set("zmtp.enabled", "false")
                        .set("text.port", "7777")
                        .set("zmtp.pull.port", "7777")))
                .isEmpty();
        assertThat(problems(new ConfigLoader().set("text.port", "0").set("zmtp.pull.port", "0")))
                .isEmpty();
        assertThat(problems(
                        new ConfigLoader().set("zmtp.requests.topic", "same").set("zmtp.pipeline.topic", "same")))
                .containsExactly("zmtp.pipeline.topic: same is not allowed: zmtp.requests.topic is the same, and each"
                        + " kind of ZeroMQ's sockets needs a topic of its own");
        assertThat(problems(new ConfigLoader()
                        .set("zmtp.enabled", "false")
                        .set("zmtp.requests.topic", "same")
                        .set("zmtp.pipeline.topic", "same")))
                .isEmpty();
        assertThat(problems(
                        new ConfigLoader().set("zmtp.pull.host", "LOCALHOST").set("zmtp.pull.port", "8080")))
                .hasSize(1);
        assertThat(problems(new ConfigLoader().set("zmtp.pull.host", "").set("zmtp.pull.port", "8080")))
                .singleElement()
                .asString()
                .startsWith("zmtp.pull.host");
    }

    @Test
    void shouldJudgeNoSettingByAnotherThatIsWrong() {
        assertThat(problems(
                        new ConfigLoader().set("journal.file-bytes", "1PiB").set("journal.checkpoint-bytes", "1MiB")))
                .containsExactly("journal.file-bytes: 1PiB is not allowed: a size from 1MiB to 1GiB");
    }

    @Test
    void shouldAskFurtherRulesWhateverElseIsWrong() {
        // Given
        ConfigLoader loader = new ConfigLoader()
                .set("text.host", "example.org")
                .set("text.port", "x")
                .set("node.id", "a b")
                .rule(config -> List.of(listener("text", config).host() + ":"
                        + listener("text", config).port()));

        // When / Then
        assertThat(problems(loader))
                .containsExactly(
                        "text.port: x is not allowed: an integer from 0 to 65535",
                        "node.id: a b is not allowed: letters, digits, '.', '_' and '-' only",
                        "example.org:8080");
    }

    @Test
    void shouldRefuseClusterModeInThisVersion() {
        assertThat(problems(new ConfigLoader().set("cluster.members", "n1@127.0.0.1:7101:7201")))
                .containsExactly("cluster.members: cluster mode arrives with a later version: leave it empty");
    }

    @Test
    void shouldPickFreePorts() throws ConfigException {
        // When
        Config config = new ConfigLoader().freePorts().load();

        // Then
        assertThat(config.transports().enabledListeners()).hasSize(8).allSatisfy(listener -> assertThat(
                        listener.settings(config.transports().values()).port())
                .isZero());
    }

    private static ListenerSettings listener(String name, Config config) {
        return config.transports().enabledListeners().stream()
                .filter(listener -> listener.name().equals(name))
                .findFirst()
                .orElseThrow()
                .settings(config.transports().values());
    }

    private Path yaml(String text) throws IOException {
        return Files.writeString(folder.resolve("settings.yaml"), text);
    }

    private static List<String> problems(ConfigLoader loader) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, loader::load);
        return refused == null ? List.of() : refused.problems();
    }
}
