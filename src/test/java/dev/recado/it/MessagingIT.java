package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

    /** As above, with Recado as the middleware; a program between it and its subscribers drops. */
    @Test
    void shouldHaveEqualHistoriesOnRecadoWhereReplicasAreDropped() throws Exception {
        Tool.PYZMQ.require();
        int relay = Ports.freeBelowEphemeral(1).get(0);

        // Given
        try (BrokerProcess broker = BrokerProcess.in(work).start();
                ScriptProcess dropper = ready(script(
                        "dropper.py", Integer.toString(broker.port("zmtp-xpub")), Integer.toString(relay), "0.01"));
                MessagingScene scene = MessagingScene.start(
                        work,
                        "--bot-interval",
                        "10ms",
                        "--frontend=tcp://127.0.0.1:" + broker.port("zmtp-router"),
                        "--backend=tcp://127.0.0.1:" + broker.port("zmtp-dealer"),
                        "--xsub=tcp://127.0.0.1:" + broker.port("zmtp-xsub"),
                        "--xpub=tcp://127.0.0.1:" + relay)) {
            scene.awaitTraffic(300);

            // When
            scene.killNine("server --name server-2");
            scene.awaitTraffic(200);
            scene.stop();

            // Then
            assertThat(dropper.out()).contains("dropped");
            scene.checkHistories();
        }
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
        return ready(script(
                "proxies.py",
                ports.get(0).toString(),
                ports.get(1).toString(),
                ports.get(2).toString(),
                ports.get(3).toString(),
                Double.toString(dropShare)));
    }

    private ScriptProcess script(String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("/usr/bin/python3", ZmqPrograms.source(name).toString()));
        command.addAll(List.of(arguments));
        return ScriptProcess.start(work, command.toArray(String[]::new));
    }

    private static ScriptProcess ready(ScriptProcess process) {
        Waiting.until("it is ready", LIMIT, () -> process.out().contains("ready"));
        return process;
    }
}
