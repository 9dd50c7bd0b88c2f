package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example applications as processes around a broker. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExamplesIT {

    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final int IMAGES = 12;

    private static Path work;
    private static Path images;
    private static BrokerProcess broker;

    @BeforeAll
    static void startBroker(@WorkDir Path directory) throws IOException {
        work = directory;
        broker = BrokerProcess.in(work).start();
        images = Files.createDirectories(work.resolve("images"));
        for (int i = 0; i < IMAGES; i++) {
            BufferedImage image = new BufferedImage(60, 40, BufferedImage.TYPE_INT_RGB);
            image.setRGB(i, i, 0xffffff);
            ImageIO.write(image, "png", images.resolve("image-" + i + ".png").toFile());
        }
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    private static JarProcess example(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("example"));
        all.addAll(List.of(arguments));
        return JarProcess.command(work, all.toArray(String[]::new));
    }

    private static String endpoint(String listener) {
        return "tcp://127.0.0.1:" + broker.port(listener);
    }

    @Test
    void shouldCarryWeatherToThoseWhoAskedForIt() throws Exception {
        try (JarProcess watcher =
                        example("weather", "watch", "10", "--count", "10", "--broker", endpoint("zmtp-xpub"));
                JarProcess publisher =
                        example("weather", "publish", "--interval-ms", "20", "--broker", endpoint("zmtp-xsub"))) {
            // When
            int code = watcher.exitCode(LIMIT);
            publisher.terminate();

            // Then
            assertThat(code).as(watcher::report).isZero();
            assertThat(watcher.out().lines()).hasSize(12).allMatch(line -> line.startsWith("101"));
            assertThat(watcher.out()).contains("10115: mean ", "10117: mean ");
            assertThat(publisher.exitCode(LIMIT)).as(publisher::report).isZero();
            assertThat(publisher.err()).contains("published ");
        }
    }

    @Test
    void shouldPrintWhatThePipelineBrings() throws Exception {
        try (TextConnection publisher = broker.connect();
                JarProcess sink = example("sink", "--from=" + endpoint("zmtp-push"))) {
            // When
            assertThat(publisher.pub("zmtp.pipeline", "uno")).startsWith("OK");
            assertThat(publisher.pub("zmtp.pipeline", "dos", "", "tres\n")).startsWith("OK");
            assertThat(publisher.pub("zmtp.pipeline", "")).startsWith("OK");

            // Then
            assertThat(sink.exitCode(LIMIT)).as(sink::report).isZero();
            assertThat(sink.out().lines()).containsExactly("uno", "dos\ttres·");
            assertThat(sink.err()).contains("received 2 messages, 11 bytes");
        }
    }

    @Test
    void shouldFilterAFolderInOneProcess() throws Exception {
        try (JarProcess local = example(
                "divide",
                "local",
                images.toString(),
                "--to",
                work.resolve("local").toString(),
                "--workers=3",
                "--push=" + endpoint("zmtp-pull"),
                "--pull=" + endpoint("zmtp-push"))) {
            // When
            int code = local.exitCode(LIMIT);

            // Then
            assertThat(code).as(local::report).isZero();
            assertThat(local.out()).contains("done 12, failed 0, missing 0 in ", "worker-3: ");
            assertThat(local.err()).isEmpty();
            assertThat(work.resolve("local").toFile().list()).hasSize(IMAGES);
        }
    }

    @Test
    void shouldDivideTheWorkAmongProcesses() throws Exception {
        String results = "tcp://127.0.0.1:" + Ports.freeBelowEphemeral();
        Path target = work.resolve("divided");
        try (JarProcess sink = example("divide", "sink", "--bind", results);
                JarProcess one = worker(target, results);
                JarProcess two = worker(target, results)) {
            Waiting.until(
                    "workers",
                    LIMIT,
                    () -> one.err().contains("waits") && two.err().contains("waits"));

            // When
            try (JarProcess master = example(
                    "divide",
                    "master",
                    images.toString(),
                    "--workers=2",
                    "--to=" + endpoint("zmtp-pull"),
                    "--results=" + results)) {
                assertThat(master.exitCode(LIMIT)).as(master::report).isZero();
            }

            // Then
            assertThat(sink.exitCode(LIMIT)).as(sink::report).isZero();
            assertThat(sink.out()).contains("done 12, failed 0, missing 0 in ");
            assertThat(one.exitCode(LIMIT)).as(one::report).isZero();
            assertThat(two.exitCode(LIMIT)).as(two::report).isZero();
            assertThat(target.toFile().list()).hasSize(IMAGES);
        }
    }

    private static JarProcess worker(Path target, String results) throws IOException {
        return example(
                "divide",
                "worker",
                "--to=" + target,
                "--filter=edges",
                "--from=" + endpoint("zmtp-push"),
                "--results=" + results);
    }
}
