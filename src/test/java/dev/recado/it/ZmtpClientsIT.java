package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One round of each pattern with each implementation of ZeroMQ: libzmq 4.3.4 and 4.3.5 speak ZMTP 3.1, JeroMQ 3.0. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZmtpClientsIT {

    private static final Duration ROUND = Duration.ofMillis(100);

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    @ParameterizedTest
    @EnumSource
    void shouldServeEveryPattern(ZmqKit kit) throws Exception {
        kit.require();
        try (ZmqScene scene = ZmqScene.start(work)) {
            requestAndReply(scene, kit);
            publishAndSubscribe(scene, kit);
            pushAndPull(scene, kit);
            assertThat(scene.stat("session_bugs")).isZero();
        }
    }

    private static void requestAndReply(ZmqScene scene, ZmqKit kit) throws Exception {
        // Given
        ZmqSocket client = scene.open(kit, "REQ");
        ZmqSocket worker = scene.open(kit, "REP");

        // When
        client.post("question", "", "two");
        assertThat(worker.receive()).containsExactly("question", "", "two");
        worker.post("answer", "");

        // Then
        assertThat(client.receive()).containsExactly("answer", "");
    }

    private static void publishAndSubscribe(ZmqScene scene, ZmqKit kit) throws Exception {
        // Given
        ZmqSocket publisher = scene.open(kit, "PUB");
        ZmqSocket subscriber = scene.open(kit, "SUB");
        subscriber.subscribe("weather.");

        // When
        scene.until("the subscription has travelled to the publisher", () -> {
            publisher.post("other", "not wanted");
            publisher.post("weather.madrid", "sunny");
            return subscriber.receive(ROUND) != null;
        });

        // Then
        publisher.post("weather.last", "rain", "");
        List<String> message = subscriber.receive();
        while (message.get(0).equals("weather.madrid")) {
            message = subscriber.receive();
        }
        assertThat(message).containsExactly("weather.last", "rain", "");
    }

    private static void pushAndPull(ZmqScene scene, ZmqKit kit) throws Exception {
        // Given
        ZmqSocket pusher = scene.open(kit, "PUSH");
        ZmqSocket puller = scene.open(kit, "PULL");
        byte[] every = new byte[256];
        for (int i = 0; i < every.length; i++) {
            every[i] = (byte) i;
        }
        String binary = new String(every, java.nio.charset.StandardCharsets.ISO_8859_1).repeat(300);

        // When
        pusher.post(binary);
        pusher.post("");

        // Then
        assertThat(puller.receive()).containsExactly(binary);
        assertThat(puller.receive()).containsExactly("");
    }
}
