package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.recado.cli.Progress;
import dev.recado.journal.DataDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {

    private final Path folder;

    private final Progress progress = Progress.ofBytes(line -> {}, "done");
    private final Path data;
    private final Path archive;

    ArchiveTest(@TempDir Path folder) {
        this.folder = folder;
        data = folder.resolve("data");
        archive = folder.resolve("backup.zip");
    }

    @BeforeEach
    void makeData() throws IOException {
        byte[] bytes = new byte[300_000];
        new Random(7).nextBytes(bytes);
        Files.createDirectories(data);
        Files.write(data.resolve("state"), bytes);
        Files.createDirectories(data.resolve("topics/a b/0"));
        Files.write(data.resolve("topics/a b/0/ñ.segment"), new byte[1_000]);
        Files.write(data.resolve("empty"), new byte[0]);
        Files.writeString(data.resolve(DataDirectory.LOCK), "1");
    }

    @Test
    void shouldRestoreWhatItBackedUp() throws IOException {
        // Given
        Files.createDirectories(data.resolve("lost+found/of-the-volume"));
        Files.createDirectories(data.resolve("spill/a/0"));
        Files.write(data.resolve("spill/a/0/left.segment"), new byte[1_000]);
        Archive.Totals written = Archive.write(data, archive, progress);
        Path restored = folder.resolve("restored");

        // When
        Archive.Totals read = Archive.restore(archive, restored, progress);

        // Then
        assertThat(written).isEqualTo(new Archive.Totals(3, 301_000)).isEqualTo(read);
        assertRestored(restored);
        assertThat(restored.resolve(DataDirectory.LOCK)).doesNotExist();
        assertThat(folder).isDirectoryNotContaining("glob:**.partial");
    }

    /** A volume's mount point cannot be removed and renamed over; a fresh one is not quite empty. */
    @Test
    void shouldFillADirectoryThatIsThere() throws IOException {
        // Given
        Archive.write(data, archive, progress);
        Path mounted = Files.createDirectories(folder.resolve("mounted"));
        Files.createDirectories(mounted.resolve("lost+found"));
        Object key = Files.readAttributes(mounted, BasicFileAttributes.class).fileKey();

        // When
        Archive.restore(archive, mounted, progress);

        // Then
        assertRestored(mounted);
        assertThat(Files.readAttributes(mounted, BasicFileAttributes.class).fileKey())
                .isEqualTo(key);
        assertThat(mounted.resolve("lost+found")).exists();
        assertThat(mounted).isDirectoryNotContaining("glob:**.partial");
    }

    @Test
    void shouldNeverRestoreOverData() throws IOException {
        // Given
        Archive.write(data, archive, progress);

        // When / Then
        assertThatThrownBy(() -> Archive.restore(archive, data, progress)).hasMessageContaining("is not empty");
    }

    @Test
    void shouldRefuseADamagedArchiveWhereverItIsDamaged() throws IOException {
        // Given
        Archive.write(data, archive, progress);
        byte[] whole = Files.readAllBytes(archive);
        // Of the ZIP's central directory, which nothing here reads, damage is harmless: it starts at the last manifest.
        int end = new String(whole, StandardCharsets.ISO_8859_1).indexOf("PK\1\2");

        for (long seed = 0; seed < 100; seed++) {
            byte[] damaged = whole.clone();
            damaged[40 + new Random(seed).nextInt(end - 40)] ^= 0x55;
            Files.write(archive, damaged);
            Path restored = folder.resolve("restored-" + seed);

            // When
            Throwable thrown = catchThrowable(() -> Archive.restore(archive, restored, progress));

            // Then
            if (thrown == null) {
                assertRestored(restored);
            } else {
                assertThat(thrown).as("seed " + seed).isInstanceOf(IOException.class);
                assertThat(restored).doesNotExist();
            }
            assertThat(folder).isDirectoryNotContaining("glob:**.partial");
        }
    }

    @Test
    void shouldRefuseAnUnfinishedArchive() throws IOException {
        // Given
        Archive.write(data, archive, progress);
        byte[] whole = Files.readAllBytes(archive);

        for (int length = 0; length < whole.length - 2_000; length += 10_007) {
            Files.write(archive, Arrays.copyOf(whole, length));

            // When / Then
            assertThatThrownBy(() -> Archive.restore(archive, folder.resolve("restored"), progress))
                    .as("length " + length)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void shouldNotFollowNamesThatLeadOutOfTheDirectory() throws IOException {
        // Given
        try (OutputStream out = Files.newOutputStream(archive);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("../escaped"));
            zip.closeEntry();
        }

        // When / Then
        assertThatThrownBy(() -> Archive.restore(archive, folder.resolve("restored"), progress))
                .hasMessageContaining("leads out");
        assertThat(folder.resolve("escaped")).doesNotExist();
    }

    private void assertRestored(Path restored) {
        for (String name : new String[] {"state", "topics/a b/0/ñ.segment", "empty"}) {
            assertThat(restored.resolve(name)).hasSameBinaryContentAs(data.resolve(name));
        }
    }
}
