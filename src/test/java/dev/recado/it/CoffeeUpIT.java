package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole coffee shop by one command, while its processes are killed and its monitors start them again. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CoffeeUpIT {

    private static final int SEED = 16;
    private static final int RESIDENT_MIB_MAX = 2_048;
    private static final List<String> AGGREGATORS = List.of("q1-1", "q2-1", "q3-1", "q4-1");
    private static final List<String> WORKERS = List.of(
            "filter-year-1",
            "filter-hour-1",
            "filter-amount-1",
            "group-month-item-1",
            "group-semester-store-1",
            "group-store-user-1");
    private static final int KILLS = 10;

    @WorkDir
    @SuppressWarnings("NullAway.Init") // The extension sets it before a test begins.
    Path work;

    private record Session(JarProcess client, Path results) {}

    @Test
    void shouldAnswerTheSameWhileMonitorsReviveWhatIsKilled() throws IOException {
        Tool.PYTHON.require();
        List<Session> sessions = new ArrayList<>();
        try (CoffeeUpScene scene = CoffeeUpScene.start(work)) {
            // Given
            assertThat(scene.ports().fieldNames())
                    .toIterable()
                    .containsExactly("admin", "amqp", "gateway", "monitor-1", "monitor-2", "monitor-3");
            Path input = scene.generate(20, SEED);
            Path expected = scene.expected(input);
            Random random = new Random(SEED);

            // When
            for (int i = 0; i < KILLS; i++) {
                if (sessions.stream().noneMatch(session -> session.client().isAlive())) {
                    Path results = work.resolve("results-" + i);
                    sessions.add(new Session(scene.client(input, results), results));
                }
                switch (i % 5) {
                    case 0 -> scene.killNine("broker");
                    case 1 -> scene.killLeader();
                    case 2 -> scene.killNine(any(WORKERS, random));
                    case 3 -> scene.killNine("gateway");
                    default -> scene.killNine(any(AGGREGATORS, random));
                }
            }

            // Then
            for (Session session : sessions) {
                scene.assertAnswered(session.client(), session.results(), expected);
            }
            scene.assertTidy("gateway");
            for (String aggregator : AGGREGATORS) {
                scene.assertTidy(aggregator);
            }
            assertThat(scene.monitorLogs()).contains("broker is down, attempt", "gateway is down, attempt");
            assertThat(scene.residentMiB()).isLessThan(RESIDENT_MIB_MAX);
            scene.stop();
        } finally {
            sessions.forEach(session -> session.client().close());
        }
    }

    private static String any(List<String> names, Random random) {
        return names.get(random.nextInt(names.size()));
    }

    @Test
    void shouldAnswerTheSameOnRabbit() throws IOException {
        Tool.PYTHON.require();
        Tool.RABBITMQ.require();
        try (RabbitProcess rabbit = RabbitProcess.start(work)) {
            String uri = "amqp://guest:guest@127.0.0.1:" + rabbit.port();
            try (CoffeeUpScene scene = CoffeeUpScene.start(work, "--amqp", uri, "--aggregators", "2")) {
                // Given
                assertThat(scene.ports().fieldNames())
                        .toIterable()
                        .containsExactly("gateway", "monitor-1", "monitor-2", "monitor-3");
                Path input = scene.generate(2, SEED);
                Path results = work.resolve("results");

                // When
                try (JarProcess client = scene.client(input, results)) {
                    // Then
                    scene.assertAnswered(client, results, scene.expected(input));
                }
                scene.stop();
            }
        }
    }

    /** What a terminal sends to all does not end a part; what ends {@code up} ends all parts, and it can go on. */
    @Test
    void shouldLeaveNothingWhereItIsKilled() throws IOException, InterruptedException {
        try (CoffeeUpScene scene = CoffeeUpScene.start(work, "--monitors", "1")) {
            // Given
            long gateway = scene.pid("gateway");
            assertThat(new ProcessBuilder("kill", "-INT", "" + gateway, "" + scene.pid("broker"))
                            .start()
                            .waitFor())
                    .isZero();
            assertThat(scene.parts()).hasSizeGreaterThanOrEqualTo(13);

            // When
            assertThat(scene.isAlive("gateway") && scene.isAlive("broker")).isTrue();
            scene.killNine();
        }

        // Then
        try (CoffeeUpScene again = CoffeeUpScene.start(work, "--monitors", "1")) {
            again.stop();
        }
    }
}
