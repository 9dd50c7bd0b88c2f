package dev.recado.apps.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NodeProcessTest {

    private final Path pidFile;
    private final NodeProcess node;

    NodeProcessTest(@TempDir Path directory) {
        pidFile = directory.resolve("s.pid");
        node = new NodeProcess(
                "sleeper", List.of("sleep", "60"), directory, Map.of(), directory.resolve("s.log"), pidFile);
    }

    @Test
    void shouldFindItsProcessAndNoOtherOfThatNumber() throws IOException {
        // Given
        assertThat(node.running()).isEmpty();
        ProcessHandle process = node.start();
        try {
            assertThat(node.running()).contains(process);

            // When
            Files.writeString(pidFile, process.pid() + " 1234\n");

            // Then
            assertThat(node.running()).isEmpty();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void shouldStartNothingThatNobodyWouldFindAgain(@TempDir Path other) throws Exception {
        // Given
        Path pids = Files.createDirectories(other.resolve("s.pid").resolve("in-the-way"));
        Path started = other.resolve("started");
        NodeProcess unfound = new NodeProcess(
                "unfound",
                List.of("sh", "-c", "echo $$ > started; exec sleep 60"),
                other,
                Map.of(),
                other.resolve("s.log"),
                pids.getParent());

        // When
        assertThatThrownBy(unfound::start).isInstanceOf(IOException.class).hasMessageContaining("s.pid");

        // Then
        String pid = Files.exists(started) ? Files.readString(started).strip() : "";
        if (!pid.isEmpty()) {
            Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(pid));
            assertThat(process.isEmpty() || process.get().onExit().get(30, TimeUnit.SECONDS) != null)
                    .isTrue();
        }
    }

    @Test
    void shouldPutALongLogAsideWhenItStarts() throws IOException {
        // Given
        try (RandomAccessFile log = new RandomAccessFile(node.log().toFile(), "rw")) {
            log.setLength(NodeProcess.LOG_BYTES_MAX + 1);
        }

        // When
        node.start().destroyForcibly();

        // Then
        assertThat(node.log()).hasSize(0);
        assertThat(node.log().resolveSibling("s.log.1")).hasSize(NodeProcess.LOG_BYTES_MAX + 1);
    }

    /** As it is with a file that a monitor wrote before the machine's clock was set. */
    @Test
    void shouldFindItsProcessThoughTheClockWasSet() throws IOException {
        // Given
        ProcessHandle process = node.start();
        try {
            String[] fields = Files.readString(pidFile).strip().split(" ");
            long hourBefore = Long.parseLong(fields[1]) - 3_600_000;

            // When
            Files.writeString(pidFile, fields[0] + " " + hourBefore + " " + fields[2] + "\n");

            // Then
            assertThat(node.running()).contains(process);

            // When
            Files.writeString(pidFile, fields[0] + " " + fields[1] + " " + fields[2] + "0\n");

            // Then
            assertThat(node.running()).isEmpty();
        } finally {
            process.destroyForcibly();
        }
    }

    /** As in a container whose first process is no init: what has ended there stays in the table of processes. */
    @Test
    void shouldStartAgainWhatHasEndedAndIsWaitedForByNobody() throws IOException {
        // Given
        Process parent = neglecting();
        try {
            ProcessHandle child = childOf(parent);
            assertThat(node.running()).contains(child);

            // When
            child.destroyForcibly();
            awaitEnd(child);

            // Then
            assertThat(node.running()).isEmpty();
            assertThat(child.isAlive()).as("for Java").isTrue();
            assertThat(node.revive()).startsWith("started process ");
            assertThat(node.running()).isPresent();
        } finally {
            parent.destroyForcibly();
            node.stop(1_000);
        }
    }

    @Test
    void shouldEndWhatDoesNotAnswerThoughNobodyWaitsForIt() throws IOException {
        // Given
        Process parent = neglecting();
        try {
            ProcessHandle child = childOf(parent);

            // When
            String told = node.revive();

            // Then
            assertThat(told).startsWith("killed process " + child.pid() + " that did not answer, started ");
        } finally {
            parent.destroyForcibly();
            node.stop(1_000);
        }
    }

    /** A process that waits for none of its children and has told of one. */
    private static Process neglecting() throws IOException {
        return new ProcessBuilder("sh", "-c", "sleep 60 & echo $!; exec sleep 60").start();
    }

    /** The one that it has told of, which the file names from now on. */
    private ProcessHandle childOf(Process parent) throws IOException {
        String pid = parent.inputReader().readLine();
        // A shell may still wait for its children, what it becomes does not.
        while (!parent.info().command().orElse("").endsWith("sleep")) {
            Thread.onSpinWait();
        }
        ProcessHandle child = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        long startedMs = child.info().startInstant().orElseThrow().toEpochMilli();
        Files.writeString(pidFile, pid + " " + startedMs + "\n");
        return child;
    }

    private static void awaitEnd(ProcessHandle process) {
        ProcessStat stat = ProcessStat.of(process.pid());
        while (stat != null && !stat.hasEnded()) {
            Thread.onSpinWait();
            stat = ProcessStat.of(process.pid());
        }
    }

    @Test
    void shouldReadWhatLinuxTells() {
        String behind = " 1 1 0 -1 4194560 106 0 0 0 0 0 0 0 20 0 1 0 987654 5685248 219 18446744073709551615";
        assertThat(ProcessStat.parse("42 (sleep) S 1" + behind)).isEqualTo(new ProcessStat('S', 987_654));
        assertThat(ProcessStat.parse("42 (a) Z (b) Z 1" + behind)).isEqualTo(new ProcessStat('Z', 987_654));
        assertThat(ProcessStat.parse("42 (sleep) S 1 1")).isNull();
        assertThat(ProcessStat.parse("")).isNull();
        assertThat(ProcessStat.parse("42 (sleep) S 1" + behind.replace("987654", "x")))
                .isNull();
    }
}
