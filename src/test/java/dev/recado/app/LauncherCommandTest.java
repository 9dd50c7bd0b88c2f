package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The text of the launcher; {@code LauncherIT} runs it. */
class LauncherCommandTest {

    @Test
    void shouldNameTheJarSoThatNoShellReadsAnythingElseInIt() throws IOException {
        // When
        String script = LauncherCommand.script(Path.of("/it's/$(a) \"b\"/`c`.jar"));

        // Then
        assertThat(script).startsWith("#!/bin/sh\n").contains("\njar='/it'\\''s/$(a) \"b\"/`c`.jar'\n");
        assertThat(script).doesNotContain("@JAR@");
        assertThat(script.lines()).allMatch(line -> line.length() <= 120);
    }

    @Test
    @Timeout(30)
    void shouldNotTryToMakeAnArchiveAgainForADay(@TempDir Path work) throws Exception {
        // Given: a Java that runs everything but the training
        Path bin = Files.createDirectories(work.resolve("java/bin"));
        Path trainings = Files.writeString(work.resolve("trainings"), "");
        Files.writeString(work.resolve("java/release"), "JAVA_VERSION=\"17\"\n");
        Path java = Files.writeString(
                bin.resolve("java"),
                "#!/bin/sh\ncase $* in *--train*) echo x >> '" + trainings + "'; exit 1 ;; esac\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        Path jar = Files.writeString(work.resolve("recado.jar"), "");
        Path script = Files.writeString(work.resolve("recado"), LauncherCommand.script(jar));

        // When / Then
        runScript(script, work);
        Path failed = awaitFailed(work);
        runScript(script, work);
        runScript(script, work);
        Files.setLastModifiedTime(failed, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
        runScript(script, work);
        await().until(() -> Files.size(trainings) == 4);
        awaitFailed(work);
        runScript(script, work);
        assertThat(trainings).hasContent("x\nx\n");
    }

    private static void runScript(Path script, Path work) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", script.toString(), "ping").redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", work.resolve("java").toString());
        builder.environment().put("XDG_CACHE_HOME", work.resolve("cache").toString());
        Process process = builder.start();
        assertThat(process.getInputStream().readAllBytes()).isEmpty();
        assertThat(process.waitFor()).isZero();
    }

    /** Waits until the training has ended; answers the mark that it leaves, which must be the only file. */
    private static Path awaitFailed(Path work) {
        return await().until(
                        () -> {
                            try (Stream<Path> files = Files.list(work.resolve("cache/recado"))) {
                                return files.toList();
                            } catch (NoSuchFileException e) {
                                return List.<Path>of();
                            }
                        },
                        files -> files.size() == 1
                                && files.get(0).toString().endsWith(".failed")
                                && isFresh(files.get(0)))
                .get(0);
    }

    private static boolean isFresh(Path file) {
        return file.toFile().lastModified()
                > Instant.now().minus(Duration.ofHours(1)).toEpochMilli();
    }
}
