package dev.recado.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.message.EntryHeader;
import dev.recado.core.message.EntryLayout;
import dev.recado.core.message.EntryType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Files as they were first released: today's code reads every version, and writes the bytes of the latest. The hex
 * files name the size, then each 32 bytes that are not all zero with their place. What differs is left in {@code
 * target/format}.
 */
class FormatGoldenTest {

    private static final int ROW_BYTES = 32;
    private static final String JOURNAL_PATH = JournalLayout.path(1);
    private static final String SEGMENT_PATH = "topics/uuid/0/" + SegmentLayout.name(40);

    @Test
    void shouldReadAndWriteTheJournal() throws IOException {
        // Given
        SimDisk disk = new SimDisk(1);
        JournalWriter writer = JournalWriter.resume(
                disk, new JournalSettings(16 * 1024, 1, 1), RecoveredJournal.none(), 0, () -> 0x0123456789ABCDEFL);
        byte[] entry = Entries.entry(3, 1, 1, 0, "hello".getBytes(StandardCharsets.UTF_8));
        writer.addPromise(3, 1, "n1/store", 77);
        writer.add(entry, 0, entry.length);
        writer.write(true);
        writer.addTruncate(3, 2, 1, 1);
        writer.write(true);
        writer.writeMark();
        // When
        byte[] golden = golden("journal-2.hex", disk.content(JOURNAL_PATH));
        // Then
        SimDisk fresh = new SimDisk(2);
        put(fresh, JOURNAL_PATH, golden);
        Entries.Collector seen = new Entries.Collector();
        RecoveredJournal recovered = JournalRecovery.recover(fresh, 0, seen);
        assertThat(seen.entries).containsExactly(entry);
        assertThat(seen.records).containsExactly("promise 3 1 n1/store 77", "truncate 3 2 1 1");
        assertThat(recovered.endPosition()).isEqualTo(3 * 512);
        assertThat(disk.content(JOURNAL_PATH)).isEqualTo(golden);
    }

    @Test
    void shouldReadAJournalWithEntriesOfVersion1() throws IOException {
        // Given
        SimDisk disk = new SimDisk(1);
        put(disk, JOURNAL_PATH, golden("journal-1.hex", new byte[0]));
        // When
        Entries.Collector seen = new Entries.Collector();
        RecoveredJournal recovered = JournalRecovery.recover(disk, 0, seen);
        // Then
        byte[] entry = seen.entries.get(0);
        assertThat(EntryLayout.read(entry, 0, entry.length))
                .isEqualTo(new EntryHeader(EntryType.DATA, 3, 1, 1, 0, 1, 1001, 1001));
        ByteReader body = EntryLayout.body(entry, 0, entry.length);
        assertThat(new String(body.readBytes(body.remaining()), StandardCharsets.UTF_8))
                .isEqualTo("hello");
        assertThat(recovered.endPosition()).isEqualTo(3 * 512);
    }

    @Test
    void shouldReadAndWriteSegmentAndState() throws IOException {
        // Given
        SimDisk disk = new SimDisk(1);
        SegmentStore store = new SegmentStore(disk, SegmentSettings.defaults());
        store.open(9, "topics/uuid/0");
        store.append(List.of(
                Runs.run(9, 40, 2, "hello".getBytes(StandardCharsets.UTF_8), 1234, 1134),
                Runs.run(9, 50, 1, "world".getBytes(StandardCharsets.UTF_8), 1035, 1135)));
        ByteWriter section = new ByteWriter(64);
        store.writeState(section);
        StateFile.write(
                disk,
                4096,
                new TreeMap<>(Map.of(SegmentStore.STATE_SECTION, section.toByteArray(), "other", new byte[] {1, 2})));
        // When
        byte[] segment = golden("segment-2.hex", disk.content(SEGMENT_PATH));
        byte[] state = golden("state-2.hex", disk.content("state-0"));
        // Then
        SegmentStore again = read(segment, state);
        assertThat(Runs.texts(again.read(9, 0, 1000)))
                .containsExactly(
                        Runs.text(Runs.run(9, 40, 2, "hello".getBytes(StandardCharsets.UTF_8), 1234, 1134)),
                        Runs.text(Runs.run(9, 50, 1, "world".getBytes(StandardCharsets.UTF_8), 1035, 1135)));
        assertThat(again.segments(9).get(0).lastPublishTimeMs()).isEqualTo(1234);
        assertThat(again.segments(9).get(0).lastLogTimeMs()).isEqualTo(1135);
        assertThat(disk.content(SEGMENT_PATH)).isEqualTo(segment);
        assertThat(disk.content("state-0")).isEqualTo(state);
    }

    @Test
    void shouldReadSegmentAndStateOfVersion1() throws IOException {
        // Given
        byte[] segment = golden("segment-1.hex", new byte[0]);
        byte[] state = golden("state-1.hex", new byte[0]);
        // When
        SegmentStore store = read(segment, state);
        // Then
        assertThat(Runs.texts(store.read(9, 0, 1000)))
                .containsExactly(
                        Runs.text(Runs.run(9, 40, 2, "hello".getBytes(StandardCharsets.UTF_8), 1234)),
                        Runs.text(Runs.run(9, 50, 1, "world".getBytes(StandardCharsets.UTF_8), 1235)));
        assertThat(store.segments(9).get(0).lastLogTimeMs()).isEqualTo(1235);
        assertThat(store.offsetLoggedAt(9, 1235)).isEqualTo(50);
    }

    private static SegmentStore read(byte[] segment, byte[] state) {
        SimDisk fresh = new SimDisk(2);
        put(fresh, SEGMENT_PATH, segment);
        StateFile.State read = Objects.requireNonNull(StateFile.decode(state));
        assertThat(read.journalPosition()).isEqualTo(4096);
        SegmentStore again = new SegmentStore(fresh, SegmentSettings.defaults());
        again.readState(new ByteReader(read.sections().getOrDefault(SegmentStore.STATE_SECTION, new byte[0])));
        return again;
    }

    @Test
    void shouldReadAndWriteTheIdentity() throws IOException {
        // Given
        SimDisk disk = new SimDisk(1);
        DataDirectory.open(disk, "n1", new java.util.UUID(1, 2), () -> new java.util.UUID(3, 4))
                .close();
        // When
        byte[] golden = golden("identity-1.hex", disk.content(DataDirectory.IDENTITY));
        // Then
        SimDisk fresh = new SimDisk(2);
        put(fresh, DataDirectory.IDENTITY, golden);
        assertThat(DataDirectory.readIdentity(fresh))
                .isEqualTo(new DataDirectory.Identity(
                        new java.util.UUID(1, 2), "n1", new java.util.UUID(3, 4), DataDirectory.SHARDS));
        assertThat(disk.content(DataDirectory.IDENTITY)).isEqualTo(golden);
    }

    private static void put(SimDisk disk, String path, byte[] bytes) {
        if (!Disk.parent(path).isEmpty()) {
            disk.createDirectories(Disk.parent(path));
        }
        try (DiskFile file = disk.open(path, true)) {
            file.write(new ByteBuffer[] {ByteBuffer.wrap(bytes)}, 0);
        }
    }

    private static byte[] golden(String name, byte[] actual) throws IOException {
        String text = "";
        try (InputStream in = FormatGoldenTest.class.getResourceAsStream("/format/" + name)) {
            text = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (actual.length > 0 && !text.equals(toText(actual))) {
            Path file = Path.of("target", "format", name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, toText(actual));
        }
        assertThat(text).as("golden file %s exists", name).isNotEmpty();
        return toBytes(text);
    }

    private static String toText(byte[] bytes) {
        StringBuilder text = new StringBuilder("size " + bytes.length + "\n");
        byte[] zeros = new byte[ROW_BYTES];
        for (int at = 0; at < bytes.length; at += ROW_BYTES) {
            int length = Math.min(ROW_BYTES, bytes.length - at);
            if (!java.util.Arrays.equals(bytes, at, at + length, zeros, 0, length)) {
                text.append(at)
                        .append(' ')
                        .append(HexFormat.of().formatHex(bytes, at, at + length))
                        .append('\n');
            }
        }
        return text.toString();
    }

    private static byte[] toBytes(String text) {
        byte[] bytes = {};
        for (String line : text.lines().toList()) {
            String[] words = line.split(" ");
            if (words[0].equals("size")) {
                bytes = new byte[Integer.parseInt(words[1])];
            } else {
                byte[] row = HexFormat.of().parseHex(words[1]);
                System.arraycopy(row, 0, bytes, Integer.parseInt(words[0]), row.length);
            }
        }
        return bytes;
    }
}
