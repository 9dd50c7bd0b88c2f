package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.transport.ByteBudget;
import dev.recado.transport.Decoded;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Golden bytes, round trip, chop and garbage; every random test prints its seed in what it asserts. */
class TextCodecTest {

    private static final int LINE_MAX = 200;
    private static final int MESSAGE_MAX = 300_000;

    private final ByteBudget budget = new ByteBudget(1 << 20);
    private final TextCodec codec = new TextCodec(LINE_MAX, MESSAGE_MAX, budget.lender(), () -> {});

    @Test
    void shouldReadGoldenCommands() {
        // Given
        String stream = """
                PING
                SEND:a:b\r
                PUB:orders:3
                a
                b
                PUB:t:k:h=1:0
                \r
                ACK:1:UPTO:0-7
                REGISTER:CONSUMER:

                ACK!:1:2
                NOPE
                """;

        // When
        List<String> commands = read(bytes(stream), stream.length());

        // Then
        assertThat(commands)
                .containsExactly(
                        "PING",
                        "SEND [a:b] <a:b>",
                        "PUB [orders][3] <a\nb>",
                        "PUB [t][k][h=1][0] <>",
                        "ACK [1][UPTO][0-7]",
                        "REGISTER [CONSUMER][]",
                        "UNKNOWN",
                        "ACK_DURABLY [1][2]",
                        "UNKNOWN");
    }

    @Test
    void shouldLetOneOfManyLongLinesFinishWhenMemoryIsShort() {
        // Given
        int messageMax = 400_000;
        ByteBudget shared = new ByteBudget(2L * messageMax);
        List<TextCodec> codecs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            codecs.add(new TextCodec(LINE_MAX, messageMax, shared.lender(), () -> {}));
        }
        byte[] piece = new byte[10_000];
        Arrays.fill(piece, (byte) 'x');

        // When
        int[] left = {39, 39, 39, 39};
        boolean[] stuck = new boolean[4];
        int done = 0;
        codecs.forEach(one -> {
            one.feed(bytes("SEND:"), 0, 5);
            one.next();
            one.keep();
        });
        for (int round = 0; round < 4_000; round++) {
            int i = round % 4;
            TextCodec one = codecs.get(i);
            byte[] next = left[i] > 0 ? piece : bytes("\n");
            if (!stuck[i] && left[i] >= 0) {
                left[i]--;
                one.feed(next, 0, next.length);
            }
            Decoded outcome = one.next();
            done += outcome == Decoded.COMMAND ? 1 : 0;
            stuck[i] = outcome == Decoded.NO_MEMORY;
            one.keep();
        }

        // Then
        assertThat(done).isEqualTo(4);
        assertThat(shared.usedBytes()).isZero();
    }

    @Test
    void shouldReadTheSameHoweverTheStreamIsChopped() {
        // Given
        byte[] stream = bytes("""
                PUB:orders:12
                hello\r
                world
                SEND:x:y\r
                PUB:t:k:a=b&c=d:4




                \r
                GET
                REQ:t:100:2
                hi
                PING
                """);
        List<String> whole = read(stream, stream.length);

        for (int at = 1; at < stream.length; at++) {
            // When
            TextCodec fresh = new TextCodec(LINE_MAX, MESSAGE_MAX, budget.lender(), () -> {});
            List<String> commands = new ArrayList<>();
            feed(fresh, Arrays.copyOfRange(stream, 0, at), commands);
            feed(fresh, Arrays.copyOfRange(stream, at, stream.length), commands);

            // Then
            assertThat(commands).as("split at " + at).isEqualTo(whole);
        }
        assertThat(read(stream, 1)).as("one byte at a time").isEqualTo(whole);
    }

    @Test
    void shouldReadBackWhatWasWrittenAtRandom() {
        for (int seed = 0; seed < 200; seed++) {
            // Given
            Random random = new Random(seed);
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            List<String> expected = new ArrayList<>();
            for (int i = random.nextInt(30); i >= 0; i--) {
                write(random, stream, expected);
            }

            // When
            List<String> commands = read(stream.toByteArray(), 1 + random.nextInt(stream.size()));

            // Then
            assertThat(commands).as("seed " + seed).isEqualTo(expected);
            assertThat(budget.usedBytes()).as("seed " + seed).isZero();
        }
    }

    private static void write(Random random, ByteArrayOutputStream stream, List<String> expected) {
        int size = random.nextInt(20) == 0 ? random.nextInt(MESSAGE_MAX) : random.nextInt(50);
        byte[] payload = new byte[size];
        for (int i = 0; i < size; i++) {
            payload[i] = (byte) (random.nextInt(8) == 0 ? '\n' : 'a' + random.nextInt(26));
        }
        String text = new String(payload, StandardCharsets.US_ASCII);
        if (random.nextBoolean()) {
            stream.writeBytes(
                    bytes("PUB:topic-" + size % 7 + ":" + size + "\n" + text + (random.nextBoolean() ? "\n" : "\r\n")));
            expected.add("PUB [topic-" + size % 7 + "][" + size + "] <" + text + ">");
        } else if (size <= LINE_MAX && random.nextBoolean()) {
            String line = text.replace('\n', ':');
            stream.writeBytes(bytes("PUBL:t:" + line + "\n"));
            expected.add("PUBL [t][" + line + "] <" + line + ">");
        } else {
            String line = text.replace('\n', ':');
            stream.writeBytes(bytes("SEND:" + line + "\n"));
            expected.add("SEND [" + line + "] <" + line + ">");
        }
    }

    @Test
    void shouldNeitherThrowNorHoldMoreThanAllowedOnGarbage() {
        byte[] good = bytes("""
                PUB:orders:5
                hello
                SEND:abc
                PUBL:t:a:b
                SUB:a:b:auto:@5
                REPLY:1:2:3
                abc
                XPUB:a:b:c:1
                x
                ACK!:1:2
                """);
        for (int seed = 0; seed < 3_000; seed++) {
            // Given
            Random random = new Random(seed);
            byte[] stream = good.clone();
            for (int i = random.nextInt(6); i >= 0; i--) {
                byte mutant =
                        (byte) (random.nextBoolean() ? random.nextInt(256) : ":\n\r%0129-".charAt(random.nextInt(9)));
                stream[random.nextInt(stream.length)] = mutant;
            }
            TextCodec fresh = new TextCodec(LINE_MAX, MESSAGE_MAX, budget.lender(), () -> {});

            // When
            Decoded last = feed(fresh, stream, new ArrayList<>());

            // Then
            assertThat(last).as("seed " + seed).isNotEqualTo(Decoded.NO_MEMORY);
            assertThat(fresh.input().unreadBytes()).as("seed " + seed).isLessThanOrEqualTo(stream.length);
            fresh.close();
            assertThat(budget.usedBytes()).as("seed " + seed).isZero();
        }
    }

    @Test
    void shouldCallEndlessAndBrokenStreamsMalformed() {
        assertThat(problem("x".repeat(LINE_MAX + 1))).isEqualTo("Line too long: limit 200");
        assertThat(problem("PUB:t:" + "9".repeat(LINE_MAX))).isEqualTo("Line too long: limit 200");
        assertThat(problem("PUB:t:-1\n")).startsWith("Bad length");
        assertThat(problem("PUB:t:99999999999999999999\n")).startsWith("Bad length");
        assertThat(problem("PUB:t:3000000000\n")).startsWith("Bad length");
        assertThat(problem("PUB:t\n")).startsWith("Bad length");
        assertThat(problem("PUB:t:42 coffees\n")).endsWith("2147483647; a text in the line itself takes PUBL");
        assertThat(problem("REQ:t:1000:hello\n")).endsWith("not a number from 0 to 2147483647");
        assertThat(problem("PUB:t:1:2:3:4:5\n")).startsWith("Bad length");
        assertThat(problem("PUB:t:1\nab\n")).isEqualTo("Missing line end after payload");
        assertThat(problem("PUB:t:300001\n" + "a".repeat(300_002) + "\n")).isEqualTo("Missing line end after payload");
    }

    @Test
    void shouldPassOverRefusedPayloadsWithoutStoringThem() {
        // Given
        byte[] stream = bytes("PUB:t:1000000\n" + "x".repeat(1_000_000) + "\nPING\n");

        for (int chunk : new int[] {1_000, 65_536, stream.length}) {
            // When
            List<String> commands = read(stream, chunk);

            // Then
            assertThat(commands).as("chunk " + chunk).containsExactly("too long PUB 1000000", "PING");
        }
    }

    @Test
    void shouldAskTheBudgetForLargeMessagesAndGiveBack() {
        // Given
        ByteBudget tight = new ByteBudget(300_000);
        TextCodec first = new TextCodec(LINE_MAX, MESSAGE_MAX, tight.lender(), () -> {});
        TextCodec second = new TextCodec(LINE_MAX, MESSAGE_MAX, tight.lender(), () -> {});
        byte[] head = bytes("PUB:t:200000\nabc");

        // When
        Decoded one = feed(first, head, new ArrayList<>());
        Decoded two = feed(second, head, new ArrayList<>());

        // Then
        assertThat(one).isEqualTo(Decoded.NEED_MORE);
        assertThat(two).isEqualTo(Decoded.NO_MEMORY);
        assertThat(first.input().reservedBytes()).isEqualTo(200_014);
        List<String> commands = new ArrayList<>();
        feed(first, bytes("x".repeat(199_997) + "\nPING\n"), commands);
        assertThat(commands).hasSize(2);
        assertThat(tight.usedBytes()).isZero();
        assertThat(feed(second, bytes("x".repeat(199_997) + "\n"), commands)).isEqualTo(Decoded.NEED_MORE);
        assertThat(commands).hasSize(3);
    }

    @Test
    void shouldGiveACommandAgainAlsoAfterItsArrayIsGone() {
        // Given
        byte[] array = bytes("PUB:t:2\nhi\nPING\n");
        codec.feed(array, 0, array.length);
        codec.next();

        // When
        codec.again();
        codec.keep();
        Arrays.fill(array, (byte) 'x');

        // Then
        assertThat(codec.next()).isEqualTo(Decoded.COMMAND);
        assertThat(text(codec.command())).isEqualTo("PUB [t][2] <hi>");
        assertThat(codec.next()).isEqualTo(Decoded.COMMAND);
        assertThat(text(codec.command())).isEqualTo("PING");
        assertThat(codec.next()).isEqualTo(Decoded.NEED_MORE);
    }

    @Test
    void shouldReadTheTextOfALineBehindItsTopic() {
        assertThat(read(bytes("PUBL:a:b:c\r\nPUBL:a:\nPUBL:a\nPUBL\nPUBL:%3A: x \n"), 1))
                .containsExactly(
                        "PUBL [a][b:c] <b:c>", "PUBL [a][] <>", "PUBL [a] <>", "PUBL <>", "PUBL [%3A][ x ] < x >");
    }

    @Test
    void shouldPassOverLinesWhoseContentIsTooLong() {
        // Given
        String text = "x".repeat(LINE_MAX);
        String content = "y".repeat(MESSAGE_MAX);
        byte[] stream = bytes("PUBL:topic:" + text + "\r\n" + "PUBL:topic:" + text + "xx\r\nPING\n" + "SEND:" + content
                + "\nSEND:" + content + "y\r\nSEND:" + content + "yy\nPING\n");

        for (int chunk : new int[] {77, 1_000, 65_536, stream.length}) {
            // When
            List<String> commands = read(stream, chunk);

            // Then
            assertThat(commands)
                    .as("chunk " + chunk)
                    .containsExactly(
                            "PUBL [topic][" + text + "] <" + text + ">",
                            "too long PUBL " + (LINE_MAX + 2),
                            "PING",
                            "SEND [" + content + "] <" + content + ">",
                            "too long SEND " + (MESSAGE_MAX + 1),
                            "too long SEND " + (MESSAGE_MAX + 2),
                            "PING");
        }
        assertThat(budget.usedBytes()).isZero();
        assertThat(problem("PUBL:" + "t".repeat(LINE_MAX))).isEqualTo("Line too long: limit 200");
    }

    @Test
    void shouldTellOfALineThatItPassesOver() {
        // Given
        byte[] line = bytes("PUBL:t:" + "x".repeat(1_000));

        // When
        codec.feed(line, 0, line.length);
        Decoded outcome = codec.next();
        codec.keep();

        // Then
        assertThat(outcome).isEqualTo(Decoded.NEED_MORE);
        assertThat(codec.comingBytes()).isEqualTo(1_000);
        assertThat(codec.input().unreadBytes()).isZero();
    }

    private String problem(String stream) {
        TextCodec fresh = new TextCodec(LINE_MAX, MESSAGE_MAX, budget.lender(), () -> {});
        Decoded last = feed(fresh, bytes(stream), new ArrayList<>());
        assertThat(last).as(stream).isEqualTo(Decoded.MALFORMED);
        return fresh.problem();
    }

    /** Reads a stream that comes in chunks. */
    private List<String> read(byte[] stream, int chunk) {
        TextCodec fresh = new TextCodec(LINE_MAX, MESSAGE_MAX, budget.lender(), () -> {});
        List<String> commands = new ArrayList<>();
        for (int at = 0; at < stream.length; at += chunk) {
            feed(fresh, Arrays.copyOfRange(stream, at, Math.min(stream.length, at + chunk)), commands);
        }
        assertThat(fresh.input().unreadBytes()).as("left over").isZero();
        return commands;
    }

    private static Decoded feed(TextCodec codec, byte[] bytes, List<String> commands) {
        codec.feed(bytes, 0, bytes.length);
        Decoded outcome = codec.next();
        while (outcome == Decoded.COMMAND || outcome == Decoded.TOO_LONG) {
            boolean whole = outcome == Decoded.COMMAND;
            TextCommand command = codec.command();
            commands.add(whole ? text(command) : "too long " + command.verb + " " + command.payloadLength);
            outcome = codec.next();
        }
        codec.keep();
        return outcome;
    }

    private static String text(TextCommand command) {
        StringBuilder out = new StringBuilder(command.verb.name());
        for (int i = 0; i < command.fieldCount; i++) {
            out.append(i == 0 ? " [" : "[").append(command.raw(i)).append(']');
        }
        if (command.verb.shape != Verb.Shape.LINE) {
            out.append(" <")
                    .append(new String(
                            command.bytes, command.payloadStart, command.payloadLength, StandardCharsets.UTF_8))
                    .append('>');
        }
        return out.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
