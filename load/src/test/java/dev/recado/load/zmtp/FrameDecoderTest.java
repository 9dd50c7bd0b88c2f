package dev.recado.load.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameDecoderTest {

    /** Greeting of version 3.1 and NULL, READY of a PULL socket, a PING, messages of one part, of two, in long form. */
    private static final byte[] CONVERSATION = HexFormat.of()
            .parseHex("ff00000000000000017f0301" + "4e554c4c" + "00".repeat(48)
                    + "041a055245414459" + "0b536f636b65742d54797065" + "00000004" + "50554c4c"
                    + "0407" + "0450494e47" + "0000"
                    + "0003" + "6f6e65"
                    + "0100" + "0003" + "74776f"
                    + "020000000000000005" + "7468726565");

    private static final List<String> FRAMES = List.of(
            "Greeting 3 NULL", "Command READY PULL", "Command PING ", "Message one", "Message ,two", "Message three");

    @Test
    void shouldReadWhatAPeerSends() {
        assertThat(decode(CONVERSATION, CONVERSATION.length)).isEqualTo(FRAMES);
    }

    @Test
    void shouldReadTheSameWhereverTheStreamIsCut() {
        for (int cut = 0; cut <= CONVERSATION.length; cut++) {
            assertThat(decode(CONVERSATION, cut)).as("cut at %d", cut).isEqualTo(FRAMES);
        }
    }

    @Test
    void shouldRefuseWhatIsNoZmtpAndWhatIsTooLarge() {
        byte[] greeting = new byte[FrameDecoder.GREETING_BYTES];
        System.arraycopy(CONVERSATION, 0, greeting, 0, greeting.length);
        String hex = HexFormat.of().formatHex(greeting);

        assertThat(decode("HTTP/1.1 400".getBytes(StandardCharsets.US_ASCII), 3))
                .containsExactly("Malformed not a greeting of ZMTP");
        assertThat(decode(HexFormat.of().parseHex(hex + "0801"), 0)).contains("Malformed flags 8");
        assertThat(decode(HexFormat.of().parseHex(hex + "02000000007fffffff"), 0))
                .contains("Malformed message too large: bytes=2147483647 parts=0");
        assertThat(decode(HexFormat.of().parseHex(hex + "0100".repeat(65)), 0))
                .contains("Malformed message too large: bytes=0 parts=64");
        assertThat(decode(HexFormat.of().parseHex(hex + "0400"), 0))
                .contains("Malformed a command without a name or within a message");
    }

    /** Whatever comes, it throws nothing, and a frame that it finds is never behind a malformed one. */
    @Test
    void shouldBearGarbage() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] stream = CONVERSATION.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                stream[random.nextInt(stream.length)] = (byte) random.nextInt();
            }
            List<String> frames = decode(stream, random.nextInt(stream.length));
            int broken = frames.indexOf(frames.stream()
                    .filter(f -> f.startsWith("Malformed"))
                    .findFirst()
                    .orElse(""));
            assertThat(broken).isIn(-1, frames.size() - 1);
        }
    }

    @Test
    void shouldReadWhatItWrites() {
        Random random = new Random(11);
        for (int i = 0; i < 200; i++) {
            // Given
            List<byte[]> parts = new ArrayList<>();
            for (int count = 1 + random.nextInt(5); count > 0; count--) {
                byte[] part = new byte[random.nextInt(600)];
                random.nextBytes(part);
                parts.add(part);
            }
            FrameDecoder decoder = new FrameDecoder();
            ByteBuf stream = Unpooled.wrappedBuffer(Words.greeting(SocketType.REQ), Words.message(parts));

            // When
            Frame greeting = decoder.next(stream);
            Frame ready = decoder.next(stream);
            Frame message = decoder.next(stream);

            // Then
            assertThat(greeting).isEqualTo(new Frame.Greeting(3, "NULL"));
            assertThat(((Frame.Command) ready).name()).isEqualTo("READY");
            assertThat(Words.socketType(((Frame.Command) ready).data())).isEqualTo("REQ");
            assertThat(((Frame.Message) message).parts())
                    .usingRecursiveComparison()
                    .isEqualTo(parts);
            assertThat(stream.isReadable()).isFalse();
        }
    }

    private static List<String> decode(byte[] stream, int cut) {
        FrameDecoder decoder = new FrameDecoder();
        ByteBuf in = Unpooled.buffer();
        List<String> frames = new ArrayList<>();
        for (int[] piece : new int[][] {{0, cut}, {cut, stream.length - cut}}) {
            in.writeBytes(stream, piece[0], piece[1]);
            for (Frame frame = decoder.next(in); frame != null; frame = decoder.next(in)) {
                frames.add(shown(frame));
            }
        }
        return frames;
    }

    private static String shown(Frame frame) {
        if (frame instanceof Frame.Greeting greeting) {
            return "Greeting " + greeting.major() + " " + greeting.mechanism();
        } else if (frame instanceof Frame.Command command) {
            return "Command " + command.name() + " " + Words.socketType(command.data());
        } else if (frame instanceof Frame.Message message) {
            return "Message "
                    + String.join(
                            ",",
                            message.parts().stream()
                                    .map(part -> new String(part, StandardCharsets.US_ASCII))
                                    .toList());
        }
        return "Malformed " + ((Frame.Malformed) frame).why();
    }
}
