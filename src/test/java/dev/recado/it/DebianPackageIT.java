package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The Debian package: built around the JAR under test, unpacked, its unit judged, and its broker run. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DebianPackageIT {

    private static final Duration BUILD_LIMIT = Duration.ofMinutes(4);
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Pattern PORT = Pattern.compile("\"text\": ([0-9]+)");

    private static Path work;
    private static Path deb;
    /** What the package would put below {@code /}. */
    private static Path tree;

    @BeforeAll
    static void build(@WorkDir Path directory) throws IOException {
        Tool.DPKG.require();
        Tool.MAVEN.require();
        work = directory;
        deb = work.resolve("recado.deb");
        tree = work.resolve("tree");
        List<String> call = new ArrayList<>(List.of("mvn", "-B", "-ntp", "-Pdeb", "-Ddeb.file=" + deb));
        call.add("-Ddeb.jar=" + JarProcess.jar());
        call.addAll(List.of("antrun:run@deb-files", "jdeb:jdeb@deb"));
        try (ScriptProcess maven = ScriptProcess.start(work, call.toArray(String[]::new))) {
            if (maven.exitCode(BUILD_LIMIT) != 0) {
                if (maven.out().contains("Could not transfer") || maven.out().contains("Could not resolve")) {
                    Tool.lack("needs the plugin jdeb from Maven's central repository: a network at first");
                }
                throw new AssertionError("no package: " + maven.out());
            }
        }
        run("dpkg-deb", "-x", deb.toString(), tree.toString());
    }

    @Test
    void shouldHoldWhatAServiceNeedsAndNothingElse() throws IOException {
        // When
        String listed = run("dpkg-deb", "-c", deb.toString());

        // Then
        List<String> files = listed.lines()
                .filter(line -> !line.startsWith("d"))
                .map(line -> line.replaceFirst("^(\\S+ \\S+) .* (\\S+)$", "$1 $2"))
                .sorted()
                .toList();
        assertThat(files)
                .containsExactly(
                        "-rw-r--r-- root/root ./etc/default/recado",
                        "-rw-r--r-- root/root ./etc/recado/recado.yaml",
                        "-rw-r--r-- root/root ./usr/lib/systemd/system/recado.service",
                        "-rw-r--r-- root/root ./usr/share/doc/recado/copyright",
                        "-rw-r--r-- root/root ./usr/share/man/man1/recado.1.gz",
                        "-rw-r--r-- root/root ./usr/share/recado/recado.jar",
                        "-rwxr-xr-x root/root ./usr/bin/recado");
        assertThat(run("dpkg-deb", "-I", deb.toString(), "conffiles").lines())
                .containsExactly("/etc/recado/recado.yaml", "/etc/default/recado");
        assertThat(tree.resolve("usr/share/recado/recado.jar")).hasSameBinaryContentAs(JarProcess.jar());
    }

    @Test
    void shouldHaveScriptsThatAShellUnderstands() throws IOException {
        // Given
        Path control = work.resolve("control");
        run("dpkg-deb", "-e", deb.toString(), control.toString());

        // When / Then
        for (String script : List.of("postinst", "prerm", "postrm")) {
            assertThat(control.resolve(script)).isExecutable();
            assertThat(run("sh", "-n", control.resolve(script).toString())).isEmpty();
        }
    }

    @Test
    void shouldHaveAUnitThatSystemdUnderstands() throws IOException {
        // Given
        Tool.SYSTEMD.require();
        Path launcher = tree.resolve("usr/bin/recado");
        Path unit = work.resolve("recado.service");
        String text = Files.readString(tree.resolve("usr/lib/systemd/system/recado.service"));
        Files.writeString(unit, text.replace("ExecStart=/usr/bin/recado ", "ExecStart=" + launcher + " "));

        // When / Then: what it does not understand it tells, and ends with 0 all the same
        assertThat(run("systemd-analyze", "verify", "--man=no", unit.toString()))
                .isEmpty();
    }

    @Test
    void shouldRunTheBrokerOfThePackage() throws IOException {
        // Given: its files as they are, but for where they lie
        Path jar = tree.resolve("usr/share/recado/recado.jar");
        Path launcher =
                Files.copy(tree.resolve("usr/bin/recado"), work.resolve("recado"), StandardCopyOption.COPY_ATTRIBUTES);
        String script = Files.readString(launcher);
        assertThat(script).contains("\njar='/usr/share/recado/recado.jar'\n");
        Files.writeString(launcher, script.replace("/usr/share/recado/recado.jar", jar.toString()));
        Path settings = tree.resolve("etc/recado/recado.yaml");
        assertThat(settings).content().contains("\nnode.data: /var/lib/recado\n");
        Path ports = work.resolve("ports.json");

        // When
        try (ScriptProcess broker = ScriptProcess.start(
                work,
                "env",
                // Without archives of classes, which others test.
                "XDG_CACHE_HOME=/dev/null",
                launcher.toString(),
                "broker",
                "--config",
                settings.toString(),
                "--data",
                work.resolve("data").toString(),
                "--free-ports",
                "--ports-file",
                ports.toString())) {
            Waiting.until("ports file, or an end", LIMIT, () -> Files.exists(ports) || !broker.isAlive());
            assertThat(ports).as(broker.out()).exists();
            Matcher port = PORT.matcher(Files.readString(ports));
            assertThat(port.find()).isTrue();
            String pong = run(
                    "env",
                    "XDG_CACHE_HOME=/dev/null",
                    launcher.toString(),
                    "ping",
                    "--broker",
                    "127.0.0.1:" + port.group(1));

            // Then
            assertThat(pong).startsWith("pong in ");
            assertThat(broker.terminate(LIMIT)).as(broker.out()).isZero();
        }
    }

    /** What a program said that must end with 0. */
    private static String run(String... command) throws IOException {
        try (ScriptProcess process = ScriptProcess.start(work, command)) {
            assertThat(process.exitCode(LIMIT))
                    .as(String.join(" ", command) + ": " + process.out())
                    .isZero();
            return process.out();
        }
    }
}
