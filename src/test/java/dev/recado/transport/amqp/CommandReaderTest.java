package dev.recado.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.Decoded;
import dev.recado.transport.amqp.wire.AmqpFrameReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What is cut from a client's bytes, whatever pieces they come in. */
class CommandReaderTest {

    private static final int FRAME_BYTES_MAX = 4096;
    private static final int MESSAGE_BYTES_MAX = 100_000;
    private static final HexFormat HEX = HexFormat.of();

    private final ByteBudget budget = new ByteBudget(1 << 20);
    private final List<Integer> refusing = new ArrayList<>();
    private int rooms;
    private CommandReader reader = reader(MESSAGE_BYTES_MAX);

    private CommandReader reader(long messageBytesMax) {
        CommandReader made = new CommandReader(messageBytesMax, budget.lender(), () -> rooms++, refusing::contains);
        made.frameBytesMax(FRAME_BYTES_MAX);
        return made;
    }

    private static byte[] bytes(String hex) {
        return HEX.parseHex(hex.replace(" ", ""));
    }

    private static byte[] joined(byte[]... parts) {
        ByteWriter out = new ByteWriter(256);
        for (byte[] part : parts) {
            out.put(part);
        }
        return out.toByteArray();
    }

    private static byte[] line(String line) {
        return ClientFrames.of(line, FRAME_BYTES_MAX);
    }

    /** Its frames, one by one. */
    private static List<byte[]> frames(byte[] bytes) {
        List<byte[]> found = new ArrayList<>();
        AmqpFrameReader frame = new AmqpFrameReader();
        for (int at = 0; at < bytes.length; at = frame.end()) {
            assertThat(frame.read(bytes, at, bytes.length, Integer.MAX_VALUE)).isEqualTo(AmqpFrameReader.Outcome.FRAME);
            found.add(Arrays.copyOfRange(bytes, at, frame.end()));
        }
        return found;
    }

    /** What is found in bytes that come at once: channel and frames of a command, or what else there is. */
    private List<String> feed(byte[] bytes) {
        byte[] socket = bytes.clone();
        List<String> found = new ArrayList<>();
        reader.feed(socket, 0, socket.length);
        Decoded what = reader.next();
        while (what == Decoded.COMMAND || what == Decoded.TOO_LONG) {
            found.add(show(what));
            what = reader.next();
        }
        if (what == Decoded.MALFORMED) {
            found.add(reader.code() + " " + reader.problem());
        } else if (what == Decoded.NO_MEMORY) {
            found.add("NO_MEMORY");
        }
        reader.keep();
        Arrays.fill(socket, (byte) 0xEE);
        return found;
    }

    private String show(Decoded what) {
        byte[] command = Arrays.copyOfRange(reader.bytes(), reader.from(), reader.from() + reader.length());
        return what == Decoded.TOO_LONG
                ? "TOO_LONG " + reader.channel() + " " + reader.problem()
                : reader.channel() + " " + HEX.formatHex(command);
    }

    private static String command(int channel, byte[] frames) {
        return channel + " " + HEX.formatHex(frames);
    }

    /** A publish of a body in frames of so many bytes. */
    private static byte[] publish(int channel, String body, int frameBytesMax) {
        return ClientFrames.of(channel + " basic.publish '' q : " + body, frameBytesMax);
    }

    @Test
    void shouldReadTheCommandsOfTheSpecification() {
        // Given
        String open = "01 0001 00000005 0014000a 00 ce";
        String publish = "01 0001 00000009 003c0028 0000 00 01 71 00 ce".replace("00000009", "0000000a");
        String header = "02 0001 0000000e 003c 0000 0000000000000002 0000 ce";
        String body = "03 0001 00000002 6869 ce";

        // When
        List<String> found = feed(bytes(open + publish + header + body + "08 0000 00000000 ce"));

        // Then
        assertThat(found).containsExactly(command(1, bytes(open)), command(1, bytes(publish + header + body)));
    }

    @Test
    void shouldReadTheSameFromAnyTwoPieces() {
        // Given
        byte[] stream = joined(
                line("1 channel.open"),
                line("1 basic.publish '' q : hello"),
                ClientFrames.frame(AmqpFrameReader.HEARTBEAT, 0),
                publish(2, "a body in pieces", 13),
                line("1 basic.publish '' q"),
                line("0 connection.close 200 bye"));
        List<String> expected = List.of(
                command(1, line("1 channel.open")),
                command(1, line("1 basic.publish '' q : hello")),
                command(2, publish(2, "a body in pieces", FRAME_BYTES_MAX)),
                command(1, line("1 basic.publish '' q")),
                command(0, line("0 connection.close 200 bye")));

        for (int first = 0; first <= stream.length; first++) {
            for (int second = first; second <= stream.length; second += first % 7 == 0 ? 1 : 5) {
                reader = reader(MESSAGE_BYTES_MAX);

                // When
                List<String> found = new ArrayList<>(feed(Arrays.copyOf(stream, first)));
                found.addAll(feed(Arrays.copyOfRange(stream, first, second)));
                found.addAll(feed(Arrays.copyOfRange(stream, second, stream.length)));

                // Then
                assertThat(found).as("split at %s and %s", first, second).isEqualTo(expected);
            }
        }
        assertThat(reader.reservedBytes()).isZero();
    }

    @Test
    void shouldReadByteByByte() {
        // Given
        byte[] stream = joined(publish(1, "some text", 12), publish(2, "x", FRAME_BYTES_MAX), line("2 basic.get q"));
        List<String> found = new ArrayList<>();

        // When
        for (byte one : stream) {
            found.addAll(feed(new byte[] {one}));
        }

        // Then
        assertThat(found)
                .containsExactly(
                        command(1, publish(1, "some text", FRAME_BYTES_MAX)),
                        command(2, publish(2, "x", FRAME_BYTES_MAX)),
                        command(2, line("2 basic.get q")));
    }

    @Test
    void shouldKeepContentsOfChannelsApart() {
        // Given
        List<byte[]> first = frames(publish(1, "the first content", 14));
        List<byte[]> second = frames(publish(2, "another one, longer", 12));
        byte[] stream = new byte[0];
        for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
            stream = joined(
                    stream,
                    i < first.size() ? first.get(i) : new byte[0],
                    i == 2 ? line("3 basic.get q") : new byte[0],
                    i < second.size() ? second.get(i) : new byte[0]);
        }
        List<String> expected = List.of(
                command(3, line("3 basic.get q")),
                command(1, publish(1, "the first content", FRAME_BYTES_MAX)),
                command(2, publish(2, "another one, longer", FRAME_BYTES_MAX)));

        for (int cut = 0; cut <= stream.length; cut++) {
            reader = reader(MESSAGE_BYTES_MAX);

            // When
            List<String> found = new ArrayList<>(feed(Arrays.copyOf(stream, cut)));
            found.addAll(feed(Arrays.copyOfRange(stream, cut, stream.length)));

            // Then
            assertThat(found).as("split at %s", cut).isEqualTo(expected);
            assertThat(reader.reservedBytes()).isZero();
        }
    }

    @Test
    void shouldGoOnWithWhatIsBehindContentsOfSeveralChannels() {
        // Given
        List<byte[]> first = frames(publish(1, "1", FRAME_BYTES_MAX));
        List<byte[]> second = frames(publish(2, "2", FRAME_BYTES_MAX));

        // When
        List<String> found = feed(joined(
                first.get(0),
                second.get(0),
                second.get(1),
                first.get(1),
                first.get(2),
                second.get(2),
                publish(1, "3", FRAME_BYTES_MAX)));

        // Then
        assertThat(found)
                .containsExactly(
                        command(1, publish(1, "1", FRAME_BYTES_MAX)),
                        command(2, publish(2, "2", FRAME_BYTES_MAX)),
                        command(1, publish(1, "3", FRAME_BYTES_MAX)));
    }

    @Test
    void shouldJoinABodyOfManyFrames() {
        // Given
        String body = "0123456789".repeat(9_000);

        // When
        List<String> found = new ArrayList<>();
        for (byte[] frame : frames(publish(1, body, 100))) {
            found.addAll(feed(frame));
        }

        // Then
        assertThat(found).containsExactly(command(1, publish(1, body, 1 << 20)));
        assertThat(reader.reservedBytes()).isZero();
    }

    @Test
    void shouldRefuseWhatIsTooLongAtItsHeader() {
        // Given
        reader = reader(10);
        List<byte[]> frames = frames(publish(1, "01234567890", FRAME_BYTES_MAX));

        // When
        List<String> found = feed(joined(frames.get(0), frames.get(1)));
        refusing.add(1);
        found.addAll(feed(joined(frames.get(2), line("2 basic.get q"), publish(1, "late", FRAME_BYTES_MAX))));

        // Then
        assertThat(found)
                .containsExactly(
                        "TOO_LONG 1 message size 11 is larger than configured max size 10",
                        command(2, line("2 basic.get q")),
                        command(1, frames(publish(1, "late", FRAME_BYTES_MAX)).get(0)));
        assertThat(reader.reservedBytes()).isZero();
    }

    @Test
    void shouldRefuseWhatIsTooLongWhereOthersComeBetween() {
        // Given
        reader = reader(10);
        List<byte[]> frames = frames(publish(1, "01234567890", FRAME_BYTES_MAX));

        // When
        List<String> found = feed(joined(frames.get(0), line("2 basic.get q"), frames.get(1)));
        refusing.add(1);
        found.addAll(feed(joined(frames.get(2), line("2 basic.get q"))));

        // Then
        assertThat(found)
                .containsExactly(
                        command(2, line("2 basic.get q")),
                        "TOO_LONG 1 message size 11 is larger than configured max size 10",
                        command(2, line("2 basic.get q")));
    }

    @Test
    void shouldForgetWhatAChannelThatEndedHadUnderWay() {
        // Given
        List<byte[]> frames = frames(publish(1, "hello", FRAME_BYTES_MAX));
        List<String> found = new ArrayList<>(feed(joined(frames.get(0), frames.get(1), line("2 basic.get q"))));

        // When
        reader.forget(1);
        refusing.add(1);
        found.addAll(feed(joined(frames.get(2), line("1 channel.close-ok"))));

        // Then
        assertThat(found).containsExactly(command(2, line("2 basic.get q")), command(1, line("1 channel.close-ok")));
    }

    @Test
    void shouldWaitForMemoryAndGoOn() {
        // Given
        String body = "x".repeat(MESSAGE_BYTES_MAX);
        byte[] stream = publish(1, body, FRAME_BYTES_MAX);
        long taken = budget.maxBytes() - ByteBudget.SMALL_BYTES;
        while (taken > 0 && !budget.tryReserve(taken)) {
            taken -= 1_000;
        }
        assertThat(taken).isPositive();

        // When
        byte[] socket = Arrays.copyOf(stream, 10_000);
        reader.feed(socket, 0, socket.length);
        Decoded before = reader.next();
        reader.keep();
        budget.release(taken);
        Decoded after = reader.next();
        reader.keep();
        List<String> found = feed(Arrays.copyOfRange(stream, socket.length, stream.length));

        // Then
        assertThat(before).isEqualTo(Decoded.NO_MEMORY);
        assertThat(after).isEqualTo(Decoded.NEED_MORE);
        assertThat(found).containsExactly(command(1, publish(1, body, 1 << 20)));
        assertThat(reader.reservedBytes()).isZero();
        assertThat(rooms).isEqualTo(1);
    }

    @TestFactory
    Stream<DynamicTest> shouldEndAConnectionWhoseFramesAreInAnotherOrder() {
        List<byte[]> publish = frames(publish(1, "hi", FRAME_BYTES_MAX));
        byte[] ofTx = ClientFrames.frame(AmqpFrameReader.HEADER, 1, bytes("005a 0000 0000000000000002 0000"));
        return Stream.of(
                wrong(
                        "UNEXPECTED_FRAME expected content header for class 60, got non content header frame instead",
                        publish.get(0),
                        publish.get(2)),
                wrong(
                        "UNEXPECTED_FRAME expected content header for class 60, got non content header frame instead",
                        publish.get(0),
                        publish.get(0)),
                wrong(
                        "UNEXPECTED_FRAME expected content header for class 60, got one for class 90 instead",
                        publish.get(0),
                        ofTx),
                wrong(
                        "UNEXPECTED_FRAME expected content body, got non content body frame instead",
                        publish.get(0),
                        publish.get(1),
                        line("1 basic.get q")),
                wrong(
                        "FRAME_ERROR a content body longer than its header says",
                        publish.get(0),
                        publish.get(1),
                        ClientFrames.frame(AmqpFrameReader.BODY, 1, bytes("616161"))),
                wrong("FRAME_ERROR a frame of unknown type 4", ClientFrames.frame(4, 1)),
                wrong("FRAME_ERROR a heartbeat with a channel or a payload", bytes("08 0001 00000000 ce")),
                wrong("FRAME_ERROR a frame without its end byte", bytes("01 0001 00000001 00 cd")),
                wrong("FRAME_ERROR a frame with a payload of 4097 bytes, limit=4096", bytes("03 0001 00001001")));
    }

    private DynamicTest wrong(String expected, byte[]... frames) {
        return DynamicTest.dynamicTest(expected, () -> {
            for (boolean apart : new boolean[] {false, true}) {
                reader = reader(MESSAGE_BYTES_MAX);
                List<String> found = new ArrayList<>();
                for (int i = 0; i < frames.length && apart; i++) {
                    found.addAll(feed(frames[i]));
                }
                found.addAll(apart ? List.of() : feed(joined(frames)));
                assertThat(found).as("apart: " + apart).containsExactly(expected);
            }
        });
    }

    @Test
    void shouldTakeHeartbeatsInTheMiddleOfAContent() {
        // Given
        List<byte[]> publish = frames(publish(1, "hi", FRAME_BYTES_MAX));
        byte[] heartbeat = ClientFrames.frame(AmqpFrameReader.HEARTBEAT, 0);

        // When
        List<String> found = feed(joined(publish.get(0), heartbeat, publish.get(1), heartbeat, publish.get(2)));

        // Then
        assertThat(found).containsExactly(command(1, publish(1, "hi", FRAME_BYTES_MAX)));
    }

    @Test
    void shouldNeverThrowForGarbage() {
        for (int seed = 0; seed < 3_000; seed++) {
            // Given
            Random random = new Random(seed);
            byte[] stream = joined(
                    publish(1, "the first content", 14),
                    line("2 queue.declare q durable x-max-length=3"),
                    publish(2, "another one, longer", 12),
                    publish(1, "", FRAME_BYTES_MAX));
            for (int i = random.nextInt(4); i >= 0; i--) {
                stream[random.nextInt(stream.length)] = (byte) random.nextInt();
            }
            reader = reader(random.nextBoolean() ? 10 : MESSAGE_BYTES_MAX);

            // When
            int at = 0;
            boolean good = true;
            while (at < stream.length && good) {
                int count = Math.min(stream.length - at, 1 + random.nextInt(60));
                List<String> found = feed(Arrays.copyOfRange(stream, at, at + count));
                good = found.stream().noneMatch(one -> one.matches("[A-Z_]+ .*"));
                at += count;
            }

            // Then
            assertThat(reader.reservedBytes()).as("seed " + seed).isLessThan(2L * MESSAGE_BYTES_MAX);
            reader.close();
            assertThat(budget.usedBytes()).as("seed " + seed).isZero();
        }
    }

    @Test
    void shouldWaitForTheWholeHeader() {
        // Given
        byte[] header = "AMQP\0\0\11\1".getBytes(StandardCharsets.ISO_8859_1);
        for (int cut = 0; cut < header.length; cut++) {
            reader = reader(MESSAGE_BYTES_MAX);

            // When
            reader.feed(header, 0, cut);
            Decoded before = reader.header();
            reader.keep();
            reader.feed(header, cut, header.length - cut);
            Decoded after = reader.header();
            reader.keep();

            // Then
            assertThat(before).isEqualTo(Decoded.NEED_MORE);
            assertThat(after).isEqualTo(Decoded.COMMAND);
        }
    }
}
