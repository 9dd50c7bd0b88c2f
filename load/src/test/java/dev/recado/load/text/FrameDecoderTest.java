package dev.recado.load.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameDecoderTest {

    private static final String CONVERSATION = """
            OK:HELLO:recado 1:n1
            OK:SUB:1\r
            MSG:1:0:1:5
            he
            lo
            NOTIFY:MESSAGES_AVAILABLE:3
            MSG:1:2-7:3:a%20key:k=v:2\r
            hi\r
            MSG:1:9:1:0

            ACKED:1:9
            ERROR:Topic full
            END:1:topic%20deleted
            """;

    private static final List<String> FRAMES = List.of(
            "Reply OK:HELLO:recado 1:n1",
            "Reply OK:SUB:1",
            "Message 1 0 1 he\nlo",
            "Push NOTIFY:MESSAGES_AVAILABLE:3",
            "Message 1 2-7 3 hi",
            "Message 1 9 1 ",
            "Reply ACKED:1:9",
            "Reply ERROR:Topic full",
            "Push END:1:topic%20deleted");

    @Test
    void shouldReadWhatABrokerSends() {
        assertThat(decode(CONVERSATION.getBytes(UTF_8))).isEqualTo(FRAMES);
    }

    @Test
    void shouldReadTheSameWhereverTheStreamIsCut() {
        // Given
        byte[] whole = CONVERSATION.getBytes(UTF_8);

        for (int cut = 0; cut <= whole.length; cut++) {
            // When
            List<String> frames = decode(List.of(cut, whole.length - cut), whole);

            // Then
            assertThat(frames).as("cut at %d", cut).isEqualTo(FRAMES);
        }
    }

    @Test
    void shouldReadOneByteAtATime() {
        // Given
        byte[] whole = CONVERSATION.getBytes(UTF_8);
        List<Integer> single = new ArrayList<>();
        for (int i = 0; i < whole.length; i++) {
            single.add(1);
        }

        // When, then
        assertThat(decode(single, whole)).isEqualTo(FRAMES);
    }

    @Test
    void shouldTellErrorsFromOtherReplies() {
        assertThat(new Frame.Reply("ERROR:Topic full").isError()).isTrue();
        assertThat(new Frame.Reply("OK:MSG_ID:0").isError()).isFalse();
    }

    @Test
    void shouldRefuseWhatIsMalformedAndStopThere() {
        // Given
        List<String> malformed = List.of(
                "MSG:1:0:1\nPONG\n",
                "MSG:1:0:1:-5\nPONG\n",
                "MSG:x:0:1:5\nPONG\n",
                "MSG:1:0:1:99999999999\nPONG\n",
                "MSG:1:0:1:" + (FrameDecoder.PAYLOAD_BYTES_MAX + 1) + "\nPONG\n",
                "MSG:1:0:1:2\nhello\nPONG\n",
                "MSG:1:0:1:2\nhi\rPONG\n",
                "x".repeat(FrameDecoder.LINE_BYTES_MAX + 1) + "\nPONG\n");

        for (String stream : malformed) {
            // When
            List<String> frames = decode(stream.getBytes(UTF_8));

            // Then
            assertThat(frames).hasSize(1);
            assertThat(frames.get(0)).startsWith("Malformed ");
        }
    }

    @Test
    void shouldNeverThrowForGarbage() {
        // Given
        Random random = new Random(7);

        for (int round = 0; round < 20_000; round++) {
            byte[] stream = CONVERSATION.getBytes(UTF_8);
            for (int i = random.nextInt(8); i >= 0; i--) {
                stream[random.nextInt(stream.length)] =
                        (byte) (random.nextBoolean() ? random.nextInt() : ":\n019".charAt(random.nextInt(5)));
            }

            // When
            List<String> frames = decode(stream);

            // Then
            assertThat(frames.stream().filter(frame -> frame.startsWith("Malformed")))
                    .as("round %d", round)
                    .hasSizeLessThan(2);
        }
    }

    private static List<String> decode(byte[] stream) {
        return decode(List.of(stream.length), stream);
    }

    /** Feeds the stream in parts of these lengths. */
    private static List<String> decode(List<Integer> lengths, byte[] stream) {
        FrameDecoder decoder = new FrameDecoder();
        ByteBuf in = Unpooled.buffer(stream.length);
        List<String> frames = new ArrayList<>();
        int from = 0;
        for (int length : lengths) {
            in.writeBytes(stream, from, length);
            from += length;
            for (Frame frame = decoder.next(in); frame != null; frame = decoder.next(in)) {
                frames.add(shown(frame));
            }
        }
        return frames;
    }

    private static String shown(Frame frame) {
        if (frame instanceof Frame.Message message) {
            return "Message " + message.sid() + " " + message.id() + " " + message.attempt() + " "
                    + new String(message.payload(), UTF_8);
        }
        if (frame instanceof Frame.Reply reply) {
            return "Reply " + reply.line();
        }
        if (frame instanceof Frame.Push push) {
            return "Push " + push.line();
        }
        return "Malformed " + ((Frame.Malformed) frame).why();
    }
}
