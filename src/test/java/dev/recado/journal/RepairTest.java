package dev.recado.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.message.StoredRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RepairTest {

    private static final JournalSettings JOURNAL = new JournalSettings(16 * 1024, 32 * 1024, 64 * 1024);
    private static final SegmentSettings SEGMENTS = new SegmentSettings(4096, 256, 1024, 10);

    private final SimDisk disk = new SimDisk(1);
    private long checkpoint;

    /** Forty groups, a checkpoint after twenty, eighty runs in segments. */
    private void fill() {
        Entries entries = new Entries();
        JournalWriter writer = JournalWriter.create(disk, JOURNAL);
        SegmentStore store = new SegmentStore(disk, SEGMENTS);
        store.open(5, "topics/uuid/0");
        for (int i = 0; i < 80; i++) {
            store.append(List.of(Runs.run(5, i, 1, new byte[100], i)));
        }
        for (int i = 0; i < 40; i++) {
            if (i == 20) {
                checkpoint = writer.position();
                ByteWriter section = new ByteWriter(64);
                store.writeState(section);
                StateFile.write(disk, checkpoint, Map.of(SegmentStore.STATE_SECTION, section.toByteArray()));
            }
            byte[] entry = entries.next(i % 2, 1, new byte[700]);
            writer.add(entry, 0, entry.length);
            writer.write(true);
        }
        writer.close();
        disk.kill();
    }

    private List<Long> offsetsRead() {
        SegmentStore store = new SegmentStore(disk, SEGMENTS);
        byte[] section = Objects.requireNonNull(StateFile.read(disk)).sections().get(SegmentStore.STATE_SECTION);
        store.readState(new ByteReader(Objects.requireNonNull(section)));
        List<Long> offsets = new ArrayList<>();
        long from = 0;
        for (List<StoredRun> runs = store.read(5, from, 500); !runs.isEmpty(); runs = store.read(5, from, 500)) {
            runs.forEach(run -> offsets.add(run.baseOffset()));
            from = runs.get(runs.size() - 1).endOffset();
        }
        return offsets;
    }

    @Test
    void shouldFindNothingWrongInAHealthyDirectory() {
        // Given
        fill();
        Map<String, Integer> before = disk.fingerprint();
        // When
        Repair.Report report = Repair.verify(disk);
        // Then
        assertThat(report.damages()).isEmpty();
        assertThat(report.entryCount()).isEqualTo(20);
        assertThat(report.segmentCount()).isGreaterThan(2);
        assertThat(disk.fingerprint()).isEqualTo(before);
    }

    @Test
    void shouldReadWhatIsSoundBehindDamageOfTheJournal() {
        // Given
        fill();
        String path = DataDirectory.JOURNAL + "/"
                + disk.list(DataDirectory.JOURNAL)
                        .get(disk.list(DataDirectory.JOURNAL).size() - 2);
        disk.flip(path, JournalLayout.FILE_DATA_AT + 100, 1);
        assertThat(Repair.verify(disk).damages()).hasSize(1);
        List<DamagedException> damages = new ArrayList<>();
        Entries.Collector seen = new Entries.Collector();
        // When
        RecoveredJournal salvaged = JournalRecovery.salvage(disk, checkpoint, seen, damages::add, true);
        // Then
        assertThat(damages).singleElement().satisfies(damage -> assertThat(damage.file())
                .isEqualTo(path));
        assertThat(seen.entries).hasSize(19);
        JournalWriter.resume(disk, JOURNAL, salvaged).close();
        assertThat(JournalRecovery.recover(disk, salvaged.endPosition(), new Entries.Collector())
                        .endPosition())
                .isEqualTo(salvaged.endPosition());
    }

    @Test
    void shouldBeginAnewWhereTheJournalIsGone() {
        // Given
        fill();
        disk.list(DataDirectory.JOURNAL).forEach(name -> disk.delete(DataDirectory.JOURNAL + "/" + name));
        List<DamagedException> damages = new ArrayList<>();
        // When
        RecoveredJournal salvaged =
                JournalRecovery.salvage(disk, checkpoint, new Entries.Collector(), damages::add, true);
        // Then
        assertThat(damages).hasSize(1);
        JournalWriter.resume(disk, JOURNAL, salvaged).close();
        RecoveredJournal recovered = JournalRecovery.recover(disk, checkpoint, new Entries.Collector());
        assertThat(recovered.endPosition()).isEqualTo(checkpoint);
    }

    @Test
    void shouldTurnADamagedRunIntoAGap() {
        // Given
        fill();
        String path = "topics/uuid/0/" + disk.list("topics/uuid/0").get(1);
        disk.flip(path, SegmentLayout.FILE_HEADER_BYTES + 40, 1);
        assertThat(Repair.verify(disk).damages()).singleElement().satisfies(damage -> assertThat(damage.partition())
                .isEqualTo(5));
        // When
        Repair.mendSegments(disk);
        // Then
        assertThat(Repair.verify(disk).damages()).isEmpty();
        assertThat(offsetsRead()).hasSize(79);
    }

    @Test
    void shouldTurnAMissingSegmentIntoAGap() {
        // Given
        fill();
        disk.delete("topics/uuid/0/" + disk.list("topics/uuid/0").get(0));
        // When
        Repair.mendSegments(disk);
        // Then
        assertThat(Repair.verify(disk).damages()).isEmpty();
        assertThat(offsetsRead()).isNotEmpty().doesNotContain(0L).contains(79L);
    }

    @Test
    void shouldSayWhenTheStateIsBeyondRepair() {
        // Given
        fill();
        disk.flip("state-0", 9, 1);
        // When
        Repair.Report report = Repair.mendSegments(disk);
        // Then
        assertThat(report.damages()).hasSize(1);
        assertThat(Repair.verify(disk).damages()).hasSize(1);
    }

    @Test
    void shouldMendWhateverBitsFlipInSegments() {
        fill();
        for (int seed = 0; seed < 300; seed++) {
            // Given
            SimDisk hurt = disk.copy(seed);
            Random random = new Random(seed);
            List<String> paths = hurt.fingerprint().keySet().stream()
                    .filter(path -> path.endsWith(".segment"))
                    .toList();
            for (int i = 0; i < 1 + random.nextInt(4); i++) {
                String path = paths.get(random.nextInt(paths.size()));
                hurt.flip(path, random.nextInt(hurt.content(path).length), random.nextInt(8));
            }
            // When
            Repair.mendSegments(hurt);
            // Then
            assertThat(Repair.verify(hurt).damages()).as("seed %s", seed).isEmpty();
        }
    }
}
