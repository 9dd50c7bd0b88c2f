package dev.recado.apps.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.monitor.SupervisedNode.Address;
import dev.recado.apps.monitor.SupervisedNode.Health;
import dev.recado.apps.process.Revivals;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One monitor, with a file of nodes that changes while it works. */
@Timeout(60)
class MonitorTest {

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    @AfterEach
    void closeVertx() {
        vertx.close().await();
    }

    @Test
    void shouldFollowTheFileOfNodes(@TempDir Path directory) throws IOException, InterruptedException {
        // Given
        Path file = directory.resolve("nodes.json");
        Files.writeString(file, nodes(node("a", 1, "true"), node("b", 2, "true")));
        Monitor monitor = new Monitor(
                vertx,
                new Monitor.Settings(
                        1,
                        Map.of(1, new Address("127.0.0.1", 0)),
                        new Bully.Times(1_000, 3_000, 1_000),
                        new HealthJudge.Times(60_000, 30_000, 3),
                        new Revivals.Limits(1, 1_000, 1_000),
                        new Monitor.Shared(directory.resolve("lock"), null),
                        100),
                () -> NodeFile.read(file, new Containers("docker")),
                told::add);
        monitor.start(new Address("127.0.0.1", 0)).await();
        try {
            awaitTold("looks after a at tcp://127.0.0.1:1");
            awaitTold("looks after b at tcp://127.0.0.1:2");

            // When
            Files.writeString(file, "{");

            // Then
            awaitTold("cannot look for nodes: " + file + ": line 1 ");

            // When
            Files.writeString(file, nodes(node("b", 3, "true"), node("c", 4, "true")));

            // Then
            awaitTold("looks no more after a");
            awaitTold("looks no more after b");
            awaitTold("looks after b at tcp://127.0.0.1:3");
            awaitTold("looks after c at tcp://127.0.0.1:4");

            // When
            Files.writeString(file, nodes(node("b", 3, "true"), node("c", 4, "false")));

            // Then
            awaitTold("looks no more after c");
            awaitTold("looks after c at tcp://127.0.0.1:4");
            assertThat(told).noneMatch(line -> line.contains("after b"));
        } finally {
            monitor.close().await();
        }
    }

    private void awaitTold(String beginning) throws InterruptedException {
        String next = told.poll(30, TimeUnit.SECONDS);
        while (next != null && !next.startsWith(beginning)) {
            next = told.poll(30, TimeUnit.SECONDS);
        }
        assertThat(next).startsWith(beginning);
    }

    private static String nodes(String... nodes) {
        return "{\"nodes\":[" + String.join(",", nodes) + "]}";
    }

    private static String node(String name, int port, String command) {
        Health health = Health.parse("tcp://127.0.0.1:" + port);
        return "{\"name\":\"" + name + "\",\"health\":\"" + health + "\",\"command\":[\"" + command + "\"]}";
    }
}
