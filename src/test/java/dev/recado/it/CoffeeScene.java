package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.coffee.data.CoffeeTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A gateway, workers of every stage and the four aggregators as processes of their own, on a broker of the test's. */
final class CoffeeScene implements AutoCloseable {

    private static final List<String> JVM = List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    private static final List<String> STAGES = List.of(
            "filter-year",
            "filter-hour",
            "filter-amount",
            "group-month-item",
            "group-semester-store",
            "group-store-user");
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Path ORACLE = Path.of("src", "test", "resources", "python", "coffee_oracle.py");

    private final Path work;
    private final String amqp;
    private final int port;
    private final Map<String, List<String>> commands = new LinkedHashMap<>();
    private final Map<String, JarProcess> nodes = new LinkedHashMap<>();

    private CoffeeScene(Path work, String amqp, int port) {
        this.work = work;
        this.amqp = amqp;
        this.port = port;
    }

    static CoffeeScene start(Path work, int amqpPort, int workersOfEach, String... gatewayArguments)
            throws IOException {
        int port = Ports.freeBelowEphemeral(1).get(0);
        CoffeeScene scene = new CoffeeScene(work, "amqp://guest:guest@127.0.0.1:" + amqpPort, port);
        List<String> gateway = new ArrayList<>(List.of("gateway", "--port", Integer.toString(port)));
        gateway.addAll(List.of("--state", work.resolve("state-gateway").toString()));
        gateway.addAll(List.of(gatewayArguments));
        scene.commands.put("gateway", gateway);
        for (String stage : STAGES) {
            for (int i = 0; i < workersOfEach; i++) {
                scene.commands.put(stage + "-" + i, List.of("worker", stage));
            }
        }
        for (String query : List.of("q1", "q2", "q3", "q4")) {
            String state = work.resolve("state-" + query).toString();
            scene.commands.put(query, List.of("aggregator", query, "--state", state));
        }
        try {
            for (String name : scene.commands.keySet()) {
                scene.begin(name);
            }
            scene.awaitGateway();
            return scene;
        } catch (Throwable failure) {
            scene.close();
            throw failure;
        }
    }

    private void begin(String name) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("coffee"));
        arguments.addAll(commands.get(name));
        arguments.addAll(List.of("--amqp", amqp));
        nodes.put(name, JarProcess.start(work, JVM, null, arguments));
    }

    private void awaitGateway() {
        JarProcess gateway = nodes.get("gateway");
        Waiting.until(
                "the gateway is ready, or ended",
                LIMIT,
                () -> !gateway.isAlive() || gateway.out().contains("ready on"));
        assertThat(gateway.isAlive()).as(gateway.report()).isTrue();
    }

    /** All nodes but the broker. */
    List<String> names() {
        return List.copyOf(commands.keySet());
    }

    /** SIGKILL, and a new process of the same command. */
    void killAndBeginAgain(String name) throws IOException {
        JarProcess node = nodes.get(name);
        assertThat(node.isAlive()).as(node.report()).isTrue();
        node.killNine();
        begin(name);
    }

    int port() {
        return port;
    }

    JarProcess node(String name) {
        return nodes.get(name);
    }

    Path generate(int scale, int seed) throws IOException {
        Path input = work.resolve("in-" + scale + "-" + seed);
        try (JarProcess generator = JarProcess.start(
                work,
                JVM,
                null,
                List.of("coffee", "generate", "--scale", "" + scale, "--seed", "" + seed, "--to", input.toString()))) {
            assertThat(generator.exitCode(LIMIT)).as(generator.report()).isZero();
        }
        return input;
    }

    JarProcess client(Path input, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("coffee", "client", "--gateway", "127.0.0.1:" + port));
        arguments.addAll(
                List.of("--input", input.toString(), "--results", results(input).toString()));
        arguments.addAll(List.of(more));
        return JarProcess.start(work, JVM, null, arguments);
    }

    private static Path results(Path input) {
        return input.resolveSibling(input.getFileName() + "-results");
    }

    /** The client is done and its files are those of the oracle, byte for byte. */
    void assertAnswered(JarProcess client, Path input, Duration limit) throws IOException {
        assertThat(client.exitCode(limit)).as(client.report()).isZero();
        assertThat(client.out()).contains("complete=true");
        Path expected = input.resolveSibling(input.getFileName() + "-expected");
        runOracle(input, expected);
        List<Path> sessions;
        try (Stream<Path> listed = Files.list(results(input))) {
            sessions = listed.toList();
        }
        assertThat(sessions).hasSize(1);
        for (CoffeeTable table : CoffeeTable.results()) {
            assertThat(sessions.get(0).resolve(table.fileName()))
                    .hasSameTextualContentAs(expected.resolve(table.fileName()));
        }
    }

    private void runOracle(Path input, Path expected) throws IOException {
        Path said = work.resolve("oracle.txt");
        Process oracle = new ProcessBuilder(
                        "python3", ORACLE.toAbsolutePath().toString(), input.toString(), expected.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            assertThat(oracle.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        } finally {
            oracle.destroyForcibly();
        }
        assertThat(oracle.exitValue()).as(Files.readString(said)).isZero();
    }

    /** Nothing of any session is left in the states, but a line that it was there. */
    void assertTidy() throws IOException {
        for (String state : List.of("state-gateway", "state-q1", "state-q2", "state-q3", "state-q4")) {
            Waiting.until("nothing left in " + state, LIMIT, () -> files(work.resolve(state))
                    .isEmpty());
        }
    }

    private static List<Path> files(Path state) {
        try (Stream<Path> found = Files.walk(state)) {
            return found.filter(Files::isRegularFile)
                    .filter(path -> !path.endsWith("lock") && !path.endsWith("finished"))
                    .toList();
        } catch (IOException | java.io.UncheckedIOException removedMeanwhile) {
            return List.of(state);
        }
    }

    @Override
    public void close() {
        nodes.values().forEach(JarProcess::close);
    }
}
