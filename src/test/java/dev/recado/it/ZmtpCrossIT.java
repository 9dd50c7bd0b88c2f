package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.it.TextConnection.Delivery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** ZeroMQ's sockets at one end and the text protocol at the other. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZmtpCrossIT {

    private static final String JOIN = "\1";
    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(20);

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    @BeforeAll
    static void requireTools() {
        Tool.LIBZMQ.require();
        Tool.PYZMQ.require();
    }

    private static void awaitTopic(ZmqScene scene, TextConnection text, String topic) {
        scene.until("the topic " + topic, () -> {
            try {
                return text.ask("TOPIC:DESCRIBE:" + topic).startsWith("{")
                        && text.reply().equals(".");
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    @Test
    void shouldBringWhatIsPublishedToAGroupAndATap() throws Exception {
        try (ZmqScene scene = ZmqScene.start(work)) {
            // Given
            ZmqSocket publisher = scene.open(ZmqKit.PYZMQ, "XPUB");
            TextConnection group = scene.text();
            awaitTopic(scene, group, "zmtp.pubsub");
            assertThat(group.ask("SUB:zmtp.pubsub:readers")).isEqualTo("OK:SUB:1");
            TextConnection tap = scene.text();
            assertThat(tap.ask("SUB:zmtp.pubsub:*")).isEqualTo("OK:SUB:1");
            assertThat(publisher.receive()).as("everything is wanted").containsExactly(JOIN);

            // When
            publisher.post("weather", "sunny");
            publisher.post("alone");
            publisher.post("many", "a", "", "b");

            // Then
            for (TextConnection reader : List.of(group, tap)) {
                Delivery first = reader.delivery();
                assertThat(first.key()).isEqualTo("weather");
                assertThat(first.payload()).isEqualTo("sunny");
                Delivery second = reader.delivery();
                assertThat(second.key()).isEmpty();
                assertThat(second.payload()).isEqualTo("alone");
                Delivery third = reader.delivery();
                assertThat(third.key()).isEqualTo("many");
                assertThat(third.payload()).isEqualTo("ab");
            }
        }
    }

    @Test
    void shouldBringTextToSubscribersOfItsKey() throws Exception {
        try (ZmqScene scene = ZmqScene.start(work)) {
            // Given
            ZmqSocket watcher = scene.open(ZmqKit.LIBZMQ, "XPUB");
            ZmqSocket subscriber = scene.open(ZmqKit.LIBZMQ, "XSUB");
            subscriber.post(JOIN + "we");
            assertThat(watcher.receive()).containsExactly(JOIN + "we");
            TextConnection text = scene.text();

            // When
            assertThat(text.pub("zmtp.pubsub", "weather", "", "sunny")).startsWith("OK");
            assertThat(text.pub("zmtp.pubsub", "other", "", "we")).startsWith("OK");
            assertThat(text.pub("zmtp.pubsub", "we have no key")).startsWith("OK");

            // Then
            assertThat(subscriber.receive()).containsExactly("weather", "sunny");
            assertThat(subscriber.receive()).containsExactly("we have no key");
        }
    }

    @Test
    void shouldLetAZmqWorkerAnswerText() throws Exception {
        try (ZmqScene scene = ZmqScene.start(work)) {
            // Given
            ZmqSocket worker = scene.open(ZmqKit.PYZMQ, "REP");
            scene.awaitWorkers(1);
            TextConnection text = scene.text();

            // When
            text.send("REQ:zmtp.requests:5000:5\n2 + 3");
            assertThat(worker.receive()).containsExactly("2 + 3");
            worker.post("5");

            // Then
            assertThat(text.reply()).isEqualTo("REP:5");
        }
    }

    @Test
    void shouldLetTextAnswerZmqClients() throws Exception {
        try (ZmqScene scene = ZmqScene.start(work)) {
            for (ZmqSpec spec : List.of(
                    ZmqSpec.of("REQ"),
                    ZmqSpec.of("REQ").identity("named"),
                    ZmqSpec.of("REQ").with("req-correlate", 1))) {
                // Given
                ZmqSocket client = scene.open(ZmqKit.LIBZMQ, spec);
                client.post("6 * 7");
                TextConnection text = scene.text();
                awaitTopic(scene, text, ZmqScene.REQUESTS);
                assertThat(text.ask("SUB:zmtp.requests:queue:10")).isEqualTo("OK:SUB:1");

                // When
                Delivery request = text.delivery();
                assertThat(request.payload()).isEqualTo("6 * 7");
                text.send("REPLY:1:" + request.id() + ":2\n42");
                text.ack(request);

                // Then
                assertThat(client.receive()).containsExactly("42");
                text.close();
            }
        }
    }

    @Test
    void shouldShareAPipelineWithText() throws Exception {
        try (ZmqScene scene = ZmqScene.start(work)) {
            // Given
            ZmqSocket pusher = scene.open(ZmqKit.LIBZMQ, "PUSH");
            TextConnection text = scene.text();

            // When
            pusher.post("work", "for text");
            awaitTopic(scene, text, ZmqScene.PIPELINE);
            assertThat(text.ask("SUB:zmtp.pipeline:queue:10")).isEqualTo("OK:SUB:1");
            Delivery pushed = text.delivery();
            text.ack(pushed);
            assertThat(text.ask("UNSUB:1")).isEqualTo("OK:UNSUB:1");
            ZmqSocket puller = scene.open(ZmqKit.PYZMQ, "PULL");
            assertThat(text.pub("zmtp.pipeline", "key", "", "for zmq")).startsWith("OK");
            assertThat(text.pub("zmtp.pipeline", "alone")).startsWith("OK");

            // Then
            assertThat(pushed.key()).isEqualTo("work");
            assertThat(pushed.payload()).isEqualTo("for text");
            assertThat(puller.receive()).containsExactly("key", "for zmq");
            assertThat(puller.receive()).containsExactly("alone");
        }
    }

    @Test
    void shouldServeTheCommandLine() throws Exception {
        try (ZmqScene scene = ZmqScene.start(work)) {
            // Given
            ZmqSocket pusher = scene.open(ZmqKit.LIBZMQ, "PUSH");
            pusher.post("pushed");
            scene.until("it is kept", () -> scene.stat("messages_published") == 1);

            // When
            try (JarProcess consumer = JarProcess.command(
                    work,
                    "consumer",
                    "--broker",
                    scene.broker().address(),
                    "--topic",
                    ZmqScene.PIPELINE,
                    "--group",
                    "queue",
                    "--count",
                    "1")) {
                // Then
                assertThat(consumer.exitCode(COMMAND_LIMIT))
                        .as(consumer::report)
                        .isZero();
                assertThat(consumer.out()).startsWith("pushed\n");
            }
        }
    }
}
