package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.Decoded;
import dev.recado.transport.zmtp.wire.Frames;
import dev.recado.transport.zmtp.wire.Greeting;
import dev.recado.transport.zmtp.wire.Recorded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Golden bytes, round trip, chop and garbage, limits; every random test names its seed in what it asserts. */
class MessageDecoderTest {

    private static final int MESSAGE_MAX = 200_000;

    private final ByteBudget budget = new ByteBudget(1 << 20);
    private MessageDecoder decoder = new MessageDecoder(MESSAGE_MAX, budget.lender());

    /** Feeds pieces; answers what came out, and last how it ended where that was not for want of more. */
    private List<String> read(byte[] stream, int from, int pieceMax) {
        List<String> found = new ArrayList<>();
        byte[] socket = new byte[pieceMax];
        for (int at = from; at < stream.length; at += pieceMax) {
            int length = Math.min(pieceMax, stream.length - at);
            System.arraycopy(stream, at, socket, 0, length);
            decoder.input().feed(socket, 0, length);
            Decoded outcome = all(found);
            decoder.keep();
            Arrays.fill(socket, (byte) 0xEE);
            if (outcome != Decoded.NEED_MORE) {
                found.add(outcome.name());
                return found;
            }
        }
        return found;
    }

    private Decoded all(List<String> found) {
        Decoded outcome = decoder.next();
        while (outcome == Decoded.MESSAGE || outcome == Decoded.COMMAND) {
            found.add(Frame.found(decoder, outcome == Decoded.COMMAND));
            outcome = decoder.next();
        }
        return outcome;
    }

    @Test
    void shouldReadWhatLibzmqWrites() {
        assertThat(read(Recorded.PUSH, Greeting.BYTES, 1 << 16))
                .containsExactly(
                        "/\\x05READY\\x0bSocket-Type\\x00\\x00\\x00\\x04PUSH",
                        "[key][][" + "x".repeat(300) + "]",
                        "[one]");
        assertThat(read(Recorded.SUB, Greeting.BYTES, 7))
                .containsExactly(
                        "/\\x05READY\\x0bSocket-Type\\x00\\x00\\x00\\x03SUB",
                        "/\\x09SUBSCRIBEnews.",
                        "/\\x06CANCELnews.");
        assertThat(read(Recorded.REQ, Greeting.BYTES, 1))
                .endsWith("/\\x04PING\\x00\\x1e", "/\\x04PING\\x00\\x1e", "[][q]", "/\\x04PING\\x00\\x1e");
    }

    /** Messages of 1 to 8 frames, some empty, in the short and the long form, commands between them. */
    private static byte[] stream(Random random, List<String> expected) {
        ByteWriter out = new ByteWriter(1024);
        for (int i = 0; i < 30; i++) {
            if (random.nextInt(5) == 0) {
                byte[] data = new byte[random.nextInt(300)];
                Frames.putCommand(out, "PING", data, 0, data.length);
                expected.add("/\\x04PING" + Frame.text(data, 0, data.length));
                continue;
            }
            int frames = 1 + random.nextInt(8);
            StringBuilder text = new StringBuilder();
            for (int f = 0; f < frames; f++) {
                byte[] body =
                        new byte[random.nextInt(3) == 0 ? 0 : random.nextInt(random.nextInt(9) == 0 ? 9_000 : 300)];
                random.nextBytes(body);
                if (random.nextInt(4) == 0) {
                    out.put(f < frames - 1 ? 3 : 2).putLong(body.length).put(body);
                } else {
                    Frames.put(out, f < frames - 1, body, 0, body.length);
                }
                text.append('[').append(Frame.text(body, 0, body.length)).append(']');
            }
            expected.add(text.toString());
        }
        return out.toByteArray();
    }

    @Test
    void shouldReadTheSameHoweverTheStreamIsChopped() {
        for (int seed = 0; seed < 40; seed++) {
            // Given
            Random random = new Random(seed);
            List<String> expected = new ArrayList<>();
            byte[] stream = stream(random, expected);

            // When
            for (int piece : new int[] {1, 2, 3, 1 + random.nextInt(200), 1 + random.nextInt(5_000), stream.length}) {
                List<String> found = read(stream, 0, piece);

                // Then
                assertThat(found).as("seed %d, pieces of %d", seed, piece).isEqualTo(expected);
                assertThat(budget.usedBytes()).as("seed %d", seed).isZero();
            }
        }
    }

    @Test
    void shouldReadTheSameSplitAtEveryByte() {
        // Given
        List<String> expected = read(Recorded.PUSH, Greeting.BYTES, 1 << 16);

        for (int split = Greeting.BYTES + 1; split < Recorded.PUSH.length; split++) {
            // When
            List<String> found = read(Arrays.copyOf(Recorded.PUSH, split), Greeting.BYTES, 1 << 16);
            found.addAll(read(Recorded.PUSH, split, 1 << 16));

            // Then
            assertThat(found).as("split at %d", split).isEqualTo(expected);
        }
    }

    @Test
    void shouldSurviveGarbage() {
        for (int seed = 0; seed < 1_500; seed++) {
            // Given
            Random random = new Random(seed);
            byte[] stream = stream(random, new ArrayList<>());
            for (int n = random.nextInt(6); n >= 0; n--) {
                stream[random.nextInt(Math.min(stream.length, 2_000))] = (byte) random.nextInt(256);
            }

            // When
            decoder = new MessageDecoder(MESSAGE_MAX, budget.lender());
            read(stream, 0, 1 + random.nextInt(4_000));

            // Then
            assertThat(decoder.input().reservedBytes()).as("seed %d", seed).isLessThanOrEqualTo(MESSAGE_MAX + 18);
            assertThat(decoder.input().bytes()).as("seed %d", seed).hasSizeLessThan(2 * MESSAGE_MAX);
            decoder.close();
            assertThat(budget.usedBytes()).as("seed %d", seed).isZero();
        }
    }

    private String refusal(byte[] stream) {
        decoder = new MessageDecoder(MESSAGE_MAX, budget.lender());
        List<String> found = read(stream, 0, 16_000);
        assertThat(found).last().isEqualTo("MALFORMED");
        decoder.close();
        assertThat(budget.usedBytes()).isZero();
        return decoder.problem();
    }

    @Test
    void shouldRefuseHugeLengthsBeforeAnythingIsAllocated() {
        for (String header :
                List.of("020000000000030d41", "02000000ffffffffff", "02ffffffffffffffff", "028000000000000000")) {
            assertThat(refusal(Recorded.hex(header))).contains("200000");
        }
        assertThat(refusal(Recorded.hex("060000000000010001"))).contains("a command of 65537 bytes");
    }

    @Test
    void shouldRefuseEndlessMessages() {
        // Given
        byte[] empty = new byte[2 * 60_000];
        byte[] some = new byte[300 * 1_002];
        for (int i = 0; i < empty.length; i += 2) {
            empty[i] = 1;
        }
        for (int i = 0; i < some.length; i += 12) {
            some[i] = 1;
            some[i + 1] = 10;
        }

        // Then
        assertThat(refusal(empty)).contains("more than 200000 bytes");
        assertThat(refusal(some)).contains("more than 200000 bytes");
        decoder = new MessageDecoder(1 << 30, budget.lender());
        ByteWriter many = new ByteWriter(1 << 17);
        for (int i = 0; i <= MessageDecoder.FRAMES_MAX; i++) {
            many.put(1).put(0);
        }
        assertThat(read(many.toByteArray(), 0, many.size())).containsExactly("MALFORMED");
        assertThat(decoder.problem()).contains("65535 frames");
        decoder.close();
    }

    @Test
    void shouldTakeTheLargestMessageAndNotOneByteMore() {
        for (int more : new int[] {0, 1}) {
            ByteWriter one = new ByteWriter(MESSAGE_MAX + 16);
            Frames.put(one, false, new byte[MESSAGE_MAX + more], 0, MESSAGE_MAX + more);
            ByteWriter two = new ByteWriter(MESSAGE_MAX + 16);
            int half = (MESSAGE_MAX - 2 * MessageDecoder.FRAME_BYTES) / 2;
            Frames.put(two, true, new byte[half], 0, half);
            Frames.put(two, false, new byte[half + more], 0, half + more);
            for (ByteWriter each : List.of(one, two)) {
                decoder = new MessageDecoder(MESSAGE_MAX, budget.lender());
                List<String> found = read(each.toByteArray(), 0, 16_000);
                assertThat(found).hasSize(1);
                assertThat(found.get(0).equals("MALFORMED")).isEqualTo(more == 1);
                decoder.close();
            }
        }
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void shouldRefuseACommandBetweenTheFramesOfAMessage() {
        assertThat(refusal(Recorded.hex("010161" + "040504504f4e47"))).contains("between the frames");
    }

    @Test
    void shouldGoOnWhereItWasOnceThereIsMemory() {
        // Given
        List<String> expected = new ArrayList<>();
        byte[] stream = stream(new Random(5), expected);
        ByteWriter out = new ByteWriter(100_000);
        Frames.put(out, true, new byte[90_000], 0, 90_000);
        byte[] large = out.put(stream).toByteArray();
        assertThat(budget.tryReserve(1 << 20)).isTrue();

        // When
        decoder.input().feed(large, 0, 16_000);
        Decoded refused = decoder.next();
        decoder.keep();
        Decoded again = decoder.next();
        budget.release(1 << 20);
        Decoded granted = decoder.next();
        decoder.keep();
        List<String> found = read(large, 16_000, 16_000);

        // Then
        assertThat(refused).isEqualTo(again).isEqualTo(Decoded.NO_MEMORY);
        assertThat(granted).isEqualTo(Decoded.NEED_MORE);
        assertThat(found.subList(1, found.size())).isEqualTo(expected.subList(1, expected.size()));
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void shouldReturnAMessageAgain() {
        byte[] stream = Frame.wire("[a][b]");
        decoder.input().feed(stream, 0, stream.length);
        assertThat(decoder.next()).isEqualTo(Decoded.MESSAGE);
        decoder.again();
        assertThat(decoder.next()).isEqualTo(Decoded.MESSAGE);
        assertThat(Frame.found(decoder, false)).isEqualTo("[a][b]");
        assertThat(decoder.next()).isEqualTo(Decoded.NEED_MORE);
    }

    /** Who holds a part of the large pool asks for no more of it, so one of many always gets through. */
    @Test
    void shouldAskTheLargePoolOnceForAMessage() {
        // Given
        ByteWriter out = new ByteWriter(MESSAGE_MAX);
        int body = MESSAGE_MAX - 3 * MessageDecoder.FRAME_BYTES;
        Frames.put(out, true, new byte[body], 0, body);
        Frames.put(out, true, new byte[0], 0, 0);
        Frames.put(out, false, new byte[0], 0, 0);
        byte[] stream = out.toByteArray();
        long firstTaken = -1;

        // When
        for (int at = 0; at < stream.length; at += 1_000) {
            decoder.input().feed(stream, at, Math.min(1_000, stream.length - at));
            Decoded outcome = decoder.next();
            decoder.keep();
            if (outcome == Decoded.NEED_MORE && firstTaken < 0 && budget.usedBytes() > 0) {
                firstTaken = budget.usedBytes();
            }

            // Then
            assertThat(budget.usedBytes()).isIn(0L, firstTaken);
        }
        assertThat(firstTaken).isGreaterThan(body);
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void shouldNotLetAFrameThatLeavesNoRoomForTheNextOneBegin() {
        ByteWriter out = new ByteWriter(64);
        Frames.putHeader(out, true, MESSAGE_MAX);
        assertThat(refusal(out.toByteArray())).contains("more than 200000 bytes");
    }

    @Test
    void shouldLetOneOfManyLargeMessagesFinishWhenMemoryIsShort() {
        // Given
        int clients = 6;
        ByteBudget shared = new ByteBudget(2L * MESSAGE_MAX + 100);
        ByteWriter out = new ByteWriter(MESSAGE_MAX);
        for (int i = 0; i < 18; i++) {
            Frames.put(out, i < 17, new byte[10_000], 0, 10_000);
        }
        byte[] stream = out.toByteArray();
        MessageDecoder[] decoders = new MessageDecoder[clients];
        int[] at = new int[clients];
        boolean[] stuck = new boolean[clients];
        int done = 0;

        // When
        for (int round = 0; round < 4_000 && done < clients; round++) {
            int i = round % clients;
            decoders[i] = decoders[i] == null ? new MessageDecoder(MESSAGE_MAX, shared.lender()) : decoders[i];
            if (!stuck[i] && at[i] < stream.length) {
                int count = Math.min(1_500, stream.length - at[i]);
                decoders[i].input().feed(stream, at[i], count);
                at[i] += count;
            }
            Decoded outcome = decoders[i].next();
            done += outcome == Decoded.MESSAGE ? 1 : 0;
            stuck[i] = outcome == Decoded.NO_MEMORY;
            decoders[i].keep();
        }

        // Then
        assertThat(done).isEqualTo(clients);
        assertThat(shared.usedBytes()).isZero();
    }

    /** A session that once had a large message would else hold its memory, which nobody counts any more. */
    @Test
    void shouldLetGoOfAMessageThatIsRead() {
        // Given
        MessageDecoder decoder = new MessageDecoder(1 << 20, new ByteBudget(4 << 20).lender());
        byte[] wire = Frame.wire("[" + "x".repeat(500_000) + "]");
        decoder.input().feed(wire, 0, 400_000);
        assertThat(decoder.next()).isEqualTo(Decoded.NEED_MORE);
        decoder.keep();
        decoder.input().feed(wire, 400_000, wire.length - 400_000);
        assertThat(decoder.next()).isEqualTo(Decoded.MESSAGE);

        // When
        decoder.keep();

        // Then
        assertThat(decoder.bytes()).isEmpty();
    }
}
