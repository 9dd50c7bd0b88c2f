package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A client of AMQP in a process of its own, written for any broker. What it says goes to a file; it and the processes
 * that it has started are ended by their ids when it is closed.
 */
final class AmqpProgram implements AutoCloseable {

    /** How long it may take for anything. */
    static final Duration LIMIT = Duration.ofSeconds(90);

    private static final Path SOURCES = Path.of("src", "test", "clients").toAbsolutePath();

    private final Process process;
    private final Path said;

    private AmqpProgram(Process process, Path said) {
        this.process = process;
        this.said = said;
    }

    /** A file of a client's programs. */
    static Path source(String client, String file) {
        return SOURCES.resolve(client).resolve(file);
    }

    /** Starts a command in {@code work}; {@code name} tells its output from that of others. */
    static AmqpProgram start(Path work, String name, List<String> command) throws IOException {
        return start(work, name, command, Map.of());
    }

    /** As {@link #start(Path, String, List)}, with more in its environment. */
    static AmqpProgram start(Path work, String name, List<String> command, Map<String, String> environment)
            throws IOException {
        Path said = Files.createTempFile(work, name + "-", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().putAll(Map.of("PYTHONDONTWRITEBYTECODE", "1", "LC_ALL", "C.UTF-8"));
        builder.environment().putAll(environment);
        return new AmqpProgram(builder.start(), said);
    }

    /** Runs a command to its end, which must be a good one, and answers what it said. */
    static String run(Path work, String name, List<String> command) throws IOException {
        try (AmqpProgram program = start(work, name, command)) {
            program.awaitEnd();
            assertThat(program.process.exitValue()).as(program.said()).isZero();
            return program.said();
        }
    }

    /** Waits until it has ended by itself. */
    void awaitEnd() {
        if (!endsWithin(LIMIT)) {
            throw new AssertionError("still runs, and said: " + said());
        }
    }

    private boolean endsWithin(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String said() {
        try {
            return new String(Files.readAllBytes(said), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL to it and to all that it has started. */
    void killNine() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        assertThat(endsWithin(LIMIT)).isTrue();
        Waiting.until(
                "the end of what it has started", LIMIT, () -> all.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Override
    public void close() {
        killNine();
    }

    /** The whole lines of a ledger, which may not be there yet. */
    static List<String> lines(Path ledger) {
        try {
            if (!Files.exists(ledger)) {
                return List.of();
            }
            String text = Files.readString(ledger);
            try (Stream<String> lines =
                    text.substring(0, text.lastIndexOf('\n') + 1).lines()) {
                return lines.toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
