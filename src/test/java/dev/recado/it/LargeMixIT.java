package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Everything at once that holds memory: so many clients of each kind, beside so many that publish large messages. Takes
 * minutes: {@code mvn verify -DexcludedGroups= -Dgroups=long -Dit.test=LargeMixIT}. See {@link LargeScene}.
 */
@Tag("long")
@Timeout(value = 400, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LargeMixIT {

    private static final int BYTES = LargeScene.BYTES;
    private static final int RING_MESSAGES = 40;
    private static final int RING_BYTES = 256 * 1024;

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    private final List<TextConnection> lazy = new ArrayList<>();

    private void lazy(BrokerProcess broker, String... lines) throws IOException {
        TextConnection one = TextConnection.open(broker.textPort(), 4 << 10);
        lazy.add(one);
        for (String line : lines) {
            one.send(line);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 20, 50})
    void shouldStoreOrRefuseBesideAllKindsOfHogs(int clients) throws Exception {
        LargeScene scene = new LargeScene(work);
        try {
            scene.play("mix of " + clients, (broker, crew) -> {
                try (TextConnection admin = broker.connect()) {
                    admin.write("PUB:nuls:" + BYTES + "\n")
                            .send(new byte[BYTES])
                            .send("");
                    assertThat(admin.reply()).startsWith("OK:MSG_ID:");
                    scene.publish(admin, "mix");
                    scene.publish(admin, "default");
                }
                for (int i = 0; i < clients; i++) {
                    hogs(broker, i);
                    crew.run(() -> LargeScene.dribble(broker.textPort()));
                }
                for (int i = 0; i < clients; i++) {
                    crew.run(() -> scene.publish(broker.textPort(), "mix", 2));
                }
                scene.awaitPublished(crew, 2 * clients + 2);
                resetAll();
            });
        } finally {
            resetAll();
        }
    }

    private void resetAll() throws IOException {
        for (TextConnection one : lazy) {
            one.reset();
        }
        lazy.clear();
    }

    /** One client of each kind that takes nothing. */
    private void hogs(BrokerProcess broker, int number) throws IOException {
        lazy(broker, "BROWSE:nuls:first:1");
        lazy(broker, "REGISTER:CONSUMER:reader" + number, "GET", "GET");
        lazy(broker, "SUB:mix:*");
        lazy(broker, "SUB:mix:workers:1:first");
        lazy(broker, "SUB:m#::auto");
        String ring = "ring" + number;
        try (TextConnection publisher = broker.connect()) {
            String settings = "durability=memory&overflow=drop-oldest&limit.bytes=1MiB";
            assertThat(publisher.ask("TOPIC:CREATE:" + ring + ":" + settings)).startsWith("OK");
            lazy(broker, "SUB:" + ring + ":workers:1:first");
            for (int i = 0; i < RING_MESSAGES; i++) {
                publisher.write("PUB:" + ring + ":" + RING_BYTES + "\n");
                publisher.write(LargeScene.large(RING_BYTES)).write("\n").flush();
                assertThat(publisher.reply()).startsWith("OK:MSG_ID:");
            }
        }
    }
}
