package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.recado.transport.BadClient;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The JAR beside a directory with one package and one service file, the transport {@code echo} of the tests: it is a
 * protocol like the others in everything that a user sees.
 */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NewTransportIT {

    private static final String PACKAGE = "dev/recado/transport/echo";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Path work;
    private List<String> jvmArgs = List.of();

    NewTransportIT(@WorkDir Path work) {
        this.work = work;
    }

    @BeforeEach
    void putItBesideTheJar() throws IOException {
        Path plugin = work.resolve("plugin");
        copy(found(PACKAGE), plugin.resolve(PACKAGE));
        copy(found("transports/echo/META-INF/services"), plugin.resolve("META-INF/services"));
        jvmArgs = List.of("-cp", JarProcess.jar() + File.pathSeparator + plugin, "dev.recado.app.Recado");
    }

    private static Path found(String name) throws IOException {
        URL place = NewTransportIT.class.getClassLoader().getResource(name);
        return new File(Objects.requireNonNull(place, name).getPath()).toPath();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file :
                    files.filter(one -> !one.toString().contains("Test")).toList()) {
                Files.copy(file, to.resolve(file.getFileName().toString()));
            }
        }
    }

    private BrokerProcess broker() throws IOException {
        BrokerProcess.Plan plan = BrokerProcess.in(work).set("echo.conversations-max", "3");
        jvmArgs.forEach(plan::jvmArgument);
        return plan.start();
    }

    private JarProcess command(String... args) throws IOException {
        return JarProcess.start(work, jvmArgs, null, List.of(args));
    }

    @Test
    void shouldBeListedAndBeBoundAsTheOthersAre() throws IOException {
        try (JarProcess config = command("config", "-o", "json");
                BrokerProcess broker = broker()) {
            // When
            int echo = broker.port("echo");

            // Then
            assertThat(config.exitCode(LIMIT)).isZero();
            assertThat(new ObjectMapper().readTree(config.out()).fieldNames())
                    .toIterable()
                    .containsSubsequence(
                            "text.port",
                            "zmtp.curve.clients-file",
                            "echo.host",
                            "echo.port",
                            "echo.accept-backlog",
                            "echo.conversations-max",
                            "sessions.connections-max");
            assertThat(broker.process().out())
                    .contains("text 127.0.0.1:" + broker.textPort() + ", zmtp-router ")
                    .contains(", echo 127.0.0.1:" + echo);
            assertThat(broker.terminate()).isZero();
        }
    }

    @Test
    void shouldKeepTheRulesOfAllListeners() throws IOException {
        try (JarProcess config = command(
                "config",
                "--set",
                "echo.host=0.0.0.0",
                "--set",
                "echo.conversations-max=0",
                "--set",
                "text.host=0.0.0.0",
                "--set",
                "text.port=7007",
                "--set",
                "echo.prot=1")) {
            assertThat(config.exitCode(LIMIT)).isEqualTo(2);
            Stream<String> told = config.err().lines();
            assertThat(told.map(line -> line.replaceAll("and passwords would .*readable: ", "")))
                    .containsExactly(
                            "echo.conversations-max: 0 is not allowed: an integer from 1 to 999",
                            "unknown setting echo.prot: did you mean echo.port?",
                            "echo.port: 7007 is not allowed: text.port is the same",
                            "text.host: 0.0.0.0 is not a loopback address, set text.tls.certificate and"
                                    + " text.tls.key, which recado tls self-signed makes for a first try; on a"
                                    + " network that you trust, --set text.plaintext=true",
                            "echo.host: 0.0.0.0 is not a loopback address, start with --set echo.host=127.0.0.1");
        }
    }

    @Test
    void shouldSayHowToFindAnotherPort() throws IOException {
        try (BrokerProcess broker = broker()) {
            String taken = "echo.port=" + broker.port("echo");
            Path data = work.resolve("other");
            String[] start = {"broker", "--data", data.toString(), "--set", "text.port=0", "--set", taken};

            // When
            try (JarProcess second = command(Stream.concat(
                            Stream.of(start), Stream.of("--set", "zmtp.enabled=false", "--set", "amqp.enabled=false"))
                    .toArray(String[]::new))) {

                // Then
                assertThat(second.exitCode(LIMIT)).isEqualTo(1);
                assertThat(second.err()).contains("choose another port with --set echo.port=0");
            }
        }
    }

    @Test
    void shouldPublishToAndConsumeFromOtherProtocols() throws Exception {
        try (BrokerProcess broker = broker();
                TextConnection text = broker.connect();
                BadClient echo = new BadClient(broker.port("echo"))) {
            // Given
            assertThat(text.ask("TOPIC:CREATE:t")).startsWith("OK");
            assertThat(echo.send("2 SUB t workers\n").line()).isEqualTo("2 JOINED");

            // When
            echo.send("1 PUB t of echo\n");

            // Then
            assertThat(List.of(echo.line(), echo.line())).containsExactlyInAnyOrder("1 STORED 0 1", "2 MSG of echo");
            text.ask("PUB:t:7\nof text");
            assertThat(echo.line()).isEqualTo("2 MSG of text");
            assertThat(text.list("SESSION:LIST")).anyMatch(line -> line.contains("\"echo\""));
        }
    }

    @Test
    void shouldNotLetOneConversationHoldUpTheOthers() throws Exception {
        try (BrokerProcess broker = broker();
                TextConnection text = broker.connect();
                BadClient echo = new BadClient(broker.port("echo"))) {
            // Given
            assertThat(text.ask("TOPIC:CREATE:full:limit.messages=1&overflow=block"))
                    .startsWith("OK");
            assertThat(text.ask("TOPIC:CREATE:free")).startsWith("OK");

            // When
            echo.send("1 PUB full first\n1 PUB full waits for room\n");
            assertThat(echo.line()).isEqualTo("1 STORED 0 1");

            // Then
            for (int i = 0; i < 100; i++) {
                assertThat(echo.send("2 ECHO still here\n").line()).isEqualTo("2 ECHO still here");
                assertThat(echo.send("2 PUB free message\n").line()).isEqualTo("2 STORED " + i + " 1");
            }
            echo.send("3 SUB full workers\n");
            assertThat(Stream.of(echo.line(), echo.line(), echo.line(), echo.line()))
                    .containsExactlyInAnyOrder("3 JOINED", "3 MSG first", "1 STORED 1 1", "3 MSG waits for room");
        }
    }

    @Test
    void shouldEndOneConversationAndKeepTheOthers() throws Exception {
        try (BrokerProcess broker = broker();
                TextConnection text = broker.connect();
                BadClient echo = new BadClient(broker.port("echo"))) {
            // Given
            echo.send("1 ECHO a b\n2 ECHO a b\n");
            assertThat(List.of(echo.line(), echo.line())).containsExactly("1 ECHO a b", "2 ECHO a b");
            String second = text.list("SESSION:LIST").stream()
                    .filter(line -> line.contains("conversation 2"))
                    .findFirst()
                    .orElseThrow();

            // When
            text.ask("SESSION:CLOSE:" + second.replaceAll(".*\"session\":\"?(\\d+).*", "$1"));

            // Then
            assertThat(echo.line()).isEqualTo("2 ERROR SESSION_CLOSED");
            assertThat(echo.send("1 ECHO c d\n").line()).isEqualTo("1 ECHO c d");
            assertThat(text.list("SESSION:LIST")).noneMatch(line -> line.contains("conversation 2"));
            assertThat(echo.send("4 ECHO too many\n").line()).startsWith("0 ERROR MALFORMED <1 to 3>");
            assertThat(echo.send("no line\n").line()).startsWith("0 ERROR MALFORMED");
        }
    }
}
