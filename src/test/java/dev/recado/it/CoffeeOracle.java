package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The computation of the coffee shop's answers in another language, written from its page alone. */
final class CoffeeOracle {

    private static final Path SCRIPT = Path.of("src", "test", "resources", "python", "coffee_oracle.py");

    private CoffeeOracle() {}

    /** What it makes of {@code input}, in a directory beside it. */
    static Path expected(Path input, Duration limit) throws IOException {
        Path expected = input.resolveSibling(input.getFileName() + "-expected");
        Path said = input.resolveSibling("oracle.txt");
        Process oracle = new ProcessBuilder(
                        "python3", SCRIPT.toAbsolutePath().toString(), input.toString(), expected.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            assertThat(oracle.waitFor(limit.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        } finally {
            oracle.destroyForcibly();
        }
        assertThat(oracle.exitValue()).as(Files.readString(said)).isZero();
        return expected;
    }
}
