package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.coffee.gateway.ClientLink;
import dev.recado.apps.coffee.wire.GatewayFrame.Hello;
import dev.recado.apps.coffee.wire.GatewayFrame.Welcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients of the coffee shop that die, that stay away and that are too many; and how the work is shared out. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CoffeeSessionsIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Pattern SESSION = Pattern.compile("session ([0-9a-f-]{36})");
    private static final Pattern DETACHED = Pattern.compile("client detached session=\\S+ rows=(\\d+)");
    private static final Pattern WORKED = Pattern.compile("worked on batches=(\\d+)");

    @Test
    void shouldGoOnWhereAKilledClientWas(@WorkDir Path work) throws IOException {
        Tool.PYTHON.require();
        int batchRows = 25;
        try (BrokerProcess broker = BrokerProcess.in(work).start();
                CoffeeScene scene = CoffeeScene.start(work, broker.port("amqp"), 1)) {
            // Given
            Path input = scene.generate(10, 7);
            String session = killedOnItsWay(scene, input, batchRows);
            scene.awaitSaid("gateway", "client detached session=" + session);
            String rows = found(DETACHED, scene.node("gateway").err());

            // When
            try (JarProcess client =
                    scene.client(input, "--session", session, "--batch-rows", Integer.toString(batchRows))) {
                // Then
                scene.assertAnswered(client, input, LIMIT);
                assertThat(client.err()).contains("going on behind " + rows + " rows that the gateway has");
            }
            long sales = batches(input.resolve("transactions.csv"), batchRows);
            long items = batches(input.resolve("transaction_items.csv"), batchRows);
            assertThat(worked(scene, CoffeeScene.worker("filter-year", 0)))
                    .as("batches of both clients together, none twice")
                    .isEqualTo(sales + items);
            scene.assertTidy();
        }
    }

    @Test
    void shouldEndTheSessionsOfClientsThatStayAway(@WorkDir Path work) throws IOException {
        try (BrokerProcess broker = BrokerProcess.in(work).start();
                CoffeeScene scene = CoffeeScene.start(
                        work, broker.port("amqp"), 1, "--reconnect-grace", "1s", "--results-keep", "25s")) {
            // Given
            Path input = scene.generate(10, 8);
            String late = killedOnItsWay(scene, input, 25);
            String never = killedOnItsWay(scene, input, 25);
            for (String session : List.of(late, never)) {
                scene.awaitSaid("gateway", "the gateway ended its tables session=" + session);
            }

            // When
            try (JarProcess client = scene.client(input, "--session", late)) {
                // Then
                assertThat(client.exitCode(LIMIT)).as(client.report()).isZero();
                assertThat(client.out()).contains("complete=false");
            }
            scene.awaitSaid("gateway", "nobody fetched the answer session=" + never);
            scene.assertTidy();
        }
    }

    @Test
    void shouldNotWaitForAClientWithAWrongRow(@WorkDir Path work) throws IOException {
        try (BrokerProcess broker = BrokerProcess.in(work).start();
                CoffeeScene scene = CoffeeScene.start(work, broker.port("amqp"), 1, "--sessions", "1")) {
            // Given
            Path wrong = scene.generate(1, 9);
            Files.writeString(wrong.resolve("transactions.csv"), "x,1,1,1.00,yesterday\n", StandardOpenOption.APPEND);
            String session;

            // When
            try (JarProcess client = scene.client(wrong)) {
                // Then
                assertThat(client.exitCode(LIMIT)).as(client.report()).isEqualTo(1);
                assertThat(client.err()).contains("transactions.csv:1058: created_at");
                session = found(SESSION, client.err());
            }
            scene.awaitSaid("gateway", "client left, the gateway ended its tables session=" + session);
            try (JarProcess client = scene.client(wrong, "--session", session)) {
                assertThat(client.exitCode(LIMIT)).as(client.report()).isZero();
                assertThat(CoffeeScene.resultsOf(wrong, session).resolve("report.json"))
                        .content()
                        .startsWith("{\"session\":\"" + session + "\",\"complete\":false,");
            }
            scene.assertTidy();
        }
    }

    @Test
    void shouldShareSessionsOutAmongSeveralAggregators(@WorkDir Path work) throws IOException {
        Tool.PYTHON.require();
        try (BrokerProcess broker = BrokerProcess.in(work).start();
                CoffeeScene scene = CoffeeScene.start(work, broker.port("amqp"), 1, 3)) {
            // Given
            List<Path> inputs = new ArrayList<>();
            for (int seed = 11; seed <= 15; seed++) {
                inputs.add(scene.generate(1, seed));
            }

            // When
            List<JarProcess> clients = new ArrayList<>();
            for (Path input : inputs) {
                clients.add(scene.client(input));
            }

            // Then
            List<String> sessions = new ArrayList<>();
            for (int i = 0; i < clients.size(); i++) {
                try (JarProcess client = clients.get(i)) {
                    scene.assertAnswered(client, inputs.get(i), LIMIT);
                    sessions.add(found(SESSION, client.err()));
                }
            }
            for (String query : CoffeeScene.QUERIES) {
                List<String> begun = Stream.of(0, 1, 2)
                        .map(share -> scene.node(CoffeeScene.aggregator(query, share)))
                        .flatMap(node -> sessions.stream().filter(session -> node.err()
                                .contains("session began query=" + query + " session=" + session)))
                        .toList();
                assertThat(begun)
                        .as("each with one aggregator of " + query)
                        .containsExactlyInAnyOrderElementsOf(sessions);
            }
            scene.assertTidy();
        }
    }

    /** Each session has fewer batches than one worker may hold, so that who is faster for a moment gets no more. */
    @Test
    void shouldGiveEqualWorkersEqualShares(@WorkDir Path work) throws IOException {
        Tool.PYTHON.require();
        try (BrokerProcess broker = BrokerProcess.in(work).start();
                CoffeeScene scene = CoffeeScene.start(work, broker.port("amqp"), 3)) {
            // Given
            Path input = scene.generate(1, 9);
            String batchRows = "400";

            // When
            for (int session = 0; session < 10; session++) {
                try (JarProcess client = scene.client(input, "--batch-rows", batchRows)) {
                    scene.assertAnswered(client, input, LIMIT);
                }
            }

            // Then
            for (String stage : CoffeeScene.STAGES) {
                List<Long> shares = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    shares.add(worked(scene, CoffeeScene.worker(stage, i)));
                }
                long most = shares.stream().mapToLong(Long::longValue).max().orElseThrow();
                assertThat(shares).as(stage).allMatch(share -> 5 * (most - share) <= most);
            }
            scene.assertTidy();
        }
    }

    @Test
    void shouldRefuseASixthClientAndSayWhatToDo(@WorkDir Path work) throws IOException {
        try (BrokerProcess broker = BrokerProcess.in(work).start();
                CoffeeScene scene = CoffeeScene.start(work, broker.port("amqp"), 0);
                ClientLink first = welcomed(scene);
                ClientLink second = welcomed(scene);
                ClientLink third = welcomed(scene);
                ClientLink fourth = welcomed(scene);
                ClientLink fifth = welcomed(scene)) {
            // Given
            assertThat(List.of(first, second, third, fourth, fifth)).hasSize(5);

            // When
            try (JarProcess client = scene.client(scene.generate(1, 1))) {
                // Then
                assertThat(client.exitCode(LIMIT)).as(client.report()).isEqualTo(1);
                assertThat(client.err())
                        .contains("the gateway is full: sessions=5 are open, as many as may be; try again when one has"
                                + " ended, or start the gateway with more --sessions");
            }
        }
    }

    private static ClientLink welcomed(CoffeeScene scene) throws IOException {
        ClientLink link = scene.link();
        link.send(new Hello(UUID.randomUUID(), false));
        assertThat(link.receive().get(0)).isInstanceOf(Welcome.class);
        return link;
    }

    /** Starts a client, ends it by SIGKILL while it sends, and answers its session. */
    private static String killedOnItsWay(CoffeeScene scene, Path input, int batchRows) throws IOException {
        try (JarProcess client = scene.client(input, "--batch-rows", Integer.toString(batchRows))) {
            Waiting.until("the first rows are sent", LIMIT, () -> client.err().contains("sent"));
            assertThat(client.isAlive()).as(client.report()).isTrue();
            client.killNine();
            assertThat(client.err()).as("it was to die while it sends").doesNotContain("waiting for the answer");
            return found(SESSION, client.err());
        }
    }

    /** How many batches a worker says that it has worked on, at its end. */
    private static long worked(CoffeeScene scene, String name) {
        JarProcess worker = scene.node(name);
        worker.terminate();
        worker.endsWithin(LIMIT);
        return Long.parseLong(found(WORKED, worker.out()));
    }

    /** Of a file, with the end of its table. */
    private static long batches(Path file, int batchRows) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            long rows = lines.count() - 1;
            return (rows + batchRows - 1) / batchRows + 1;
        }
    }

    private static String found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as(pattern + " in " + text).isTrue();
        return matcher.group(1);
    }
}
