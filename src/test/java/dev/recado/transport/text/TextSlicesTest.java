package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.base.PercentCodec;
import dev.recado.transport.SlicedOutput;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Encodings in slices against those of the whole, over random bytes and random ends of slices. */
class TextSlicesTest {

    private static final int SEEDS = 3_000;
    private static final String[] PIECES = {
        "a", "Z", "\"", "\\", "\u0000", "\u001f", "\u007f", " ", "%", "\r", "\n", "é", "€", "𝄞", "\uFFFD"
    };

    /** Of text, with something that is no UTF-8 in every third. */
    private static byte[] random(Random random) {
        ByteWriter out = new ByteWriter(64);
        boolean broken = random.nextInt(3) == 0;
        for (int length = random.nextInt(400); length > 0; length--) {
            if (broken && random.nextInt(20) == 0) {
                out.put(random.nextInt(256));
            } else {
                out.put(PIECES[random.nextInt(PIECES.length)].getBytes(StandardCharsets.UTF_8));
            }
        }
        return out.toByteArray();
    }

    private static String inSlices(SlicedOutput slices, Random random) {
        ByteWriter all = new ByteWriter(64);
        ByteWriter out = new ByteWriter(64);
        boolean more = true;
        while (more) {
            out.clear();
            int before = random.nextInt(10);
            out.skip(before);
            int bytesMax = before + SlicedOutput.ROOM_BYTES_LEAST + random.nextInt(100);
            more = slices.next(out, bytesMax);
            assertThat(out.size()).isLessThanOrEqualTo(bytesMax);
            assertThat(!more || out.size() > before).as("got on").isTrue();
            all.put(out.array(), before, out.size() - before);
        }
        return new String(all.toByteArray(), StandardCharsets.ISO_8859_1);
    }

    private static String latin(byte[] bytes, int from, int length) {
        return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }

    /** As the value of a field is quoted from a string of characters. */
    private static String quoted(String text) {
        String json = new JsonLine().put("p", text).end();
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return latin(bytes, 6, bytes.length - 8);
    }

    @Test
    void shouldQuoteBytesAsTheirTextIsQuoted() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            byte[] bytes = random(random);
            String expected = quoted(new String(bytes, StandardCharsets.UTF_8));
            assertThat(inSlices(TextSlices.jsonOfAny(bytes, 0, bytes.length), random))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
            if (TextSlices.isUtf8(bytes, 0, bytes.length)) {
                assertThat(inSlices(TextSlices.json(bytes, 0, bytes.length), random))
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void shouldTellUtf8AsTheDecoderDoes() {
        for (int seed = 0; seed < SEEDS; seed++) {
            byte[] bytes = random(new Random(seed));
            int from = Math.min(bytes.length, seed % 3);
            boolean wellFormed = true;
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, bytes.length - from));
            } catch (CharacterCodingException broken) {
                wellFormed = false;
            }
            assertThat(TextSlices.isUtf8(bytes, from, bytes.length - from))
                    .as("seed %d", seed)
                    .isEqualTo(wellFormed);
        }
    }

    @Test
    void shouldTellUtf8OfWhatIsLongerThanItsBuffer() {
        byte[] text = "€é𝄞".repeat(10_000).getBytes(StandardCharsets.UTF_8);
        assertThat(TextSlices.isUtf8(text, 0, text.length)).isTrue();
        assertThat(TextSlices.isUtf8(text, 0, text.length - 1)).isFalse();
        assertThat(TextSlices.isUtf8(text, 1, text.length - 1)).isFalse();
    }

    @Test
    void shouldEncodeLinesAndFieldsAndBase64AsAWhole() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            byte[] bytes = random(random);
            int from = random.nextInt(bytes.length + 1);
            int length = random.nextInt(bytes.length - from + 1);
            ByteWriter line = new ByteWriter(64);
            PercentCodec.encodeLine(line, bytes, from, length);
            ByteWriter field = new ByteWriter(64);
            PercentCodec.encode(field, bytes, from, length);
            ByteBuffer base64 = Base64.getEncoder().encode(ByteBuffer.wrap(bytes, from, length));

            assertThat(inSlices(TextSlices.line(bytes, from, length), random))
                    .isEqualTo(latin(line.array(), 0, line.size()) + "\n");
            assertThat(inSlices(TextSlices.field(bytes, from, length), random))
                    .isEqualTo(latin(field.array(), 0, field.size()));
            assertThat(inSlices(TextSlices.base64(bytes, from, length), random))
                    .isEqualTo(StandardCharsets.ISO_8859_1.decode(base64).toString());
        }
    }
}
