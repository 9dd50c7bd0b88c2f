package dev.recado.load.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A broker for one run: a process of its own on a free port of this machine, with a data directory that goes when it
 * stops. It is also stopped where the virtual machine ends before that.
 */
public final class BrokerProcess implements AutoCloseable {

    private static final Duration START_MAX = Duration.ofSeconds(60);
    private static final Duration STOP_MAX = Duration.ofSeconds(20);
    private static final long POLL_MS = 50;

    private final Process process;
    private final Path directory;
    private final String ports;
    private final Thread guard = new Thread(this::stop, "broker-guard");

    private BrokerProcess(Process process, Path directory, String ports) {
        this.process = process;
        this.directory = directory;
        this.ports = ports;
        Runtime.getRuntime().addShutdownHook(guard);
    }

    /**
     * Starts a broker and waits until it accepts work.
     *
     * @param jar the product as it was built
     * @throws IllegalStateException if it does not start, with what it printed
     */
    public static BrokerProcess start(Path jar) {
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(
                    "no broker to start: file=" + jar.toAbsolutePath().normalize());
        }
        try {
            Path directory = Files.createTempDirectory("recado-load-");
            Process process = new ProcessBuilder(command(jar, directory))
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("output").toFile())
                    .start();
            try {
                return new BrokerProcess(process, directory, awaitPorts(process, directory));
            } catch (IllegalStateException failed) {
                process.destroyForcibly();
                delete(directory);
                throw failed;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(Path jar, Path directory) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return List.of(
                java.toString(),
                "-jar",
                jar.toString(),
                "broker",
                "--data",
                directory.resolve("data").toString(),
                "--ports-file",
                directory.resolve("ports").toString(),
                "--free-ports");
    }

    private static String awaitPorts(Process process, Path directory) throws IOException {
        Path ports = directory.resolve("ports");
        for (long waitedMs = 0; !Files.exists(ports); waitedMs += POLL_MS) {
            if (exited(process, POLL_MS) || waitedMs >= START_MAX.toMillis()) {
                throw new IllegalStateException(
                        "broker did not start: " + Files.readString(directory.resolve("output")));
            }
        }
        return Files.readString(ports);
    }

    /** Where it listens for the text protocol. */
    public InetSocketAddress address() {
        return address("text");
    }

    /** Where one of its listeners is, by its key in the ports file. */
    public InetSocketAddress address(String listener) {
        Matcher port = Pattern.compile('"' + Pattern.quote(listener) + "\"\\s*:\\s*(\\d+)")
                .matcher(ports);
        if (!port.find()) {
            throw new IllegalStateException("broker without a listener " + listener);
        }
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port.group(1)));
    }

    /** Stops it in order, or hard where that takes too long, and removes its data. */
    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(guard);
        stop();
    }

    private void stop() {
        process.destroy();
        if (!exited(process, STOP_MAX.toMillis())) {
            process.destroyForcibly();
            exited(process, STOP_MAX.toMillis());
        }
        delete(directory);
    }

    private static boolean exited(Process process, long waitMs) {
        try {
            return process.waitFor(waitMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            return false;
        }
    }

    private static void delete(Path root) {
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path path : walk.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
