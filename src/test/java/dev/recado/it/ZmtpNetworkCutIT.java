package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A network that is cut without a word to anybody and comes back; both sides find out by heartbeats. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZmtpNetworkCutIT {

    private static final int HEARTBEAT_MS = 200;
    private static final Duration SOON = Duration.ofMillis(300);

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

    private static TcpRelay relay(ZmqScene scene, String listener) throws IOException {
        return scene.closing(new TcpRelay(scene.broker().port(listener)));
    }

    private static ZmqSpec beating(String type) {
        return ZmqSpec.of(type).with("heartbeat-ivl", HEARTBEAT_MS);
    }

    private static void heal(TcpRelay relay, boolean forgetting) {
        if (forgetting) {
            relay.healForgetting();
        } else {
            relay.heal();
        }
    }

    private static boolean isAnswered(ZmqSocket client, String question) {
        client.send(question);
        List<String> answer = client.receive(SOON);
        while (answer != null && !answer.equals(List.of(question + "!"))) {
            answer = client.receive(SOON);
        }
        return answer != null;
    }

    /** JeroMQ does not reliably act on an answer to its PING that is missing; it needs to see the broker's end. */
    @ParameterizedTest
    @CsvSource({"LIBZMQ, true", "PYZMQ, true", "LIBZMQ, false", "PYZMQ, false"})
    void shouldAnswerAgainOnceTheNetworkIsWhole(ZmqKit kit, boolean forgetting) throws Exception {
        try (ZmqScene scene = ZmqScene.start(plan())) {
            // Given
            TcpRelay toClient = relay(scene, "zmtp-router");
            TcpRelay toWorker = relay(scene, "zmtp-dealer");
            ZmqSpec spec = beating("REQ").with("req-correlate", 1).with("req-relaxed", 1);
            ZmqSocket client = scene.openAt(toClient.port(), kit, spec);
            ZmqSocket worker = scene.openAt(toWorker.port(), kit, beating("REP"));
            scene.onEach(worker, request -> worker.post(request.get(0) + "!"));
            // Long enough for signs of life: of a peer of ZMTP 3.0 only its own PING tells that it knows PING.
            long begin = System.nanoTime();
            scene.until(
                    "answers for a while",
                    () -> isAnswered(client, "before") && System.nanoTime() - begin > 4 * HEARTBEAT_MS * 1_000_000L);

            // When
            toClient.cut();
            toWorker.cut();
            assertThat(isAnswered(client, "during")).isFalse();
            scene.awaitWorkers(0);
            scene.until("the broker has given up both", () -> scene.stat("sessions") == 1);
            heal(toClient, forgetting);
            heal(toWorker, forgetting);

            // Then
            scene.until("an answer", () -> isAnswered(client, "after"));
        }
    }

    @Test
    void shouldPublishAgainOnceTheNetworkIsWhole() throws Exception {
        try (ZmqScene scene = ZmqScene.start(plan())) {
            // Given
            TcpRelay toPublisher = relay(scene, "zmtp-xsub");
            TcpRelay toSubscriber = relay(scene, "zmtp-xpub");
            ZmqSocket publisher = scene.openAt(toPublisher.port(), ZmqKit.PYZMQ, beating("PUB"));
            ZmqSocket subscriber = scene.openAt(toSubscriber.port(), ZmqKit.LIBZMQ, beating("SUB"));
            subscriber.subscribe("news");
            AtomicInteger number = new AtomicInteger();
            AtomicInteger last = new AtomicInteger(-1);
            scene.run(() -> {
                while (scene.goesOn()) {
                    publisher.post("news", Integer.toString(number.getAndIncrement()));
                    Waiting.within(Duration.ofMillis(5), () -> false);
                }
            });
            scene.onEach(subscriber, message -> last.set(Integer.parseInt(message.get(1))));
            scene.until("news", () -> last.get() > 0);

            for (TcpRelay relay : List.of(toPublisher, toSubscriber)) {
                // When
                relay.cut();
                scene.until("the broker has given it up", () -> scene.stat("sessions") == 2);
                relay.healForgetting();
                int healed = number.get();

                // Then
                scene.until("news after the cut", () -> last.get() > healed);
            }
        }
    }

    @Test
    void shouldGiveTheRequestsOfAHalfOpenWorkerToAnother() throws Exception {
        try (ZmqScene scene = ZmqScene.start(plan().set("zmtp.dealer.redeliver", "true"))) {
            // Given
            TcpRelay toWorker = relay(scene, "zmtp-dealer");
            ZmqSocket cutOff = scene.openAt(toWorker.port(), ZmqKit.LIBZMQ, ZmqSpec.of("REP"));
            ZmqSocket client = scene.openClient(ZmqKit.PYZMQ, ZmqSpec.of("DEALER"));
            client.post("", "q0");
            client.post("", "q1");
            assertThat(cutOff.receive()).containsExactly("q0");
            ZmqSocket other = scene.open(ZmqKit.LIBZMQ, "REP");
            scene.awaitWorkers(2);

            // When
            toWorker.cut();

            // Then
            for (String question : List.of("q0", "q1")) {
                assertThat(other.receive()).containsExactly(question);
                other.post(question + "!");
                assertThat(client.receive()).containsExactly("", question + "!");
            }
            scene.awaitWorkers(1);
        }
    }

    @Test
    void shouldGiveWhatAHalfOpenPullerDidNotTakeToOthers() throws Exception {
        try (ZmqScene scene = ZmqScene.start(plan().set("zmtp.push.redeliver-window", "1000"))) {
            // Given
            int messages = 200;
            TcpRelay toPuller = relay(scene, "zmtp-push");
            ZmqSocket cutOff = scene.openAt(toPuller.port(), ZmqKit.LIBZMQ, beating("PULL"));
            ZmqSocket other = scene.open(ZmqKit.PYZMQ, "PULL");
            scene.awaitPullers(2);

            // When
            toPuller.cut();
            ZmqSocket pusher = scene.open(ZmqKit.PYZMQ, "PUSH");
            for (int i = 0; i < messages; i++) {
                pusher.post(Integer.toString(i));
            }

            // Then
            List<Integer> pulled = new ArrayList<>();
            for (int i = 0; i < messages; i++) {
                pulled.add(Integer.parseInt(other.receive().get(0)));
            }
            assertThat(pulled)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, messages).boxed().toList());
            assertThat(cutOff.receive(SOON)).isNull();
            toPuller.healForgetting();
            scene.awaitPullers(2);
        }
    }
}
