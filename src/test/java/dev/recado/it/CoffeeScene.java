package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.gateway.ClientLink;
import dev.recado.apps.coffee.wire.GatewayFrame;
import dev.recado.apps.coffee.wire.GatewayFrame.ResultEnd;
import dev.recado.apps.coffee.wire.GatewayFrame.ResultSlice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A gateway, workers of every stage and the four aggregators as processes of their own, on a broker of the test's. */
final class CoffeeScene implements AutoCloseable {

    private static final List<String> JVM = List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    static final List<String> QUERIES = List.of("q1", "q2", "q3", "q4");
    static final List<String> STAGES = List.of(
            "filter-year",
            "filter-hour",
            "filter-amount",
            "group-month-item",
            "group-semester-store",
            "group-store-user");
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int SILENCE_MS = 30_000;
    private static final Pattern ANSWERS = Pattern.compile("answers in (.+) complete=true");
    static final String UNREADABLE = "coffee.unreadable";
    /** What a state directory has without any session. */
    private static final Set<String> ALWAYS = Set.of("lock", "finished", "answers", "sessions");

    private final Path work;
    private final String amqp;
    private final int amqpPort;
    private final int port;
    private final int aggregators;
    private final Map<String, List<String>> commands = new LinkedHashMap<>();
    private final Map<String, JarProcess> nodes = new LinkedHashMap<>();

    private CoffeeScene(Path work, int amqpPort, int aggregators) throws IOException {
        this.work = work;
        this.amqpPort = amqpPort;
        this.aggregators = aggregators;
        amqp = "amqp://guest:guest@127.0.0.1:" + amqpPort;
        port = Ports.freeBelowEphemeral(1).get(0);
    }

    /** Where clients connect. */
    int gatewayPort() {
        return port;
    }

    /** With one aggregator of each query. */
    static CoffeeScene start(Path work, int amqpPort, int workersOfEach, String... gatewayArguments)
            throws IOException {
        return start(work, amqpPort, workersOfEach, 1, gatewayArguments);
    }

    static CoffeeScene start(
            Path work, int amqpPort, int workersOfEach, int aggregatorsOfEach, String... gatewayArguments)
            throws IOException {
        CoffeeScene scene = new CoffeeScene(work, amqpPort, aggregatorsOfEach);
        List<String> gateway = new ArrayList<>(List.of("gateway", "--port", Integer.toString(scene.port)));
        gateway.addAll(List.of("--state", work.resolve("state-gateway").toString()));
        gateway.addAll(List.of(gatewayArguments));
        scene.commands.put("gateway", gateway);
        for (String stage : STAGES) {
            for (int i = 0; i < workersOfEach; i++) {
                scene.commands.put(worker(stage, i), List.of("worker", stage));
            }
        }
        for (String query : QUERIES) {
            for (int share = 0; share < aggregatorsOfEach; share++) {
                String state = work.resolve("state-" + aggregator(query, share)).toString();
                scene.commands.put(
                        aggregator(query, share),
                        List.of("aggregator", query, "--share", Integer.toString(share), "--state", state));
            }
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

    static String worker(String stage, int number) {
        return stage + "-" + number;
    }

    static String aggregator(String query, int share) {
        return query + "." + share;
    }

    private void begin(String name) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("coffee"));
        arguments.addAll(commands.get(name));
        arguments.addAll(List.of("--amqp", amqp, "--aggregators", Integer.toString(aggregators)));
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

    /** A client of the test's own. */
    ClientLink link() throws IOException {
        return new ClientLink(new Socket(InetAddress.getLoopbackAddress(), port), SILENCE_MS);
    }

    /** The document that the gateway sends. */
    static String answer(ClientLink link) throws IOException {
        StringBuilder json = new StringBuilder();
        while (true) {
            for (GatewayFrame frame : link.receive()) {
                if (frame instanceof ResultSlice slice) {
                    json.append(new String(slice.bytes(), StandardCharsets.UTF_8));
                } else if (frame instanceof ResultEnd) {
                    return json.toString();
                }
            }
        }
    }

    /** Until a node has said it. */
    void awaitSaid(String name, String text) {
        JarProcess node = nodes.get(name);
        Waiting.until(name + " says: " + text, LIMIT, () -> node.err().contains(text));
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

    static Path results(Path input) {
        return input.resolveSibling(input.getFileName() + "-results");
    }

    static Path resultsOf(Path input, String session) {
        return results(input).resolve("session_" + session);
    }

    /** The client is done and its files are those of the oracle, byte for byte. */
    void assertAnswered(JarProcess client, Path input, Duration limit) throws IOException {
        assertThat(client.exitCode(limit)).as(client.report()).isZero();
        Matcher said = ANSWERS.matcher(client.out());
        assertThat(said.find()).as(client.report()).isTrue();
        Path answers = Path.of(said.group(1));
        assertThat(answers).as("below --results").hasParent(results(input));
        Path expected = CoffeeOracle.expected(input, LIMIT);
        for (CoffeeTable table : CoffeeTable.results()) {
            assertThat(answers.resolve(table.fileName())).hasSameTextualContentAs(expected.resolve(table.fileName()));
        }
    }

    /**
     * Nothing of any session is left in the states but a line that it was there, and in no queue anything. Ends the
     * nodes, as what they hold unacknowledged is in no count.
     */
    void assertTidy() throws IOException {
        for (String node : commands.keySet()) {
            Path state = work.resolve("state-" + node);
            if (Files.exists(state)) {
                Waiting.until(
                        "nothing left in " + state, LIMIT, () -> left(state).isEmpty());
            }
        }
        nodes.values().forEach(JarProcess::close);
        for (String queue : queues()) {
            Waiting.until("nothing left in " + queue, LIMIT, () -> isUnused(queue));
        }
    }

    private static List<Path> left(Path state) {
        try (Stream<Path> found = Files.walk(state)) {
            return found.skip(1)
                    .filter(path -> !ALWAYS.contains(path.getFileName().toString()))
                    .toList();
        } catch (IOException | UncheckedIOException removedMeanwhile) {
            return List.of(state);
        }
    }

    List<String> queues() {
        List<String> queues = new ArrayList<>(List.of("coffee.results", UNREADABLE));
        STAGES.forEach(stage -> queues.add("coffee." + stage));
        for (String query : QUERIES) {
            for (int share = 0; share < aggregators; share++) {
                queues.add("coffee." + aggregator(query, share));
            }
        }
        return queues;
    }

    private boolean isUnused(String queue) {
        return onChannel(channel -> {
            AMQP.Queue.DeclareOk told = channel.queueDeclarePassive(queue);
            return told.getConsumerCount() == 0 && told.getMessageCount() == 0;
        });
    }

    /** What is asked over AMQP. */
    interface Asked<T> {
        T on(Channel channel) throws IOException;
    }

    <T> T onChannel(Asked<T> asked) {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setPort(amqpPort);
        try (Connection connection = factory.newConnection()) {
            return asked.on(connection.createChannel());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (TimeoutException e) {
            throw new AssertionError("no connection to the broker", e);
        }
    }

    @Override
    public void close() {
        nodes.values().forEach(JarProcess::close);
    }
}
