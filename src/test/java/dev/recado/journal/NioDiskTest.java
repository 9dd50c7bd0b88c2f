package dev.recado.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NioDiskTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before each test
    Path root;

    @Test
    void shouldSayWhereNoDataDirectoryCanBeMade() {
        IOException none = new NoSuchFileException("data");
        assertThat(new NioDisk(root).failure("create directory", "", none))
                .hasMessage("no data directory can be made there path=" + root);
    }

    @Test
    void shouldWriteReadCutAndGrow() {
        // Given
        NioDisk disk = new NioDisk(root.resolve("data"));
        disk.createDirectories("a/b");
        try (DiskFile file = disk.open("a/b/f", true)) {
            ByteBuffer direct =
                    ByteBuffer.allocateDirect(3).put(new byte[] {1, 2, 3}).flip();
            // When
            file.write(new ByteBuffer[] {direct, direct.duplicate()}, 0);
            file.write(new ByteBuffer[] {ByteBuffer.wrap(new byte[] {9})}, 1);
            file.sync();
            file.truncate(10);
            // Then
            ByteBuffer read = ByteBuffer.allocate(16);
            assertThat(file.read(read, 0)).isEqualTo(10);
            assertThat(read.array()).startsWith(1, 9, 3, 1, 2, 3, 0, 0, 0, 0);
            file.truncate(2);
            assertThat(file.size()).isEqualTo(2);
            assertThat(file.read(ByteBuffer.allocate(4), 2)).isZero();
        }
        assertThat(disk.size("a/b/f")).isEqualTo(2);
        assertThat(disk.size("a/b/none")).isZero();
    }

    @Test
    void shouldMoveLargeHeapBuffersWhole() {
        // Given
        NioDisk disk = new NioDisk(root);
        byte[] bytes = new byte[1_000_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31 >> 3);
        }
        try (DiskFile file = disk.open("f", true)) {
            // When
            file.write(new ByteBuffer[] {ByteBuffer.wrap(bytes)}, 5);
            // Then
            ByteBuffer read = ByteBuffer.allocate(bytes.length);
            assertThat(file.read(read, 5)).isEqualTo(bytes.length);
            assertThat(read.array()).isEqualTo(bytes);
        }
    }

    /** Else it was tried again for a minute, as the trial in its directory finds nothing wrong. */
    @Test
    void shouldTellWhatIsNoFile() throws IOException {
        // Given
        NioDisk disk = new NioDisk(root);
        disk.createDirectories("d");
        Files.createSymbolicLink(root.resolve("circle"), root.resolve("circle"));

        for (String path : List.of("d", "circle")) {
            // When
            assertThatThrownBy(() -> disk.open(path, false))
                    // Then
                    .hasMessage("open of what is no file path=" + path)
                    .extracting(failure -> ((StorageException) failure).passes())
                    .isEqualTo(false);
        }
    }

    @Test
    void shouldListRenameAndDelete() {
        // Given
        NioDisk disk = new NioDisk(root);
        disk.createDirectories("d");
        disk.open("d/y", true).close();
        disk.open("d/x", true).close();
        // When
        disk.rename("d/x", "d/z");
        disk.delete("d/y");
        disk.delete("d/y");
        disk.syncDirectory("d");
        // Then
        assertThat(disk.list("d")).containsExactly("z");
        assertThat(disk.list("nothing")).isEmpty();
        assertThat(disk.exists("d/z")).isTrue();
        assertThat(disk.freeBytes()).isPositive();
        assertThatThrownBy(() -> disk.open("d/x", false))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(StorageException.Kind.MISSING));
    }

    @Test
    void shouldNameTheHolderOfALock() throws Exception {
        // Given
        NioDisk disk = new NioDisk(root.resolve("new"));
        AutoCloseable lock = disk.lock("lock");
        // Then
        assertThatThrownBy(() -> new NioDisk(root.resolve("new")).lock("lock"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("in use")
                .hasMessageContaining("pid=" + ProcessHandle.current().pid())
                .hasMessageContaining("host=");
        lock.close();
        disk.lock("lock").close();
    }

    @Test
    void shouldCarryTheWholeStore() {
        // Given
        NioDisk disk = new NioDisk(root.resolve("data"));
        JournalSettings settings = new JournalSettings(64 * 1024, 1, 1);
        Entries entries = new Entries();
        DataDirectory.open(disk, null, null, UUID::randomUUID).close();
        JournalWriter writer = JournalWriter.create(disk, settings);
        SegmentStore store = new SegmentStore(disk, new SegmentSettings(8192, 512, 2048, 0));
        store.open(1, "topics/u/0");
        // When
        for (int i = 0; i < 100; i++) {
            byte[] entry = entries.next(0, 1, new byte[2000]);
            writer.add(entry, 0, entry.length);
            writer.write(i % 10 == 0);
            writer.prepareNext();
            store.append(List.of(Runs.run(1, i, 1, new byte[200], i)));
        }
        writer.close();
        ByteWriter section = new ByteWriter(64);
        store.writeState(section);
        store.close();
        // Then
        Entries.Collector seen = new Entries.Collector();
        JournalRecovery.recover(disk, 0, seen);
        assertThat(seen.entries).hasSize(100);
        SegmentStore again = new SegmentStore(disk, new SegmentSettings(8192, 512, 2048, 0));
        again.readState(new ByteReader(section.toByteArray()));
        assertThat(again.read(1, 50, 1).get(0).baseOffset()).isEqualTo(50);
        again.close();
    }

    @Test
    void shouldReallyAllocateThePreparedFile() throws IOException {
        // Given
        NioDisk disk = new NioDisk(root);
        JournalWriter writer = JournalWriter.create(disk, new JournalSettings(4 << 20, 1, 1));
        // When
        writer.prepareNext();
        // Then
        String name = disk.list(DataDirectory.JOURNAL).get(1);
        Path file = root.resolve(DataDirectory.JOURNAL).resolve(name);
        assertThat(Files.size(file)).isEqualTo(4 << 20);
        Process du = new ProcessBuilder("du", "-k", Objects.requireNonNull(file).toString()).start();
        String kibibytes = new String(du.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(Long.parseLong(kibibytes.split("\\s")[0])).isGreaterThanOrEqualTo(4096);
        writer.close();
    }

    @Test
    void shouldTellWhereItMadeDirectories() {
        // Given
        NioDisk disk = new NioDisk(root);
        // When, then
        assertThat(disk.makeDirectories("topics/one/0")).containsExactly("", "topics", "topics/one");
        assertThat(disk.makeDirectories("topics/one/1")).containsExactly("topics/one");
        assertThat(disk.makeDirectories("topics/one/1")).isEmpty();
        disk.syncDirectories(List.of("", "topics", "topics/one"));
        assertThat(disk.list("topics/one")).containsExactly("0", "1");
    }
}
