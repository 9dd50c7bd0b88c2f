package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs with the clients that JVM applications use, unchanged, as they would run against RabbitMQ. */
@Timeout(value = 420, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AmqpJvmClientsIT {

    private static final Duration LIMIT = Duration.ofSeconds(150);
    private static final int JOBS = 300;

    /** A client, and how many checks its program has that Recado must hold. */
    enum Client {
        JAVA("amqp-client-5", "JavaClient", 52),
        SPRING_3("spring-amqp-3", "SpringClient", 20),
        SPRING_4("spring-amqp-4", "SpringClient", 20),
        VERTX("vertx-rabbitmq-5", "VertxClient", 11);

        private final String project;
        private final String mainClass;
        private final int checks;

        Client(String project, String mainClass, int checks) {
            this.project = project;
            this.mainClass = mainClass;
            this.checks = checks;
        }

        ClientProject project() {
            return new ClientProject(project);
        }
    }

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    private final List<AutoCloseable> open = new ArrayList<>();
    private int port;

    @BeforeEach
    void choosePort() throws IOException {
        port = Ports.freeBelowEphemeral();
    }

    @AfterEach
    void endProcesses() throws Exception {
        for (AutoCloseable process : open) {
            process.close();
        }
    }

    private BrokerProcess broker() throws IOException {
        return opened(BrokerProcess.in(work).amqpPort(port).start());
    }

    private <T extends AutoCloseable> T opened(T process) {
        open.add(process);
        return process;
    }

    private JarProcess start(Client client, String command, Object... arguments)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(Integer.toString(port), command));
        for (Object argument : arguments) {
            all.add(argument.toString());
        }
        return opened(client.project().start(work, client.mainClass, all));
    }

    /** As its line says, or it has ended. */
    private static void awaitReady(JarProcess program) {
        Waiting.until("it is ready", LIMIT, () -> program.out().contains("ready\n") || !program.isAlive());
    }

    private static List<String> lines(Path ledger) {
        try {
            return Files.exists(ledger) ? Files.readAllLines(ledger) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> all(List<Path> ledgers) {
        Set<String> found = new TreeSet<>();
        ledgers.forEach(ledger -> found.addAll(lines(ledger)));
        return found;
    }

    @ParameterizedTest
    @EnumSource
    void shouldHoldEveryCheck(Client client) throws Exception {
        // Given
        BrokerProcess broker = broker();
        JarProcess program = start(client, "checks");

        // When
        int failed = program.exitCode(LIMIT);

        // Then
        assertThat(failed).as(program::report).isZero();
        assertThat(program.out()).endsWith(client.checks + " held, 0 failed\n");
        assertThat(broker.isAlive()).isTrue();
        try (TextConnection text = broker.connect()) {
            assertThat(text.list("STATS")).contains("session_bugs=0");
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldLoseNothingThatWasConfirmed(Client client) throws Exception {
        // Given
        Path confirmed = work.resolve("confirmed.txt");
        List<Path> done = List.of(work.resolve("done-1.txt"), work.resolve("done-2.txt"));
        BrokerProcess broker = broker();
        List<JarProcess> workers = new ArrayList<>();
        for (Path ledger : done) {
            workers.add(start(client, "work", ledger));
        }
        for (JarProcess worker : workers) {
            awaitReady(worker);
        }

        // When
        JarProcess publisher = start(client, "publish", confirmed, JOBS);
        Waiting.until(
                "some jobs of the first worker", LIMIT, () -> lines(done.get(0)).size() >= 20);
        workers.get(0).killNine();
        Waiting.until("some more jobs", LIMIT, () -> lines(confirmed).size() >= JOBS / 2);
        broker.killNine();
        BrokerProcess again = opened(broker.again());

        // Then
        assertThat(publisher.exitCode(LIMIT)).as(publisher::report).isZero();
        Set<String> lost = new TreeSet<>(lines(confirmed));
        assertThat(lost).hasSize(JOBS);
        boolean complete = Waiting.within(LIMIT, () -> all(done).containsAll(lost));
        lost.removeAll(all(done));
        assertThat(complete)
                .as(() -> "lost: " + lost + "\n" + workers.get(1).report())
                .isTrue();
        assertThat(again.isAlive()).isTrue();
    }

    /** Vert.x' client has no topology of its own to bring back. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "VERTX")
    void shouldRecoverConnectionAndTopology(Client client) throws Exception {
        // Given
        BrokerProcess broker = broker();
        JarProcess program = start(client, "recover");
        awaitReady(program);

        // When
        assertThat(broker.terminate()).as(() -> broker.process().report()).isZero();
        BrokerProcess again = opened(broker.again());

        // Then
        assertThat(program.exitCode(LIMIT)).as(program::report).isZero();
        assertThat(again.isAlive()).isTrue();
    }
}
