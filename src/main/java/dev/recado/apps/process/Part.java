package dev.recado.apps.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One child process. It is started again after it died, as {@link Revivals} say. Used by one thread; what it prints is
 * read by another, or goes to a file.
 */
public final class Part {

    private static final int STOP_S = 10;

    private final String name;
    private final List<String> command;
    private final Revivals revivals;
    private final @Nullable Path log;
    private final Consumer<String> lines;
    private @Nullable Process process;
    private Instant again = Instant.EPOCH;

    private Part(
            String name, List<String> command, Revivals.Limits limits, @Nullable Path log, Consumer<String> lines) {
        this.name = name;
        this.command = List.copyOf(command);
        this.revivals = new Revivals(limits);
        this.log = log;
        this.lines = lines;
    }

    /** {@code lines} hears each line that the part prints, on a thread of its own. */
    public static Part heard(String name, List<String> command, Revivals.Limits limits, Consumer<String> lines) {
        return new Part(name, command, limits, null, lines);
    }

    /** What the part prints is appended to {@code log}. */
    public static Part logged(String name, List<String> command, Revivals.Limits limits, Path log) {
        return new Part(name, command, limits, log, unheard -> {});
    }

    public void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        if (log != null) {
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        }
        Process started = builder.start();
        started.getOutputStream().close();
        process = started;
        if (log == null) {
            Thread reader = new Thread(() -> read(started), "part-" + name);
            reader.setDaemon(true);
            reader.start();
        }
    }

    private void read(Process of) {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(of.getInputStream(), StandardCharsets.UTF_8))) {
            reader.lines().forEach(lines);
        } catch (IOException | UncheckedIOException e) {
            // The pipe ends with the process.
            return;
        }
    }

    /** Starts it again where it died and its time has come; answers a line to tell, or null. */
    public @Nullable String onTick(long nowMs) {
        Process running = process;
        if (running != null) {
            if (running.isAlive()) {
                revivals.onUp(nowMs);
                return null;
            }
            process = null;
            again = Instant.now().plusMillis(revivals.waitMs(nowMs)).truncatedTo(ChronoUnit.SECONDS);
            return name + " ended with " + running.exitValue();
        }
        if (revivals.attempts(nowMs)) {
            return name + " " + startAgain();
        }
        return revivals.givesUp() ? name + " is given up after " + revivals.attempts() + " attempts" : null;
    }

    private String startAgain() {
        String attempt =
                "attempt " + revivals.attempts() + " of " + revivals.limits().attemptsMax();
        try {
            start();
            return "started again pid=" + pid() + ", " + attempt;
        } catch (IOException e) {
            return "cannot be started, " + attempt + ": " + e.getMessage();
        }
    }

    public boolean isGivenUp() {
        return revivals.isGivenUp();
    }

    /** Not before this time it is started again, where it has died and is not given up; whole seconds. */
    public Instant again() {
        return again;
    }

    /** 0 where it does not run. */
    public long pid() {
        Process running = process;
        return running == null || !running.isAlive() ? 0 : running.pid();
    }

    public String name() {
        return name;
    }

    /** Asks it to end. */
    public void askToEnd() {
        Process running = process;
        if (running != null) {
            running.destroy();
        }
    }

    /** Asks it to end, and ends it where it does not; waits for it. */
    public void stop() {
        Process running = process;
        if (running == null) {
            return;
        }
        running.destroy();
        try {
            if (!running.waitFor(STOP_S, TimeUnit.SECONDS)) {
                running.destroyForcibly();
            }
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
