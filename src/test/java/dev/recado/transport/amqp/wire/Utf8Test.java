package dev.recado.transport.amqp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {

    @Test
    void shouldKnowText() {
        for (String text : new String[] {"", "queue", "größe", "€ \uFFFD", "\uD83D\uDE00\uDBFF\uDFFF", "\u0000"}) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            assertThat(Utf8.isValid(bytes, 0, bytes.length)).as(text).isTrue();
            assertThat(Utf8.isValid(bytes, 0, bytes.length - 1))
                    .as("%s cut", text)
                    .isEqualTo(text.isEmpty() || bytes[bytes.length - 1] >= 0);
        }
    }

    @Test
    void shouldSayWhatTheDecoderOfJavaSays() {
        Random random = new Random(5);
        int good = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[random.nextInt(6)];
            random.nextBytes(bytes);
            for (int n = 0; n < bytes.length; n++) {
                bytes[n] = (byte) (n > 0 && random.nextInt(4) > 0 ? 0x80 | bytes[n] & 0x3F : bytes[n] | 0xC0);
            }
            boolean expected = isText(bytes);
            assertThat(Utf8.isValid(bytes, 0, bytes.length))
                    .as(Hex.of(bytes, 0, bytes.length))
                    .isEqualTo(expected);
            good += expected && bytes.length > 1 ? 1 : 0;
        }
        assertThat(good).isGreaterThan(1000);
    }

    private static boolean isText(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
