package dev.recado.bench.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.bench.LoadPlan;
import dev.recado.bench.LoadRecorder;
import dev.recado.bench.LoadTransport.ConfirmDecoder;
import dev.recado.bench.LoadTransport.ConsumerCodec;
import dev.recado.bench.LoadTransport.DeliveryEvents;
import dev.recado.bench.Plans;
import dev.recado.bench.Stamp;
import dev.recado.transport.amqp.wire.AmqpFrameReader;
import dev.recado.transport.amqp.wire.AmqpFrames;
import dev.recado.transport.amqp.wire.Arguments;
import dev.recado.transport.amqp.wire.BodyFrames;
import dev.recado.transport.amqp.wire.ContentHeader;
import dev.recado.transport.amqp.wire.MethodId;
import dev.recado.transport.amqp.wire.ProtocolHeader;
import dev.recado.transport.amqp.wire.ShortString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmqpLoadTest {

    private final AmqpLoad load = new AmqpLoad();
    private final LoadRecorder recorder = new LoadRecorder((topic, partition, offset, attempt, bytes, from, to) -> {
        assertThat(partition).isZero();
        assertThat(offset).isEqualTo(DeliveryEvents.NO_OFFSET);
        String text = new String(bytes, from, to - from, StandardCharsets.US_ASCII);
        return topic + " " + attempt + " " + (text.length() > 9 ? text.length() : text);
    });
    private final List<String> heard = recorder.heard;

    /** The names of the methods in {@code bytes}, contents as their lengths. */
    private static List<String> frames(byte[] bytes, int from) {
        List<String> all = new ArrayList<>();
        AmqpFrameReader reader = new AmqpFrameReader();
        Arguments in = new Arguments();
        ContentHeader header = new ContentHeader();
        for (int at = from; at < bytes.length; at = reader.end()) {
            assertThat(reader.read(bytes, at, bytes.length, 1 << 20)).isEqualTo(AmqpFrameReader.Outcome.FRAME);
            switch (reader.type()) {
                case AmqpFrameReader.METHOD -> {
                    MethodId method = MethodId.of(in.open(bytes, reader.payloadStart(), reader.payloadLength()));
                    assertThat(method).isNotNull();
                    assertThat(method.isFromClient()).isTrue();
                    all.add(method.wireName());
                }
                case AmqpFrameReader.HEADER -> {
                    assertThat(header.read(bytes, reader.payloadStart(), reader.payloadLength()))
                            .isTrue();
                    all.add("header " + header.bodyBytes() + " mode " + header.deliveryMode());
                }
                default -> all.add("body " + reader.payloadLength());
            }
        }
        return all;
    }

    private static byte[] method(MethodId method, int channel, Object... arguments) {
        ByteWriter out = new ByteWriter(64);
        int mark = AmqpFrames.begin(out, channel, method);
        for (Object argument : arguments) {
            if (argument instanceof String text) {
                ShortString.put(out, text);
            } else if (argument instanceof Long number) {
                out.putLong(number);
            } else if (argument instanceof Boolean bit) {
                out.put(bit ? 1 : 0);
            } else if (argument instanceof Integer number) {
                out.putShort(number);
            }
        }
        AmqpFrames.end(out, mark);
        return out.toByteArray();
    }

    private static byte[] delivery(String consumerTag, long tag, boolean redelivered, byte[] body) {
        ByteWriter out = new ByteWriter(64);
        out.put(method(MethodId.BASIC_DELIVER, 1, consumerTag, tag, redelivered, "", "t-1"));
        AmqpFrames.putContentHeader(out, 1, body.length, new byte[2], 0, 2);
        new BodyFrames().start(1, 0, body.length, ClientWords.FRAME_BYTES_MAX).putAll(out, body);
        return out.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void shouldGreetInOneGo() {
        ByteWriter out = new ByteWriter(16);

        load.publisher(Plans.overAmqp(1, false), 0).greet(0, out);

        assertThat(ProtocolHeader.read(out.array(), 0, out.size())).isEqualTo(ProtocolHeader.Outcome.AMQP_0_9_1);
        assertThat(frames(out.toByteArray(), ProtocolHeader.BYTES))
                .containsExactly(
                        "connection.start-ok",
                        "connection.tune-ok",
                        "connection.open",
                        "channel.open",
                        "confirm.select");
    }

    @Test
    void shouldOpenTheVirtualHostThatIsItsNamespace() {
        LoadPlan plan = Plans.in("shop", Plans.overAmqp(1, false));
        ByteWriter publisher = new ByteWriter(16);
        ByteWriter consumer = new ByteWriter(16);

        load.publisher(plan, 0).greet(0, publisher);
        load.consumer(plan, 0, 0).greet(consumer);

        assertThat(virtualHost(publisher.toByteArray())).isEqualTo("shop");
        assertThat(virtualHost(consumer.toByteArray())).isEqualTo("shop");
    }

    private static String virtualHost(byte[] bytes) {
        AmqpFrameReader reader = new AmqpFrameReader();
        Arguments in = new Arguments();
        for (int at = ProtocolHeader.BYTES; at < bytes.length; at = reader.end()) {
            reader.read(bytes, at, bytes.length, 1 << 20);
            if (MethodId.of(in.open(bytes, reader.payloadStart(), reader.payloadLength()))
                    == MethodId.CONNECTION_OPEN) {
                return in.shortString();
            }
        }
        throw new AssertionError("opens none");
    }

    @ParameterizedTest
    @CsvSource({"40, 1", "131064, 1", "131065, 2", "400000, 4"})
    void shouldStampEachMessage(int sizeBytes, int bodies) {
        // Given
        LoadPlan plan = Plans.overAmqp(1, false, sizeBytes);
        var publisher = load.publisher(plan, 0);
        Stamp stamp = new Stamp(7, 1, sizeBytes);

        for (long sequence = 0; sequence < 3; sequence++) {
            ByteWriter out = new ByteWriter(16);
            out.put(ascii("before"));

            // When
            publisher.publish(sequence, 99, out);

            // Then
            byte[] bytes = out.toByteArray();
            List<String> sent = frames(bytes, 6);
            assertThat(sent).hasSize(2 + bodies).startsWith("basic.publish", "header " + sizeBytes + " mode 2");
            assertThat(stamp.read(body(bytes, 6), 0, sizeBytes)).isEqualTo(Stamp.Finding.OURS);
            assertThat(stamp.sequence()).isEqualTo(sequence);
            assertThat(stamp.intendedNanos()).isEqualTo(99);
        }
    }

    private static byte[] body(byte[] bytes, int from) {
        ByteWriter body = new ByteWriter(16);
        AmqpFrameReader reader = new AmqpFrameReader();
        for (int at = from; at < bytes.length; at = reader.end()) {
            reader.read(bytes, at, bytes.length, 1 << 20);
            if (reader.type() == AmqpFrameReader.BODY) {
                body.put(bytes, reader.payloadStart(), reader.payloadLength());
            }
        }
        return body.toByteArray();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ack 1                       | stored 1
            ack 3*                      | stored 3
            ack 2, ack 3                | ''
            ack 2, ack 3, ack 1         | stored 1, stored 1, stored 1
            nack 2, ack 3*              | stored 1, refused: nack, stored 1
            ack 2, nack 3*              | refused: nack, stored 1, refused: nack
            ack 2, ack 2, ack 1, ack 1  | stored 1, stored 1
            ack 4, ack 2*, ack 3        | stored 2, stored 1, stored 1
            nack 1                      | refused: nack
            """)
    void shouldTellFatesInTheOrderOfSending(String answers, String told) {
        ConfirmDecoder decoder = load.confirms(Plans.overAmqp(1, false));
        ByteWriter out = new ByteWriter(64);
        for (String answer : answers.split(", ")) {
            String[] words = answer.split(" ");
            MethodId method = words[0].equals("ack") ? MethodId.BASIC_ACK : MethodId.BASIC_NACK;
            long tag = Long.parseLong(words[1].replace("*", ""));
            out.put(method(method, 1, tag, words[1].endsWith("*")));
        }

        int read = decoder.read(out.array(), 0, out.size(), recorder);

        assertThat(read).isEqualTo(out.size());
        String inShort =
                String.join(", ", heard).replace("refused the broker did not take it (basic.nack)", "refused: nack");
        assertThat(inShort).isEqualTo(told);
    }

    @Test
    void shouldBeReadyOnceConfirmationsAreOnAndFinishedByAnAnswerBehindAll() {
        ConfirmDecoder decoder = load.confirms(Plans.overAmqp(1, false));
        ByteWriter out = new ByteWriter(64);
        out.put(method(MethodId.CHANNEL_OPEN_OK, 1, 0, 0));
        out.put(method(MethodId.CONFIRM_SELECT_OK, 1)).put(method(MethodId.BASIC_QOS_OK, 1));

        decoder.read(out.array(), 0, out.size(), recorder);

        assertThat(heard).containsExactly("ready", "finished");
    }

    @Test
    void shouldSayWhyTheBrokerClosed() {
        ConfirmDecoder decoder = load.confirms(Plans.overAmqp(1, false));
        byte[] close = method(MethodId.CHANNEL_CLOSE, 1, 404, "NOT_FOUND - no queue 't-1'", 60, 40);

        decoder.read(close, 0, close.length, recorder);

        assertThat(heard).containsExactly("failed broker says: 404 NOT_FOUND - no queue 't-1'");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldConsumeFromTheQueueOfItsGroup(int groups) {
        ByteWriter out = new ByteWriter(64);

        load.consumer(Plans.overAmqp(groups, false), 0, 0).greet(out);

        assertThat(frames(out.toByteArray(), ProtocolHeader.BYTES))
                .endsWith("channel.open", "basic.qos", "basic.consume", "basic.consume");
        String text = new String(out.toByteArray(), StandardCharsets.ISO_8859_1);
        assertThat(text.contains("t-2-g1")).isEqualTo(groups > 1);
    }

    @Test
    void shouldTapByAQueueOfItsOwn() {
        ByteWriter out = new ByteWriter(64);

        load.consumer(Plans.overAmqp(1, true), 0, 0).greet(out);

        assertThat(frames(out.toByteArray(), ProtocolHeader.BYTES))
                .endsWith(
                        "channel.open",
                        "queue.declare",
                        "queue.bind",
                        "basic.consume",
                        "queue.declare",
                        "queue.bind",
                        "basic.consume");
    }

    @ParameterizedTest
    @CsvSource({"each, 3", "batch, 1", "auto, 0"})
    void shouldAcknowledgeAsThePlanSays(LoadPlan.Ack ack, int acks) {
        // Given
        ConsumerCodec consumer = load.consumer(Plans.overAmqp(ack), 0, 0);
        ByteWriter in = new ByteWriter(64);
        in.put(method(MethodId.BASIC_CONSUME_OK, 1, "0")).put(method(MethodId.BASIC_CONSUME_OK, 1, "1"));
        in.put(delivery("0", 1, false, ascii("one"))).put(delivery("1", 2, true, ascii("two")));
        in.put(delivery("1", 3, false, new byte[0]));
        ByteWriter out = new ByteWriter(64);

        // When
        int read = consumer.read(in.array(), 0, in.size(), recorder, out);

        // Then
        assertThat(read).isEqualTo(in.size());
        assertThat(heard).containsExactly("ready", "0 1 one", "1 2 two", "1 1 ");
        assertThat(frames(out.toByteArray(), 0)).hasSize(acks).allMatch("basic.ack"::equals);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 131_071, 131_079, 200_000})
    void shouldReadWhatComesInPieces(int step) {
        // Given
        ConsumerCodec consumer = load.consumer(Plans.overAmqp(LoadPlan.Ack.each), 0, 0);
        ByteWriter in = new ByteWriter(64);
        in.put(delivery("0", 1, false, ascii("one"))).put(delivery("1", 2, false, new byte[step < 8 ? 300 : 300_000]));
        in.put(delivery("0", 3, false, ascii("end")));
        byte[] bytes = in.toByteArray();
        ByteWriter out = new ByteWriter(64);

        // When
        int at = 0;
        for (int to = Math.min(step, bytes.length); ; to = Math.min(to + step, bytes.length)) {
            at = consumer.read(bytes, at, to, recorder, out);
            if (to == bytes.length) {
                break;
            }
            assertThat(at).isLessThanOrEqualTo(to);
        }

        // Then
        assertThat(at).isEqualTo(bytes.length);
        assertThat(heard).containsExactly("0 1 one", "1 1 " + (step < 8 ? 300 : 300_000), "0 1 end");
        assertThat(frames(out.toByteArray(), 0)).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void shouldFailInWordsOnWhatIsNoAmqp(int which) {
        byte[][] wrong = {
            ascii("HTTP/1.1 400 Bad Request\r\n\r\n"),
            method(MethodId.BASIC_PUBLISH, 1, 0, "", "t", false),
            delivery("0", 1, false, new byte[3 << 20]),
            delivery("9", 1, false, ascii("x"))
        };

        load.consumer(Plans.overAmqp(1, false), 0, 0)
                .read(wrong[which], 0, wrong[which].length, recorder, new ByteWriter(16));

        assertThat(heard).singleElement().asString().startsWith("failed ");
    }
}
