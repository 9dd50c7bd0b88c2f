package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three servers whose clocks are five seconds ahead, five behind, and right. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MessagingClocksIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long SKEW_MS = 5_000;
    /** Of three clocks' halves of milliseconds, in two rounds. */
    private static final long ROUNDING_MS = 4;

    private static final Pattern ROUND =
            Pattern.compile("clock round=(\\d+) answers=2 spread_ms=(\\d+) round_trip_ms_max=(\\d+)");

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    @Test
    void shouldBringSkewedClocksTogetherInThreeRounds() throws Exception {
        // Given: no broker at all, since clocks and elections need none
        List<Integer> ports = Ports.freeBelowEphemeral(5);
        String ref = "tcp://127.0.0.1:" + ports.get(0);
        try (JarProcess reference =
                        JarProcess.command(work, "messaging", "ref", "--bind", ref, "--data", folder("ref"));
                JarProcess ahead = server("ahead", SKEW_MS, ref, ports.get(1));
                JarProcess behind = server("behind", -SKEW_MS, ref, ports.get(1));
                JarProcess right = server("right", 0, ref, ports.get(1))) {
            List<JarProcess> servers = List.of(ahead, behind, right);

            // When: four rounds with all clocks, by one leader
            Waiting.until("four rounds: " + reference.report(), LIMIT, () -> servers.stream()
                    .anyMatch(server -> rounds(server).size() >= 4));
            JarProcess leader = servers.stream()
                    .filter(server -> rounds(server).size() >= 4)
                    .findFirst()
                    .orElseThrow();

            // Then: the fourth sees what the third has left, both with the error of a round trip
            List<long[]> rounds = rounds(leader);
            assertThat(rounds.get(0)[0]).isGreaterThan(SKEW_MS / 2);
            assertThat(rounds.get(3)[0])
                    .as(leader::report)
                    .isLessThanOrEqualTo(Math.min(
                            rounds.get(2)[1] + rounds.get(3)[1] + ROUNDING_MS,
                            Math.max(rounds.get(2)[1], rounds.get(3)[1]) + SKEW_MS / 100));
        }
    }

    private String folder(String name) {
        return work.resolve(name).toString();
    }

    private JarProcess server(String name, long skewMs, String ref, int unused) throws IOException {
        String nobody = "tcp://127.0.0.1:" + unused;
        return JarProcess.command(
                work,
                "messaging",
                "server",
                "--name=" + name,
                "--skew-ms=" + skewMs,
                "--berkeley=1s",
                "--ref=" + ref,
                "--backend=" + nobody,
                "--xsub=" + nobody,
                "--xpub=" + nobody,
                "--data=" + folder(name));
    }

    /** The spread and the longest round trip of each round that had all clocks. */
    private static List<long[]> rounds(JarProcess server) {
        return ROUND.matcher(server.out())
                .results()
                .map(MessagingClocksIT::numbers)
                .toList();
    }

    private static long[] numbers(MatchResult round) {
        return new long[] {Long.parseLong(round.group(2)), Long.parseLong(round.group(3))};
    }
}
