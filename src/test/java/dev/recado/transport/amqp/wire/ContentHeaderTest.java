package dev.recado.transport.amqp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@link ContentHeader} and {@link PropertiesBuilder}. */
class ContentHeaderTest {

    /** All properties; each text is one letter. */
    private static final byte[] ALL = Hex.bytes("003c 0000 0000000000000102 fffc"
            + "01 61  01 62" // content-type, content-encoding
            + "00000004 01 68 42 07" // headers
            + "02 09" // delivery-mode, priority
            + "01 63  01 64  01 65  01 66" // correlation-id, reply-to, expiration, message-id
            + "000000005f5e1000" // timestamp
            + "01 67  01 69  01 6a  01 6b"); // type, user-id, app-id, reserved

    private final ContentHeader header = new ContentHeader();

    @Test
    void shouldReadEveryProperty() {
        // When
        boolean good = header.read(ALL, 0, ALL.length);

        // Then
        assertThat(good).isTrue();
        assertThat(header.classId()).isEqualTo(60);
        assertThat(header.bodyBytes()).isEqualTo(258);
        StringBuilder texts = new StringBuilder();
        for (BasicProperty property : BasicProperty.values()) {
            assertThat(header.has(property)).isTrue();
            String text = header.text(property);
            texts.append(text == null ? "-" : text);
        }
        assertThat(texts).hasToString("ab---cdef-gijk");
        assertThat(header.deliveryMode()).isEqualTo(2);
        assertThat(header.isPersistent()).isTrue();
        assertThat(header.priority()).isEqualTo(9);
        assertThat(header.timestamp()).isEqualTo(1600000000);
        assertThat(header.headers().toMap()).containsEntry("h", 7L);
        FieldCursor at = new FieldCursor();
        assertThat(header.findHeader("h", at)).isTrue();
        assertThat(at.integer()).isEqualTo(7);
        assertThat(header.findHeader("i", at)).isFalse();
        assertThat(header.propertiesStart()).isEqualTo(12);
        assertThat(header.propertiesLength()).isEqualTo(ALL.length - 12);
    }

    @Test
    void shouldReadNoProperties() {
        assertThat(read("003c 0000 ffffffffffffffff 0000")).isTrue();
        assertThat(header.bodyBytes()).isEqualTo(Long.MAX_VALUE);
        assertThat(header.deliveryMode()).isEqualTo(ContentHeader.ABSENT);
        assertThat(header.priority()).isEqualTo(ContentHeader.ABSENT);
        assertThat(header.isPersistent()).isFalse();
        assertThat(header.timestamp()).isZero();
        assertThat(header.text(BasicProperty.REPLY_TO)).isNull();
        assertThat(header.headers().isEmpty()).isTrue();
        assertThat(header.findHeader("h", new FieldCursor())).isFalse();
    }

    @Test
    void shouldReadFlagsThatGoOn() {
        assertThat(read("003c 0000 0000000000000000 1001 0001 0000 02")).isTrue();
        assertThat(header.isPersistent()).isTrue();
        assertThat(header.propertiesLength()).isEqualTo(7);
    }

    @Test
    void shouldTakeAnyBytesForText() {
        assertThat(read("003c 0000 0000000000000000 0400 02 fffe")).isTrue();
        assertThat(header.length(BasicProperty.CORRELATION_ID)).isEqualTo(2);
        assertThat(header.text(BasicProperty.CORRELATION_ID)).isEqualTo("\uFFFD\uFFFD");
    }

    @Test
    void shouldRefuseWhatIsMalformed() {
        String[][] bad = {
            {"", "a content header that ends early"},
            {"003c 0000 00000000000000", "a content header that ends early"},
            {"003c 0001 0000000000000000 0000", "a content header with a weight"},
            {"003c 0000 0000000000000000", "property flags that end early"},
            {"003c 0000 0000000000000000 00", "property flags that end early"},
            {"003c 0000 0000000000000000 0001", "property flags that end early"},
            {"003c 0000 0000000000000000 0001 00", "property flags that end early"},
            {"003c 0000 0000000000000000 0002", "flags of unknown properties"},
            {"003c 0000 0000000000000000 0001 8000", "flags of unknown properties"},
            {"003c 0000 0000000000000000 0001 0001 0002", "flags of unknown properties"},
            {"003c 0000 0000000000000000 0000 00", "bytes behind the properties"},
            {"003c 0000 0000000000000000 8000", "properties that end early"},
            {"003c 0000 0000000000000000 8000 02 61", "properties that end early"},
            {"003c 0000 0000000000000000 1000", "properties that end early"},
            {"003c 0000 0000000000000000 0040 00000000000000", "properties that end early"},
            {"003c 0000 0000000000000000 2000 000000", "properties that end early"},
            {"003c 0000 0000000000000000 2000 ffffffff", "properties that end early"},
            {"003c 0000 0000000000000000 2000 00000001", "properties that end early"},
            {"003c 0000 0000000000000000 2000 00000001 00", "a field without a value"},
            {"003c 0000 0000000000000000 2000 00000003 01 61 5a", "a field of unknown type 0x5a"},
        };
        for (String[] one : bad) {
            assertThat(read(one[0])).as(one[0]).isFalse();
            assertThat(header.problem()).as(one[0]).isEqualTo(one[1]);
            assertThat(header.has(BasicProperty.HEADERS)).isFalse();
            assertThat(header.headers().isEmpty()).isTrue();
        }
    }

    @Test
    void shouldRefuseEveryPart() {
        for (int length = 0; length < ALL.length; length++) {
            assertThat(header.read(ALL, 0, length)).as("%d bytes", length).isFalse();
        }
    }

    @Test
    void shouldPassOnThePropertiesByteForByte() {
        for (int seed = 0; seed < 500; seed++) {
            // Given
            Random random = new Random(seed);
            ByteWriter properties = new ByteWriter(64);
            properties.skip(3);
            putProperties(properties, random);
            ByteWriter out = new ByteWriter(64);

            // When
            AmqpFrames.putContentHeader(out, 5, 77, properties.array(), 3, properties.size() - 3);
            int payload = AmqpFrameReader.PRELUDE_BYTES;
            boolean good = header.read(out.array(), payload, out.size() - payload - 1);

            // Then
            assertThat(good).as("seed %d", seed).isTrue();
            assertThat(header.bodyBytes()).isEqualTo(77);
            assertThat(Hex.of(out.array(), header.propertiesStart(), header.propertiesLength()))
                    .isEqualTo(Hex.of(properties.array(), 3, properties.size() - 3));
            assertThat(header.readProperties(properties.array(), 3, properties.size() - 3))
                    .isTrue();
            ByteWriter again = new ByteWriter(64);
            PropertiesBuilder.of(header).put(again);
            assertThat(Hex.of(again)).isEqualTo(Hex.of(properties.array(), 3, properties.size() - 3));
        }
    }

    /** Some of them, with any bytes. */
    private static void putProperties(ByteWriter out, Random random) {
        int flags = random.nextInt(0x10000) & 0xFFFC;
        out.putShort(flags);
        for (BasicProperty property : BasicProperty.values()) {
            if ((flags & property.flag) == 0) {
                continue;
            }
            switch (property.form) {
                case TEXT -> {
                    byte[] text = new byte[random.nextInt(20)];
                    random.nextBytes(text);
                    out.put(text.length).put(text);
                }
                case TABLE -> RandomTables.table(random).put(out);
                case OCTET -> out.put(random.nextInt());
                case TIMESTAMP -> out.putLong(random.nextLong());
            }
        }
    }

    @Test
    void shouldRewriteWhatBecomesADeadLetter() {
        // Given
        header.read(ALL, 0, ALL.length);
        TableBuilder headers = new TableBuilder().putAll(header.headers()).text("x-first-death-reason", "expired");
        ByteWriter out = new ByteWriter(64);

        // When
        PropertiesBuilder.of(header)
                .headers(headers.sort())
                .remove(BasicProperty.EXPIRATION)
                .text(BasicProperty.REPLY_TO, "D")
                .put(out);

        // Then
        assertThat(Hex.of(out))
                .isEqualTo(Hex.plain("fefc 01 61  01 62"
                        + "00000025 01 68 42 07 14 782d66697273742d64656174682d726561736f6e 53 00000007 65787069726564"
                        + "02 09 01 63  01 44  01 66 000000005f5e1000 01 67  01 69  01 6a  01 6b"));
    }

    @Test
    void shouldMakePropertiesFromNothing() {
        ByteWriter out = new ByteWriter(64);
        new PropertiesBuilder()
                .deliveryMode(2)
                .priority(1)
                .timestamp(4)
                .text(BasicProperty.APP_ID, "")
                .put(out);
        assertThat(Hex.of(out)).isEqualTo(Hex.plain("1848 02 01 0000000000000004 00"));
    }

    @Test
    void shouldNeverThrowForRubbish() {
        Random random = new Random(13);
        int good = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] mutated = ALL.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextInt(3) == 0 ? random.nextInt(mutated.length + 1) : mutated.length;
            if (header.read(mutated, 0, length)) {
                for (BasicProperty property : BasicProperty.values()) {
                    assertThat(header.start(property) + header.length(property)).isLessThanOrEqualTo(length);
                }
                assertThat(header.headers().toMap()).hasSizeLessThan(length);
                good++;
            }
        }
        assertThat(good).isGreaterThan(1000);
    }

    private boolean read(String hex) {
        byte[] bytes = Hex.bytes(hex);
        return header.read(bytes, 0, bytes.length);
    }
}
