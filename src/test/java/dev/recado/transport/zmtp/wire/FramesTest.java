package dev.recado.transport.zmtp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@link Frames} against {@link FrameReader}: golden bytes, round trip, chop and garbage. */
class FramesTest {

    private static final int BODY_MAX = 100_000;

    private final FrameReader reader = new FrameReader();

    @Test
    void shouldWriteWhatTheSpecificationDraws() {
        // Given
        ByteWriter out = new ByteWriter(64);

        // When
        Frames.put(out, true, new byte[] {'a'}, 0, 1);
        Frames.put(out, false, new byte[] {}, 0, 0);
        Frames.putCommand(out, Command.PONG, new byte[] {}, 0, 0);
        Frames.putError(out, "no");
        Frames.putHeader(out, true, 256);
        Frames.putHeader(out, false, 255);

        // Then
        assertThat(out.toByteArray())
                .isEqualTo(Recorded.hex("010161" + "0000" + "040504504f4e47" + "0409054552524f52026e6f"
                        + "030000000000000100" + "00ff"));
    }

    @Test
    void shouldReadTheLongFormOfAShortBody() {
        // When
        FrameReader.Outcome outcome = read("020000000000000001" + "61");

        // Then
        assertThat(outcome).isEqualTo(FrameReader.Outcome.FRAME);
        assertThat(reader.bodyStart()).isEqualTo(9);
        assertThat(reader.bodyLength()).isEqualTo(1);
        assertThat(reader.end()).isEqualTo(10);
    }

    @Test
    void shouldRefuseWhatNoFrameIs() {
        for (String bad : new String[] {
            "0800",
            "8000",
            "0500",
            "0700", // reserved bits; a command with MORE
            "0200000000000186a1", // one byte more than allowed
            "020000000100000000", // 2^32
            "02ffffffffffffffff", // -1 as a signed number
            "028000000000000000"
        }) {
            assertThat(read(bad)).as(bad).isEqualTo(FrameReader.Outcome.MALFORMED);
            assertThat(reader.problem()).isNotEmpty();
            assertThat(reader.sized()).isFalse();
        }
        assertThat(reader.problem()).contains("9223372036854775808");
    }

    @Test
    void shouldSayHowMuchItNeeds() {
        assertThat(read("")).isEqualTo(FrameReader.Outcome.NEED_MORE);
        assertThat(reader.neededBytes()).isEqualTo(2);
        read("02");
        assertThat(reader.neededBytes()).isEqualTo(2);
        read("0200000000");
        assertThat(reader.neededBytes()).isEqualTo(9);
        assertThat(reader.sized()).isFalse();
        read("0200000000000186a0");
        assertThat(reader.neededBytes()).isEqualTo(BODY_MAX + 9);
        assertThat(reader.sized()).isTrue();
    }

    @Test
    void shouldReadWhatWasWrittenHoweverMuchLiesBehindIt() {
        for (int seed = 0; seed < 500; seed++) {
            // Given
            Random random = new Random(seed);
            byte[] body = new byte[random.nextInt(seed % 2 == 0 ? 600 : 20)];
            random.nextBytes(body);
            boolean more = random.nextBoolean();
            ByteWriter out = new ByteWriter(64);
            int from = random.nextInt(20);
            out.skip(from);

            // When
            Frames.put(out, more, body, 0, body.length);
            int end = out.size();
            out.skip(random.nextInt(20));

            // Then
            assertThat(end - from).isEqualTo(Frames.headerBytes(body.length) + body.length);
            for (int to = from; to < end; to++) {
                assertThat(reader.read(out.array(), from, to, BODY_MAX)).isEqualTo(FrameReader.Outcome.NEED_MORE);
            }
            assertThat(reader.read(out.array(), from, out.size(), BODY_MAX)).isEqualTo(FrameReader.Outcome.FRAME);
            assertThat(reader.end()).as("seed %d", seed).isEqualTo(end);
            assertThat(reader.more()).isEqualTo(more);
            assertThat(reader.command()).isFalse();
        }
    }

    @Test
    void shouldNeverThrowForRubbish() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] rubbish = new byte[random.nextInt(24)];
            random.nextBytes(rubbish);
            if (rubbish.length > 0 && i % 2 == 0) {
                rubbish[0] &= 7;
            }
            FrameReader.Outcome outcome = reader.read(rubbish, 0, rubbish.length, BODY_MAX);
            if (outcome == FrameReader.Outcome.FRAME) {
                assertThat(reader.end()).isLessThanOrEqualTo(rubbish.length);
            } else if (outcome == FrameReader.Outcome.NEED_MORE) {
                assertThat(reader.neededBytes()).isBetween(rubbish.length + 1, BODY_MAX + 9);
            }
        }
    }

    private FrameReader.Outcome read(String hex) {
        byte[] bytes = Recorded.hex(hex);
        return reader.read(bytes, 0, bytes.length, BODY_MAX);
    }
}
