package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code recado bench} against a broker of its own, also one that is killed under it. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BenchIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    @Test
    void shouldMeasureAnOpenLoopAndReportIt() throws Exception {
        Path page = work.resolve("report.html");
        try (BrokerProcess broker =
                BrokerProcess.in(work).set("zmtp.enabled", "false").start()) {
            // When
            JsonNode result = bench(
                    broker,
                    "--rate=2000",
                    "--duration=1s",
                    "--warm-up=200ms",
                    "--publishers=20",
                    "--groups=2",
                    "--topics=3",
                    "--verify",
                    "--report=" + page);

            // Then
            assertThat(result.get("good").asBoolean()).as(result.toString()).isTrue();
            assertThat(result.at("/plan/loop").asText()).isEqualTo("open");
            assertThat(result.at("/messages/sent").asLong()).isEqualTo(2_400);
            assertThat(result.at("/messages/confirmed").asLong()).isEqualTo(2_400);
            assertThat(result.at("/messages/deliveredFirst").asLong()).isEqualTo(4_800);
            assertThat(result.at("/verify/received").asLong()).isEqualTo(4_800);
            assertThat(result.at("/publishToConfirmUs/count").asLong()).isEqualTo(2_000);
            assertThat(result.at("/publishToDeliverUs/count").asLong()).isEqualTo(4_000);
            assertThat(result.at("/publishToConfirmUs/p99").asDouble()).isPositive();
            assertThat(result.get("intervals")).isNotEmpty();
            assertThat(result.at("/broker/session_bugs").asText()).isEqualTo("0");
            assertThat(Files.readString(page))
                    .contains("Verified: good", "uPlot")
                    .doesNotContainPattern("(?i)\\ssrc\\s*=|<link|@import|url\\(");
            try (TextConnection admin = broker.connect()) {
                assertThat(admin.ask("TOPIC:LIST")).isEqualTo(".");
            }
        }
    }

    @Test
    void shouldMeasureAClosedLoopOnAQueue() throws Exception {
        try (BrokerProcess broker = BrokerProcess.in(work).start()) {
            JsonNode result = bench(
                    broker,
                    "--count=20000",
                    "--warm-up=0s",
                    "--window=100",
                    "--publishers=3",
                    "--consumers=2",
                    "--kind=queue",
                    "--topic=orders",
                    "--ack=each",
                    "--confirm=each",
                    "--verify");
            assertThat(result.get("good").asBoolean()).as(result.toString()).isTrue();
            assertThat(result.at("/plan/loop").asText()).isEqualTo("closed");
            assertThat(result.at("/messages/confirmed").asLong()).isEqualTo(20_000);
            assertThat(result.at("/verify/received").asLong()).isEqualTo(20_000);

            // A tap needs no confirmations either, and finds the topic's own settings to be others.
            JsonNode tapped =
                    bench(broker, "--count=2000", "--warm-up=0s", "--confirm=none", "--tap", "--durability=memory");
            assertThat(tapped.at("/messages/deliveredFirst").asLong()).isEqualTo(2_000);
            try (JarProcess other = start(broker, "--topic=orders", "--count=1")) {
                assertThat(other.exitCode(LIMIT)).as(other::report).isEqualTo(1);
                assertThat(other.err()).contains("orders", "other settings");
            }
        }
    }

    @Test
    void shouldMeasureOverAmqp() throws Exception {
        try (BrokerProcess broker =
                BrokerProcess.in(work).set("zmtp.enabled", "false").start()) {
            String[] over = {"--transport=amqp", "--broker=127.0.0.1:" + broker.port("amqp")};

            JsonNode queue = over(over, "--count=20000", "--publishers=3", "--consumers=2", "--ack=each", "--topics=2");
            JsonNode fanout = over(over, "--count=300", "--groups=3", "--durability=memory", "--size=200KiB");
            JsonNode taps = over(over, "--count=5000", "--tap", "--consumers=2", "--confirm=none");

            try (TextConnection admin = broker.connect()) {
                assertThat(admin.ask("NAMESPACE:CREATE:shop")).startsWith("OK");
            }
            JsonNode elsewhere = over(over, "--count=1000", "--namespace=shop");

            assertThat(elsewhere.at("/verify/received").asLong()).isEqualTo(1_000);
            assertThat(queue.at("/messages/confirmed").asLong()).isEqualTo(20_000);
            assertThat(queue.at("/verify/received").asLong()).isEqualTo(20_000);
            assertThat(queue.at("/plan/numbered").asBoolean()).isFalse();
            assertThat(fanout.at("/verify/received").asLong()).isEqualTo(900);
            assertThat(taps.at("/messages/deliveredFirst").asLong()).isEqualTo(10_000);
            try (TextConnection admin = broker.connect()) {
                assertThat(admin.ask("TOPIC:LIST")).as("what was made is gone").isEqualTo(".");
            }
        }
    }

    private JsonNode over(String[] transport, String... options) throws IOException {
        List<String> args = new ArrayList<>(List.of("bench", "--output=json", "--warm-up=0s"));
        args.addAll(List.of(transport));
        args.addAll(List.of(options));
        if (!args.contains("--confirm=none")) {
            args.add("--verify");
        }
        try (JarProcess load = JarProcess.command(work, args.toArray(String[]::new))) {
            assertThat(load.exitCode(LIMIT)).as(load::report).isZero();
            return new ObjectMapper().readTree(load.out());
        }
    }

    @Test
    void shouldProveThatNothingIsLostWhenTheBrokerIsKilled() throws Exception {
        BrokerProcess.Plan plan = BrokerProcess.in(work).textPort(Ports.freeBelowEphemeral());
        try (BrokerProcess broker = plan.start();
                JarProcess load = start(
                        broker,
                        "--rate=5000",
                        "--duration=3s",
                        "--warm-up=0s",
                        "--publishers=3",
                        "--consumers=2",
                        "--progress",
                        "--verify",
                        "--resume")) {
            Waiting.until("load under way", LIMIT, () -> load.err().contains("confirmed"));
            broker.killNine();
            try (BrokerProcess again = broker.again()) {
                assertThat(load.exitCode(LIMIT)).as(load::report).isZero();
                assertThat(again.isAlive()).isTrue();
            }
            JsonNode result = new ObjectMapper().readTree(load.out());
            assertThat(result.at("/messages/connectionsLost").asLong()).isGreaterThanOrEqualTo(5);
            assertThat(result.at("/messages/confirmed").asLong()).isEqualTo(15_000);
            assertThat(result.at("/verify/received").asLong()).isEqualTo(15_000);
            assertThat(result.at("/verify/clean").asBoolean()).isTrue();
        }
    }

    @Test
    void shouldTellWrongUsageAndNobodyThere() throws Exception {
        String nobody = "127.0.0.1:" + Ports.freeBelowEphemeral();
        try (JarProcess unreachable = JarProcess.command(work, "bench", "--broker", nobody);
                JarProcess unknown = JarProcess.command(work, "bench", "--broker", "nobody.invalid:1");
                JarProcess nowhere = JarProcess.command(work, "bench", "--report", work + "/none/page.html");
                JarProcess small = JarProcess.command(work, "bench", "--size=8");
                JarProcess silent = JarProcess.command(work, "bench", "--resume", "--confirm=none")) {
            assertThat(unreachable.exitCode(LIMIT)).isEqualTo(3);
            assertThat(unreachable.err()).contains(nobody);
            assertThat(unknown.exitCode(LIMIT)).isEqualTo(3);
            assertThat(unknown.err()).contains("cannot reach nobody.invalid:1: unknown host");
            assertThat(nowhere.exitCode(LIMIT)).isEqualTo(2);
            assertThat(nowhere.err()).contains("cannot write --report", "no such directory");
            assertThat(small.exitCode(LIMIT)).isEqualTo(2);
            assertThat(small.err()).contains("--size must be from 32");
            assertThat(silent.exitCode(LIMIT)).isEqualTo(2);
        }
    }

    @Test
    void shouldEndWithAFailureWhenTheBrokerStandsStill() throws Exception {
        try (BrokerProcess broker = BrokerProcess.in(work).start();
                JarProcess load = start(
                        broker,
                        "--rate=20000",
                        "--duration=2s",
                        "--warm-up=0s",
                        "--drain=1s",
                        "--progress",
                        "--verify");
                JarProcess endless =
                        start(broker, "--rate=2000", "--duration=1h", "--warm-up=0s", "--drain=2s", "--progress")) {
            Waiting.until(
                    "load under way",
                    LIMIT,
                    () -> load.err().contains("confirmed") && endless.err().contains("confirmed"));
            signal(broker.pid(), "STOP");
            try {
                // Then: by itself
                assertThat(load.exitCode(Duration.ofSeconds(15)))
                        .as(load::report)
                        .isEqualTo(1);
                assertThat(load.out()).contains("\"failure\"", "unanswered");

                // And when it is told
                endless.terminate();
                assertThat(endless.exitCode(Duration.ofSeconds(4)))
                        .as(endless::report)
                        .isEqualTo(1);
            } finally {
                signal(broker.pid(), "CONT");
            }
        }
    }

    private static void signal(long pid, String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
        assertThat(kill.waitFor()).isZero();
    }

    private JsonNode bench(BrokerProcess broker, String... options) throws IOException {
        try (JarProcess load = start(broker, options)) {
            assertThat(load.exitCode(LIMIT)).as(load::report).isZero();
            return new ObjectMapper().readTree(load.out());
        }
    }

    private JarProcess start(BrokerProcess broker, String... options) throws IOException {
        List<String> args = new ArrayList<>(List.of("bench", "--broker", broker.address(), "--output", "json"));
        args.addAll(List.of(options));
        return JarProcess.command(work, args.toArray(String[]::new));
    }
}
