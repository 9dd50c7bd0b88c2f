package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The life of a broker's process, and the commands on the data that it leaves. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StartStopIT {

    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(30);
    private static final long READY_MS_MAX = 1_500;

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    @Test
    void shouldBeReadyWithinASecondAndAHalf() throws Exception {
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            try (BrokerProcess broker =
                    BrokerProcess.in(work.resolve("start" + i)).start()) {
                times.add(broker.startMs());
                System.out.println("StartStopIT readyMs=" + broker.startMs() + " readyLineMs=" + broker.readyLineMs());
            }
        }
        times.sort(Comparator.naturalOrder());
        assertThat(times.get(2)).as("median of %s", times).isLessThanOrEqualTo(READY_MS_MAX);
    }

    @Test
    void shouldWriteThePortsFileAndTheReadyLine() throws Exception {
        // So few that no machine's limit of open files asks for a warning.
        BrokerProcess.Plan plan = BrokerProcess.in(work).set("sessions.connections-max", "500");
        try (BrokerProcess broker = plan.start()) {
            JsonNode ports = new ObjectMapper().readTree(plan.portsFile().toFile());
            assertThat(ports.get("text").asInt()).isEqualTo(broker.textPort()).isBetween(1, 65_535);
            assertThat(broker.process().out()).contains("127.0.0.1:" + broker.textPort());
            assertThat(broker.process().err()).isEmpty();
        }
    }

    @Test
    void shouldDrainWhenToldToStop() throws Exception {
        HistoryChecker history = new HistoryChecker();
        BrokerProcess.Plan plan = BrokerProcess.in(work);
        try (BrokerProcess broker = plan.start();
                LoadCrew crew = new LoadCrew()) {
            // Given
            LoadPublisher publisher = new LoadPublisher("p", "drain", LoadPublisher.Style.NUMBERED, history);
            crew.run(() -> publisher.run(broker.textPort(), Integer.MAX_VALUE));
            Waiting.until("2000 confirmed", COMMAND_LIMIT, () -> history.confirmedCount() > 2_000);

            // When
            long begin = System.nanoTime();
            int code = broker.terminate();

            // Then
            assertThat(code).as(() -> broker.process().report()).isZero();
            assertThat((System.nanoTime() - begin) / 1_000_000).isLessThan(10_000);
            crew.join();
        }
        try (BrokerProcess broker = plan.start();
                LoadCrew crew = new LoadCrew()) {
            LoadMember member = new LoadMember("m", "drain:g:200:first", history);
            crew.run(() -> member.run(broker.textPort(), 2));
            Waiting.until("all confirmed are there", COMMAND_LIMIT, () -> history.missing() == 0);
            member.stop();
            crew.join();
        }
    }

    @Test
    void shouldStopWhileClientsStayConnected() throws Exception {
        try (BrokerProcess broker = BrokerProcess.in(work).start();
                TextConnection idle = broker.connect();
                TextConnection subscriber = broker.connect()) {
            assertThat(idle.ask("PING")).isEqualTo("PONG");
            assertThat(subscriber.ask("SUB:t:g")).isEqualTo("OK:SUB:1");
            assertThat(broker.terminate()).isZero();
        }
    }

    @Test
    void shouldStopInOrderWhenItsTerminalCloses() throws Exception {
        BrokerProcess.Plan plan = BrokerProcess.in(work);
        try (BrokerProcess broker = plan.start();
                TextConnection client = broker.connect()) {
            // Given
            assertThat(client.pub("t", "kept")).startsWith("OK:");

            // When
            String pid = Long.toString(broker.process().pid());
            new ProcessBuilder("kill", "-HUP", pid).start().waitFor();
            new ProcessBuilder("kill", "-HUP", pid).start().waitFor();

            // Then
            assertThat(broker.process().exitCode(COMMAND_LIMIT)).isZero();
            assertThat(Files.readString(plan.data().resolve("recado.log"))).contains("broker stopped");
        }
    }

    @Test
    void shouldRefuseADataDirectoryThatAnotherProcessUses() throws Exception {
        BrokerProcess.Plan plan = BrokerProcess.in(work);
        try (BrokerProcess broker = plan.start();
                JarProcess second = JarProcess.command(
                        work, "broker", "--free-ports", "--data", plan.data().toString())) {
            assertThat(second.exitCode(COMMAND_LIMIT)).isEqualTo(1);
            assertThat(second.err()).contains(plan.data().toString()).contains("in use");
            assertThat(second.err()).doesNotContain("\tat ");
            assertThat(broker.isAlive()).isTrue();
        }
    }

    @Test
    void shouldNameAnUnknownSettingAndABadValue() throws Exception {
        try (JarProcess unknown = broker("--set", "text.prot=1");
                JarProcess bad = broker("--set", "text.port=many");
                JarProcess option = broker("--no-such-option")) {
            assertThat(unknown.exitCode(COMMAND_LIMIT)).isEqualTo(2);
            assertThat(unknown.err()).contains("text.prot");
            assertThat(bad.exitCode(COMMAND_LIMIT)).isEqualTo(2);
            assertThat(bad.err()).contains("text.port").contains("many");
            assertThat(option.exitCode(COMMAND_LIMIT)).isEqualTo(2);
            assertThat(option.err()).contains("--no-such-option");
        }
    }

    @Test
    void shouldSayThatAPortIsTaken() throws Exception {
        try (BrokerProcess first = BrokerProcess.in(work).start();
                JarProcess second = broker("--set", "text.port=" + first.textPort())) {
            assertThat(second.exitCode(COMMAND_LIMIT)).isEqualTo(1);
            assertThat(second.err()).contains(Integer.toString(first.textPort()));
        }
    }

    private JarProcess broker(String... more) throws IOException {
        List<String> args = new ArrayList<>(
                List.of("broker", "--data", work.resolve("other").toString()));
        args.addAll(List.of(more));
        return JarProcess.command(work, args.toArray(String[]::new));
    }

    @Test
    void shouldExitWithThreeWhereNoBrokerAnswers() throws Exception {
        String nobody = "127.0.0.1:" + Ports.freeBelowEphemeral();
        try (JarProcess list = JarProcess.command(work, "topic", "list", "--broker", nobody)) {
            assertThat(list.exitCode(COMMAND_LIMIT)).as(list::report).isEqualTo(3);
            assertThat(list.err()).contains(nobody);
        }
    }

    @Test
    void shouldImportTheClassicFileAtStartAndExportItAtStop() throws Exception {
        // Given
        Path classic = work.resolve("mensajes.dat");
        Files.writeString(classic, "1:1700000000:4:hola\n2:1700000001:5:mundo\n");
        BrokerProcess.Plan plan = BrokerProcess.in(work).argument(classic.toString());

        // When
        try (BrokerProcess broker = plan.start();
                TextConnection client = broker.connect()) {
            assertThat(client.ask("REGISTER:CONSUMER:ana")).isEqualTo("OK:CONSUMER:ana");
            assertThat(client.ask("GET")).isEqualTo("hola");
            assertThat(client.ask("SEND:nuevo mensaje")).startsWith("OK:MSG_ID:");
            assertThat(broker.terminate()).isZero();
        }

        // Then
        assertThat(Files.readString(classic)).contains(":5:mundo\n").contains(":13:nuevo mensaje\n");
        try (BrokerProcess broker = plan.start();
                TextConnection client = broker.connect()) {
            assertThat(client.ask("REGISTER:CONSUMER:ana")).isEqualTo("OK:CONSUMER:ana");
            assertThat(client.ask("GET")).isEqualTo("mundo");
            assertThat(client.ask("GET")).isEqualTo("nuevo mensaje");
            assertThat(client.ask("GET")).isEqualTo("ERROR:No messages available");
        }
    }

    @Test
    void shouldRestoreWhatWasBackedUp() throws Exception {
        // Given
        BrokerProcess.Plan plan = BrokerProcess.in(work);
        publishAndStop(plan, 100);
        Path archive = work.resolve("backup.recado");
        Path restored = work.resolve("restored");

        // When
        run("backup", "--data", plan.data().toString(), archive.toString());
        run("restore", "--data", restored.toString(), archive.toString());

        // Then
        try (BrokerProcess broker = BrokerProcess.in(work).data(restored).start()) {
            assertThat(count(broker)).isEqualTo(100);
        }
    }

    @Test
    void shouldFindNoDamageInWhatIsWhole() throws Exception {
        BrokerProcess.Plan plan = BrokerProcess.in(work);
        publishAndStop(plan, 100);
        run("repair", "--data", plan.data().toString());
        try (BrokerProcess broker = plan.start()) {
            assertThat(count(broker)).isEqualTo(100);
        }
    }

    @Test
    void shouldStartAgainOnAJournalWhoseEndWasTorn() throws Exception {
        // Given
        BrokerProcess.Plan plan = BrokerProcess.in(work).set("journal.file-bytes", "1MiB");
        try (BrokerProcess broker = plan.start();
                TextConnection client = broker.connect()) {
            for (int i = 0; i < 100; i++) {
                assertThat(client.pub("kept", "m" + i)).isEqualTo("OK:MSG_ID:" + i);
            }
            broker.killNine();
        }

        // When
        spoilTheEnd(plan.data().resolve("journal"));
        run("repair", "--data", plan.data().toString(), "--accept-loss");

        // Then
        try (BrokerProcess broker = plan.start();
                TextConnection client = broker.connect()) {
            assertThat(client.ask("SUB:kept:g:200:first")).isEqualTo("OK:SUB:1");
            int expected = 0;
            for (var next = client.deliveryWithin(Duration.ofSeconds(1));
                    next != null;
                    next = client.deliveryWithin(Duration.ofSeconds(1))) {
                assertThat(next.payload()).isEqualTo("m" + expected++);
            }
            assertThat(expected).as("messages before the torn end").isBetween(1, 100);
            assertThat(client.pub("kept", "more")).isEqualTo("OK:MSG_ID:" + expected);
        }
    }

    /** Cuts the newest journal file in the last of the bytes that were written, as a disk that lied would. */
    private static void spoilTheEnd(Path journal) throws IOException {
        Path newest;
        try (Stream<Path> files = Files.walk(journal)) {
            newest = files.filter(Files::isRegularFile)
                    .max(Comparator.comparing(StartStopIT::writtenBytes))
                    .orElseThrow();
        }
        try (FileChannel channel = FileChannel.open(newest, StandardOpenOption.WRITE)) {
            channel.truncate(Math.max(1, writtenBytes(newest) - 40));
        }
    }

    /** Bytes up to the last one that is not zero. */
    private static long writtenBytes(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            int end = bytes.length;
            while (end > 0 && bytes[end - 1] == 0) {
                end--;
            }
            return end;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void publishAndStop(BrokerProcess.Plan plan, int count) throws IOException {
        try (BrokerProcess broker = plan.start();
                TextConnection client = broker.connect()) {
            for (int i = 0; i < count; i++) {
                assertThat(client.pub("kept", "m" + i)).isEqualTo("OK:MSG_ID:" + i);
            }
            assertThat(broker.terminate()).isZero();
        }
    }

    private static int count(BrokerProcess broker) throws IOException {
        try (TextConnection client = broker.connect()) {
            assertThat(client.ask("SUB:kept:g:auto:first")).isEqualTo("OK:SUB:1");
            int count = 0;
            while (client.deliveryWithin(Duration.ofSeconds(1)) != null) {
                count++;
            }
            return count;
        }
    }

    private void run(String... args) throws IOException {
        try (JarProcess command = JarProcess.command(work, args)) {
            assertThat(command.exitCode(COMMAND_LIMIT)).as(command::report).isZero();
        }
    }
}
