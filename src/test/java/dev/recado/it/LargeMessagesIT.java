package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Large messages of few topics, more at once than the heap holds: see {@link LargeScene}. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LargeMessagesIT {

    private static final int BYTES = LargeScene.BYTES;

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    @Test
    void shouldStoreOrRefuseWhatManyPublishAtOnce() throws Exception {
        LargeScene scene = new LargeScene(work);
        scene.play("publishers", (broker, crew) -> {
            for (int client = 0; client < 20; client++) {
                crew.run(() -> scene.publish(broker.textPort(), "large", 2));
            }
            scene.awaitPublished(crew, 40);
        });
    }

    @Test
    void shouldServeOthersThoughMembersTakeNothing() throws Exception {
        LargeScene scene = new LargeScene(work);
        List<TextConnection> lazy = new ArrayList<>();
        try {
            scene.play("members", (broker, crew) -> {
                scene.publish(broker.textPort(), "unread", 12);
                for (int i = 0; i < 20; i++) {
                    TextConnection one = TextConnection.open(broker.textPort(), 4 << 10);
                    lazy.add(one);
                    assertThat(one.ask("SUB:unread:workers:1:first")).isEqualTo("OK:SUB:1");
                }
                crew.run(() -> scene.publish(broker.textPort(), "unread", 8));
                scene.awaitPublished(crew, 20);
            });
        } finally {
            for (TextConnection one : lazy) {
                one.reset();
            }
        }
    }

    @Test
    void shouldStoreThoughSlowSendersHoldMemory() throws Exception {
        LargeScene scene = new LargeScene(work);
        scene.play("slow senders", (broker, crew) -> {
            for (int i = 0; i < 6; i++) {
                crew.run(() -> LargeScene.dribble(broker.textPort()));
            }
            try (TextConnection asking = broker.connect()) {
                Waiting.until(
                        "slow senders hold memory",
                        LargeScene.STORED_LIMIT,
                        () -> Figures.broker(asking, "bytes_incoming") >= BYTES);
            }
            for (int client = 0; client < 4; client++) {
                crew.run(() -> scene.publish(broker.textPort(), "large", 2));
            }
            scene.awaitPublished(crew, 8);
        });
        assertThat(scene.refused()).isZero();
    }

    @Test
    void shouldKeepWhatWasLentForARoutedMessageWithinTheBound() throws Exception {
        LargeScene scene = new LargeScene(work);
        scene.play("exchange", (broker, crew) -> {
            try (TextConnection admin = broker.connect()) {
                assertThat(admin.ask("EXCHANGE:CREATE:all:fanout")).startsWith("OK");
                for (int i = 0; i < 2; i++) {
                    assertThat(admin.ask("TOPIC:CREATE:copy" + i)).startsWith("OK");
                    assertThat(admin.ask("BIND:all:copy" + i + ":")).startsWith("OK");
                }
            }
            crew.run(() -> route(scene, broker.textPort()));
            scene.awaitPublished(crew, 3);
        });
    }

    private static void route(LargeScene scene, int port) throws IOException {
        try (TextConnection connection = TextConnection.open(port)) {
            for (int i = 0; i < 3; i++) {
                connection.write("XPUB:all:::" + BYTES / 2 + "\n").flush();
                connection.write(LargeScene.large(BYTES / 2)).write("\n").flush();
                scene.count(connection.reply().equals("OK:ROUTED:2"));
            }
        }
    }
}
