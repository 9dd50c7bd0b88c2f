package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;

/** The slim JAR of the Java client: what is in it, and that the program of its page runs with it and SLF4J alone. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClientJarIT {

    private static final Path PAGE = Path.of("src/site/markdown/java-client.md");
    private static final long BYTES_MAX = 300_000;

    private static Path clientJar() {
        return Path.of(System.getProperty("recado.client.jar", "target/recado-client.jar"))
                .toAbsolutePath();
    }

    @Test
    void shouldHoldTheClientAndNothingElse() throws IOException {
        // When
        List<String> packages = new ArrayList<>();
        boolean runnable;
        try (JarFile jar = new JarFile(clientJar().toFile())) {
            jar.stream()
                    .filter(entry -> entry.getName().endsWith(".class"))
                    .map(entry -> entry.getName().substring(0, entry.getName().lastIndexOf('/')))
                    .distinct()
                    .sorted()
                    .forEach(packages::add);
            runnable = jar.getManifest().getMainAttributes().getValue("Main-Class") != null;
        }

        // Then
        assertThat(packages).containsExactly("dev/recado/base", "dev/recado/client", "dev/recado/transport/text/wire");
        assertThat(runnable).isFalse();
        assertThat(Files.size(clientJar())).isLessThan(BYTES_MAX);
    }

    @Test
    void shouldRunTheProgramOfThePage(@WorkDir Path work) throws Exception {
        // Given
        String page = Files.readString(PAGE);
        int begin = page.indexOf("```java\n") + "```java\n".length();
        String orders = page.substring(begin, page.indexOf("```", begin));
        Path program = Files.writeString(work.resolve("Orders.java"), orders);
        Path out = work.resolve("orders.out");
        Path err = work.resolve("orders.err");
        try (BrokerProcess broker = BrokerProcess.in(work).start()) {

            // When
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            clientJar() + System.getProperty("path.separator") + slf4j(),
                            program.toString(),
                            broker.address())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            try {
                boolean ended = process.waitFor(Duration.ofSeconds(60).toMillis(), TimeUnit.MILLISECONDS);

                // Then
                assertThat(ended).as(() -> read(out) + read(err)).isTrue();
                assertThat(process.exitValue()).as(() -> read(err)).isZero();
                assertThat(read(out).lines())
                        .containsExactlyInAnyOrder(
                                "order 0 is on disk",
                                "order 1 is on disk",
                                "order 2 is on disk",
                                "bill table-7 for 42 coffees",
                                "bill table-7 for 2 teas",
                                "bill table-7 for 1 juice",
                                "1 failure");
                assertThat(read(err)).contains("order 1 failed: no tea right now");
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private static Path slf4j() throws URISyntaxException {
        return Path.of(
                Logger.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
