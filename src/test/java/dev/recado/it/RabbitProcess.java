package dev.recado.it;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A RabbitMQ of a test's own, which tells what another broker says: its name, ports, port mapper and data are its own,
 * all on loopback, and both processes are ended by their ids.
 */
final class RabbitProcess implements AutoCloseable {

    private static final Path SERVER = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final Process mapper;
    private final Process server;
    private final int port;

    private RabbitProcess(Process mapper, Process server, int port) {
        this.mapper = mapper;
        this.server = server;
        this.port = port;
    }

    static RabbitProcess start(Path work) throws IOException {
        List<Integer> ports = Ports.freeBelowEphemeral(3);
        Path home = Files.createDirectories(work.resolve("rabbit"));
        Path log = home.resolve("out.txt");
        Map<String, String> environment = environment(home, ports);
        Process mapper = process(environment, home.resolve("epmd.txt"), "epmd", "-address", "127.0.0.1");
        Process server = process(environment, log, SERVER.toString());
        RabbitProcess started = new RabbitProcess(mapper, server, ports.get(0));
        // The last resort where a test was cut off before it could close what it had started.
        Runtime.getRuntime().addShutdownHook(new Thread(started::kill));
        try {
            Waiting.until(
                    "RabbitMQ is ready, or ended",
                    START_LIMIT,
                    () -> !server.isAlive() || read(log).contains("Server startup complete"));
            if (!server.isAlive()) {
                throw new AssertionError("RabbitMQ ended: " + read(log));
            }
            return started;
        } catch (Throwable failure) {
            started.close();
            throw failure;
        }
    }

    private static Map<String, String> environment(Path home, List<Integer> ports) throws IOException {
        Path plugins = Files.writeString(home.resolve("enabled_plugins"), "[].");
        return Map.ofEntries(
                Map.entry("HOME", home.toString()),
                Map.entry("ERL_EPMD_PORT", ports.get(2).toString()),
                Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
                Map.entry("RABBITMQ_NODENAME", "oracle-" + ports.get(0) + "@localhost"),
                Map.entry("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"),
                Map.entry("RABBITMQ_NODE_PORT", ports.get(0).toString()),
                Map.entry("RABBITMQ_DIST_PORT", ports.get(1).toString()),
                Map.entry("RABBITMQ_MNESIA_BASE", home.resolve("data").toString()),
                Map.entry("RABBITMQ_LOG_BASE", home.resolve("log").toString()),
                Map.entry("RABBITMQ_LOGS", "-"),
                Map.entry("RABBITMQ_CONFIG_FILE", home.resolve("none.conf").toString()),
                Map.entry(
                        "RABBITMQ_ADVANCED_CONFIG_FILE",
                        home.resolve("none.config").toString()),
                Map.entry("RABBITMQ_CONF_ENV_FILE", home.resolve("none.env").toString()),
                Map.entry("RABBITMQ_GENERATED_CONFIG_DIR", home.resolve("made").toString()),
                Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", plugins.toString()),
                Map.entry("RABBITMQ_FEATURE_FLAGS_FILE", home.resolve("flags").toString()),
                Map.entry("RABBITMQ_PID_FILE", home.resolve("pid").toString()),
                // The shell becomes the server, so that its id is the server's.
                Map.entry("RUNNING_UNDER_SYSTEMD", "true"),
                Map.entry(
                        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                        "-kernel inet_dist_use_interface {127,0,0,1} -rabbit handshake_timeout 4000 +S 2:2"
                                + " +sbwt none"));
    }

    private static Process process(Map<String, String> environment, Path out, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("RABBITMQ_") || name.startsWith("ERL_"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static String read(Path log) {
        try {
            return Files.exists(log) ? new String(Files.readAllBytes(log), StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            return e.toString();
        }
    }

    int port() {
        return port;
    }

    boolean isAlive() {
        return server.isAlive();
    }

    private void kill() {
        server.destroyForcibly();
        mapper.destroyForcibly();
    }

    @Override
    public void close() {
        kill();
        for (Process process : List.of(server, mapper)) {
            try {
                process.waitFor(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
