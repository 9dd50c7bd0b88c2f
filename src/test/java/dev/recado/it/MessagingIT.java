package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The application of messaging as processes, on Recado and on libzmq's proxies, while its parts are killed. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MessagingIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    @Test
    void shouldHaveEqualHistoriesAfterServersRefAndBrokerWereKilled() throws Exception {
        // Given
        try (MessagingScene scene = MessagingScene.start(work, "--bot-interval", "20ms")) {
            scene.awaitTraffic(20);

            // When
            for (String part : List.of("server --name server-1", "broker", "messaging ref", "server --name server-3")) {
                scene.killNine(part);
                scene.awaitTraffic(20);
            }
            scene.killNine("server --name server-1");
            scene.killNine("server --name server-2");
            scene.awaitTraffic(20);
            Waiting.until(
                    "the servers are in one state again",
                    LIMIT,
                    () -> scene.out()
                                    .lines()
                                    .filter(line -> line.contains(" registered rank="))
                                    .count()
                            >= 7);
            scene.awaitTraffic(100);
            scene.stop();

            // Then
            scene.checkHistories();
            assertThat(scene.out()).contains("replication confirmed n=", "heartbeat coordinator=server-");
        }
    }

    @Test
    void shouldLeaveNothingWhereUpIsKilled() throws Exception {
        // Given
        try (MessagingScene scene = MessagingScene.start(work)) {
            // When
            scene.killUp();
        }

        // Then
        Files.delete(work.resolve("ports.json"));
        try (MessagingScene again = MessagingScene.start(work)) {
            again.stop();
        }
    }

    @Test
    void shouldHaveEqualHistoriesOnLibzmqsProxies() throws Exception {
        checkOnProxies(0);
    }

    @Test
    void shouldHaveEqualHistoriesWhereReplicasAreDropped() throws Exception {
        checkOnProxies(0.01);
    }

    private void checkOnProxies(double dropShare) throws Exception {
        Tool.PYZMQ.require();
        List<Integer> ports = Ports.freeBelowEphemeral(4);

        // Given
        try (ScriptProcess first = proxies(ports, dropShare);
                MessagingScene scene = MessagingScene.start(
                        work,
                        "--bot-interval",
                        "10ms",
                        "--frontend=tcp://127.0.0.1:" + ports.get(0),
                        "--backend=tcp://127.0.0.1:" + ports.get(1),
                        "--xsub=tcp://127.0.0.1:" + ports.get(2),
                        "--xpub=tcp://127.0.0.1:" + ports.get(3))) {
            scene.awaitTraffic(300);

            // When
            scene.killNine("server --name server-2");
            first.killNine();
            try (ScriptProcess second = proxies(ports, dropShare)) {
                scene.awaitTraffic(200);
                scene.stop();
                if (dropShare > 0) {
                    assertThat(first.out() + second.out()).contains("dropped");
                }
            }

            // Then
            scene.checkHistories();
        }
    }

    private ScriptProcess proxies(List<Integer> ports, double dropShare) throws IOException {
        ScriptProcess process = ScriptProcess.start(
                work,
                "/usr/bin/python3",
                ZmqPrograms.source("proxies.py").toString(),
                ports.get(0).toString(),
                ports.get(1).toString(),
                ports.get(2).toString(),
                ports.get(3).toString(),
                Double.toString(dropShare));
        Waiting.until("the proxies are ready", LIMIT, () -> process.out().contains("ready"));
        return process;
    }
}
