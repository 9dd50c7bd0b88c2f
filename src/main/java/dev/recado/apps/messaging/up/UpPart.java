package dev.recado.apps.messaging.up;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One part as a process of its own, from the same JAR. It is started again after it died, later each time and not for
 * ever. Used by one thread; its output is read by another.
 */
final class UpPart {

    /** Deaths one after the other, each within {@link #STABLE_MS} of its start, before it is given up. */
    static final int DEATHS_MAX = 10;

    private static final long STABLE_MS = 30_000;
    private static final long BACK_OFF_MS = 500;
    private static final long BACK_OFF_MS_MAX = 8_000;
    private static final int STOP_S = 10;

    private final String name;
    private final List<String> arguments;
    private final Consumer<String> lines;
    private @Nullable Process process;
    private long startedMs;
    private long startAgainMs;
    private int deaths;

    /** {@code lines} hears each line that the part prints, on a thread of its own. */
    UpPart(String name, List<String> arguments, Consumer<String> lines) {
        this.name = name;
        this.arguments = arguments;
        this.lines = lines;
    }

    void start(long nowMs) throws IOException {
        startedMs = nowMs;
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        line.addAll(program());
        line.addAll(arguments);
        Process started = new ProcessBuilder(line).redirectErrorStream(true).start();
        process = started;
        Thread reader = new Thread(() -> read(started), "messaging-" + name);
        reader.setDaemon(true);
        reader.start();
    }

    /** This JAR, or the class path where there is none. */
    private static List<String> program() {
        try {
            Path place = Path.of(UpPart.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return place.toString().endsWith(".jar")
                    ? List.of("-jar", place.toString())
                    : List.of("-cp", System.getProperty("java.class.path"), "dev.recado.app.Recado");
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the JAR has no place that can be named", e);
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
    @Nullable
    String onTick(long nowMs) throws IOException {
        Process running = process;
        if (running != null && !running.isAlive()) {
            process = null;
            deaths = nowMs - startedMs >= STABLE_MS ? 1 : deaths + 1;
            startAgainMs = nowMs + Math.min(BACK_OFF_MS << Math.min(deaths - 1, 10), BACK_OFF_MS_MAX);
            String died = name + " ended with " + running.exitValue();
            return deaths > DEATHS_MAX ? died + " again and again; given up" : died + ", starting it again";
        }
        if (running == null && deaths <= DEATHS_MAX && nowMs >= startAgainMs) {
            start(nowMs);
            return name + " started again pid=" + pid();
        }
        return null;
    }

    boolean isGivenUp() {
        return deaths > DEATHS_MAX;
    }

    long pid() {
        return process == null ? 0 : process.pid();
    }

    String name() {
        return name;
    }

    /** Asks it to end, and ends it where it does not; waits for it. */
    void stop() {
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
