package dev.recado.bench.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.bench.LoadPlan;
import dev.recado.bench.LoadRecorder;
import dev.recado.bench.LoadTransport.ConfirmDecoder;
import dev.recado.bench.LoadTransport.ConsumerCodec;
import dev.recado.bench.LoadTransport.DeliveryEvents;
import dev.recado.bench.Plans;
import dev.recado.bench.Stamp;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZmtpLoadTest {

    private static final LoadPlan PIPELINE = Plans.withoutTopics(false);
    private static final LoadPlan PUBSUB = Plans.withoutTopics(true);
    /** A greeting of version 3.1 and mechanism NULL, as libzmq sends it from a socket that does not serve. */
    private static final String GREETING =
            "ff00000000000000017f" + "0301" + "4e554c4c" + "00".repeat(16) + "00" + "00".repeat(31);

    private static final String READY_PULL = ready("PULL");

    private final ZmtpLoad load = new ZmtpLoad();
    private final LoadRecorder recorder = new LoadRecorder((topic, partition, offset, attempt, bytes, from, to) -> {
        assertThat(offset).isEqualTo(DeliveryEvents.NO_OFFSET);
        assertThat(bytes.length).isGreaterThanOrEqualTo(to);
        return "message " + new String(bytes, from, to - from, StandardCharsets.US_ASCII);
    });
    private final List<String> heard = recorder.heard;

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static String hex(ByteWriter out) {
        return HexFormat.of().formatHex(out.toByteArray());
    }

    private static String ascii(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String command(String name, String dataHex) {
        return String.format("04%02x%02x", 1 + name.length() + dataHex.length() / 2, name.length())
                + ascii(name)
                + dataHex;
    }

    private static String ready(String socketType) {
        return command(
                "READY", "0b" + ascii("Socket-Type") + String.format("%08x", socketType.length()) + ascii(socketType));
    }

    private static String message(String text) {
        return String.format("00%02x", text.length()) + ascii(text);
    }

    @Test
    void shouldSpeakAsASocketThatPushes() {
        // Given
        ByteWriter out = new ByteWriter(16);
        var publisher = load.publisher(PIPELINE, 0);

        // When
        publisher.greet(0, out);

        // Then
        assertThat(hex(out)).isEqualTo(GREETING + ready("PUSH"));
        for (long sequence = 0; sequence < 3; sequence++) {
            out.clear();
            publisher.publish(sequence, 99, out);
            byte[] bytes = out.toByteArray();
            assertThat(bytes).hasSize(42).startsWith(0, 40);
            Stamp stamp = new Stamp(7, 1, 40);
            assertThat(stamp.read(bytes, 2, 42)).isEqualTo(Stamp.Finding.OURS);
            assertThat(stamp.sequence()).isEqualTo(sequence);
            assertThat(stamp.intendedNanos()).isEqualTo(99);
        }
        out.clear();
        publisher.keepAlive(out);
        publisher.finish(out);
        assertThat(hex(out)).isEqualTo(command("PING", "0000") + command("PING", "0000" + ascii("last")));
    }

    @Test
    void shouldSubscribeToItsOwnRun() {
        ByteWriter out = new ByteWriter(16);

        ConsumerCodec subscriber = load.consumer(PUBSUB, 0, 0);
        subscriber.greet(out);
        assertThat(hex(out)).isEqualTo(GREETING + ready("SUB"));

        // Behind the peer's READY, as libzmq wants it.
        out.clear();
        byte[] answer = hex(GREETING + ready("XPUB"));
        subscriber.read(answer, 0, answer.length, recorder, out);
        assertThat(hex(out)).isEqualTo("00050100000007" + command("PING", "0000" + ascii("first")));

        out.clear();
        load.consumer(PIPELINE, 0, 0).greet(out);
        assertThat(hex(out)).isEqualTo(GREETING + ready("PULL"));
    }

    /** What a decoder hears must not depend on how the stream was cut into reads. */
    @Test
    void shouldReadWhatAPublisherHearsHoweverItIsCut() {
        byte[] stream = hex(
                GREETING + READY_PULL + command("PING", "0000") + command("PONG", "") + command("PONG", ascii("last")));
        for (int cut = 0; cut <= stream.length; cut++) {
            heard.clear();
            ConfirmDecoder decoder = load.confirms(PIPELINE);
            int at = decoder.read(stream, 0, cut, recorder);
            assertThat(decoder.neededBytes()).isPositive();
            assertThat(decoder.read(stream, at, stream.length, recorder)).isEqualTo(stream.length);
            assertThat(heard).containsExactly("ready", "finished");
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            00050100000007,             ready
            000101,                     ready
            0003010000,                 ready
            040a09535542534352494245,   ready
            040e0953554253435249424500000007, ready
            0006010000000700,
            00050000000007,
            00050100000008,
            """)
    void shouldBeginToPublishOnceTheRunIsWanted(String wishHex, String outcome) {
        // Given
        byte[] stream = hex(GREETING + ready("XSUB") + wishHex);
        ConfirmDecoder decoder = load.confirms(PUBSUB);

        // When
        decoder.read(stream, 0, stream.length, recorder);

        // Then
        if (outcome == null) {
            assertThat(heard).isEmpty();
        } else {
            assertThat(heard).containsExactly(outcome);
        }
    }

    @Test
    void shouldReadDeliveriesHoweverTheyAreCutAndAnswerAPing() {
        byte[] stream = hex(GREETING + ready("PUSH") + command("PONG", ascii("first")) + message("one") + "0103"
                + ascii("two") + "000474776f32" + command("PING", "000a" + ascii("ctx")) + "020000000000000003"
                + ascii("six"));
        for (int cut = 0; cut <= stream.length; cut++) {
            heard.clear();
            ByteWriter out = new ByteWriter(16);
            ConsumerCodec codec = load.consumer(PIPELINE, 0, 0);
            int at = codec.read(stream, 0, cut, recorder, out);
            assertThat(codec.read(stream, at, stream.length, recorder, out)).isEqualTo(stream.length);
            assertThat(heard).containsExactly("ready", "message one", "message ", "message six");
            assertThat(hex(out)).isEqualTo(command("PING", "0000" + ascii("first")) + command("PONG", ascii("ctx")));
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            HTTP/1.1 400 Bad Request,   not ZMTP: the greeting begins otherwise
            OK:HELLO,                   not ZMTP: the greeting begins otherwise
            """)
    void shouldTellAPortOfAnotherProtocol(String text, String why) {
        byte[] stream = hex(ascii(text));
        load.confirms(PIPELINE).read(stream, 0, stream.length, recorder);
        assertThat(heard).containsExactly("failed " + why);
    }

    @Test
    void shouldSayWhyThePeerWillNot() {
        String refused = command("ERROR", "04" + ascii("nope"));
        List<String> streams = List.of(
                GREETING + refused,
                GREETING + ready("ROUTER"),
                GREETING + message("early"),
                GREETING.replace("0301" + "4e554c4c", "0301" + ascii("PLAI")),
                "ff00000000000000017f" + "01");
        for (String stream : streams) {
            load.confirms(PIPELINE).read(hex(stream), 0, stream.length() / 2, recorder);
        }
        assertThat(heard)
                .containsExactly(
                        "failed the broker says: nope",
                        "failed a PUSH socket does not go with the one that listens there",
                        "failed not ZMTP: a message before READY",
                        "failed the broker wants another mechanism than NULL",
                        "failed ZMTP 1, which is older than 3");
    }

    /** Whatever comes, it throws nothing, asks for no more than a message may have, and stays behind what it read. */
    @Test
    void shouldBearGarbage() {
        Random random = new Random(3);
        byte[] good = hex(GREETING
                + ready("PUSH")
                + command("PONG", ascii("first"))
                + message("one").repeat(20)
                + command("PING", "0000"));
        for (int i = 0; i < 5_000; i++) {
            byte[] stream = good.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                stream[random.nextInt(stream.length)] = (byte) random.nextInt();
            }
            ConsumerCodec codec = load.consumer(PIPELINE, 0, 0);
            int at = codec.read(stream, 0, stream.length, recorder, new ByteWriter(16));
            assertThat(at).isBetween(0, stream.length);
            assertThat(codec.neededBytes()).isBetween(1, (1 << 20) + 64);
            ConfirmDecoder decoder = load.confirms(PUBSUB);
            assertThat(decoder.read(stream, 0, stream.length, recorder)).isBetween(0, stream.length);
            assertThat(decoder.neededBytes()).isBetween(1, (1 << 20) + 64);
        }
        assertThat(heard).anyMatch(event -> event.startsWith("failed"));
    }

    /** What one side writes, the other reads, whatever the size of the frames. */
    @Test
    void shouldReadWhatItWrites() {
        Random random = new Random(5);
        for (int i = 0; i < 50; i++) {
            // Given
            int size = 32 + random.nextInt(600);
            LoadPlan plan = Plans.withoutTopics(false, size);
            int count = random.nextInt(5);
            ByteWriter out = new ByteWriter(16);
            out.put(hex(GREETING + ready("PUSH")));
            var publisher = load.publisher(plan, 0);
            for (int sequence = 0; sequence < count; sequence++) {
                publisher.publish(sequence, sequence, out);
            }
            byte[] stream = out.toByteArray();
            Stamp stamp = new Stamp(7, 1, size);
            List<Long> sequences = new ArrayList<>();

            // When
            load.consumer(plan, 0, 0).read(stream, 0, stream.length, new Stamped(stamp, sequences), out);

            // Then
            assertThat(sequences).isEqualTo(Arrays.asList(0L, 1L, 2L, 3L, 4L).subList(0, count));
        }
    }

    private record Stamped(Stamp stamp, List<Long> sequences) implements DeliveryEvents {
        @Override
        public void onReady() {}

        @Override
        public void onDelivery(int topic, int partition, long offset, int attempt, byte[] bytes, int from, int to) {
            assertThat(stamp.read(bytes, from, to)).isEqualTo(Stamp.Finding.OURS);
            sequences.add(stamp.sequence());
        }

        @Override
        public void onFailed(String why) {
            throw new AssertionError(why);
        }
    }
}
