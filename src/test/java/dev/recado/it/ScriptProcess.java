package dev.recado.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A program of the tests in another language; ended by its own process id at the latest when it is closed. */
final class ScriptProcess implements AutoCloseable {

    private static final AtomicInteger STARTED = new AtomicInteger();

    private final Process process;
    private final Path out;

    private ScriptProcess(Process process, Path out) {
        this.process = process;
        this.out = out;
    }

    /** Starts it with empty input; both of its outputs are one file in {@code work}. */
    static ScriptProcess start(Path work, String... command) throws IOException {
        Path out = work.resolve("script-" + STARTED.incrementAndGet() + ".out");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new ScriptProcess(process, out);
    }

    /** What it has printed so far. */
    String out() {
        try {
            return Files.readString(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The exit code; fails with what it printed where it does not end within {@code limit}. */
    int exitCode(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still runs after " + limit.toMillis() + " ms: " + out());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGTERM, then the exit code. */
    int terminate(Duration limit) {
        process.destroy();
        return exitCode(limit);
    }

    /** SIGKILL, and waits until the process is gone. */
    void killNine() {
        process.destroyForcibly();
        exitCode(Duration.ofSeconds(10));
    }

    @Override
    public void close() {
        killNine();
    }
}
