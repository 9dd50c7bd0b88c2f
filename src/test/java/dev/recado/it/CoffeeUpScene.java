package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.recado.apps.coffee.data.CoffeeTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code recado coffee up} as a process, its parts as it and its monitors started them, and clients of its gateway. */
final class CoffeeUpScene implements AutoCloseable {

    private static final List<String> JVM = List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Dead ones are found within 3 s, and never given up. */
    private static final Map<String, String> QUICK = Map.of(
            "CHECK_INTERVAL", "1s",
            "CHECK_TIMEOUT", "800ms",
            "LEADER_TIMEOUT", "2s",
            "HEARTBEAT_INTERVAL", "500ms",
            "REVIVAL_BACK_OFF", "3s",
            "MAX_REVIVAL_ATTEMPTS", "100");

    private final Path work;
    private final Path run;
    private final JarProcess up;
    private final JsonNode ports;

    private CoffeeUpScene(Path work, Path run, JarProcess up, JsonNode ports) {
        this.work = work;
        this.run = run;
        this.up = up;
        this.ports = ports;
    }

    /** Starts it and waits until all nodes answer. */
    static CoffeeUpScene start(Path work, String... more) throws IOException {
        Path data = work.resolve("coffee");
        Path portsFile = work.resolve("ports.json");
        Files.deleteIfExists(portsFile);
        List<String> arguments = new ArrayList<>(List.of("coffee", "up", "--data", data.toString(), "--free-ports"));
        arguments.addAll(List.of("--ports-file", portsFile.toString()));
        arguments.addAll(List.of(more));
        JarProcess up = JarProcess.start(work, List.of(), JVM, null, arguments, QUICK);
        try {
            Waiting.until("all parts are ready", LIMIT, () -> Files.exists(portsFile) || !up.isAlive());
            assertThat(up.isAlive()).as(up::report).isTrue();
            return new CoffeeUpScene(work, data.resolve("run"), up, JSON.readTree(portsFile.toFile()));
        } catch (IOException | RuntimeException | Error e) {
            up.close();
            throw e;
        }
    }

    JsonNode ports() {
        return ports;
    }

    String report() {
        return up.report();
    }

    /** The process of a node, as its file says; -1 while there is none. */
    long pid(String node) {
        try {
            return Long.parseLong(Files.readString(run.resolve(node + ".pid")).split(" ", -1)[0]);
        } catch (IOException notWritten) {
            return -1;
        }
    }

    boolean isAlive(String node) {
        return ProcessHandle.of(pid(node)).map(ProcessHandle::isAlive).orElse(false);
    }

    /** SIGKILL; waits until a monitor has started another process. */
    void killNine(String node) {
        long first = pid(node);
        ProcessHandle.of(first).ifPresent(ProcessHandle::destroyForcibly);
        Waiting.until(node + " is revived: " + up.report(), LIMIT, () -> pid(node) != first && isAlive(node));
    }

    /** SIGKILL for the monitor that acts; waits until {@code up} has started it again and one acts. */
    void killLeader() throws IOException {
        String leader = "monitor-" + awaitLeader();
        long first = monitorPid(leader);
        ProcessHandle.of(first).ifPresent(ProcessHandle::destroyForcibly);
        Waiting.until(leader + " runs again: " + up.report(), LIMIT, () -> monitorPid(leader) != first);
        awaitLeader();
    }

    private int awaitLeader() throws IOException {
        Path states = run.resolve("states.json");
        Waiting.until("a monitor acts: " + up.report(), LIMIT, () -> Files.exists(states));
        return JSON.readTree(states.toFile()).get("monitor").asInt();
    }

    private long monitorPid(String monitor) {
        Matcher told = Pattern.compile("up: " + monitor + " runs pid=(\\d+)").matcher(up.out());
        long last = -1;
        while (told.find()) {
            last = Long.parseLong(told.group(1));
        }
        return last;
    }

    /** What the monitors have done. */
    String monitorLogs() throws IOException {
        StringBuilder logs = new StringBuilder();
        for (int id = 1; id <= 3; id++) {
            logs.append(Files.readString(run.resolve("monitor-" + id + ".log"), StandardCharsets.UTF_8));
        }
        return logs.toString();
    }

    Path generate(int scale, int seed) throws IOException {
        Path input = work.resolve("in-" + scale + "-" + seed);
        String[] arguments = {"coffee", "generate", "--scale", "" + scale, "--seed", "" + seed, "--to", "" + input};
        try (JarProcess generator = JarProcess.start(work, JVM, null, List.of(arguments))) {
            assertThat(generator.exitCode(LIMIT)).as(generator.report()).isZero();
        }
        return input;
    }

    Path expected(Path input) throws IOException {
        return CoffeeOracle.expected(input, LIMIT);
    }

    JarProcess client(Path input, Path results) throws IOException {
        String gateway = "127.0.0.1:" + ports.get("gateway").asInt();
        String[] arguments = {"coffee", "client", "--gateway", gateway, "--input", "" + input, "--results", "" + results
        };
        List<String> line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--batch-rows", "200"));
        return JarProcess.start(work, JVM, null, line);
    }

    /** The client is done, and its files are the expected ones byte for byte. */
    void assertAnswered(JarProcess client, Path results, Path expected) throws IOException {
        assertThat(client.exitCode(LIMIT)).as(client.report() + up.report()).isZero();
        assertThat(client.out()).contains("complete=true");
        try (Stream<Path> sessions = Files.list(results)) {
            Path session = sessions.findFirst().orElseThrow();
            for (CoffeeTable table : CoffeeTable.results()) {
                assertThat(session.resolve(table.fileName()))
                        .hasSameTextualContentAs(expected.resolve(table.fileName()));
            }
        }
    }

    /** Nothing of any session is left in the state of a node, but a line that it was there. */
    void assertTidy(String node) {
        Path state = run.resolveSibling(node);
        Waiting.until("nothing left in " + state, LIMIT, () -> {
            try (Stream<Path> found = Files.walk(state)) {
                return found.filter(Files::isRegularFile)
                        .allMatch(path -> path.endsWith("lock") || path.endsWith("finished"));
            } catch (IOException | java.io.UncheckedIOException removedMeanwhile) {
                return false;
            }
        });
    }

    /** All processes that were started for it, by {@code up} or by a monitor. */
    List<ProcessHandle> parts() {
        String mark = run.resolve("up.lock").toString();
        return ProcessHandle.allProcesses()
                .filter(process -> Stream.of(process.info().arguments().orElse(new String[0]))
                        .anyMatch(argument -> argument.endsWith(mark)))
                .toList();
    }

    /** Resident memory of all parts and of {@code up}. */
    long residentMiB() throws IOException {
        long kib = 0;
        for (ProcessHandle part : parts()) {
            for (String line : Files.readAllLines(Path.of("/proc", "" + part.pid(), "status"))) {
                kib += line.startsWith("VmRSS:") ? Long.parseLong(line.replaceAll("[^0-9]", "")) : 0;
            }
        }
        return kib / 1024 + up.residentMiB();
    }

    /** SIGTERM; all have ended when it returns. */
    void stop() {
        up.terminate();
        assertThat(up.exitCode(LIMIT)).as(up::report).isZero();
        assertThat(up.out()).contains("up: all have ended");
        assertThat(parts()).as(up::report).isEmpty();
    }

    /** SIGKILL for {@code up} alone. */
    void killNine() {
        up.killNine();
        Waiting.until("nothing is left", LIMIT, () -> parts().isEmpty());
    }

    @Override
    public void close() {
        if (up.isAlive()) {
            up.terminate();
            up.endsWithin(Duration.ofSeconds(40));
        }
        up.close();
    }
}
