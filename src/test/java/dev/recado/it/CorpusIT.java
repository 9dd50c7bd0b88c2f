package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The main job: real text through the real command line, while the broker is killed and comes back. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CorpusIT {

    private static final int LINES = 100_000;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    private final List<AutoCloseable> processes = new ArrayList<>();

    @AfterEach
    void endProcesses() throws Exception {
        for (AutoCloseable process : processes) {
            process.close();
        }
    }

    @Test
    void shouldDeliverTheWholeCorpusToThreeMembersThoughTheBrokerIsKilledTwice() throws Exception {
        // Given
        Path corpus = work.resolve("corpus.txt");
        Corpus.gather(corpus, LINES);
        BrokerProcess.Plan plan = BrokerProcess.in(work).textPort(Ports.freeBelowEphemeral());
        BrokerProcess broker = start(plan);
        String address = broker.address();
        List<Path> outputs = List.of(work.resolve("m1.txt"), work.resolve("m2.txt"), work.resolve("m3.txt"));

        // When
        List<JarProcess> members = new ArrayList<>();
        for (Path output : outputs) {
            members.add(command(
                    "consumer",
                    "--broker",
                    address,
                    "--topic",
                    "corpus",
                    "--group",
                    "g",
                    "--from",
                    "first",
                    "--to-file",
                    output.toString()));
        }
        awaitMembers(broker, members.size());
        JarProcess producer =
                command("producer", "--broker", address, "--topic", "corpus", "--file", corpus.toString());
        awaitBytes(outputs, Files.size(corpus) / 20);
        assertThat(producer.isAlive())
                .as("the producer still works when the broker is killed")
                .isTrue();
        broker.killNine();
        broker = start(plan);
        awaitBytes(outputs, Files.size(corpus) / 2);
        broker.killNine();
        BrokerProcess last = start(plan);
        assertThat(producer.exitCode(LIMIT)).as(producer::report).isZero();
        awaitBytes(outputs, Files.size(corpus));
        awaitNothingUnfinished(last);
        assertThat(members)
                .allSatisfy(member ->
                        assertThat(member.isAlive()).as(member::report).isTrue());
        members.forEach(JarProcess::terminate);
        members.forEach(member -> member.exitCode(Duration.ofSeconds(15)));

        // Then
        judge(corpus, outputs);
    }

    private static void judge(Path corpus, List<Path> outputs) throws IOException {
        Map<String, Integer> published = Corpus.lines(corpus);
        Map<String, Integer> received = new HashMap<>();
        for (Path output : outputs) {
            Map<String, Integer> part = Corpus.lines(output);
            assertThat(part).as("what %s acknowledged", output.getFileName()).isNotEmpty();
            part.forEach((line, count) -> received.merge(line, count, Integer::sum));
        }
        Set<String> missing = new HashSet<>(published.keySet());
        missing.removeAll(received.keySet());
        Set<String> phantoms = new HashSet<>(received.keySet());
        phantoms.removeAll(published.keySet());
        int total = received.values().stream().mapToInt(Integer::intValue).sum();
        System.out.println("CorpusIT lines=" + published.size() + " received=" + total + " redelivered="
                + (total - received.size()) + " missing=" + missing.size() + " phantoms=" + phantoms.size());
        assertThat(published.size()).isGreaterThanOrEqualTo(LINES);
        assertThat(missing.stream().limit(5)).isEmpty();
        assertThat(phantoms.stream().limit(5)).isEmpty();
    }

    /** A command whose first attempt to connect meets a killed broker ends: all join before the first kill. */
    private static void awaitMembers(BrokerProcess broker, int members) throws IOException {
        String figure = "\"members\":" + members + ",";
        try (TextConnection admin = broker.connect()) {
            admin.ask("TOPIC:CREATE:corpus");
            Waiting.until(figure, LIMIT, () -> listed(admin).contains(figure));
        }
    }

    private static String listed(TextConnection admin) {
        try {
            return String.join("\n", admin.list("GROUP:LIST:corpus"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The group has nothing left, neither waiting nor in somebody's hands: all of it was acknowledged. */
    private static void awaitNothingUnfinished(BrokerProcess broker) throws IOException {
        try (TextConnection admin = broker.connect()) {
            Waiting.until("backlog of group g is 0", LIMIT, () -> Figures.group(admin, "corpus", "g", "backlog") == 0);
            assertThat(Figures.topic(admin, "corpus", "end")).isGreaterThanOrEqualTo(LINES);
        }
    }

    private BrokerProcess start(BrokerProcess.Plan plan) throws IOException {
        BrokerProcess broker = plan.start();
        processes.add(broker);
        return broker;
    }

    private JarProcess command(String... args) throws IOException {
        JarProcess process = JarProcess.command(work, args);
        processes.add(process);
        return process;
    }

    private void awaitBytes(List<Path> outputs, long bytes) {
        Waiting.until("outputs of " + bytes + " bytes", LIMIT, () -> size(outputs) >= bytes);
    }

    private static long size(List<Path> files) {
        long bytes = 0;
        for (Path file : files) {
            try {
                bytes += Files.exists(file) ? Files.size(file) : 0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return bytes;
    }
}
