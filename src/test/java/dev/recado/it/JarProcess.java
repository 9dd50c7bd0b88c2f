package dev.recado.it;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One {@code java -jar recado.jar …} of its own. Its two outputs are files in the work directory; it is ended by its
 * own process id at the latest when it is closed.
 */
final class JarProcess implements AutoCloseable {

    private static final AtomicInteger STARTED = new AtomicInteger();
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        // The last resort where a test was cut off before it could close what it had started.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
    }

    private final Process process;
    private final Path out;
    private final Path err;
    private final String commandLine;

    private JarProcess(Process process, Path out, Path err, String commandLine) {
        this.process = process;
        this.out = out;
        this.err = err;
        this.commandLine = commandLine;
    }

    /** Starts a command with empty input and a JVM that is quick to start. */
    static JarProcess command(Path work, String... args) throws IOException {
        return command(work, null, args);
    }

    /** As {@link #command(Path, String...)}; {@code input} becomes the standard input where it is not null. */
    static JarProcess command(Path work, @Nullable Path input, String... args) throws IOException {
        return start(work, List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"), input, List.of(args));
    }

    static JarProcess start(Path work, List<String> jvmArgs, @Nullable Path input, List<String> args)
            throws IOException {
        return start(work, List.of(), jvmArgs, input, args, Map.of());
    }

    /**
     * As {@link #start(Path, List, Path, List)} behind the words of a command that ends in running what follows it;
     * {@code environment} comes on top of the tests' own. Where {@code jvmArgs} have a class path and a main class, the
     * JAR is what they make of it.
     */
    static JarProcess start(
            Path work,
            List<String> prefix,
            List<String> jvmArgs,
            @Nullable Path input,
            List<String> args,
            Map<String, String> environment)
            throws IOException {
        List<String> line = new ArrayList<>(prefix);
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(jvmArgs);
        if (!jvmArgs.contains("-cp")) {
            line.add("-jar");
            line.add(jar().toString());
        }
        line.addAll(args);
        String name = (args.isEmpty() ? "default" : args.get(0)) + "-" + STARTED.incrementAndGet();
        Path out = work.resolve(name + ".out");
        Path err = work.resolve(name + ".err");
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(work.toFile())
                .redirectInput(input == null ? new File("/dev/null") : input.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        // What the tests' own environment sets must change neither the broker's settings nor what it prints.
        builder.environment().keySet().removeIf(key -> key.startsWith("RECADO") || key.equals("JAVA_TOOL_OPTIONS"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        RUNNING.add(process);
        return new JarProcess(process, out, err, String.join(" ", args));
    }

    /** The JAR under test, as failsafe names it. */
    static Path jar() {
        Path jar =
                Path.of(System.getProperty("recado.jar", "target/recado.jar")).toAbsolutePath();
        if (!Files.isReadable(jar)) {
            throw new IllegalStateException("no such file: " + jar + "; build it with: mvn -q -DskipTests package");
        }
        return jar;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    /** SIGKILL, and waits until the process is gone. */
    void killNine() {
        process.destroyForcibly();
        exitCode(Duration.ofSeconds(20));
    }

    /** SIGTERM; returns at once. */
    void terminate() {
        process.destroy();
    }

    /** Whether the process ended by itself before {@code limit} had passed. */
    boolean endsWithin(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + commandLine, e);
        }
    }

    /** The exit code; fails with both outputs where the process does not end within {@code limit}. */
    int exitCode(Duration limit) {
        if (!endsWithin(limit)) {
            throw new AssertionError("still runs after " + limit.toMillis() + " ms: " + report());
        }
        return process.exitValue();
    }

    /** Resident memory in MiB, from {@code /proc}. */
    long residentMiB() {
        String status = read(Path.of("/proc", Long.toString(pid()), "status"));
        for (String line : status.split("\n")) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
            }
        }
        throw new AssertionError("no resident size of " + report());
    }

    /** What the process was asked to do and what it said, for a failure's text. */
    String report() {
        return "recado " + commandLine + "\nstdout:\n" + out() + "\nstderr:\n" + err();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        endsWithin(Duration.ofSeconds(20));
        RUNNING.remove(process);
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
