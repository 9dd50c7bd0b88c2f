package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two equal workers share a burst of requests. {@code -Drecado.fair.runs=100} for the measure that counts: nineteen of
 * twenty bursts leave each at least 40 %.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZmtpFairShareIT {

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    @BeforeAll
    static void requireTools() {
        Tool.PYZMQ.require();
    }

    @ParameterizedTest
    @ValueSource(ints = {50, 200, 1_000, 5_000})
    void shouldShareABurstEvenly(int requests) throws Exception {
        int runs = Integer.getInteger("recado.fair.runs", 5);
        int even = 0;
        try (ZmqScene scene = ZmqScene.start(work)) {
            ZmqSocket client = scene.openSharer("DEALER", "zmtp-router");
            for (int run = 0; run < runs; run++) {
                // Given
                ZmqSocket first = scene.openSharer("REP", "zmtp-dealer");
                scene.awaitWorkers(1);
                ZmqSocket second = scene.openSharer("REP", "zmtp-dealer");
                scene.awaitWorkers(2);

                // When
                client.post(String.valueOf(requests));
                List<Integer> shares =
                        client.receive().stream().map(Integer::valueOf).toList();

                // Then
                assertThat(shares.stream().mapToInt(share -> share).sum()).isEqualTo(requests);
                boolean isEven = shares.size() == 2 && Math.min(shares.get(0), shares.get(1)) >= requests * 2 / 5;
                even += isEven ? 1 : 0;
                first.close();
                second.close();
                scene.awaitWorkers(0);
            }
        }
        assertThat(even).as("of %d bursts", runs).isGreaterThanOrEqualTo(runs * 95 / 100);
    }
}
