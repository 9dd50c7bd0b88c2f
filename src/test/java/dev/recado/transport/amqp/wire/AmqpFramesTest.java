package dev.recado.transport.amqp.wire;

import static dev.recado.transport.amqp.wire.AmqpFrameReader.Outcome.FRAME;
import static dev.recado.transport.amqp.wire.AmqpFrameReader.Outcome.MALFORMED;
import static dev.recado.transport.amqp.wire.AmqpFrameReader.Outcome.NEED_MORE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@link AmqpFrames} and {@link BodyFrames} against {@link AmqpFrameReader}. */
class AmqpFramesTest {

    private static final int FRAME_MAX = 4096;

    private final AmqpFrameReader reader = new AmqpFrameReader();
    private final BodyFrames bodies = new BodyFrames();

    @Test
    void shouldWriteWhatTheSpecificationDraws() {
        // Given
        ByteWriter out = new ByteWriter(64);

        // When
        AmqpFrames.end(out, AmqpFrames.begin(out, 1, MethodId.TX_SELECT));
        AmqpFrames.putContentHeader(out, 1, 5, Hex.bytes("aa 1000 02 bb"), 1, 3);
        bodies.start(1, 0, 5, FRAME_MAX).putAll(out, Hex.bytes("68656c6c6f"));
        AmqpFrames.putHeartbeat(out);

        // Then
        assertThat(Hex.of(out))
                .isEqualTo(Hex.plain("01 0001 00000004 005a000a ce"
                        + "02 0001 0000000f 003c 0000 0000000000000005 1000 02 ce"
                        + "03 0001 00000005 68656c6c6f ce"
                        + "08 0000 00000000 ce"));
    }

    @Test
    void shouldReadAFrameWhereItLies() {
        // Given
        byte[] bytes = Hex.bytes("ffff 03 fffe 00000002 6869 ce ff");

        // When
        AmqpFrameReader.Outcome outcome = reader.read(bytes, 2, bytes.length, FRAME_MAX);

        // Then
        assertThat(outcome).isEqualTo(FRAME);
        assertThat(reader.type()).isEqualTo(AmqpFrameReader.BODY);
        assertThat(reader.channel()).isEqualTo(0xfffe);
        assertThat(reader.payloadStart()).isEqualTo(9);
        assertThat(reader.payloadLength()).isEqualTo(2);
        assertThat(reader.end()).isEqualTo(12);
    }

    @Test
    void shouldRefuseWhatNoFrameIs() {
        for (String bad : new String[] {
            "00", // types that there are not, known from one byte
            "04",
            "07",
            "09",
            "41",
            "ff",
            "0900000000000000",
            "03 0001 00000001 61 cd", // no end
            "03 0001 00000000 61",
            "08 0001 00000000 ce", // heartbeats are of channel 0 and empty
            "08 0000 00000001 61 ce",
            "03 0001 00001001", // one byte more than allowed
            "01 0001 7fffffff",
            "01 0001 80000000",
            "01 0001 ffffffff"
        }) {
            assertThat(read(bad)).as(bad).isEqualTo(MALFORMED);
            assertThat(reader.problem()).as(bad).isNotEmpty();
            assertThat(reader.sized()).as(bad).isFalse();
        }
        assertThat(reader.problem()).isEqualTo("a frame with a payload of 4294967295 bytes, limit=4096");
        assertThat(reader.read(Hex.bytes("01 0001 7ffffff8"), 0, 7, Integer.MAX_VALUE))
                .isEqualTo(MALFORMED);
    }

    /** Clients that count the payload alone send eight bytes more than agreed on. */
    @Test
    void shouldTakeAPayloadAsLargeAsAFrame() {
        assertThat(read("03 0001 00001000")).isEqualTo(NEED_MORE);
        assertThat(reader.neededBytes()).isEqualTo(FRAME_MAX + 8);
        assertThat(reader.sized()).isTrue();
    }

    @Test
    void shouldSayHowMuchItNeeds() {
        assertThat(read("")).isEqualTo(NEED_MORE);
        assertThat(reader.neededBytes()).isEqualTo(7);
        assertThat(read("01 0001 000000")).isEqualTo(NEED_MORE);
        assertThat(reader.neededBytes()).isEqualTo(7);
        assertThat(reader.sized()).isFalse();
        assertThat(read("01 0001 00000004")).isEqualTo(NEED_MORE);
        assertThat(reader.neededBytes()).isEqualTo(12);
        assertThat(reader.sized()).isTrue();
    }

    @Test
    void shouldReadWhatWasWrittenHowEverItIsChopped() {
        for (int seed = 0; seed < 300; seed++) {
            // Given
            Random random = new Random(seed);
            ByteWriter out = new ByteWriter(64);
            int from = random.nextInt(20);
            out.skip(from);
            List<String> written = new ArrayList<>();
            for (int n = random.nextInt(4); n >= 0; n--) {
                written.add(putAny(out, random));
            }
            int end = out.size();
            out.skip(random.nextInt(20));

            // When
            List<String> found = new ArrayList<>();
            int at = from;
            for (int to = from; to <= end; to++) {
                AmqpFrameReader.Outcome outcome = reader.read(out.array(), at, to, FRAME_MAX);
                if (outcome == FRAME) {
                    found.add(show(out.array()));
                    at = reader.end();
                } else {
                    assertThat(outcome).isEqualTo(NEED_MORE);
                    assertThat(reader.neededBytes()).isGreaterThan(to - at);
                }
            }

            // Then
            assertThat(found).as("seed %d", seed).isEqualTo(written);
            assertThat(at).isEqualTo(end);
        }
    }

    /** Any frame, with what {@link #show} will say of it. */
    private static String putAny(ByteWriter out, Random random) {
        int channel = random.nextInt(0x10000);
        byte[] payload = new byte[1 + random.nextInt(60)];
        random.nextBytes(payload);
        int kind = random.nextInt(4);
        if (kind == 0) {
            AmqpFrames.putHeartbeat(out);
            return "8 0 ";
        }
        if (kind == 1) {
            int mark = AmqpFrames.begin(out, channel, MethodId.BASIC_ACK);
            out.put(payload);
            AmqpFrames.end(out, mark);
            return "1 " + channel + " 003c0050" + Hex.of(payload, 0, payload.length);
        }
        if (kind == 2) {
            AmqpFrames.putContentHeader(out, channel, 258, payload, 0, payload.length);
            return "2 " + channel + " 003c00000000000000000102" + Hex.of(payload, 0, payload.length);
        }
        new BodyFrames().start(channel, 0, payload.length, FRAME_MAX).putAll(out, payload);
        return "3 " + channel + " " + Hex.of(payload, 0, payload.length);
    }

    private String show(byte[] bytes) {
        return reader.type() + " " + reader.channel() + " "
                + Hex.of(bytes, reader.payloadStart(), reader.payloadLength());
    }

    @Test
    void shouldSplitABodyIntoFramesOfTheAgreedSize() {
        for (int length : new int[] {0, 1, 11, 12, 13, 24, 25, 100}) {
            // Given
            byte[] body = new byte[length + 3];
            new Random(length).nextBytes(body);
            ByteWriter out = new ByteWriter(64);

            // When
            bodies.start(7, 3, length, 20).putAll(out, body);

            // Then
            ByteWriter joined = new ByteWriter(64);
            int frames = 0;
            for (int at = 0; at < out.size(); at = reader.end()) {
                assertThat(reader.read(out.array(), at, out.size(), FRAME_MAX)).isEqualTo(FRAME);
                assertThat(reader.end() - at).isLessThanOrEqualTo(20);
                assertThat(reader.type()).isEqualTo(AmqpFrameReader.BODY);
                assertThat(reader.channel()).isEqualTo(7);
                joined.put(out.array(), reader.payloadStart(), reader.payloadLength());
                frames++;
            }
            assertThat(Hex.of(joined)).isEqualTo(Hex.of(body, 3, length));
            assertThat(frames).isEqualTo((length + 11) / 12);
            assertThat(out.size()).isEqualTo(BodyFrames.framedBytes(length, 20));
        }
    }

    @Test
    void shouldShowPiecesToWhoLendsThem() {
        ByteWriter out = new ByteWriter(64);
        bodies.start(1, 100, 15, 20);

        assertThat(bodies.next(out)).isTrue();
        assertThat(bodies.pieceStart()).isEqualTo(100);
        assertThat(bodies.pieceLength()).isEqualTo(12);
        assertThat(Hex.of(out)).isEqualTo("0300010000000c");

        out.clear();
        assertThat(bodies.next(out)).isTrue();
        assertThat(bodies.pieceStart()).isEqualTo(112);
        assertThat(bodies.pieceLength()).isEqualTo(3);
        assertThat(Hex.of(out)).isEqualTo("ce03000100000003");
        assertThat(out.size()).isEqualTo(BodyFrames.STEP_BYTES_MAX);

        out.clear();
        assertThat(bodies.next(out)).isFalse();
        assertThat(Hex.of(out)).isEqualTo("ce");
        assertThat(bodies.next(out)).isFalse();
        assertThat(Hex.of(out)).isEqualTo("ce");
    }

    @Test
    void shouldNeverThrowForRubbish() {
        Random random = new Random(7);
        int frames = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] rubbish = new byte[random.nextInt(24)];
            if (i % 2 == 0) {
                random.nextBytes(rubbish);
            }
            byte[] start = Hex.bytes("03 0001 00000006 000000000000 ce");
            System.arraycopy(start, 0, rubbish, 0, Math.min(start.length, rubbish.length));
            for (int n = random.nextInt(4); n > 0 && rubbish.length > 0; n--) {
                rubbish[random.nextInt(rubbish.length)] = (byte) random.nextInt(256);
            }
            AmqpFrameReader.Outcome outcome = reader.read(rubbish, 0, rubbish.length, FRAME_MAX);
            if (outcome == FRAME) {
                assertThat(reader.end()).isLessThanOrEqualTo(rubbish.length);
                frames++;
            } else if (outcome == NEED_MORE) {
                assertThat(reader.neededBytes()).isBetween(rubbish.length + 1, FRAME_MAX + 8);
            }
        }
        assertThat(frames).isGreaterThan(1000);
    }

    private AmqpFrameReader.Outcome read(String hex) {
        byte[] bytes = Hex.bytes(hex);
        return reader.read(bytes, 0, bytes.length, FRAME_MAX);
    }
}
