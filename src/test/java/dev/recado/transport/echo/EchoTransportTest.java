package dev.recado.transport.echo;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.recado.base.Setting;
import dev.recado.config.Config;
import dev.recado.config.ConfigException;
import dev.recado.config.ConfigLoader;
import dev.recado.config.SettingTable;
import dev.recado.transport.DeclaredListener;
import dev.recado.transport.Transport;
import dev.recado.transport.Transports;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A transport is one package and one service file. The file of this one lies where only a class loader of its own, and
 * the process of {@code NewTransportIT}, look, so that the settings and pages of other tests are the product's.
 */
class EchoTransportTest {

    private static final String SERVICES = "transports/echo/";
    private static final int LINES_MAX = 300;

    private static List<Transport> found() throws IOException {
        ClassLoader tests = EchoTransportTest.class.getClassLoader();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {tests.getResource(SERVICES)}, tests)) {
            return Transports.in(loader);
        }
    }

    private static List<String> problems(ConfigLoader loader) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, loader::load);
        return refused == null ? List.of() : refused.problems();
    }

    @Test
    void shouldBeFoundByItsServiceFileBehindTheOthers() throws IOException {
        assertThat(found()).extracting(Transport::name).containsExactly("text", "zmtp", "amqp", "echo");
        assertThat(Transports.found()).extracting(Transport::name).containsExactly("text", "zmtp", "amqp");
    }

    @Test
    void shouldHaveItsSettingsBehindThoseOfTheOthers() throws IOException {
        // When
        List<String> keys =
                new SettingTable(found()).settings().stream().map(Setting::key).toList();

        // Then
        assertThat(keys)
                .containsSubsequence(
                        "zmtp.curve.clients-file",
                        "echo.host",
                        "echo.port",
                        "echo.accept-backlog",
                        "echo.conversations-max",
                        "sessions.connections-max");
    }

    @Test
    void shouldHaveAListenerAsTheOthersDo() throws IOException, ConfigException {
        // Given
        SettingTable table = new SettingTable(found());

        // When
        Config config = new ConfigLoader(table)
                .environment(Map.of("RECADO_ECHO_CONVERSATIONS_MAX", "5"))
                .set("zmtp.enabled", "false")
                .freePorts()
                .load();

        // Then
        assertThat(config.transports().enabledListeners())
                .extracting(DeclaredListener::name)
                .containsExactly("text", "amqp", "echo");
        assertThat(config.transports().values().integer("echo.port")).isZero();
        assertThat(config.transports().values().integer("echo.conversations-max"))
                .isEqualTo(5);
        assertThat(problems(new ConfigLoader(table).set("echo.port", "5557")))
                .containsExactly("echo.port: 5557 is not allowed: zmtp.xsub.port is the same");
        assertThat(problems(new ConfigLoader(table).set("echo.prot", "1")))
                .containsExactly("unknown setting echo.prot: did you mean echo.port?");
    }

    @Test
    void shouldBeKnownToNobody() throws IOException {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.recado.transport.echo")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.recado.transport.echo")
                .check(new ClassFileImporter().importPackages("dev.recado"));
        try (Stream<Path> product = Files.walk(Path.of("src/main"))) {
            for (Path file : product.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file)).as(file.toString()).doesNotContain("transport.echo", "echo.port");
            }
        }
    }

    @Test
    void shouldBeSmall() throws IOException {
        // When
        int lines = 0;
        try (Stream<Path> sources = Files.list(Path.of("src/test/java/dev/recado/transport/echo"))) {
            for (Path source :
                    sources.filter(one -> !one.toString().endsWith("Test.java")).toList()) {
                lines += Files.readAllLines(source).size();
            }
        }
        try (Stream<Path> services = Files.walk(Path.of("src/test/resources", SERVICES))) {
            for (Path file : services.filter(Files::isRegularFile).toList()) {
                lines += Files.readAllLines(file).size();
            }
        }

        // Then
        assertThat(lines).isBetween(1, LINES_MAX);
    }
}
