package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that read nothing for many heartbeats because they work, are stopped, or because their machine is gone. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZmtpBusyPeersIT {

    private static final int HEARTBEAT_MS = 300;
    /** Twice what ends a machine, and a fifth of what ends a program. */
    private static final Duration LONG = Duration.ofMillis(2 * 3 * HEARTBEAT_MS);

    private static final int SMALL = 100;
    /** Eight of them are more than sockets hold for a peer that does not read. */
    private static final int LARGE = 1_000_000;

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    @BeforeAll
    static void requireTools() {
        Tool.LIBZMQ.require();
        Tool.PYZMQ.require();
    }

    private BrokerProcess.Plan plan() {
        return BrokerProcess.in(work).set("zmtp.heartbeat", HEARTBEAT_MS + "ms");
    }

    private static void pass(Duration time) {
        Waiting.within(time, () -> false);
    }

    private static ZmqSocket asking(ZmqScene scene, int requests, int bytes) throws IOException {
        ZmqSocket client = scene.openClient(ZmqKit.PYZMQ, ZmqSpec.of("DEALER"));
        for (int i = 0; i < requests; i++) {
            client.post("", i + "x".repeat(bytes));
        }
        return client;
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, LARGE})
    void shouldWaitForAWorkerThatReadsNothingWhileItWorks(int bytes) throws Exception {
        try (ZmqScene scene = ZmqScene.start(plan())) {
            // Given
            ZmqSocket worker = scene.openWorker(ZmqKit.PYZMQ, ZmqSpec.of("REP").with("rcvhwm", 1));
            scene.awaitWorkers(1);
            ZmqSocket client = asking(scene, 20, bytes);
            String first = worker.receive().get(0).substring(0, 5);

            // When
            pass(LONG);

            // Then
            worker.post(first);
            for (int i = 1; i < 20; i++) {
                worker.post(worker.receive().get(0).substring(0, 5));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(client.receive()).containsExactly("", (i + "xxxxx").substring(0, 5));
            }
        }
    }

    @Test
    void shouldKeepEverythingForASubscriberThatIsBusy() throws Exception {
        try (ZmqScene scene = ZmqScene.start(plan())) {
            // Given
            ZmqSocket subscriber = scene.open(ZmqKit.PYZMQ, ZmqSpec.of("SUB").with("rcvhwm", 10));
            subscriber.subscribe("");
            ZmqSocket publisher = scene.open(ZmqKit.LIBZMQ, "PUB");
            scene.until("the first", () -> {
                publisher.post("first");
                return subscriber.receive(Duration.ofMillis(20)) != null;
            });

            // When
            for (int i = 0; i < 600; i++) {
                publisher.post(i + "x".repeat(10_000));
            }
            pass(LONG);

            // Then
            int next = 0;
            while (next < 600) {
                String body = subscriber.receive().get(0);
                if (!body.equals("first")) {
                    assertThat(body).startsWith(next + "x");
                    next++;
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, LARGE})
    void shouldKeepTheConnectionOfAStoppedWorkerThatHasRequestsUnread(int bytes) throws Exception {
        try (ZmqScene scene = ZmqScene.start(plan())) {
            // Given
            DriverSocket worker = (DriverSocket) scene.openWorker(ZmqKit.PYZMQ, ZmqSpec.of("REP"));
            scene.awaitWorkers(1);
            worker.signal("STOP");
            ZmqSocket client = asking(scene, 8, bytes);

            // When
            pass(LONG);

            // Then
            scene.awaitWorkers(1);
            worker.signal("CONT");
            for (int i = 0; i < 8; i++) {
                worker.post(worker.receive().get(0).substring(0, 5));
                assertThat(client.receive()).containsExactly("", (i + "xxxxx").substring(0, 5));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, LARGE})
    void shouldGiveUpAWorkerWhoseMachineIsGoneWithRequestsUnread(int bytes) throws Exception {
        try (ZmqScene scene = ZmqScene.start(plan().set("zmtp.dealer.redeliver", "true"))) {
            // Given
            DriverSocket gone = scene.openMachine("REP");
            scene.awaitWorkers(1);
            ZmqSocket client = asking(scene, 8, bytes);
            scene.until("requests at the worker", () -> scene.queueFigure(ZmqScene.REQUESTS, "leased") > 0);

            // When
            gone.order("cut");

            // Then
            scene.awaitWorkers(0);
            ZmqSocket other = scene.openWorker(ZmqKit.LIBZMQ, ZmqSpec.of("REP"));
            for (int i = 0; i < 8; i++) {
                other.post(other.receive().get(0).substring(0, 5));
                assertThat(client.receive()).containsExactly("", (i + "xxxxx").substring(0, 5));
            }
        }
    }
}
