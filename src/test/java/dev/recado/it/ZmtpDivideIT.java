package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The divide-and-conquer programs of seed 5, in C over libzmq, with the broker between the master and its workers. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZmtpDivideIT {

    private static final int WORKERS = 4;
    private static final int TASKS = 100;

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    /** A process with what it printed. */
    private record Program(Process process, Path output) implements AutoCloseable {

        void awaitEnd() throws Exception {
            assertThat(process.waitFor(20, TimeUnit.SECONDS))
                    .as("%s has ended", output)
                    .isTrue();
            assertThat(process.exitValue()).as("exit code, see %s", output).isZero();
        }

        List<String> lines() throws IOException {
            return Files.readAllLines(output);
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private Program run(String name, int port, String output) throws IOException {
        Path file = work.resolve(output);
        Process process = new ProcessBuilder(ZmqPrograms.compiled(name).toString(), "tcp://localhost:" + port)
                .redirectErrorStream(true)
                .redirectOutput(file.toFile())
                .start();
        return new Program(process, file);
    }

    @Test
    void shouldDivideTheTasksAmongTheWorkersAndEndThem() throws Exception {
        Tool.LIBZMQ.require();
        try (ZmqScene scene = ZmqScene.start(work)) {
            // Given
            List<Program> workers = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                int port = scene.broker().port("zmtp-push");
                workers.add(scene.closing(run("divide-worker", port, "worker-" + i)));
            }
            scene.awaitPullers(WORKERS);

            // When
            Program master = scene.closing(run("divide-master", scene.broker().port("zmtp-pull"), "master"));

            // Then
            master.awaitEnd();
            List<String> received = new ArrayList<>();
            for (Program worker : workers) {
                worker.awaitEnd();
                assertThat(worker.lines()).as("an equal share").hasSize(TASKS / WORKERS);
                received.addAll(worker.lines());
            }
            assertThat(received)
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, TASKS)
                            .mapToObj(i -> "Worker received: Task " + i)
                            .toList());
            scene.until("nothing is left", () -> scene.queueFigure(ZmqScene.PIPELINE, "backlog") == 0);
        }
    }

    @Test
    void shouldKeepTheTasksOfAMasterThatRunsBeforeAnyWorker() throws Exception {
        Tool.LIBZMQ.require();
        try (ZmqScene scene = ZmqScene.start(work)) {
            // Given
            Program master = scene.closing(run("divide-master", scene.broker().port("zmtp-pull"), "master"));
            master.awaitEnd();
            scene.until("all tasks are kept", () -> scene.queueFigure(ZmqScene.PIPELINE, "backlog") == TASKS + WORKERS);

            // When
            Program worker = scene.closing(run("divide-worker", scene.broker().port("zmtp-push"), "worker"));

            // Then
            worker.awaitEnd();
            assertThat(worker.lines())
                    .containsExactlyElementsOf(IntStream.range(0, TASKS)
                            .mapToObj(i -> "Worker received: Task " + i)
                            .toList());
        }
    }
}
