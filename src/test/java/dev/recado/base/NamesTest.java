package dev.recado.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "weather.spain.madrid", "a b", "a:b%c", "ñandú", "*", "日本", "a/b", "\uD83D\uDE00"})
    void shouldAllowWhatPeopleCallThings(String name) {
        // Given a name
        // When
        Refusal problem = Names.problem("topic", name);

        // Then
        assertThat(problem).isNull();
    }

    @Test
    void shouldSayWhatIsWrongWithAName() {
        // Given
        String tooLong = "é".repeat(128);

        // When, Then
        assertThat(detail("")).isEqualTo("topic name is empty: allowed are 1 to 255 bytes, topic=");
        assertThat(detail("$meta"))
                .isEqualTo("topic name is reserved: names beginning with $ are the broker's, topic=$meta");
        assertThat(detail("a\nb")).isEqualTo("topic name has a control character at index 1, topic=a?b");
        assertThat(detail("a\uD800")).startsWith("topic name is not well-formed text");
        assertThat(detail(tooLong)).isEqualTo("topic name is longer than 255 bytes, topic=" + "é".repeat(64) + "...");
        assertThat(Names.problem("topic", "é".repeat(127))).isNull();
        assertThat(Names.problemOfAny("group", "$auto-1")).isNull();
    }

    private static String detail(String name) {
        Refusal problem = Objects.requireNonNull(Names.problem("topic", name));
        assertThat(problem.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        return problem.detail();
    }

    @ParameterizedTest
    @CsvSource({
        "abc.-_/09, abc.-_/09",
        "a b, a%20b",
        "a:b, a%3Ab",
        "100%, 100%25",
        "ñ, %C3%B1",
        "'', ''",
        "a+b=c&d, a%2Bb%3Dc%26d"
    })
    void shouldEncodeAndDecodePercent(String text, String encoded) {
        // Given
        ByteWriter out = new ByteWriter(16);

        // When
        PercentCodec.encode(out, text);

        // Then
        assertThat(new String(out.toByteArray(), StandardCharsets.US_ASCII)).isEqualTo(encoded);
        assertThat(PercentCodec.encode(text)).isEqualTo(encoded);
        assertThat(PercentCodec.decode(encoded)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%2", "a%zz", "%-1", "%C3", "%FF", "%C3%28", "a\uD800", "%+1"})
    void shouldRefuseToDecodeRubbish(String encoded) {
        // Given malformed text
        // When
        String decoded = PercentCodec.decode(encoded);

        // Then
        assertThat(decoded).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "a%20b, a b",
        "%C3%B1, ñ",
        "%FFa, \uFFFDa",
        "%C3(, \uFFFD(",
        "100%25, 100%",
        "100%,",
        "5%2,",
        "%zz,"
    })
    void shouldReplaceOnlyWhatIsNoText(String encoded, @Nullable String expected) {
        // Given
        byte[] bytes = ("%" + encoded).getBytes(StandardCharsets.UTF_8);

        // When
        String decoded = PercentCodec.decodeReplacing(bytes, 1, bytes.length - 1);

        // Then
        assertThat(decoded).isEqualTo(expected);
        assertThat(PercentCodec.isWellFormed(bytes, 1, bytes.length - 1)).isEqualTo(expected != null);
    }

    @Test
    void shouldDecodeWhatNeededNoEncoding() {
        assertThat(PercentCodec.decode("weather.*.#%20ñ:")).isEqualTo("weather.*.# ñ:");
    }

    @Test
    void shouldEncodeLinesOfPayload() {
        // Given
        byte[] payload = "a%b\r\nc:ñ\n".getBytes(StandardCharsets.UTF_8);
        ByteWriter out = new ByteWriter(16);

        // When
        PercentCodec.encodeLine(out, payload, 1, payload.length - 1);

        // Then
        byte[] line = out.toByteArray();
        assertThat(new String(line, StandardCharsets.UTF_8)).isEqualTo("%25b%0D%0Ac:ñ%0A");
        assertThat(PercentCodec.decodeBytes(line, 0, line.length))
                .isEqualTo("%b\r\nc:ñ\n".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldSurviveTheRoundTripOfRandomBytes() {
        // Given
        Random random = new Random(20261121);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);

            // When
            ByteWriter out = new ByteWriter(16);
            PercentCodec.encode(out, bytes);

            // Then
            assertThat(PercentCodec.decodeBytes(out.array(), 0, out.size())).isEqualTo(bytes);
            PercentCodec.decode(bytes, 0, bytes.length);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "7, 7",
        "250ms, 250",
        "30s, 30000",
        "5m, 300000",
        "12h, 43200000",
        "7d, 604800000",
        "1w, 604800000",
        "1 H, 3600000",
        "'', -1",
        "-5, -1",
        "5x, -1",
        "s, -1",
        "9223372036854775807, 9223372036854775807",
        "9223372036854775808, -1",
        "9223372036854775807s, -1",
        "1.5s, -1",
        "5KiB, -1"
    })
    void shouldReadDurations(String text, long ms) {
        assertThat(Quantities.durationMs(text)).isEqualTo(ms);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "4096, 4096",
        "10k, 10240",
        "10KiB, 10240",
        "10kB, 10000",
        "64MiB, 67108864",
        "2m, 2097152",
        "1GiB, 1073741824",
        "1GB, 1000000000",
        "1TiB, 1099511627776",
        "7B, 7",
        "10q, -1",
        "8388608TiB, -1"
    })
    void shouldReadSizes(String text, long bytes) {
        assertThat(Quantities.sizeBytes(text)).isEqualTo(bytes);
    }
}
