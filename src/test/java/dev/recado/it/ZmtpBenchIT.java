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

/** {@code recado bench --transport zmtp} against a broker of its own. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZmtpBenchIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    @Test
    void shouldMeasureAndVerifyAPipeline() throws Exception {
        Path page = work.resolve("report.html");
        try (BrokerProcess broker = BrokerProcess.in(work).start()) {
            // When
            JsonNode result = bench(
                    broker,
                    false,
                    "--rate=2000",
                    "--duration=1s",
                    "--warm-up=200ms",
                    "--publishers=20",
                    "--consumers=3",
                    "--size=1000",
                    "--threads=2",
                    "--verify",
                    "--report=" + page);

            // Then
            assertThat(result.get("good").asBoolean()).as(result.toString()).isTrue();
            assertThat(result.at("/messages/sent").asLong()).isEqualTo(2_400);
            assertThat(result.at("/messages/confirmed").asLong()).isZero();
            assertThat(result.at("/messages/unknown").asLong()).isZero();
            assertThat(result.at("/verify/received").asLong()).isEqualTo(2_400);
            assertThat(result.at("/publishToDeliverUs/count").asLong()).isEqualTo(2_000);
            assertThat(result.has("publishToConfirmUs")).isFalse();
            assertThat(Files.readString(page))
                    .contains("Verified: good", "push and pull")
                    .doesNotContain("id=\"confirm\"");
        }
    }

    @Test
    void shouldMeasureAndVerifySubscribers() throws Exception {
        try (BrokerProcess broker = BrokerProcess.in(work).start()) {
            JsonNode result = bench(
                    broker,
                    true,
                    "--rate=2000",
                    "--duration=1s",
                    "--warm-up=0s",
                    "--publishers=3",
                    "--consumers=4",
                    "--verify");
            assertThat(result.get("good").asBoolean()).as(result.toString()).isTrue();
            assertThat(result.at("/messages/sent").asLong()).isEqualTo(2_000);
            assertThat(result.at("/verify/received").asLong()).isEqualTo(8_000);
            assertThat(result.at("/verify/lost").asLong()).isZero();

            // In a closed loop the pipeline holds publishers up, and nothing gets lost.
            JsonNode closed = bench(broker, false, "--count=100000", "--verify");
            assertThat(closed.at("/verify/received").asLong()).isEqualTo(100_000);
        }
    }

    /** A publisher with little to say is not taken for dead. */
    @Test
    void shouldKeepAQuietPublisherAlive() throws Exception {
        try (BrokerProcess broker =
                BrokerProcess.in(work).set("zmtp.heartbeat", "1900ms").start()) {
            JsonNode result = bench(broker, false, "--rate=0.125", "--count=2", "--warm-up=0s", "--verify");
            assertThat(result.at("/messages/connectionsLost").asLong()).isZero();
            assertThat(result.at("/verify/received").asLong()).isEqualTo(2);
        }
    }

    @Test
    void shouldFailWhereTheBrokerIsNotThereOrOtherwiseOrGoes() throws Exception {
        try (BrokerProcess broker = BrokerProcess.in(work).start()) {
            String pull = "127.0.0.1:" + broker.port("zmtp-pull");
            String nobody = "127.0.0.1:" + Ports.freeBelowEphemeral();
            try (JarProcess wrong = start(pull, pull, "--count=1");
                    JarProcess absent = start(pull, nobody, "--count=1");
                    JarProcess cut = start(broker, false, "--rate=1000", "--duration=1h", "--progress")) {
                assertThat(wrong.exitCode(LIMIT)).as(wrong::report).isEqualTo(1);
                assertThat(wrong.out()).contains("zmtp-pull, which serves PUSH, not PULL");
                assertThat(absent.exitCode(LIMIT)).as(absent::report).isEqualTo(3);
                assertThat(absent.err()).contains("cannot reach " + pull + " or " + nobody);

                // What nobody knows to be read is not called lost.
                Waiting.until("load under way", LIMIT, () -> cut.err().contains("delivered"));
                broker.killNine();
                assertThat(cut.exitCode(LIMIT)).as(cut::report).isEqualTo(1);
                JsonNode result = new ObjectMapper().readTree(cut.out());
                assertThat(result.get("failure").asText()).contains("connection lost");
                assertThat(result.at("/messages/unknown").asLong()).isPositive();
            }
        }
    }

    private JsonNode bench(BrokerProcess broker, boolean tap, String... options) throws IOException {
        try (JarProcess load = start(broker, tap, options)) {
            assertThat(load.exitCode(LIMIT)).as(load::report).isZero();
            return new ObjectMapper().readTree(load.out());
        }
    }

    private JarProcess start(BrokerProcess broker, boolean tap, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of(options));
        if (tap) {
            all.add("--tap");
        }
        return start(
                "127.0.0.1:" + broker.port(tap ? "zmtp-xsub" : "zmtp-pull"),
                "127.0.0.1:" + broker.port(tap ? "zmtp-xpub" : "zmtp-push"),
                all.toArray(String[]::new));
    }

    private JarProcess start(String publishTo, String consumeFrom, String... options) throws IOException {
        List<String> args = new ArrayList<>(List.of("bench", "--transport=zmtp", "--output=json"));
        args.addAll(List.of("--broker", publishTo, "--consume-from", consumeFrom));
        args.addAll(List.of(options));
        return JarProcess.command(work, args.toArray(String[]::new));
    }
}
