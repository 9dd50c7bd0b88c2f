package dev.recado.apps.divide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.apps.CommandRun;
import dev.recado.apps.Proxy;
import dev.recado.apps.SinkCommand;
import dev.recado.apps.Stop;
import dev.recado.apps.ZmqLink;
import dev.recado.apps.ZmqLinks;
import dev.recado.base.ExitCode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import picocli.CommandLine;

/**
 * Master, workers and sink around JeroMQ's own proxy; long, because JeroMQ 0.6.0 beside itself at times loses what a
 * connection that never greeted was given (jeromq#1022). Around the broker: {@code ExamplesIT}.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("long")
class DivideProxyIT {

    /** JeroMQ 0.6.0 at times never sends its greeting (jeromq#1022); then it has to connect again. */
    private static final int GREETING_LIMIT_MS = 500;

    private static final int IMAGES = 24;

    private final Path source;
    private final Path target;

    DivideProxyIT(@TempDir Path folder) throws IOException {
        source = Files.createDirectories(folder.resolve("in"));
        target = folder.resolve("out");
        for (int i = 0; i < IMAGES; i++) {
            boolean isPng = i % 2 == 0;
            BufferedImage image =
                    Images.picture(40, 30, isPng ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
            Images.write(source.resolve(name(i)), isPng ? "png" : "jpeg", image);
        }
    }

    private static String name(int i) {
        return "image-" + i + (i % 2 == 0 ? ".png" : ".jpg");
    }

    private static CommandRun divide(String... arguments) {
        return CommandRun.start(DivideCommand::commandLine, arguments);
    }

    private List<String> results() {
        try (Stream<Path> files = Files.list(target)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String freeEndpoint() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return "tcp://127.0.0.1:" + socket.getLocalPort();
        }
    }

    @Test
    void shouldDoEverythingInOneProcess() throws Exception {
        // Given
        Files.writeString(source.resolve("text.png"), "this is no image");
        try (Proxy proxy = Proxy.pipeline();
                CommandRun local = divide(
                        "local",
                        source.toString(),
                        "--to",
                        target.toString(),
                        "--workers=3",
                        "--filter=blur",
                        "--push=" + proxy.front(),
                        "--pull=" + proxy.back())) {
            // When
            int code = local.exitCode();

            // Then
            assertThat(code).as(local::err).isEqualTo(ExitCode.FAILED);
            assertThat(local.out())
                    .contains("done 24, failed 1, missing 0 in ")
                    .contains("worker-1: ", "worker-2: ", "worker-3: ");
            assertThat(local.err()).contains("failed: " + source.resolve("text.png") + ": no image that can be read");
            assertThat(results())
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, IMAGES)
                            .mapToObj(DivideProxyIT::name)
                            .toList());
        }
    }

    @Test
    void shouldDoItAgainAndAgainWithoutLeavingEndsBehind() throws Exception {
        try (Proxy proxy = Proxy.pipeline()) {
            for (int round = 0; round < 5; round++) {
                try (CommandRun local = divide(
                        "local",
                        source.toString(),
                        "--to",
                        target.toString(),
                        "--push=" + proxy.front(),
                        "--pull=" + proxy.back())) {
                    assertThat(local.exitCode()).as(local.out() + local.err()).isZero();
                    assertThat(local.out()).contains("done 24, failed 0, missing 0 in ");
                }
            }
        }
    }

    @Test
    void shouldDivideTheWorkAmongProcesses() throws Exception {
        String results = freeEndpoint();
        try (Proxy proxy = Proxy.pipeline();
                CommandRun sink = divide("sink", "--bind=" + results);
                CommandRun one = worker(proxy, results, "one");
                CommandRun two = worker(proxy, results, "two")) {
            await().until(() -> one.err().contains("waits") && two.err().contains("waits"));

            // When
            try (CommandRun master = divide(
                    "master", source.toString(), "--workers=2", "--to=" + proxy.front(), "--results=" + results)) {
                assertThat(master.exitCode()).as(master::err).isZero();
                assertThat(master.out()).contains("sent 24 tasks and 2 ends");
            }

            // Then
            assertThat(sink.exitCode()).as(sink::err).isZero();
            assertThat(sink.out()).contains("done 24, failed 0, missing 0 in ", "one: 12 images", "two: 12 images");
            assertThat(one.exitCode()).isZero();
            assertThat(two.exitCode()).isZero();
            assertThat(one.out()).contains("one: done 12, failed 0");
            assertThat(results()).hasSize(IMAGES);
        }
    }

    private CommandRun worker(Proxy proxy, String results, String name) {
        return divide(
                "worker",
                "--to=" + target,
                "--filter=invert",
                "--from=" + proxy.back(),
                "--results=" + results,
                "--name=" + name);
    }

    @Test
    void shouldNotWaitForAWorkerThatDied() throws Exception {
        String results = freeEndpoint();
        try (Proxy proxy = Proxy.pipeline();
                CommandRun sink = divide("sink", "--bind=" + results, "--idle-exit=1500");
                CommandRun one = worker(proxy, results, "one")) {
            await().until(() -> one.err().contains("waits"));

            // When
            try (ZmqLinks dying = new ZmqLinks(new Stop(), 5_000, told -> {})) {
                ZmqLink taking = dying.connect(SocketType.PULL, proxy.back());
                CommandRun master = divide(
                        "master", source.toString(), "--workers=2", "--to=" + proxy.front(), "--results=" + results);
                await().until(() -> taking.receive() != null);
                assertThat(master.exitCode()).isZero();
            }

            // Then
            assertThat(sink.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(sink.out()).containsPattern("done \\d+, failed 0, missing [1-9]\\d* in ");
        }
    }

    @Test
    void shouldTakeTasksOfAnyProgram() throws Exception {
        try (Proxy proxy = Proxy.pipeline();
                CommandRun worker = divide(
                        "worker", "--to=" + target, "--from=" + proxy.back(), "--results=none", "--idle-exit=20000");
                ZContext context = new ZContext()) {
            // Given
            ZMQ.Socket push = context.createSocket(SocketType.PUSH);
            push.setHandshakeIvl(GREETING_LIMIT_MS);
            push.connect(proxy.front());

            // When
            push.send(source.resolve(name(3)).toString());
            push.send("");

            // Then
            assertThat(worker.exitCode()).as(worker::err).isZero();
            assertThat(results()).containsExactly(name(3));
        }
    }

    @Test
    void shouldStopAMasterWhoseTasksNobodyTakes() throws Exception {
        String nobody = freeEndpoint();
        try (CommandRun master =
                divide("master", source.toString(), "--results=none", "--connect-timeout=0", "--to=" + nobody)) {
            // When
            master.stop();

            // Then
            assertThat(master.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(master.err()).contains("stopped after ");
        }
    }

    @Test
    void shouldPrintWhatThePipelineBrings() throws Exception {
        try (Proxy proxy = Proxy.pipeline();
                CommandRun sink =
                        CommandRun.start(onStop -> new CommandLine(new SinkCommand(onStop)), "--from=" + proxy.back());
                ZContext context = new ZContext()) {
            // Given
            ZMQ.Socket push = context.createSocket(SocketType.PUSH);
            push.setHandshakeIvl(GREETING_LIMIT_MS);
            push.connect(proxy.front());

            // When
            push.send("uno");
            push.sendMore("dos");
            push.send("tres\n");
            push.send("");

            // Then
            assertThat(sink.exitCode()).as(sink::err).isZero();
            assertThat(sink.out().lines()).containsExactly("uno", "dos\ttres·");
            assertThat(sink.err()).contains("received 2 messages, 11 bytes");
        }
    }
}
