package dev.recado.transport.text.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.base.PercentCodec;
import dev.recado.transport.text.wire.ReplyDecoder.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReplyDecoderTest {

    private static final int LINE_MAX = 512;
    private static final int PAYLOAD_MAX = 4096;

    @Test
    void shouldReadEveryReplyOfTheSpecification() {
        // Given
        String stream = """
                OK:PRODUCER
                OK:MSG_ID:17
                OK:MSG_ID:3-17\r
                OK:MSG_IDS:5:9
                OK:MSG_IDS:2-5:2-9
                OK:ROUTED:3
                HELD
                OK
                ERROR:Topic full topic=a seq=42
                ERROR:No messages available
                NOTIFY:MESSAGES_AVAILABLE:12
                MSG:1:7:1:5
                a
                b !
                MSG:2:1-8:3:k%3A1:h=v&x=%20y:0

                MSG:1:7:1:1700000000123:2
                hi
                MSG:2:1-8:3:0::a=:0

                END:2:topic deleted: orders
                ACKED:1:4-7
                REP:2
                hi
                PONG
                {"name":"default"}
                .
                """;

        // When
        List<String> frames = decode(stream.getBytes(StandardCharsets.UTF_8));

        // Then
        assertThat(frames)
                .containsExactly(
                        "OK PRODUCER",
                        "STORED -1 17 17",
                        "STORED 3 17 17",
                        "STORED -1 5 9",
                        "STORED 2 5 9",
                        "ROUTED 3",
                        "HELD",
                        "OK ",
                        "ERROR 42 Topic full topic=a",
                        "ERROR -1 No messages available",
                        "NOTIFY 12",
                        "MSG 1 -1 7 1 key= headers={} payload=[97, 10, 98, 32, 33]",
                        "MSG 2 1 8 3 key=k:1 headers={h=v, x= y} payload=[]",
                        "MSG 1 -1 7 1 at=1700000000123 key= headers={} payload=[104, 105]",
                        "MSG 2 1 8 3 at=0 key= headers={a=} payload=[]",
                        "END 2 topic deleted: orders",
                        "ACKED 1 4 7",
                        "REP [104, 105]",
                        "PONG",
                        "LINE {\"name\":\"default\"}",
                        "LIST_END");
    }

    @Test
    void shouldReadWhatIsSaidOfAShortage() {
        byte[] stream = "BLOCKED:Disk low\nUNBLOCKED\nUNBLOCKED:\n".getBytes(StandardCharsets.UTF_8);
        assertThat(decode(stream)).containsExactly("BLOCKED Disk low", "UNBLOCKED", "LINE UNBLOCKED:");
    }

    @Test
    void shouldReadWhatWasWritten() {
        for (int seed = 0; seed < 200; seed++) {
            // Given
            Random random = new Random(seed);
            List<String> expected = new ArrayList<>();
            byte[] stream = randomFrames(random, 50, expected);

            // When
            List<String> frames = decode(stream);

            // Then
            assertThat(frames).as("seed=%d", seed).isEqualTo(expected);
        }
    }

    @Test
    void shouldReadTheSameFramesWhereverTheStreamIsSplit() {
        // Given
        List<String> expected = new ArrayList<>();
        byte[] stream = randomFrames(new Random(7), 12, expected);

        for (int split = 0; split <= stream.length; split++) {
            // When
            ReplyDecoder decoder = new ReplyDecoder(LINE_MAX, PAYLOAD_MAX);
            List<String> frames = new ArrayList<>();
            int start = drain(decoder, stream, 0, split, frames);
            drain(decoder, Arrays.copyOfRange(stream, start, stream.length), 0, stream.length - start, frames);

            // Then
            assertThat(frames).as("split=%d", split).isEqualTo(expected);
        }
    }

    @Test
    void shouldReadTheSameFramesByteByByte() {
        // Given
        List<String> expected = new ArrayList<>();
        byte[] stream = randomFrames(new Random(8), 40, expected);
        ReplyDecoder decoder = new ReplyDecoder(LINE_MAX, PAYLOAD_MAX);
        List<String> frames = new ArrayList<>();

        // When
        int start = 0;
        for (int to = 0; to <= stream.length; to++) {
            start = drain(decoder, stream, start, to, frames);
        }

        // Then
        assertThat(frames).isEqualTo(expected);
    }

    @Test
    void shouldNeverThrowForGarbage() {
        for (int seed = 0; seed < 3_000; seed++) {
            // Given
            Random random = new Random(seed);
            byte[] stream = randomFrames(random, 6, new ArrayList<>());
            for (int i = random.nextInt(8); i >= 0; i--) {
                stream[random.nextInt(stream.length)] = (byte) random.nextInt(256);
            }
            ReplyDecoder decoder = new ReplyDecoder(LINE_MAX, PAYLOAD_MAX);
            decoder.expectContent(random.nextInt(4) == 0);

            // When
            List<String> frames = new ArrayList<>();
            drain(decoder, stream, 0, stream.length, frames);

            // Then
            assertThat(frames.size()).as("seed=%d", seed).isLessThanOrEqualTo(stream.length);
            assertThat(decoder.neededBytes()).as("seed=%d", seed).isLessThanOrEqualTo(LINE_MAX + PAYLOAD_MAX + 2);
        }
    }

    @Test
    void shouldRefuseWhatBreaksALimitOrTheGrammar() {
        for (String stream : List.of(
                "MSG:1:2:1:-5\n",
                "MSG:1:2:1:4097\n",
                "MSG:1:2:1:99999999999999999999\n",
                "MSG:1:2:1\n",
                "MSG:1:2:1:noon:0\n\n",
                "MSG:1:2:1:0:k:a=b:0:0\n\n",
                "MSG:1:x:1:0\n\n",
                "MSG:1:2:1:1\nab\n",
                "REP:\n",
                "OK:MSG_IDS:9:5\n",
                "OK:MSG_IDS:1-5:2-9\n",
                "OK:MSG_ID:\n",
                "END:x:y\n",
                "NOTIFY:MESSAGES_AVAILABLE:many\n",
                "MSG:1:2:1:100%:a=b:1\nx\n",
                "MSG:1:2:1:k:a=5%2:1\nx\n",
                "MSG:1:2:1:9:k:%zz=b&c=d:1\nx\n",
                "x".repeat(LINE_MAX + 1))) {
            // Given
            byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);

            // When
            Outcome outcome = new ReplyDecoder(LINE_MAX, PAYLOAD_MAX).decode(bytes, 0, bytes.length);

            // Then
            assertThat(outcome).as(stream).isEqualTo(Outcome.MALFORMED);
        }
    }

    @Test
    void shouldTakeAnyLineForContentWhereAGetWaits() {
        // Given
        ReplyDecoder decoder = new ReplyDecoder(LINE_MAX, PAYLOAD_MAX);
        decoder.expectContent(true);
        byte[] bytes = "OK:MSG_ID:x 100%25\n".getBytes(StandardCharsets.UTF_8);

        // When
        Outcome outcome = decoder.decode(bytes, 0, bytes.length);

        // Then
        assertThat(outcome).isEqualTo(Outcome.FRAME);
        assertThat(decoder.kind()).isEqualTo(ReplyKind.LINE);
        assertThat(decoder.text()).isEqualTo("OK:MSG_ID:x 100%25");
    }

    /** The broker passes on what a publisher has put into a header, UTF-8 or not. */
    @Test
    void shouldReadHeadersThatAreNoText() {
        // Given
        byte[] bytes = "MSG:1:2:1:%FFk:a=%C3%28&b&%41=%25&a=2:1\nx\n".getBytes(StandardCharsets.UTF_8);
        ReplyDecoder decoder = new ReplyDecoder(LINE_MAX, PAYLOAD_MAX);

        // When
        Outcome outcome = decoder.decode(bytes, 0, bytes.length);

        // Then
        assertThat(outcome).isEqualTo(Outcome.FRAME);
        assertThat(decoder.key()).isEqualTo("\uFFFDk");
        assertThat(HeaderList.read(decoder.headers()))
                .containsExactly(
                        Map.entry("a", "\uFFFD("), Map.entry("b", ""), Map.entry("A", "%"), Map.entry("a", "2"));
        assertThat(HeaderList.readFirst(decoder.headers())).containsEntry("a", "\uFFFD(");
    }

    private static List<String> decode(byte[] stream) {
        List<String> frames = new ArrayList<>();
        int end = drain(new ReplyDecoder(LINE_MAX, PAYLOAD_MAX), stream, 0, stream.length, frames);
        assertThat(end).isEqualTo(stream.length);
        return frames;
    }

    private static int drain(ReplyDecoder decoder, byte[] stream, int from, int to, List<String> frames) {
        int start = from;
        while (decoder.decode(stream, start, to) == Outcome.FRAME) {
            frames.add(describe(decoder));
            start = decoder.end();
        }
        return start;
    }

    private static String describe(ReplyDecoder d) {
        return switch (d.kind()) {
            case OK, LINE, BLOCKED -> d.kind() + " " + d.text();
            case STORED -> "STORED " + d.partition() + " " + d.firstOffset() + " " + d.lastOffset();
            case ROUTED, NOTIFY -> d.kind() + " " + d.number();
            case ERROR, END -> d.kind() + " " + d.number() + " " + d.text();
            case HELD, PONG, LIST_END, UNBLOCKED -> d.kind().name();
            case REP -> "REP " + Arrays.toString(d.payload());
            case ACKED -> "ACKED " + d.number() + " " + d.partition() + " " + d.firstOffset();
            case MSG ->
                "MSG " + d.number() + " " + d.partition() + " " + d.firstOffset() + " " + d.attempt()
                        + (d.publishTimeMs() < 0 ? "" : " at=" + d.publishTimeMs())
                        + " key=" + d.key()
                        + " headers=" + HeaderList.readFirst(d.headers()) + " payload="
                        + Arrays.toString(d.payload());
        };
    }

    private static byte[] randomFrames(Random random, int count, List<String> expected) {
        ByteWriter out = new ByteWriter(1024);
        for (int i = 0; i < count; i++) {
            switch (random.nextInt(5)) {
                case 0 -> {
                    long first = random.nextInt(1 << 20);
                    long last = first + random.nextInt(5000);
                    out.putAscii("OK:MSG_IDS:" + first + ":" + last + "\n");
                    expected.add("STORED -1 " + first + " " + last);
                }
                case 1 -> {
                    out.putAscii("ERROR:Disk low seq=" + i + "\r\n");
                    expected.add("ERROR " + i + " Disk low");
                }
                case 2 -> {
                    out.putAscii("PONG\n");
                    expected.add("PONG");
                }
                default -> randomMessage(random, out, expected);
            }
        }
        return out.toByteArray();
    }

    private static void randomMessage(Random random, ByteWriter out, List<String> expected) {
        byte[] payload = new byte[random.nextInt(60)];
        random.nextBytes(payload);
        Map<String, String> headers = random.nextBoolean() ? Map.of() : Map.of("ñ=&:", "line\nbreak %");
        String key = random.nextBoolean() ? "" : "key:" + random.nextInt(100);
        long offset = random.nextInt(1 << 30);
        boolean timed = random.nextBoolean();
        out.putAscii("MSG:3:4-" + offset + ":2:" + (timed ? offset + ":" : ""));
        if (!key.isEmpty() || !headers.isEmpty()) {
            PercentCodec.encode(out, key);
            out.put(':');
            HeaderList.write(headers, out);
            out.put(':');
        }
        out.putDecimal(payload.length).put('\n').put(payload).put('\n');
        expected.add("MSG 3 4 " + offset + " 2" + (timed ? " at=" + offset : "") + " key=" + key + " headers=" + headers
                + " payload=" + Arrays.toString(payload));
    }
}
