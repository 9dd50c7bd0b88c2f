package dev.recado.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.journal.RecoveredJournal.Promise;
import dev.recado.journal.RecoveredJournal.ShardTail;
import dev.recado.journal.StorageException.Kind;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalWriterTest {

    private static final JournalSettings SETTINGS = new JournalSettings(16 * 1024, 32 * 1024, 64 * 1024);

    private final SimDisk disk = new SimDisk(1);
    private final Entries entries = new Entries();

    private void write(JournalWriter writer, int bodyBytes) {
        byte[] entry = entries.next(0, 1, new byte[bodyBytes]);
        writer.add(entry, 0, entry.length);
        writer.write(true);
    }

    private Entries.Collector recover(long from) {
        Entries.Collector seen = new Entries.Collector();
        JournalRecovery.recover(disk, from, seen);
        return seen;
    }

    @Test
    void shouldWriteAGroupWithOneWriteAndOneSync() {
        // Given
        JournalWriter writer = JournalWriter.create(disk, new JournalSettings(4 << 20, 1, 1));
        for (int i = 0; i < 1000; i++) {
            byte[] entry = entries.next(i % 8, 1, new byte[700]);
            writer.add(entry, 0, entry.length);
        }
        int writes = disk.writeCount();
        int syncs = disk.syncCount();
        // When
        writer.write(true);
        // Then
        assertThat(disk.writeCount() - writes).isEqualTo(1);
        assertThat(disk.syncCount() - syncs).isEqualTo(1);
        assertThat(writer.syncedPosition()).isEqualTo(writer.position()).isGreaterThan(700_000);
        assertThat(recover(0).entries).hasSize(1000);
    }

    @Test
    void shouldDoNothingWhenNothingIsGathered() {
        // Given
        JournalWriter writer = JournalWriter.create(disk, SETTINGS);
        int writes = disk.writeCount();
        int syncs = disk.syncCount();
        // When
        writer.write(true);
        // Then
        assertThat(disk.writeCount()).isEqualTo(writes);
        assertThat(disk.syncCount()).isEqualTo(syncs);
        assertThat(writer.position()).isZero();
    }

    @Test
    void shouldSwitchToThePreparedFileWithOneWriteAndTwoSyncs() {
        // Given
        JournalWriter writer = JournalWriter.create(disk, SETTINGS);
        write(writer, 5000);
        assertThat(writer.wantsNext()).isTrue();
        writer.prepareNext();
        assertThat(writer.wantsNext()).isFalse();
        byte[] entry = entries.next(0, 1, new byte[1000]);
        writer.add(entry, 0, entry.length);
        writer.write(false);
        int writes = disk.writeCount();
        int syncs = disk.syncCount();
        // When
        write(writer, 5000);
        // Then
        assertThat(disk.writeCount() - writes).isEqualTo(1);
        assertThat(disk.syncCount() - syncs).isEqualTo(2);
    }

    @Test
    void shouldTakeAnEntryLargerThanAFile() {
        // Given
        JournalWriter writer = JournalWriter.create(disk, SETTINGS);
        write(writer, 10);
        byte[] body = new byte[3_000_000];
        body[2_999_999] = 42;
        byte[] large = entries.next(0, 1, body);
        // When
        writer.add(large, 0, large.length);
        writer.write(true);
        write(writer, 10);
        // Then
        assertThat(recover(0).entries.get(1)).isEqualTo(large);
        assertThat(recover(0).entries).hasSize(3);
    }

    @Test
    void shouldRecycleReleasedFiles() {
        // Given
        JournalWriter writer = JournalWriter.create(disk, SETTINGS);
        // When
        int filesMax = 0;
        for (int i = 0; i < 200; i++) {
            long position = writer.position();
            write(writer, 3000);
            writer.releaseBelow(position);
            writer.prepareNext();
            filesMax = Math.max(filesMax, disk.list(DataDirectory.JOURNAL).size());
            assertThat(writer.oldestPosition()).isLessThanOrEqualTo(position);
            assertThat(recover(position).entries).hasSize(1);
        }
        // Then
        assertThat(filesMax).isLessThanOrEqualTo(6);
        assertThat(disk.usedBytes()).isLessThanOrEqualTo(6 * 16 * 1024);
    }

    @Test
    void shouldHoldAtMostItsPositionsBetweenOldestAndEnd() {
        // Given
        JournalWriter writer = JournalWriter.create(disk, SETTINGS);
        for (int i = 0; i < 20; i++) {
            write(writer, 3000);
        }
        // Then
        assertThat(writer.oldestPosition()).isZero();
        writer.releaseBelow(writer.position());
        assertThat(writer.oldestPosition()).isGreaterThan(0).isLessThan(writer.position());
        assertThatThrownBy(() -> writer.releaseBelow(writer.position() + 1)).isInstanceOf(AssertionError.class);
    }

    @Test
    void shouldPoisonAfterAFailedSync() {
        // Given
        JournalWriter writer = JournalWriter.create(disk, SETTINGS);
        disk.failAfter(2);
        // When
        assertThatThrownBy(() -> write(writer, 10))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.FAILED));
        // Then
        int syncs = disk.syncCount();
        assertThatThrownBy(() -> writer.write(true)).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> writer.releaseBelow(0)).isInstanceOf(StorageException.class);
        writer.close();
        assertThat(disk.syncCount()).isEqualTo(syncs);
    }

    @Test
    void shouldDiscardWhatAFullDiskRefused() {
        // Given
        JournalWriter writer = JournalWriter.create(disk, SETTINGS);
        disk.capacity(disk.usedBytes());
        byte[] large = entries.next(0, 1, new byte[20_000]);
        writer.add(large, 0, large.length);
        assertThatThrownBy(() -> writer.write(true))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.FULL));
        assertThat(writer.position()).isZero();
        // When
        writer.discard();
        byte[] small = Entries.entry(0, 1, 1, 0, new byte[10]);
        writer.add(small, 0, small.length);
        writer.write(true);
        // Then
        assertThat(recover(0).entries).containsExactly(small);
    }

    @Test
    void shouldTellPromisesAndTruncations() {
        // Given
        JournalWriter writer = JournalWriter.create(disk, SETTINGS);
        writer.addPromise(3, 7, "n1/a", 99);
        writer.addTruncate(4, 12, 7, 2);
        writer.addPromise(3, 8, "n1/b", 100);
        byte[] entry = Entries.entry(4, 12, 8, 5, new byte[1]);
        writer.add(entry, 0, entry.length);
        writer.write(true);
        // When
        Entries.Collector seen = new Entries.Collector();
        RecoveredJournal recovered = JournalRecovery.recover(disk, 0, seen);
        // Then
        assertThat(seen.records).containsExactly("promise 3 7 n1/a 99", "truncate 4 12 7 2", "promise 3 8 n1/b 100");
        assertThat(recovered.shards().get(3)).isEqualTo(new ShardTail(3, 0, 0, new Promise(8, "n1/b", 100)));
        assertThat(recovered.shards().get(4)).isEqualTo(new ShardTail(4, 12, 8, null));
    }

    @Test
    void shouldMarkOnceWhatIsSynced() {
        // Given
        JournalWriter writer = JournalWriter.create(disk, SETTINGS);
        writer.writeMark();
        assertThat(writer.position()).isZero();
        write(writer, 10);
        long position = writer.position();
        // When
        writer.writeMark();
        writer.writeMark();
        // Then
        assertThat(writer.position()).isEqualTo(position + 512);
    }

    @Test
    void shouldKnowAfterARestartThatTheReserveIsGone() {
        // Given
        JournalWriter writer = JournalWriter.create(disk, SETTINGS);
        write(writer, 1000);
        writer.keepReserve(disk.freeBytes());
        disk.capacity(disk.usedBytes());
        assertThat(writer.giveReserve()).isTrue();
        // When
        JournalWriter again =
                JournalWriter.resume(disk, SETTINGS, JournalRecovery.recover(disk, 0, new Entries.Collector()));
        // Then
        assertThat(again.isReserveGiven()).isTrue();
        // When
        disk.capacity(disk.usedBytes() + (64 << 20));
        again.keepReserve(disk.freeBytes());
        // Then
        assertThat(again.isReserveGiven()).isFalse();
    }

    @Test
    void shouldBeginWithoutAReserveOnADiskThatHasNoRoomForOne() {
        // Given
        disk.capacity(1 << 20);
        // When
        JournalWriter writer = JournalWriter.create(disk, SETTINGS);
        // Then
        assertThat(writer.isReserveGiven()).isFalse();
    }

    @Test
    void shouldUseUpNoFileByRestarting() {
        // Given
        write(JournalWriter.create(disk, SETTINGS), 10);
        disk.kill();
        // When
        for (int i = 0; i < 50; i++) {
            JournalWriter.resume(disk, SETTINGS, JournalRecovery.recover(disk, 0, new Entries.Collector()));
            disk.kill();
        }
        // Then
        assertThat(disk.list(DataDirectory.JOURNAL)).hasSize(2);
        assertThat(recover(0).entries).hasSize(1);
    }

    @Test
    void shouldKeepAJournalSmallThatIsRestartedUnderLoad() {
        // Given
        RecoveredJournal recovered = RecoveredJournal.none();
        // When
        for (int i = 0; i < 20; i++) {
            JournalWriter writer = JournalWriter.resume(disk, SETTINGS, recovered);
            write(writer, 100);
            writer.prepareNext();
            disk.kill();
            recovered = JournalRecovery.recover(disk, 0, new Entries.Collector());
        }
        // Then
        assertThat(recover(0).entries).hasSize(20);
        List<String> names = disk.list(DataDirectory.JOURNAL);
        assertThat(disk.usedBytes()).isLessThan(20 * 9 * 1024 + 2 * 16 * 1024).isGreaterThan(names.size());
    }

    @Test
    void shouldStayReadableFromTheOlderStateWhereItGoesOnInTheLastFile() {
        // Given: a checkpoint at the end, a crash, and no space for a further file
        JournalSettings settings = new JournalSettings(64 * 1024, 128 * 1024, 256 * 1024);
        JournalWriter writer = JournalWriter.create(disk, settings);
        for (int i = 0; i < 3; i++) {
            write(writer, 3_000);
        }
        long older = writer.position();
        write(writer, 3_000);
        long newer = writer.position();
        disk.kill();
        RecoveredJournal recovered = JournalRecovery.recover(disk, newer, new Entries.Collector());
        disk.capacity(disk.usedBytes());

        // When
        JournalWriter next = JournalWriter.resume(disk, settings, recovered, older, new Random(1)::nextLong);
        write(next, 3_000);
        next.writeMark();
        disk.kill();

        // Then
        assertThat(recover(newer).entries).hasSize(1);
        assertThat(recover(older).entries).hasSize(2);
        assertThat(recover(0).entries).hasSize(5);
    }

    @Test
    void shouldStartAgainWhereverAResumeEndsThatNeedsNoOlderFile() {
        for (int step = 0; step < 20; step++) {
            // Given: both states stand at the journal's end
            SimDisk own = new SimDisk(step);
            own.createDirectories(DataDirectory.JOURNAL);
            JournalWriter writer = JournalWriter.create(own, SETTINGS);
            write(writer, 3_000);
            long end = writer.position();
            own.kill();
            RecoveredJournal recovered = JournalRecovery.recover(own, end, new Entries.Collector());

            // When: the process ends in the middle of a start, with its machine or without
            own.losePowerAfter(step);
            try {
                JournalWriter.resume(own, SETTINGS, recovered, end, new Random(step)::nextLong);
            } catch (SimDisk.PowerLoss expected) {
                // the next start has to do
            }
            if (step % 2 == 0) {
                own.restart();
            } else {
                own.kill();
            }

            // Then
            assertThat(JournalRecovery.recover(own, end, new Entries.Collector())
                            .endPosition())
                    .as("step %d", step)
                    .isGreaterThanOrEqualTo(end);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldKeepTheLastFileWhileItsSuccessorHasNoHeader(long seed) {
        // Given: the next file is a short one that was cut, and there is no space to make it longer
        SimDisk own = new SimDisk(seed);
        own.createDirectories(DataDirectory.JOURNAL);
        JournalWriter first = JournalWriter.create(own, SETTINGS);
        write(first, 10);
        long end = first.position();
        own.kill();
        RecoveredJournal recovered = JournalRecovery.recover(own, end, new Entries.Collector());
        JournalWriter writer = JournalWriter.resume(own, SETTINGS, recovered, end, new Random(seed)::nextLong);
        own.capacity(own.usedBytes());
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        write(writer, 4_000);
                    }
                })
                .hasMessageContaining("full");

        // When: a checkpoint needs nothing of what was written, and space is short
        long checkpoint = writer.position();
        writer.releaseBelow(checkpoint);
        writer.deleteUnused(false);
        own.restart();

        // Then
        assertThat(JournalRecovery.recover(own, checkpoint, new Entries.Collector())
                        .endPosition())
                .isEqualTo(checkpoint);
    }
}
