package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Monitors, and the nodes that they start, as processes that are killed. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MonitorIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @WorkDir
    @SuppressWarnings("NullAway.Init") // The extension sets it before a test begins.
    Path work;

    private final Map<Integer, JarProcess> monitors = new TreeMap<>();
    private final Map<Integer, Integer> ports = new TreeMap<>();
    private Path nodes = Path.of("");

    @BeforeEach
    void chooseFiles() {
        nodes = work.resolve("nodes.json");
    }

    @AfterEach
    void endAll() throws IOException {
        monitors.values().forEach(JarProcess::close);
        try (var files = Files.list(work)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".pid")).toList()) {
                ProcessHandle.of(pidIn(file)).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    @Test
    void shouldStartWhatDiesThoughTheLeaderDiesToo() throws IOException {
        // Given: a node that answers datagrams, a broker that takes connections; nobody has started them
        int broker = freePort();
        writeTwoNodes(broker);
        choosePorts(3);
        for (int id = 1; id <= 3; id++) {
            start(id);
        }
        awaitLine(3, "leads");
        awaitLine(3, "acts");
        awaitLine(3, "one answers");
        awaitLine(3, "broker answers");
        assertThat(monitors.get(1).out()).doesNotContain("is down, attempt");

        // When / Then: a node dies
        long first = pidIn(work.resolve("one.pid"));
        kill(first);
        Waiting.until("another process of the node", LIMIT, () -> pidIn(work.resolve("one.pid")) != first);

        // When / Then: the leader dies, then a node
        monitors.remove(3).killNine();
        awaitLine(2, "leads");
        awaitLine(2, "acts");
        long second = pidIn(work.resolve("broker.pid"));
        kill(second);
        Waiting.until("another process of the broker", LIMIT, () -> pidIn(work.resolve("broker.pid")) != second);
        try (TextConnection client = awaitBroker(broker)) {
            assertThat(client.ask("PING")).isEqualTo("PONG");
        }

        // When / Then: the highest comes back
        start(3);
        awaitLine(3, "acts");
        awaitLine(2, "follows 3");
        awaitLine(2, "acts no more");
    }

    private void writeTwoNodes(int broker) throws IOException {
        int health = freeDatagramPort();
        Path empty = work.resolve("empty.json");
        Files.writeString(empty, "{}");
        writeNodes(
                node(
                        "one",
                        "127.0.0.1:" + health,
                        java(
                                "monitor",
                                "--id",
                                "1",
                                "--monitors",
                                "1=127.0.0.1:" + freePort(),
                                "--nodes",
                                empty.toString(),
                                "--health",
                                "127.0.0.1:" + health)),
                node(
                        "broker",
                        "tcp://127.0.0.1:" + broker,
                        java(
                                "broker",
                                "--data",
                                work.resolve("data").toString(),
                                "--set",
                                "text.port=" + broker,
                                "--set",
                                "zmtp.enabled=false",
                                "--set",
                                "amqp.enabled=false")));
    }

    @Test
    void shouldGiveUpANodeThatNeverComesUp() throws IOException {
        // Given
        writeNodes(
                node("never", "127.0.0.1:" + freeDatagramPort(), List.of("false")),
                node(
                        "none",
                        "127.0.0.1:" + freeDatagramPort(),
                        List.of(work.resolve("no-such-program").toString())));
        choosePorts(1);

        // When
        start(1, "--revival-attempts", "2");

        // Then
        awaitLine(1, "never is down and given up after 2 attempts; start it by hand");
        awaitLine(1, "none is down and given up after 2 attempts; start it by hand");
        assertThat(monitors.get(1).out()).contains("never: started process", "none: attempt 2 of 2 failed");
        monitors.get(1).terminate();
        assertThat(monitors.get(1).exitCode(LIMIT)).isZero();
    }

    /** With a program in the place of {@code docker} that writes down how it was called; Docker itself is not there. */
    @Test
    void shouldStartContainersByDocker() throws IOException {
        // Given
        Path calls = work.resolve("calls");
        Path docker = work.resolve("docker");
        Files.writeString(
                docker, "#!/bin/sh\necho \"$@\" >> " + calls + "\n[ \"$1\" = ps ] && echo localhost\nexit 0\n");
        Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwxr-xr-x"));
        nodes = work.resolve("empty.json");
        Files.writeString(nodes, "{}");
        choosePorts(1);

        // When
        start(1, "--containers", "--docker", docker.toString(), "--container-health-port", "" + freeDatagramPort());

        // Then
        awaitLine(1, "localhost: started container localhost");
        assertThat(Files.readString(calls))
                .startsWith("ps -a --filter label=role=node --format {{.Names}}\nstart localhost\n");
    }

    private void choosePorts(int count) throws IOException {
        for (int id = 1; id <= count; id++) {
            ports.put(id, freePort());
        }
    }

    private void start(int id, String... more) throws IOException {
        List<String> args = new ArrayList<>(List.of("monitor", "--id", "" + id, "--nodes", nodes.toString()));
        args.addAll(List.of(
                "--monitors",
                ports.entrySet().stream()
                        .map(entry -> entry.getKey() + "=127.0.0.1:" + entry.getValue())
                        .collect(Collectors.joining(","))));
        args.addAll(List.of("--check-interval", "500ms", "--check-timeout", "400ms", "--leader-timeout", "2s"));
        args.addAll(List.of("--heartbeat", "250ms", "--revival-back-off", "500ms"));
        args.addAll(List.of(more));
        monitors.put(id, JarProcess.command(work, args.toArray(String[]::new)));
    }

    private void awaitLine(int id, String text) {
        Waiting.until("monitor " + id + " says: " + text, LIMIT, () -> {
            JarProcess monitor = monitors.get(id);
            assertThat(monitor.isAlive()).as(monitor::report).isTrue();
            return monitor.out().contains("monitor " + id + ": " + text);
        });
    }

    private static TextConnection awaitBroker(int port) {
        TextConnection[] made = new TextConnection[1];
        Waiting.until("the broker takes connections", LIMIT, () -> {
            try {
                made[0] = TextConnection.open(port);
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
        return made[0];
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    private static long pidIn(Path file) {
        try {
            return Long.parseLong(Files.readString(file).split(" ", -1)[0]);
        } catch (IOException notWritten) {
            return -1;
        }
    }

    private void writeNodes(String... entries) throws IOException {
        Files.writeString(nodes, "{\"nodes\": [" + String.join(",\n", entries) + "]}");
    }

    private static String node(String name, String health, List<String> command) {
        return "{\"name\": \"" + name + "\", \"health\": \"" + health + "\", \"command\": ["
                + command.stream().map(word -> '"' + word + '"').collect(Collectors.joining(", ")) + "]}";
    }

    private static List<String> java(String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                JarProcess.jar().toString()));
        command.addAll(List.of(args));
        return command;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static int freeDatagramPort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
