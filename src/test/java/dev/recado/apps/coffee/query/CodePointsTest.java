package dev.recado.apps.coffee.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CodePointsTest {

    @Test
    void shouldOrderAsCodePointsDo() {
        // Given
        Random random = new Random(16);
        int[] alphabet = {'a', 'b', 0xE9, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x1F330, 0x10FFFF};

        for (int i = 0; i < 20_000; i++) {
            int[] left = random.ints(random.nextInt(5), 0, alphabet.length)
                    .map(c -> alphabet[c])
                    .toArray();
            int[] right = random.ints(random.nextInt(5), 0, alphabet.length)
                    .map(c -> alphabet[c])
                    .toArray();

            // When
            int order = CodePoints.ORDER.compare(new String(left, 0, left.length), new String(right, 0, right.length));

            // Then
            assertThat(Integer.signum(order)).isEqualTo(Integer.signum(Arrays.compare(left, right)));
        }
    }
}
