package dev.recado.apps.coffee.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.wire.GatewayFrame.Fetched;
import dev.recado.apps.coffee.wire.GatewayFrame.Hello;
import dev.recado.apps.coffee.wire.GatewayFrame.Left;
import dev.recado.apps.coffee.wire.GatewayFrame.Position;
import dev.recado.apps.coffee.wire.GatewayFrame.Progress;
import dev.recado.apps.coffee.wire.GatewayFrame.RefusalCode;
import dev.recado.apps.coffee.wire.GatewayFrame.Refused;
import dev.recado.apps.coffee.wire.GatewayFrame.ResultEnd;
import dev.recado.apps.coffee.wire.GatewayFrame.ResultSlice;
import dev.recado.apps.coffee.wire.GatewayFrame.Rows;
import dev.recado.apps.coffee.wire.GatewayFrame.Taken;
import dev.recado.apps.coffee.wire.GatewayFrame.Welcome;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayCodecTest {

    private static final UUID SESSION = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
    private static final String SESSION_HEX = "00112233445566778899aabbccddeeff";

    @Test
    void shouldWriteTheDrawnBytes() {
        assertThat(hex(new Hello(SESSION, true))).isEqualTo("00000013" + "01" + "01" + SESSION_HEX + "01");
        assertThat(hex(new Rows(Batch.eos(SESSION, CoffeeTable.STORES, 1, true))))
                .isEqualTo("00000017" + "02" + "01" + SESSION_HEX + "0401010000");
        assertThat(hex(new Fetched())).isEqualTo("00000001" + "03");
        assertThat(hex(new Welcome(List.of(new Position(CoffeeTable.STORES, 1, 300, true)))))
                .isEqualTo("00000007" + "04" + "01" + "0401ac0201");
        assertThat(hex(new Refused(RefusalCode.FULL, "no"))).isEqualTo("00000005" + "05" + "01" + "026e6f");
        assertThat(hex(new Taken(new Position(CoffeeTable.USERS, 2, 3, false))))
                .isEqualTo("00000005" + "06" + "05020300");
        assertThat(hex(new Progress(3))).isEqualTo("00000002" + "07" + "03");
        byte[] slice = GatewayCodec.encode(new ResultSlice(new byte[] {1, 2}));
        assertThat(HexFormat.of().formatHex(slice)).isEqualTo("00000003" + "08" + "0102");
        assertThat(hex(new ResultEnd(5, 6))).isEqualTo("0000000d" + "09" + "0000000000000005" + "00000006");
        assertThat(hex(new Left())).isEqualTo("00000001" + "0a");
    }

    @Test
    void shouldFindTheSameFramesHoweverTheStreamIsCut() {
        // Given
        RandomFrames random = new RandomFrames(16);
        List<GatewayFrame> frames = new ArrayList<>();
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (int i = 0; i < 40; i++) {
            frames.add(random.frame());
            stream.writeBytes(GatewayCodec.encode(frames.get(i)));
        }
        byte[] bytes = stream.toByteArray();

        for (int cut = 0; cut <= bytes.length; cut++) {
            FrameSplitter splitter = new FrameSplitter(GatewayCodec.LENGTH_MAX);

            // When
            List<GatewayFrame> found = new ArrayList<>();
            splitter.feed(bytes, 0, cut);
            drain(splitter, found);
            splitter.feed(bytes, cut, bytes.length - cut);
            drain(splitter, found);

            // Then
            assertThat(found).isEqualTo(frames);
        }
    }

    @Test
    void shouldFindFramesByteForByte() {
        // Given
        RandomFrames random = new RandomFrames(17);
        FrameSplitter splitter = new FrameSplitter(GatewayCodec.LENGTH_MAX);

        for (int i = 0; i < 500; i++) {
            GatewayFrame frame = random.frame();
            byte[] bytes = GatewayCodec.encode(frame);

            // When
            List<GatewayFrame> found = new ArrayList<>();
            for (int at = 0; at < bytes.length; at++) {
                splitter.feed(bytes, at, 1);
                drain(splitter, found);
            }

            // Then
            assertThat(found).containsExactly(frame);
        }
    }

    @Test
    void shouldEndureGarbage() {
        // Given
        RandomFrames frames = new RandomFrames(18);
        Random random = new Random(18);

        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = GatewayCodec.encode(frames.frame());
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            FrameSplitter splitter = new FrameSplitter(1 << 16);

            // When
            List<GatewayFrame> found = new ArrayList<>();
            splitter.feed(bytes, 0, bytes.length);
            drain(splitter, found);

            // Then
            assertThat(found).hasSizeLessThanOrEqualTo(bytes.length / 5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000000", "ffffffff", "7fffffff", "00010001", "0000000100", "00000001ff", "000000020300"})
    void shouldRefuseWhatIsNoFrame(String hex) {
        // Given
        FrameSplitter splitter = new FrameSplitter(1 << 16);
        byte[] bytes = HexFormat.of().parseHex(hex);

        // When
        splitter.feed(bytes, 0, bytes.length);

        // Then
        assertThat(splitter.next()).isNull();
        assertThat(splitter.isMalformed()).isTrue();
    }

    private static void drain(FrameSplitter splitter, List<GatewayFrame> found) {
        for (GatewayFrame frame = splitter.next(); frame != null; frame = splitter.next()) {
            found.add(frame);
        }
    }

    private static String hex(GatewayFrame frame) {
        byte[] bytes = GatewayCodec.encode(frame);
        FrameSplitter splitter = new FrameSplitter(GatewayCodec.LENGTH_MAX);
        splitter.feed(bytes, 0, bytes.length);
        assertThat(splitter.next()).isEqualTo(frame);
        return HexFormat.of().formatHex(bytes);
    }
}
