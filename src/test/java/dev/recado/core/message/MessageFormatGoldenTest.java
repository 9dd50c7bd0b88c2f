package dev.recado.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.group.GroupEffects;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.group.PartitionGroup;
import dev.recado.core.group.Strategy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Entries, runs, messages and groups as they were first released: today's code reads every version and writes the bytes
 * of the latest. What differs is left in {@code target/format}.
 */
class MessageFormatGoldenTest {

    private static final EntryHeader HEADER =
            new EntryHeader(EntryType.DATA, 3, 17, 2, 1, 4_711, 1_700_000_000_000L, 1_699_999_999_000L);
    private static final long LOG_MS = 1_700_000_000_000L;
    private static final GroupSettings KEY_ORDERED =
            GroupSettings.DEFAULT.with(GroupSettings.STRATEGY, Strategy.KEY_ORDERED);
    private static final byte[] PRODUCER = "till-7".getBytes(StandardCharsets.UTF_8);

    @Test
    void shouldReadAndWriteAnEntryOfTwoRuns() throws IOException {
        // Given
        ByteWriter plain = new ByteWriter(64);
        MessageLayout.write(plain, Drafts.plain("", Map.of(), "hola"));
        MessageLayout.write(plain, Drafts.plain("k", Map.of("color", "rojo"), ""));
        ByteWriter full = new ByteWriter(64);
        MessageLayout.write(full, full());
        ByteWriter out = new ByteWriter(256);
        int start = EntryLayout.begin(out);
        RunLayout.setHeader(out, out.skip(RunLayout.headerBytes(null)), 9, 40, 2, plain.size(), null, 0, 1);
        out.put(plain.toByteArray());
        RunLayout.setHeader(out, out.skip(RunLayout.headerBytes(PRODUCER)), 12, 0, 1, full.size(), PRODUCER, 1_000, 2);
        out.put(full.toByteArray());
        EntryLayout.finish(out, start, HEADER);
        // When
        byte[] golden = golden("entry-2.hex", out.toByteArray());
        // Then
        checkTwoRuns(golden, HEADER);
        assertThat(out.toByteArray()).isEqualTo(golden);
    }

    @Test
    void shouldReadAnEntryOfVersion1() throws IOException {
        // Given
        byte[] golden = golden("entry-1.hex", new byte[0]);
        long timeMs = HEADER.publishTimeMs();
        // Then
        checkTwoRuns(golden, new EntryHeader(EntryType.DATA, 3, 17, 2, 1, 4_711, timeMs, timeMs));
        assertThat(EntryLayout.body(golden, 0, golden.length).position()).isEqualTo(52);
    }

    private static void checkTwoRuns(byte[] golden, EntryHeader header) {
        assertThat(EntryLayout.read(golden, 0, golden.length)).isEqualTo(header);
        List<StoredRun> runs = Objects.requireNonNull(RunLayout.readAll(golden, 0, golden.length, header));
        assertThat(runs).hasSize(2).allMatch(run -> run.logTimeMs() == header.logTimeMs());
        assertThat(runs.get(0).endOffset()).isEqualTo(42);
        assertThat(runs.get(1).producer()).isEqualTo("till-7");
        assertThat(runs.get(1).firstSequence()).isEqualTo(1_000);
        assertThat(runs.get(1).stride()).isEqualTo(2);
        MessageView view = new MessageView();
        assertThat(view.read(golden, runs.get(0).messagesStart())).isTrue();
        assertThat(view.payloadText()).isEqualTo("hola");
        assertThat(view.read(golden, runs.get(1).messagesStart())).isTrue();
        assertThat(Drafts.describe(view)).isEqualTo(Drafts.describe(full()));
    }

    @Test
    void shouldReadAndWriteAGroup() throws IOException {
        // Given
        PartitionGroup group = new PartitionGroup(KEY_ORDERED, 100);
        GroupEffects none = (offset, attempts, reason) -> {};
        group.onEnd(200);
        group.join(1, 7);
        group.join(2, 7);
        int member = 0;
        for (int i = 0; i < 7; i++) {
            member = group.assign(group.next(0), 5, 0);
        }
        group.ack(member, 100, 101);
        group.ack(member, 104, 104);
        group.nack(member, 103, 0, 1_000, none);
        group.assign(group.next(1_000), 5, 1_000);
        group.nack(member, 102, 60_000, 1_000, none);
        for (long offset = group.next(1_000); offset != PartitionGroup.NONE; offset = group.next(1_000)) {
            group.assign(offset, 5, 1_000);
        }
        ByteWriter progress = new ByteWriter(64);
        group.writeProgress(1_000, LOG_MS, progress);
        ByteWriter state = new ByteWriter(64);
        group.writeState(1_000, LOG_MS, state);
        // When
        byte[] goldenProgress = golden("group-progress-2.hex", progress.toByteArray());
        byte[] goldenState = golden("group-state-2.hex", state.toByteArray());
        // Then
        for (PartitionGroup each : read(KEY_ORDERED, 2, goldenProgress, goldenState)) {
            assertThat(each.waiting()).isEqualTo(1);
            assertThat(each.cursor()).isEqualTo(200);
            assertThat(each.floor()).isEqualTo(102);
            assertThat(each.isFinished(104)).isTrue();
            assertThat(each.attempt(103)).isEqualTo(2);
            each.onRecovered(50_000, LOG_MS + 59_999, stamp -> LOG_MS + 59_999 - stamp, none);
            assertThat(each.waiting()).isEqualTo(1);
            assertThat(each.nextDeadlineMs()).isEqualTo(50_001);
        }
        assertThat(progress.toByteArray()).isEqualTo(goldenProgress);
        assertThat(state.toByteArray()).isEqualTo(goldenState);
    }

    @Test
    void shouldReadAGroupOfVersion1() throws IOException {
        // Given
        byte[] progress = golden("group-progress-1.hex", new byte[0]);
        byte[] state = golden("group-state-1.hex", new byte[0]);
        // Then
        for (PartitionGroup each : read(GroupSettings.DEFAULT, 1, progress, state)) {
            assertThat(each.floor()).isEqualTo(102);
            assertThat(each.isFinished(104)).isTrue();
            assertThat(each.attempt(102)).isEqualTo(2);
            assertThat(each.waiting()).isZero();
        }
    }

    /** The group that followed the log, and the one that a state file kept. */
    private static List<PartitionGroup> read(GroupSettings settings, int version, byte[] progress, byte[] state) {
        PartitionGroup followed = new PartitionGroup(settings, 100);
        ByteReader delta = new ByteReader(progress);
        followed.applyProgress(version, delta);
        assertThat(delta.consumed()).isTrue();
        ByteReader in = new ByteReader(state);
        PartitionGroup restored = PartitionGroup.readState(settings, version, in);
        assertThat(in.consumed()).isTrue();
        return List.of(followed, restored);
    }

    /** A message with every field. */
    private static Draft full() {
        Draft draft = Drafts.plain("clave", Map.of("reply-to", "inbox/1/0"), "one,two");
        draft.nativeCodec = 1;
        draft.nativeBytes = new byte[] {0, 1, 2};
        draft.nativeLength = 3;
        draft.partCount = 2;
        draft.partLengths = new int[] {3, 4};
        draft.priority = 9;
        draft.ttlMs = 60_000;
        draft.deliverAtMs = 1_700_000_100_000L;
        return draft;
    }

    private static byte[] golden(String name, byte[] actual) throws IOException {
        String text = "";
        try (InputStream in = MessageFormatGoldenTest.class.getResourceAsStream("/format/" + name)) {
            text = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
        String hex = HexFormat.of().formatHex(actual);
        if (actual.length > 0 && !text.equals(hex)) {
            Path file = Path.of("target", "format", name);
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.writeString(file, hex + "\n");
        }
        assertThat(text).as("golden file %s exists", name).isNotEmpty();
        return HexFormat.of().parseHex(text);
    }
}
