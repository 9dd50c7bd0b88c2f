package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the image of the Dockerfile is made of, without a daemon: the JRE by the commands that stand in it, and on that
 * a broker, its health check and its end by the script that is the image's entry point. Only the directories are
 * others, and the archives of classes are left out.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ContainerImageIT {

    private static final Path DOCKER = Path.of("config", "docker").toAbsolutePath();
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Pattern JLINK = Pattern.compile("RUN (modules=(?:.*\\\\\n)+.*--output \\S+\n)");

    @Test
    void shouldRunABrokerOnTheJreOfTheImage(@WorkDir Path work) throws Exception {
        // Given
        Tool.JLINK.require();
        Path opt = Files.createDirectories(work.resolve("opt/recado"));
        Path data = Files.createDirectories(work.resolve("var/lib/recado"));
        Files.copy(JarProcess.jar(), opt.resolve("recado.jar"));
        Matcher jlink = JLINK.matcher(Files.readString(DOCKER.resolve("Dockerfile")));
        assertThat(jlink.find()).isTrue();
        try (ScriptProcess made = ScriptProcess.start(work, "sh", "-c", below(work, jlink.group(1)))) {
            assertThat(made.exitCode(LIMIT)).as(made.out()).isZero();
        }
        Path entry = Files.writeString(work.resolve("recado"), below(work, Files.readString(DOCKER.resolve("recado"))));
        Path ports = data.resolve("ports.json");

        // When
        try (ScriptProcess broker = ScriptProcess.start(
                work,
                "env",
                "RECADO_NODE_DATA=" + data.resolve("data"),
                "sh",
                entry.toString(),
                "broker",
                "--config",
                Path.of("config", "recado.yaml").toAbsolutePath().toString(),
                "--free-ports",
                "--ports-file",
                ports.toString())) {
            Waiting.until("ports file, or an end", LIMIT, () -> Files.exists(ports) || !broker.isAlive());
            assertThat(ports).as(broker.out()).exists();

            // Then
            assertHealth(work, entry, 0, "pong in ");
            assertThat(broker.terminate(LIMIT)).as(broker.out()).isZero();
            assertThat(broker.out()).startsWith("recado ready in ").doesNotContain("WARN");
            assertHealth(work, entry, 3, "");
        }
    }

    private static void assertHealth(Path work, Path entry, int code, String said) throws IOException {
        try (ScriptProcess health = ScriptProcess.start(work, "sh", entry.toString(), "healthy")) {
            assertThat(health.exitCode(LIMIT)).as(health.out()).isEqualTo(code);
            assertThat(health.out()).startsWith(said);
        }
    }

    /** The image's own directories, below {@code work}. */
    private static String below(Path work, String script) {
        return script.replace("/opt/recado", work + "/opt/recado").replace("/var/lib/recado", work + "/var/lib/recado");
    }
}
