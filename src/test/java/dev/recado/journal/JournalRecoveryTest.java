package dev.recado.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JournalRecoveryTest {

    private static final JournalSettings SETTINGS = new JournalSettings(16 * 1024, 32 * 1024, 64 * 1024);

    private final SimDisk disk = new SimDisk(1);
    private final Entries entries = new Entries();
    private final List<byte[]> written = new ArrayList<>();
    private final List<Long> positions = new ArrayList<>();

    private JournalWriter fill(int groups) {
        JournalWriter writer = JournalWriter.create(disk, SETTINGS);
        for (int i = 0; i < groups; i++) {
            byte[] body = new byte[300 + i % 7 * 100];
            body[0] = (byte) i;
            byte[] entry = entries.next(i % 2, 1, body);
            writer.add(entry, 0, entry.length);
            positions.add(writer.position());
            writer.write(true);
            written.add(entry);
        }
        return writer;
    }

    private static Entries.Collector recover(Disk disk, long from) {
        Entries.Collector seen = new Entries.Collector();
        JournalRecovery.recover(disk, from, seen);
        return seen;
    }

    @Test
    void shouldFindNothingInAnEmptyDirectory() {
        // When
        RecoveredJournal recovered = JournalRecovery.recover(disk, 0, new Entries.Collector());
        // Then
        assertThat(recovered.endPosition()).isZero();
        assertThat(recovered.shards()).isEmpty();
    }

    @Test
    void shouldBeginAtEveryGroup() {
        // Given
        fill(40);
        // Then
        for (int i = 0; i < 40; i++) {
            Entries.Collector seen = recover(disk, positions.get(i));
            assertThat(seen.entries).hasSize(40 - i);
            assertThat(seen.positions.get(0)).isEqualTo(positions.get(i));
        }
    }

    @Test
    void shouldRecoverAPrefixOrReportWhenAFileIsCutAtAnyByte() {
        // Given
        fill(40);
        List<String> names = disk.list(DataDirectory.JOURNAL);
        int damages = 0;
        for (String name : names.subList(names.size() - 2, names.size())) {
            String path = DataDirectory.JOURNAL + "/" + name;
            for (int size = disk.content(path).length; size >= 0; size--) {
                // When
                SimDisk cut = disk.copy(size);
                cut.cut(path, size);
                Entries.Collector seen = new Entries.Collector();
                try {
                    JournalRecovery.recover(cut, 0, seen);
                } catch (DamagedException e) {
                    damages++;
                }
                // Then
                for (int i = 0; i < seen.entries.size(); i++) {
                    assertThat(seen.entries.get(i)).isEqualTo(written.get(i));
                }
            }
        }
        assertThat(damages).isGreaterThan(8000);
    }

    @Test
    void shouldReportWhenTheJournalEndsBelowTheCheckpoint() {
        // Given
        JournalWriter writer = fill(10);
        long end = writer.position();
        disk.cut(path(0), JournalLayout.FILE_DATA_AT + 512);
        // Then
        assertThatThrownBy(() -> recover(disk, end)).isInstanceOf(DamagedException.class);
    }

    @Test
    void shouldReportAMissingFile() {
        // Given
        fill(60);
        assertThat(disk.list(DataDirectory.JOURNAL)).hasSizeGreaterThan(3);
        disk.delete(path(1));
        // Then
        assertThatThrownBy(() -> recover(disk, 0))
                .isInstanceOfSatisfying(
                        DamagedException.class, e -> assertThat(e.file()).isEqualTo(path(0)));
    }

    @Test
    void shouldReportAMissingFirstFile() {
        // Given
        fill(60);
        disk.delete(path(0));
        // Then
        assertThatThrownBy(() -> recover(disk, 0)).isInstanceOf(DamagedException.class);
    }

    @Test
    void shouldAttributeABrokenChainToItsShard() {
        // Given
        JournalWriter writer = fill(4);
        byte[] stray = Entries.entry(1, 9, 1, 1, new byte[1]);
        writer.add(stray, 0, stray.length);
        writer.write(true);
        // Then
        assertThatThrownBy(() -> recover(disk, 0))
                .isInstanceOfSatisfying(
                        DamagedException.class, e -> assertThat(e.shard()).isEqualTo(1));
    }

    @Test
    void shouldReadTheHeaderFromItsCopy() {
        // Given
        fill(3);
        disk.flip(path(0), 20, 3);
        // Then
        assertThat(recover(disk, 0).entries).hasSize(3);
    }

    @Test
    void shouldNotBringBackWhatATornTailHeld() {
        // Given
        JournalWriter writer = fill(2);
        for (int i = 0; i < 3; i++) {
            byte[] entry = entries.next(0, 1, new byte[400]);
            writer.add(entry, 0, entry.length);
            writer.write(false);
        }
        disk.flip(path(0), JournalLayout.FILE_DATA_AT + 1024 + 100, 1);
        disk.kill();
        RecoveredJournal recovered = JournalRecovery.recover(disk, 0, new Entries.Collector());
        assertThat(recovered.tornTail()).isTrue();
        // When
        JournalWriter next = JournalWriter.resume(disk, SETTINGS, recovered);
        byte[] entry = Entries.entry(0, 2, 2, 1, new byte[400]);
        next.add(entry, 0, entry.length);
        next.write(true);
        disk.kill();
        // Then
        written.add(entry);
        assertThat(recover(disk, 0).entries).hasSize(3);
        assertThat(recover(disk, 0).entries.get(2)).isEqualTo(entry);
    }

    @Test
    void shouldNotBringBackWhatAnEarlierUseOfTheFileHeld() {
        // Given
        JournalWriter writer = fill(0);
        for (int i = 0; i < 2; i++) {
            byte[] entry = entries.next(0, 1, new byte[400]);
            writer.add(entry, 0, entry.length);
            writer.write(false);
        }
        disk.flip(path(0), JournalLayout.FILE_DATA_AT + 100, 1);
        disk.kill();
        JournalWriter next =
                JournalWriter.resume(disk, SETTINGS, JournalRecovery.recover(disk, 0, new Entries.Collector()));
        // When
        byte[] entry = Entries.entry(0, 1, 1, 0, new byte[400]);
        next.add(entry, 0, entry.length);
        next.write(true);
        disk.kill();
        // Then
        assertThat(disk.list(DataDirectory.JOURNAL)).hasSize(1);
        assertThat(recover(disk, 0).entries).containsExactly(entry);
    }

    private String path(int index) {
        return DataDirectory.JOURNAL + "/" + disk.list(DataDirectory.JOURNAL).get(index);
    }
}
