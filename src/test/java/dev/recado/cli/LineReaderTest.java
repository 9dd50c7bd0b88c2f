package dev.recado.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineReaderTest {

    @Test
    void shouldGiveBackEveryByte() throws IOException {
        for (int seed = 0; seed < 20; seed++) {
            // Given
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(300_000)];
            random.nextBytes(bytes);

            // When
            LineReader lines = new LineReader(new ByteArrayInputStream(bytes), 1 << 20);
            ByteArrayOutputStream joined = new ByteArrayOutputStream();
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                joined.writeBytes(line);
                joined.write('\n');
            }

            // Then
            byte[] result = joined.toByteArray();
            boolean ended = bytes.length == 0 || bytes[bytes.length - 1] == '\n';
            assertThat(Arrays.copyOf(result, result.length - (ended ? 0 : 1)))
                    .as("seed=%d", seed)
                    .isEqualTo(bytes);
        }
    }

    @Test
    void shouldRefuseALineBeyondItsLimit() {
        // Given
        LineReader lines =
                new LineReader(new ByteArrayInputStream("x".repeat(300_000).getBytes(UTF_8)), 100_000);

        // When / Then
        assertThatThrownBy(lines::next).isInstanceOf(IOException.class).hasMessageContaining("100000");
    }
}
