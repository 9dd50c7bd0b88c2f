package dev.recado.apps.messaging.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The envelope as bytes: as the specification writes them, back and forth, cut, and damaged. */
class EnvelopeCodecTest {

    /** {service: "login", user: "ana", timestamp: 1, clock: 2, id: "x", n: 300}. */
    private static final String GOLDEN = "86" // a map of six
            + "a7" + hex("service") + "a5" + hex("login")
            + "a4" + hex("user") + "a3" + hex("ana")
            + "a9" + hex("timestamp") + "01"
            + "a5" + hex("clock") + "02"
            + "a2" + hex("id") + "a1" + hex("x")
            + "a1" + hex("n") + "cd012c";

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static Envelope login() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", "x");
        fields.put("n", 300L);
        return new Envelope("login", "ana", 1, 2, fields);
    }

    @Test
    void shouldWriteAndReadTheBytesOfTheSpecification() {
        assertThat(HexFormat.of().formatHex(EnvelopeCodec.encode(login()))).isEqualTo(GOLDEN);
        assertThat(EnvelopeCodec.decode(bytes(GOLDEN)).envelope()).isEqualTo(login());
    }

    @Test
    void shouldReadWhatItWrote() {
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            Envelope envelope = envelope(random);
            assertThat(EnvelopeCodec.decode(EnvelopeCodec.encode(envelope)).envelope())
                    .as("i=%s", i)
                    .isEqualTo(envelope);
        }
    }

    private static Envelope envelope(Random random) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            fields.put("field" + i, value(random, 1));
        }
        return new Envelope("s" + random.nextInt(9), text(random) + "u", random.nextLong(1L << 53), 7, fields);
    }

    private static Object value(Random random, int depth) {
        int kind = random.nextInt(depth < 4 ? 4 : 2);
        if (kind == 0) {
            return text(random);
        }
        if (kind == 1) {
            return random.nextLong() >> random.nextInt(64);
        }
        List<Object> list = new ArrayList<>();
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(20); i > 0; i--) {
            list.add(value(random, depth + 1));
            map.put("key" + i, value(random, depth + 1));
        }
        return kind == 2 ? list : map;
    }

    private static String text(Random random) {
        return "é".repeat(random.nextInt(20)) + random.nextInt(100);
    }

    @Test
    void shouldTakeNoBeginningForTheWhole() {
        byte[] whole = EnvelopeCodec.encode(envelope(new Random(5)));
        for (int length = 0; length < whole.length; length++) {
            EnvelopeCodec.Decoded decoded = EnvelopeCodec.decode(Arrays.copyOf(whole, length));
            assertThat(decoded.envelope()).as("length=%s", length).isNull();
            assertThat(decoded.problem()).isNotEmpty();
        }
    }

    @Test
    void shouldNeverThrowForWhatAPeerSent() {
        Random random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = EnvelopeCodec.encode(envelope(random));
            for (int j = random.nextInt(4); j >= 0; j--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            EnvelopeCodec.Decoded decoded = EnvelopeCodec.decode(damaged);
            assertThat(decoded.envelope() == null)
                    .isNotEqualTo(decoded.problem().isEmpty());
        }
    }

    /** Each claims more than it has: nothing may be allocated for the claim. */
    @ParameterizedTest
    @CsvSource({
        "df40000000, too many", // a map whose doubled count is negative as an int
        "dfffffffff, not MessagePack",
        "81a161dbffffffff, not MessagePack",
        "81a161db7fffffff, text too long",
        "81a161dd7fffffff, too many",
        "81a161c67fffffff, bytes too long",
        "81a161c97fffffff05, bytes too long",
        "81a1619191919191c0, too many or too deep",
        "82a16101a16102, key twice",
        "810101, key is no text",
        "81a161a1ff, not UTF-8",
        "80c0, bytes behind",
        "c0, not a map",
        "80, no service"
    })
    void shouldRefuse(String hex, String problem) {
        assertThat(EnvelopeCodec.decode(bytes(hex)).problem()).contains(problem);
    }

    @Test
    void shouldReadOverValuesOfOtherTypes() {
        // Given: a float, nil, true, bytes, an extension and a number above all longs, under names that nobody knows
        String more = "a161" + "cb3ff8000000000000" + "a162c0" + "a163c3" + "a164c40101" + "a165d40507"
                + "a166cfffffffffffffffff";

        // When
        EnvelopeCodec.Decoded decoded = EnvelopeCodec.decode(bytes("8c" + GOLDEN.substring(2) + more));

        // Then
        assertThat(decoded.envelope()).as(decoded.problem()).isEqualTo(login());
    }

    @Test
    void shouldRefuseMoreValuesThanAMessageMayHave() {
        // Given: an array of 59,904 small numbers
        byte[] head = bytes("81a161dd0000ea00");
        byte[] many = Arrays.copyOf(head, head.length + 0xea00);

        // Then
        assertThat(EnvelopeCodec.decode(many).problem()).contains("too many");
    }
}
