package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.recado.base.ExitCode;
import dev.recado.config.Config;
import dev.recado.config.ConfigException;
import dev.recado.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.ParseResult;

/** The unit of systemd, the Dockerfile and the compose files call the JAR with options that it has. */
class WaysToRunTest {

    private static final Path UNIT = Path.of("config/systemd/recado.service");
    private static final Path DOCKER = Path.of("config/docker");
    /** How long a stop may take before the broker ends it itself. */
    private static final int STOP_SECONDS = 10;

    @Test
    void shouldStartTheServiceWithOptionsOfTheBroker() throws IOException {
        // Given
        String start = unitValue("ExecStart");
        assertThat(start).startsWith("/usr/bin/recado ");

        // When
        ParseResult parsed =
                parse(List.of(start.substring("/usr/bin/recado ".length()).split(" ")));

        // Then
        assertThat(parsed.subcommand().commandSpec().name()).isEqualTo("broker");
        Path ports = parsed.subcommand().matchedOptionValue("--ports-file", Path.of("none"));
        assertThat(unitValue("ExecStartPost")).contains("[ -e " + ports + " ]");
        assertThat(ports.getParent()).isEqualTo(Path.of("/run", unitValue("RuntimeDirectory")));
    }

    @Test
    void shouldRestartByTheExitCodesOfTheBroker() throws IOException {
        assertThat(unitValue("Restart")).isEqualTo("on-failure");
        assertThat(unitValue("RestartPreventExitStatus")).isEqualTo(Integer.toString(ExitCode.USAGE));
        assertThat(seconds(unitValue("TimeoutStopSec"))).isGreaterThan(STOP_SECONDS);
    }

    @Test
    void shouldStartTheContainerWithOptionsOfTheBroker() throws IOException {
        // Given
        String file = dockerfile();
        assertThat(words(file, "ENTRYPOINT")).containsExactly("recado");

        // When
        ParseResult parsed = parse(words(file, "CMD"));

        // Then
        assertThat(parsed.subcommand().commandSpec().name()).isEqualTo("broker");
        Path ports = parsed.subcommand().matchedOptionValue("--ports-file", Path.of("none"));
        assertThat(script()).contains("\nports=" + ports + "\n");
        assertThat(file).contains("\nVOLUME " + ports.getParent() + "\n");
        assertThat(file).contains("\nUSER 10001:10001\n").contains("\nSTOPSIGNAL SIGTERM\n");
    }

    @Test
    void shouldAskForTheHealthOfTheContainerByACommandThatTheProgramHas() throws IOException {
        // Given
        assertThat(words(dockerfile(), "HEALTHCHECK [^\n]* CMD")).containsExactly("recado", "healthy");
        Matcher call = Pattern.compile("\n    set -- (.*)\n").matcher(script());
        assertThat(call.find()).isTrue();

        // When
        ParseResult parsed = parse(List.of(
                call.group(1).replace("\"", "").replace("${port:-8080}", "1").split(" ")));

        // Then
        assertThat(parsed.subcommand().commandSpec().name()).isEqualTo("ping");
        assertThat(parsed.subcommand().<String>matchedOptionValue("--broker", ""))
                .isEqualTo("127.0.0.1:1");
    }

    @Test
    void shouldSendTheDaemonWhatTheDockerfileCopies() throws IOException {
        // Given
        List<String> sent = Files.readAllLines(DOCKER.resolve("Dockerfile.dockerignore"));

        // When
        List<String> copied = new ArrayList<>();
        Matcher copy = Pattern.compile("(?m)^COPY (?!--from)(\\S+) \\S+$").matcher(dockerfile());
        while (copy.find()) {
            copied.add(copy.group(1));
        }

        // Then
        assertThat(copied).contains("target/recado.jar").hasSizeGreaterThan(1);
        assertThat(sent.get(0)).isEqualTo("*");
        assertThat(sent.subList(1, sent.size()))
                .containsExactlyInAnyOrderElementsOf(
                        copied.stream().map(file -> "!" + file).toList());
        assertThat(copied).allMatch(file -> file.startsWith("target/") || Files.exists(Path.of(file)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"compose.yaml", "compose.beside.yaml", "compose.open.yaml"})
    void shouldComposeContainersThatTheProgramCanBe(String name) throws IOException, ConfigException {
        // When
        JsonNode services = new ObjectMapper(new YAMLFactory())
                .readTree(DOCKER.resolve(name).toFile())
                .get("services");

        // Then
        JsonNode broker = services.get("recado");
        // Published ports reach nothing where the broker listens on loopback only.
        assertThat(broker.has("ports")).isEqualTo(name.equals("compose.open.yaml"));
        if (broker.has("ports")) {
            assertSettings(broker.get("environment"));
        } else {
            assertThat(broker.get("network_mode").asText()).isIn("host", "bridge");
        }
        if (broker.has("stop_grace_period")) {
            assertThat(seconds(broker.get("stop_grace_period").asText())).isGreaterThan(STOP_SECONDS);
            Path dockerfile = DOCKER.resolve(broker.get("build").get("context").asText())
                    .resolve(broker.get("build").get("dockerfile").asText());
            assertThat(dockerfile.normalize()).isEqualTo(DOCKER.resolve("Dockerfile"));
        }
        for (JsonNode service : services) {
            if (service.has("command")) {
                List<String> command = new ArrayList<>();
                service.get("command").forEach(word -> command.add(word.asText()));
                assertThat(parse(command).hasSubcommand()).isTrue();
            }
        }
    }

    /** That the program takes the settings of a container's environment, and would be open with them. */
    private static void assertSettings(JsonNode environment) throws ConfigException {
        Map<String, String> variables = new HashMap<>();
        environment
                .fields()
                .forEachRemaining(
                        entry -> variables.put(entry.getKey(), entry.getValue().asText()));
        Config config = new ConfigLoader()
                .environment(variables)
                .rule(OpenListeners::refusals)
                .load();
        assertThat(OpenListeners.refusalWithoutUsers(config)).contains("amqp.host=0.0.0.0");
        assertThat(config.security().firstAdmin()).isNotNull();
    }

    /** Fails as a call of the program would, where it has no such command or option. */
    private static ParseResult parse(List<String> words) {
        return Commands.commandLine(words.get(0)).parseArgs(words.toArray(String[]::new));
    }

    private static String unitValue(String key) throws IOException {
        List<String> values = Files.readAllLines(UNIT).stream()
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1))
                .toList();
        assertThat(values).as(key).hasSize(1);
        return values.get(0);
    }

    private static int seconds(String span) {
        assertThat(span).matches("[0-9]+s");
        return Integer.parseInt(span.substring(0, span.length() - 1));
    }

    private static String dockerfile() throws IOException {
        return Files.readString(DOCKER.resolve("Dockerfile"));
    }

    private static String script() throws IOException {
        return Files.readString(DOCKER.resolve("recado"));
    }

    /** The words of the one instruction that is written as a JSON array. */
    private static List<String> words(String dockerfile, String instruction) throws IOException {
        Matcher line = Pattern.compile("(?m)^" + instruction + " (\\[.*])$").matcher(dockerfile);
        assertThat(line.find()).as(instruction).isTrue();
        List<String> words = new ArrayList<>();
        new ObjectMapper().readTree(line.group(1)).forEach(word -> words.add(word.asText()));
        assertThat(line.find()).as("a second " + instruction).isFalse();
        return words;
    }
}
