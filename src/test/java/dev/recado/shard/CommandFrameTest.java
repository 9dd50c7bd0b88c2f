package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.message.Browsed;
import dev.recado.core.message.MessageView;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.StartPosition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The bytes of commands and answers: a change here is a new version of the format, see
 * {@code src/site/markdown/format/commands.md}. What differs from the golden file is left in {@code target/format}.
 */
class CommandFrameTest {

    private static final String GOLDEN = "commands-2.hex";
    private static final int GARBAGE = 100_000;

    @Test
    void shouldReadBackEachKind() {
        for (CommandFrame frame : CommandSamples.all()) {
            // When
            CommandFrame read = decoded(bytes(frame));

            // Then
            assertThat(read).usingRecursiveComparison().withStrictTypeChecking().isEqualTo(frame);
            assertThat(bytes(Objects.requireNonNull(read))).isEqualTo(bytes(frame));
        }
    }

    @Test
    void shouldWriteAndReadEachKindAsTheFormatSays() throws IOException {
        // Given
        StringBuilder written = new StringBuilder();
        for (CommandFrame frame : CommandSamples.all()) {
            String hex = HexFormat.of().formatHex(bytes(frame));
            written.append(name(frame)).append(' ').append(hex).append('\n');
        }

        // When
        String golden = golden(written.toString());

        // Then
        assertThat(written.toString()).isEqualTo(golden);
        List<String> lines = golden.lines().toList();
        List<CommandFrame> samples = CommandSamples.all();
        assertThat(lines).hasSameSizeAs(samples);
        for (int i = 0; i < lines.size(); i++) {
            String hex = lines.get(i).substring(lines.get(i).indexOf(' ') + 1);
            CommandFrame read = decoded(HexFormat.of().parseHex(hex));
            assertThat(read).usingRecursiveComparison().withStrictTypeChecking().isEqualTo(samples.get(i));
        }
    }

    @Test
    void shouldCarryOneWhoReadsAlone() {
        // Given
        GroupDef reader = GroupDef.reader(3, StartPosition.last(), 5);
        CommandFrame join = new CommandFrame.OfJoin(7, new Join("orders", reader, true, false, MemberTraits.usual(1)));

        // When
        CommandFrame read = decoded(bytes(join));

        // Then
        assertThat(read).usingRecursiveComparison().isEqualTo(join);
        assertThat(((CommandFrame.OfJoin) read).join().group().isReader()).isTrue();
    }

    /** A record that somebody adds and forgets here is found by this, not by the first one that crosses. */
    @Test
    void shouldKnowEveryRecord() {
        // Given
        Set<Class<?>> samples = new HashSet<>();
        CommandSamples.all().forEach(frame -> samples.add(content(frame).getClass()));

        // When
        Set<Class<?>> records = new HashSet<>(Set.of(Join.class));
        for (Class<?> sealed : List.of(MemberCommand.class, PartitionCommand.class, PartitionAnswer.class)) {
            addRecords(sealed, records);
        }

        // Then
        Set<Class<?>> known = new HashSet<>(Set.of(Join.class));
        known.addAll(MemberKinds.ALL.types());
        known.addAll(PartitionKinds.ALL.types());
        known.addAll(AnswerKinds.ALL.types());
        assertThat(known).isEqualTo(records);
        assertThat(samples).isEqualTo(records);
        assertThat(CommandSamples.all()).hasSameSizeAs(records);
    }

    private static void addRecords(Class<?> type, Set<Class<?>> records) {
        if (type.isSealed()) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                addRecords(permitted, records);
            }
        } else {
            records.add(type);
        }
    }

    @Test
    void shouldGiveEachKindANumberOfItsOwn() {
        assertThat(CommandSamples.all().stream().map(frame -> bytes(frame)[1])).doesNotHaveDuplicates();
    }

    @Test
    void shouldReadTheSmallestAndTheLargest() {
        long most = Long.MAX_VALUE;
        int all = Integer.MAX_VALUE;
        MemberId id = new MemberId(Integer.MIN_VALUE, all, all, -1);
        List<MemberCommand> commands = List.of(
                new MemberCommand.Settle(new long[0], 0),
                new MemberCommand.Settle(new long[] {0, most, most, most}, most),
                new MemberCommand.AcknowledgeDurably(all, most),
                new MemberCommand.Return(0, most - 1),
                new MemberCommand.Credit(-1, false),
                new MemberCommand.Reject(most, ""));
        for (MemberCommand command : commands) {
            CommandFrame frame = new CommandFrame.OfMember(id, command);
            assertThat(decoded(bytes(frame))).usingRecursiveComparison().isEqualTo(frame);
        }
    }

    @Test
    void shouldRefuseWhatIsCutOrTooLong() {
        for (CommandFrame frame : CommandSamples.all()) {
            byte[] bytes = bytes(frame);
            for (int length = 0; length < bytes.length; length++) {
                assertThat(decoded(Arrays.copyOf(bytes, length)))
                        .as(name(frame))
                        .isNull();
            }
            assertThat(decoded(Arrays.copyOf(bytes, bytes.length + 1)))
                    .as(name(frame))
                    .isNull();
        }
    }

    @Test
    void shouldRefuseOtherVersionsAndUnknownKinds() {
        byte[] hear = bytes(CommandSamples.all().get(7));
        for (int version = 0; version < 256; version++) {
            byte[] other = hear.clone();
            other[0] = (byte) version;
            assertThat(decoded(other) != null).isEqualTo(version == CommandFrame.VERSION);
        }
        Set<Byte> known = new HashSet<>();
        CommandSamples.all().forEach(frame -> known.add(bytes(frame)[1]));
        for (int kind = 0; kind < 256; kind++) {
            if (!known.contains((byte) kind)) {
                byte[] other = hear.clone();
                other[1] = (byte) kind;
                assertThat(decoded(other)).isNull();
            }
        }
    }

    @Test
    void shouldRefuseWhatNobodySays() {
        String settle = "0201" + "0000000900000007" + "03ac02";
        assertThat(decoded(settle + "01" + "2802" + "00")).isNotNull();
        assertThat(decoded(settle + "01" + "ffffffffffffffffff0102" + "00"))
                .as("an offset below 0")
                .isNull();
        assertThat(decoded(settle + "01" + "02ffffffffffffffff7f" + "00"))
                .as("an end beyond all")
                .isNull();
        assertThat(decoded(settle + "ffffffff07" + "2802" + "00"))
                .as("more than there is")
                .isNull();
        String found = "0264" + "c801" + "01" + "02ac02" + "00000009" + "00".repeat(24);
        assertThat(decoded(found + "06" + "00000002" + "0061")).isNotNull();
        assertThat(decoded(found + "06" + "00000001" + "0061"))
                .as("bytes behind a message")
                .isNull();
        assertThat(decoded(found + "06" + "00000002" + "0161")).as("no message").isNull();
        assertThat(decoded(found + "03" + "000000")).as("less than a message").isNull();
    }

    @Test
    void shouldAnswerMessagesOfLargerRuns() {
        // Given
        StoredRun run = CommandSamples.run(List.of("uno", "dos", "tres"), 5);
        int second = run.start() + 8;
        int third = second + 8;
        PartitionAnswer found =
                new PartitionAnswer.Found(List.of(new Browsed(2, 301, run, second), new Browsed(2, 302, run, third)));

        // When
        CommandFrame read = decoded(bytes(new CommandFrame.OfAnswer(1, found)));

        // Then
        List<Browsed> messages = ((PartitionAnswer.Found) content(Objects.requireNonNull(read))).messages();
        assertThat(messages.stream().map(CommandFrameTest::text)).containsExactly("dos", "tres");
        assertThat(messages.stream().map(Browsed::offset)).containsExactly(301L, 302L);
        assertThat(messages.get(1).run().baseOffset()).isEqualTo(302);
        assertThat(messages.get(1).run().publishTimeMs()).isEqualTo(run.publishTimeMs());
        assertThat(messages.get(1).run().bytes()).hasSize(9);
    }

    private static String text(Browsed message) {
        MessageView view = new MessageView();
        assertThat(view.read(message.run().bytes(), message.position())).isTrue();
        return view.payloadText();
    }

    @Test
    void shouldNeverThrowForGarbage() {
        // Given
        Random random = new Random(11);
        List<byte[]> good =
                CommandSamples.all().stream().map(CommandFrameTest::bytes).toList();
        int understood = 0;

        // When
        for (int i = 0; i < GARBAGE; i++) {
            byte[] bytes = random.nextInt(3) == 0 ? noise(random) : mutated(random, good.get(i % good.size()));
            CommandFrame read = decoded(bytes);
            if (read != null) {
                understood++;
                assertThat(bytes(Objects.requireNonNull(decoded(bytes(read))))).isEqualTo(bytes(read));
            }
        }

        // Then
        assertThat(understood).isPositive();
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[random.nextInt(100)];
        random.nextBytes(bytes);
        if (bytes.length > 1 && random.nextBoolean()) {
            bytes[0] = CommandFrame.VERSION;
            bytes[1] = (byte) random.nextInt(110);
        }
        return bytes;
    }

    private static byte[] mutated(Random random, byte[] good) {
        byte[] bytes = good.clone();
        int flips = 1 + random.nextInt(3);
        for (int i = 0; i < flips; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }

    private static byte[] bytes(CommandFrame frame) {
        ByteWriter out = new ByteWriter(16);
        frame.encode(out);
        return out.toByteArray();
    }

    private static @Nullable CommandFrame decoded(String hex) {
        return decoded(HexFormat.of().parseHex(hex));
    }

    private static @Nullable CommandFrame decoded(byte[] bytes) {
        return CommandFrame.decode(new ByteReader(bytes));
    }

    private static String name(CommandFrame frame) {
        return content(frame).getClass().getSimpleName();
    }

    private static Object content(CommandFrame frame) {
        if (frame instanceof CommandFrame.OfMember member) {
            return member.command();
        }
        if (frame instanceof CommandFrame.OfPartition partition) {
            return partition.command();
        }
        return frame instanceof CommandFrame.OfJoin join ? join.join() : ((CommandFrame.OfAnswer) frame).answer();
    }

    private static String golden(String actual) throws IOException {
        String text = "";
        try (InputStream in = CommandFrameTest.class.getResourceAsStream("/format/" + GOLDEN)) {
            text = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (!text.equals(actual)) {
            Path file = Path.of("target", "format", GOLDEN);
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.writeString(file, actual);
        }
        assertThat(text).as("golden file %s exists", GOLDEN).isNotEmpty();
        return text;
    }
}
