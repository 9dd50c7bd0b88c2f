package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code kill -9} of the broker under traffic of all patterns, whose sockets and threads nobody starts again. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZmtpRestartIT {

    private static final Duration ANSWER = Duration.ofMillis(300);
    private static final int ROUNDS = 20;

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    /** What each kind of traffic has brought to its end. */
    private final Map<String, AtomicInteger> done = new LinkedHashMap<>();

    private AtomicInteger counter(String kind) {
        AtomicInteger counter = new AtomicInteger();
        done.put(kind, counter);
        return counter;
    }

    /** Asks again and again, each time something else; an answer may be to an older question of a DEALER. */
    private void ask(ZmqScene scene, ZmqSocket client, String kind, String... envelope) {
        AtomicInteger answered = counter(kind);
        scene.run(() -> {
            for (int i = 0; scene.goesOn(); i++) {
                String question = kind + " " + i;
                client.send(envelope.length == 0 ? new String[] {question} : new String[] {"", question});
                List<String> answer = client.receive(ANSWER);
                if (answer != null) {
                    assertThat(answer.get(answer.size() - 1)).startsWith(kind).endsWith("!");
                    answered.incrementAndGet();
                }
            }
        });
    }

    /** Sends numbers until the scene ends. */
    private static void feed(ZmqScene scene, ZmqSocket source) {
        scene.run(() -> {
            for (int i = 0; scene.goesOn(); i++) {
                source.send("topic", Integer.toString(i));
                // A pause, and PUB sockets have nothing to receive: a message every 2 ms is enough.
                Waiting.within(Duration.ofMillis(2), () -> false);
            }
        });
    }

    private void count(ZmqScene scene, ZmqSocket sink, String kind) {
        AtomicInteger came = counter(kind);
        scene.onEach(sink, message -> {
            assertThat(message).hasSize(2).startsWith("topic");
            came.incrementAndGet();
        });
    }

    private void startTraffic(ZmqScene scene, ZmqKit kit) throws Exception {
        ZmqSocket worker = scene.open(kit, "REP");
        scene.onEach(worker, request -> worker.post(request.get(0) + "!"));
        ZmqSpec relaxed = ZmqSpec.of("REQ").with("req-correlate", 1).with("req-relaxed", 1);
        ask(scene, scene.open(kit, relaxed), "req");
        ask(scene, scene.openClient(kit, ZmqSpec.of("DEALER")), "dealer", "");
        ask(scene, scene.openClient(kit, ZmqSpec.of("DEALER").identity("known")), "named dealer", "");
        ZmqSocket subscriber = scene.open(kit, "SUB");
        subscriber.subscribe("topic");
        count(scene, subscriber, "subscriber");
        feed(scene, scene.open(kit, "PUB"));
        count(scene, scene.open(kit, "PULL"), "puller");
        feed(scene, scene.open(kit, "PUSH"));
    }

    private void awaitTraffic(ZmqScene scene, String when) {
        Map<String, Integer> before = new LinkedHashMap<>();
        done.forEach((kind, count) -> before.put(kind, count.get()));
        done.forEach((kind, count) ->
                scene.until(ROUNDS + " of " + kind + " " + when, () -> count.get() - before.get(kind) >= ROUNDS));
    }

    @ParameterizedTest
    @EnumSource(names = {"LIBZMQ", "PYZMQ"})
    void shouldServeTheSameSocketsAfterARestart(ZmqKit kit) throws Exception {
        kit.require();
        try (ZmqScene scene = ZmqScene.start(BrokerProcess.in(work).zmtpPorts())) {
            // Given
            startTraffic(scene, kit);
            awaitTraffic(scene, "before the restart");

            // When
            scene.killBrokerAndStartAgain();

            // Then
            awaitTraffic(scene, "after the restart");
            assertThat(scene.stat("session_bugs")).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LIBZMQ", "PYZMQ"})
    void shouldServeTheSameSocketsAfterTheirTopicsWereDeleted(ZmqKit kit) throws Exception {
        kit.require();
        try (ZmqScene scene = ZmqScene.start(work)) {
            // Given
            startTraffic(scene, kit);
            awaitTraffic(scene, "before the deletion");

            // When
            for (String topic : List.of(ZmqScene.REQUESTS, "zmtp.pubsub", ZmqScene.PIPELINE)) {
                assertThat(scene.text().ask("TOPIC:DELETE:" + topic)).startsWith("OK");
            }

            // Then
            awaitTraffic(scene, "after the deletion");
            assertThat(scene.stat("session_bugs")).isZero();
        }
    }
}
