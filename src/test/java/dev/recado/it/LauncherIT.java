package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The script of {@code recado launcher}, run by dash where there is one, with the archives that it makes. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LauncherIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String SHELL = Files.isExecutable(Path.of("/usr/bin/dash")) ? "dash" : "sh";
    private static final AtomicInteger RUNS = new AtomicInteger();

    private static Path work;
    /** A copy, under a name that a shell could misread. */
    private static Path jar;

    private static Path launcher;
    /** As the first use made it. */
    private static Path made;

    private Path cache;

    private record Ended(int code, String out, String err) {}

    @BeforeAll
    static void install(@WorkDir Path directory) throws Exception {
        work = directory;
        jar = Files.copy(
                JarProcess.jar(),
                Files.createDirectory(work.resolve("it's-$HOME")).resolve("recado*.jar"));
        Path bin = Files.createDirectory(work.resolve("bin"));
        List<String> java =
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar");
        Ended installed = run(
                Stream.concat(java.stream(), Stream.of(jar.toString(), "launcher", "--install", bin.toString()))
                        .toList(),
                Map.of());
        assertThat(installed.code()).as(installed.toString()).isZero();
        launcher = bin.resolve("recado");
        Path first = work.resolve("first");
        config(first);
        awaitArchive(first);
        made = archives(first).get(0);
    }

    @BeforeEach
    void fillCache() throws IOException {
        cache = work.resolve("cache-" + RUNS.incrementAndGet());
        Files.createDirectories(cache.resolve("recado"));
        Files.copy(made, archive(), StandardCopyOption.COPY_ATTRIBUTES);
        archive().toFile().setWritable(true);
    }

    private Path archive() {
        return cache.resolve("recado").resolve(made.getFileName());
    }

    @Test
    void shouldTakeItsClassesFromTheArchive() throws Exception {
        // Given
        Path log = work.resolve("classes.log");

        // When
        Ended ended = run(
                List.of(SHELL, launcher.toString(), "config", "--output", "json"),
                Map.of("XDG_CACHE_HOME", cache.toString(), "RECADO_OPTS", "-Xlog:class+load:file=classes.log"));

        // Then
        assertClean(ended);
        assertThat(Files.readAllLines(log))
                .anyMatch(line -> line.endsWith("dev.recado.app.Recado source: shared objects file (top)"));
        assertThat(launcher).isExecutable();
    }

    @Test
    void shouldNotReadAnArchiveThatIsCutOff() throws Exception {
        for (long bytes : new long[] {0, 4_096, Files.size(made) / 2, Files.size(made) - 1}) {
            // Given
            try (FileChannel channel = FileChannel.open(archive(), StandardOpenOption.WRITE)) {
                channel.truncate(bytes);
            }

            // When / Then
            assertClean(config(cache));
            awaitArchive(cache);
            Files.copy(made, archive(), StandardCopyOption.REPLACE_EXISTING);
            archive().toFile().setWritable(true);
        }
    }

    @Test
    void shouldPassOverDamageInSilence() throws Exception {
        byte[] whole = Files.readAllBytes(made);
        for (int at : new int[] {0, 40, 5_000, whole.length / 3, whole.length / 2, whole.length - 5_000}) {
            // Given
            byte[] damaged = whole.clone();
            for (int i = at; i < Math.min(at + 2_000, damaged.length); i++) {
                damaged[i] ^= 0x55;
            }
            Files.write(archive(), damaged);

            // When / Then
            assertClean(config(cache));
        }
    }

    @Test
    void shouldPassOverTheArchiveOfAnotherJarInSilence() throws Exception {
        // Given
        Path other = Files.copy(jar, work.resolve("other-" + RUNS.get() + ".jar"));
        Files.setLastModifiedTime(other, FileTime.fromMillis(1_600_000_000_000L));
        Path script = Files.writeString(
                work.resolve("other-" + RUNS.get()),
                Files.readString(launcher).replaceFirst("(?m)^jar=.*$", "jar='" + other + "'"));
        Path foreign = work.resolve("foreign-" + RUNS.get());
        run(script, foreign);
        awaitArchive(foreign);
        Path itsOwn = archives(foreign).get(0);
        String size = Long.toString(Files.size(made));
        String name = itsOwn.getFileName().toString().replaceFirst("[0-9]+\\.jsa$", size + ".jsa");
        Files.delete(itsOwn);
        Files.copy(made, itsOwn.resolveSibling(name));

        // When
        Ended ended = run(script, foreign);

        // Then
        assertClean(ended);
        assertThat(archives(foreign)).as("it was taken for its own").hasSize(1);
    }

    @Test
    void shouldMakeOneArchiveForManyFirstUsesAtOnce() throws Exception {
        // Given
        Path empty = work.resolve("empty-" + RUNS.get());
        List<Process> running = new ArrayList<>();
        List<Path> outs = new ArrayList<>();

        // When
        for (int i = 0; i < 6; i++) {
            Path out = work.resolve("many-" + i + ".out");
            outs.add(out);
            running.add(process(
                            List.of(SHELL, launcher.toString(), "config", "--output", "json"),
                            Map.of("XDG_CACHE_HOME", empty.toString()))
                    .redirectOutput(out.toFile())
                    .start());
        }
        for (Process process : running) {
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        }
        awaitArchive(empty);

        // Then
        assertThat(outs)
                .allSatisfy(
                        out -> assertThat(Files.readString(out)).startsWith("{").endsWith("}\n"));
        try (Stream<Path> left = Files.list(empty.resolve("recado"))) {
            assertThat(left).hasSize(1);
        }
        assertClean(config(empty));
    }

    @Test
    void shouldDoWithoutACache() throws Exception {
        // Given
        Path file = Files.writeString(work.resolve("no-directory"), "");

        // When / Then
        assertClean(config(file));
        ProcessBuilder homeless = process(List.of(SHELL, launcher.toString(), "config", "--output", "json"), Map.of());
        homeless.environment().remove("HOME");
        homeless.environment().remove("XDG_CACHE_HOME");
        assertClean(run(homeless));
        assertThat(Path.of("/recado")).doesNotExist();
    }

    /** JDK 17 compares the path with its percent-encoded form and archives nothing. */
    @Test
    void shouldMakeNoArchiveOfAJarThatTheJvmCannotArchive() throws Exception {
        // Given
        Path blank = Files.copy(
                jar, Files.createDirectories(work.resolve("with a blank")).resolve("recado.jar"));
        Path script = Files.writeString(
                work.resolve("blank"), Files.readString(launcher).replaceFirst("(?m)^jar=.*$", "jar='" + blank + "'"));
        Path unused = work.resolve("unused");

        // When
        Ended ended = run(script, unused);

        // Then
        assertClean(ended);
        assertThat(unused).doesNotExist();
    }

    @Test
    void shouldSayWhatIsMissing() throws Exception {
        // Given
        Path script = Files.writeString(
                work.resolve("without"),
                Files.readString(launcher).replaceFirst("(?m)^jar=.*$", "jar=/none/recado.jar"));

        // When
        Ended noJar = run(script, cache);
        ProcessBuilder lost = process(
                List.of(Path.of("/bin/sh").toString(), launcher.toString(), "config"),
                Map.of("PATH", "/none", "JAVA_HOME", "/none"));
        Ended noJava = run(lost);

        // Then
        assertThat(noJar.code()).isEqualTo(1);
        assertThat(noJar.err()).contains("cannot read /none/recado.jar: make this file anew");
        assertThat(noJava.code()).isEqualTo(1);
        assertThat(noJava.err()).contains("found no java");
    }

    @Test
    void shouldReplaceALauncherAndNothingElse() throws Exception {
        // Given
        Path bin = Files.createDirectory(work.resolve("bin-" + RUNS.get()));
        Path file = Files.writeString(bin.resolve("recado"), "#!/bin/sh\necho mine\n");
        String[] install = {"launcher", "--install", bin.toString()};

        // When / Then
        try (JarProcess refused = JarProcess.command(work, install)) {
            assertThat(refused.exitCode(LIMIT)).isEqualTo(2);
            assertThat(refused.err()).contains("is not a launcher of recado and stays as it is");
            assertThat(file).content().contains("mine");
        }
        Files.delete(file);
        for (int i = 0; i < 2; i++) {
            try (JarProcess installed = JarProcess.command(work, install);
                    JarProcess printed = JarProcess.command(work, "launcher")) {
                assertThat(installed.exitCode(LIMIT)).as(installed::report).isZero();
                assertThat(printed.exitCode(LIMIT)).as(printed::report).isZero();
                assertThat(file).content().isEqualTo(printed.out());
            }
        }
    }

    private static void assertClean(Ended ended) {
        assertThat(ended.code()).as(ended.toString()).isZero();
        assertThat(ended.out()).startsWith("{").endsWith("}\n").doesNotContain("warning");
        assertThat(ended.err()).isEmpty();
    }

    private static Ended config(Path cache) throws Exception {
        return run(launcher, cache);
    }

    private static Ended run(Path script, Path cache) throws Exception {
        return run(
                List.of(SHELL, script.toString(), "config", "--output", "json"),
                Map.of("XDG_CACHE_HOME", cache.toString()));
    }

    private static Ended run(List<String> words, Map<String, String> environment) throws Exception {
        return run(process(words, environment));
    }

    private static ProcessBuilder process(List<String> words, Map<String, String> environment) {
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(work.toFile()).redirectInput(new File("/dev/null"));
        builder.environment().keySet().removeIf(key -> key.startsWith("RECADO") || key.equals("JAVA_TOOL_OPTIONS"));
        builder.environment().putIfAbsent("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return builder;
    }

    private static Ended run(ProcessBuilder builder) throws Exception {
        Path out = work.resolve("run-" + RUNS.incrementAndGet() + ".out");
        Path err = work.resolve("run-" + RUNS.get() + ".err");
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private static void awaitArchive(Path cache) {
        Path folder = cache.resolve("recado");
        Waiting.until("the archive and no lock in " + folder, LIMIT, () -> {
            try (Stream<Path> listed = Files.exists(folder) ? Files.list(folder) : Stream.of()) {
                List<Path> files = listed.toList();
                return !files.isEmpty()
                        && files.stream().allMatch(file -> file.toString().endsWith(".jsa"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static List<Path> archives(Path cache) throws IOException {
        try (Stream<Path> listed = Files.list(cache.resolve("recado"))) {
            return listed.filter(file -> file.toString().endsWith(".jsa")).toList();
        }
    }
}
