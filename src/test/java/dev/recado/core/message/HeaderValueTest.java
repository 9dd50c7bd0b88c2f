package dev.recado.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Kinds of header values, and which of them match. */
class HeaderValueTest {

    /** What a binding wants, what a message has, whether that matches; texts stand in quotation marks. */
    private static final String MATCHES = """
            1        | 1        | yes
            1        | 1.0      | yes
            100      | 1e2      | yes
            0        | 0.00     | yes
            -0.5     | -5e-1    | yes
            1        | 2        | no
            1        | "1"      | no
            "1"      | 1        | no
            "a"      | "a"      | yes
            "a"      | "b"      | no
            ""       | ""       | yes
            ""       | "a"      | no
            true     | true     | yes
            true     | false    | no
            true     | "true"   | no
            true     | 1        | no
            0x0aff   | 0x0AFF   | yes
            0x0aff   | 0x0a     | no
            0x31     | "1"      | no
                     | 1        | yes
                     | "a"      | yes
                     | 0x       | yes
                     |          | yes
            1        |          | no
            "a"      |          | no
            """;

    private static HeaderValue value(String literal) {
        HeaderValue value = literal.isEmpty() ? new HeaderValue.Present() : HeaderValue.parse(literal);
        assertThat(value).as(literal).isNotNull();
        return value == null ? new HeaderValue.Present() : value;
    }

    @Test
    void shouldMatchByKindAndValue() {
        for (String line : MATCHES.lines().toList()) {
            // Given
            String[] f = line.split("\\|");
            HeaderValue wanted = value(f[0].trim());
            HeaderValue given = value(f[1].trim());

            // When
            boolean matches = HeaderView.ofValues(Map.of("k", given)).matches("k", wanted);

            // Then
            assertThat(matches).as(line).isEqualTo(f[2].trim().equals("yes"));
            if (given instanceof HeaderValue.Text text) {
                assertThat(HeaderView.ofTexts(Map.of("k", text.text())).matches("k", wanted))
                        .as(line)
                        .isEqualTo(matches);
            }
            assertThat(HeaderView.ofValues(Map.of("k", given)).matches("other", wanted))
                    .isFalse();
            assertThat(HeaderView.NONE.matches("k", wanted)).isFalse();
        }
    }

    @Test
    void shouldTakeNumbersOfEveryWidth() {
        assertThat(HeaderValue.of(5)).isEqualTo(HeaderValue.of(5.0)).isEqualTo(value("5"));
        assertThat(HeaderValue.of(0.1)).isEqualTo(value("0.10"));
        assertThat(HeaderValue.of(Long.MIN_VALUE)).isEqualTo(value("-9223372036854775808"));
        assertThat(HeaderValue.of((1L << 53) + 1)).isNotEqualTo(HeaderValue.of((double) (1L << 53)));
        assertThat(HeaderValue.of(Double.NaN)).isNull();
        assertThat(HeaderValue.of(Double.POSITIVE_INFINITY)).isNull();
    }

    @Test
    void shouldWriteLiteralsThatItReads() {
        for (String literal :
                new String[] {"1000", "-0.5", "1E+400", "true", "false", "0x00ff", "\"a\"", "\"\"", "7"}) {
            assertThat(value(literal).literal()).isEqualTo(literal);
        }
        for (String wrong : new String[] {"", "a", "\"", "\"a", "0xf", "0xzz", "TRUE", "1,5", "1".repeat(65), "--1"}) {
            assertThat(HeaderValue.parse(wrong)).as(wrong).isNull();
        }
        assertThat(HeaderValue.wanted("")).isEqualTo(new HeaderValue.Present());
        assertThat(HeaderValue.wanted("5")).isEqualTo(new HeaderValue.Text("5"));
    }

    @Test
    void shouldReadBackWhatItWrites() {
        for (String literal : new String[] {"", "\"ñ\"", "\"\"", "12.5", "1e300", "true", "false", "0x", "0x00ff"}) {
            // Given
            ByteWriter out = new ByteWriter(16);
            value(literal).encode(out);

            // When
            ByteReader in = new ByteReader(out.toByteArray());
            HeaderValue read = HeaderValue.decode(in);

            // Then
            assertThat(read).isEqualTo(value(literal));
            assertThat(in.consumed()).isTrue();
        }
    }

    /** What can be made can be read again: it may stand in the log. */
    @Test
    void shouldBoundNumbers() {
        // Given
        String digits = "1234567890".repeat(5).substring(0, 49);

        // When / Then
        for (String most : new String[] {digits + "1", "-0." + digits + "1", "0.00000" + digits + "1"}) {
            for (String exponent : new String[] {"", "e-999900", "e999000"}) {
                HeaderValue value = HeaderValue.of(new BigDecimal(most + exponent));
                assertThat(value).as(most + exponent).isNotNull();
                ByteWriter out = new ByteWriter(16);
                Objects.requireNonNull(value).encode(out);
                assertThat(HeaderValue.decode(new ByteReader(out.toByteArray())))
                        .isEqualTo(value);
            }
        }
        assertThat(HeaderValue.of(new BigDecimal(digits + "12"))).isNull();
        assertThat(HeaderValue.of(new BigDecimal("1e1000001"))).isNull();
        assertThat(HeaderValue.of(new BigDecimal("1e-1000001"))).isNull();
        assertThat(HeaderValue.of(BigDecimal.ZERO.setScale(2_000_000_000))).isEqualTo(HeaderValue.of(0));
    }

    @Test
    void shouldFailForWhatNobodyWrites() {
        for (String hex : new String[] {"05", "02013a", "0203312e30", "0302", "0105", "0405", ""}) {
            ByteReader in = new ByteReader(HexFormat.of().parseHex(hex));
            assertThat(HeaderValue.decode(in)).isNotNull();
            assertThat(in.failed()).as(hex).isTrue();
        }
        assertThat(new HeaderValue.Decimal(new BigDecimal("1.0")).value()).isEqualTo(BigDecimal.ONE);
    }
}
