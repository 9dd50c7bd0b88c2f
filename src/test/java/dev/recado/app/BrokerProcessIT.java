package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.core.Appender;
import dev.recado.base.ExitCode;
import dev.recado.config.ConfigLoader;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Signals, to a process of its own that runs a node which may refuse to stop. */
@Timeout(60)
class BrokerProcessIT {

    private final Path folder;

    private final List<Process> started = new ArrayList<>();

    BrokerProcessIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @AfterEach
    void endProcesses() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void shouldStopInOrderOnSigterm() throws IOException, InterruptedException {
        // Given
        Process process = start("willing");

        // When
        process.toHandle().destroy();

        // Then
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void shouldStopAtOnceOnASecondSignal() throws IOException, InterruptedException {
        // Given
        Process process = start("unwilling");
        process.toHandle().destroy();
        BufferedReader out = process.inputReader();
        assertThat(out.readLine()).isEqualTo("asked to stop");

        // When: those that come within half a second are the same signal
        await().atMost(Duration.ofMillis(BrokerProcess.STOP_MS_MAX / 2)).until(() -> {
            process.toHandle().destroy();
            return !process.isAlive();
        });

        // Then
        assertThat(process.exitValue()).isEqualTo(ExitCode.FAILED);
    }

    private Process start(String temper) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(java, "-cp", classPath(), Main.class.getName(), temper, folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        started.add(process);
        assertThat(process.inputReader().readLine()).startsWith("recado ready in ");
        return process;
    }

    /**
     * Where this test and the few libraries that the process needs were loaded from, be it a folder or the shaded JAR.
     */
    private static String classPath() {
        return Stream.of(BrokerProcessIT.class, Recado.class, LoggerFactory.class, Logger.class, Appender.class)
                .map(type ->
                        type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The process under test. */
    static final class Main {

        private Main() {}

        public static void main(String[] args) throws Exception {
            FakeNode node = new FakeNode();
            node.started.complete(List.of());
            if (args[0].equals("willing")) {
                node.stopped.complete(null);
            }
            node.stopAsked.thenRun(() -> System.out.println("asked to stop"));
            Launch launch =
                    new Launch(new ConfigLoader().set("node.data", args[1]).load(), null, null);
            System.exit(Recado.runBroker(launch, (launched, disk, directory) -> node));
        }
    }
}
