package dev.recado.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.message.StoredRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SegmentStoreTest {

    private static final SegmentSettings SETTINGS = new SegmentSettings(4096, 256, 1024, 10);
    private static final String DIRECTORY = "topics/uuid/0";

    private final SimDisk disk = new SimDisk(1);
    private SegmentStore store = new SegmentStore(disk, SETTINGS);
    private final List<String> written = new ArrayList<>();

    private void fill(int runs) {
        store.open(5, DIRECTORY);
        for (int i = 0; i < runs; i++) {
            StoredRun run = Runs.run(5, store.endOffset(5), 2, new byte[100], 1000 + i);
            store.append(List.of(run));
            written.add(Runs.text(run));
        }
    }

    @Test
    void shouldMakeNoFileBeforeTheFirstAppend() {
        // When
        store.open(5, DIRECTORY);
        store.sync();
        // Then
        assertThat(disk.list("topics")).isEmpty();
        assertThat(store.endOffset(5)).isZero();
        assertThat(store.oldestOffset(5)).isZero();
        assertThat(store.read(5, 0, 1000)).isEmpty();
    }

    @Test
    void shouldReadFromEveryOffset() {
        // Given
        fill(100);
        // Then
        for (int offset = 0; offset < 200; offset++) {
            List<StoredRun> runs = store.read(5, offset, 1);
            assertThat(runs.get(0).baseOffset()).isEqualTo(offset - offset % 2);
            assertThat(Runs.text(runs.get(0))).isEqualTo(written.get(offset / 2));
        }
        assertThat(store.read(5, 200, 1)).isEmpty();
        assertThat(store.segments(5)).hasSizeGreaterThan(4);
        assertThat(store.bytes(5)).isEqualTo(disk.usedBytes());
    }

    @Test
    void shouldFindOffsetsByTime() {
        // Given
        fill(100);
        // Then
        for (int i = 0; i < 100; i++) {
            assertThat(store.offsetOf(5, 1000 + i, 9_000)).isEqualTo(2L * i);
        }
        assertThat(store.offsetOf(5, 0, 9_000)).isZero();
        assertThat(store.offsetOf(5, 1100, 9_000)).isEqualTo(200);
    }

    @Test
    void shouldTellWhetherAllIsKeptAndByTheFirstLookAfterAStart() {
        // Given
        fill(100);
        SegmentStore again = reopened();
        again.offsetLoggedAt(5, 1000);
        // Then
        for (SegmentStore each : List.of(store, again)) {
            assertThat(each.isAllKept(5, 0, 1000, Long.MAX_VALUE)).isTrue();
            assertThat(each.isAllKept(5, 0, Long.MIN_VALUE, each.bytes(5))).isTrue();
            assertThat(each.isAllKept(5, 0, 1001, Long.MAX_VALUE)).isFalse();
            assertThat(each.isAllKept(5, 0, 1000, each.bytes(5) - 1)).isFalse();
        }
    }

    @Test
    void shouldTellThatAllIsKeptWhereNothingIsStored() {
        // Given a partition that never was, and one without a segment
        store.open(5, DIRECTORY);
        // Then
        assertThat(store.isAllKept(4, 0, 1000, 0)).isTrue();
        assertThat(store.isAllKept(5, 0, 1000, 0)).isTrue();
    }

    @Test
    void shouldTellWhetherAllIsKeptOnceWhatIsOldWasFound() {
        // Given
        fill(100);
        long kept = store.offsetLoggedAt(5, 1050);
        // Then
        assertThat(kept).isEqualTo(100);
        assertThat(store.isAllKept(5, kept, 1050, Long.MAX_VALUE)).isTrue();
        assertThat(store.isAllKept(5, kept - 1, 1050, Long.MAX_VALUE)).isFalse();
        assertThat(store.isAllKept(5, kept, 1051, Long.MAX_VALUE)).isFalse();
    }

    @Test
    void shouldFindOffsetsByTimesThatFallBack() {
        // Given: the clock was an hour ahead for the second third
        store.open(5, DIRECTORY);
        for (int i = 0; i < 300; i++) {
            long ahead = i >= 100 && i < 200 ? 3_600_000 : 0;
            store.append(List.of(Runs.run(5, i, 1, new byte[100], 1000 + i + ahead, 1000 + i)));
        }
        SegmentStore again = reopened();
        // Then
        for (SegmentStore each : List.of(store, again)) {
            assertThat(each.offsetOf(5, 1050, 2_000)).isEqualTo(50);
            assertThat(each.offsetOf(5, 1100, 2_000)).isEqualTo(200);
            assertThat(each.offsetOf(5, 1250, 2_000)).isEqualTo(250);
            assertThat(each.offsetOf(5, 1500, 2_000)).isEqualTo(300);
            assertThat(each.offsetOf(5, 1250, 9_000_000)).isEqualTo(100);
            for (int i = 0; i < 300; i++) {
                assertThat(each.offsetLoggedAt(5, 1000 + i)).isEqualTo(i);
            }
            assertThat(each.offsetLoggedAt(5, 1300)).isEqualTo(300);
        }
    }

    @Test
    void shouldTakeARunLargerThanASegment() {
        // Given
        store.open(5, DIRECTORY);
        byte[] payload = new byte[600_000];
        payload[599_999] = 1;
        StoredRun large = Runs.run(5, 0, 1, payload, 1);
        // When
        store.append(List.of(large, Runs.run(5, 1, 1, new byte[1], 1)));
        // Then
        assertThat(Runs.texts(store.read(5, 0, 1))).containsExactly(Runs.text(large));
        assertThat(store.read(5, 1, 1)).hasSize(1);
        assertThat(store.segments(5)).hasSize(2);
    }

    @Test
    void shouldIgnoreARunThatItHas() {
        // Given
        fill(3);
        // When
        StoredRun next = Runs.run(5, 6, 2, new byte[100], 1003);
        store.append(List.of(Runs.run(5, 2, 2, new byte[100], 1001), Runs.run(5, 4, 2, new byte[100], 1002), next));
        written.add(Runs.text(next));
        // Then
        assertThat(store.endOffset(5)).isEqualTo(8);
        assertThat(readAll()).isEqualTo(written);
    }

    @Test
    void shouldStoreManyRunsAtOnceAsOneByOne() {
        // Given
        fill(100);
        List<SegmentInfo> oneByOne = store.segments(5);
        List<StoredRun> runs = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            runs.add(Runs.run(6, i * 2L, 2, new byte[100], 1000 + i));
        }
        store.open(6, "topics/uuid/1");
        // When
        store.append(runs);
        // Then
        assertThat(store.segments(6)).isEqualTo(oneByOne);
        assertThat(Runs.texts(store.read(6, 0, Integer.MAX_VALUE)))
                .isEqualTo(Runs.texts(runs).subList(0, (int) oneByOne.get(0).endOffset() / 2));
    }

    @Test
    void shouldKeepItsEndWhenAllSegmentsAreDeleted() {
        // Given
        fill(100);
        // When
        store.deleteBelow(5, 200);
        // Then
        assertThat(store.segments(5)).isEmpty();
        assertThat(store.endOffset(5)).isEqualTo(200);
        assertThat(store.oldestOffset(5)).isEqualTo(200);
        store.append(List.of(Runs.run(5, 210, 1, new byte[1], 2000)));
        assertThat(store.read(5, 0, 1).get(0).baseOffset()).isEqualTo(210);
    }

    @Test
    void shouldDeleteASegmentBetweenLiveOnes() {
        // Given
        fill(100);
        SegmentInfo second = store.segments(5).get(1);
        // When
        store.deleteSegment(5, second.baseOffset());
        // Then
        assertThat(store.segments(5)).doesNotContain(second);
        assertThat(store.read(5, second.baseOffset(), 1).get(0).baseOffset()).isEqualTo(second.endOffset());
    }

    @Test
    void shouldTakeOverWhatIsWholeBehindItsState() {
        // Given
        fill(30);
        byte[] state = state();
        fill(5);
        disk.kill();
        // When
        store = new SegmentStore(disk, SETTINGS);
        store.readState(new ByteReader(state));
        // Then
        assertThat(store.endOffset(5)).isEqualTo(70);
        assertThat(readAll()).isEqualTo(written);
        assertThat(store.offsetOf(5, 1029, 9_000)).isEqualTo(58);
    }

    @Test
    void shouldGoOnBehindATearOnceTheJournalHasBeenRead() {
        // Given
        fill(30);
        byte[] state = state();
        fill(5);
        String last =
                DIRECTORY + "/" + disk.list(DIRECTORY).get(disk.list(DIRECTORY).size() - 1);
        int size = disk.content(last).length;
        disk.flip(last, size - 3, 1);
        disk.kill();
        Map<String, Integer> before = disk.fingerprint();
        // When
        store = new SegmentStore(disk, SETTINGS);
        store.readState(new ByteReader(state));
        // Then
        assertThat(disk.fingerprint()).as("nothing is changed yet").isEqualTo(before);
        assertThat(store.endOffset(5)).isEqualTo(68);
        store.settle();
        assertThat(disk.content(last)).hasSizeLessThan(size);
        store.append(List.of(Runs.run(5, 68, 2, new byte[100], 1004)));
        assertThat(readAll()).isEqualTo(written);
    }

    @Test
    void shouldTakeOverSegmentsThatNoStateNames() {
        // Given
        fill(30);
        store.sync();
        disk.kill();
        // When
        store = new SegmentStore(disk, SETTINGS);
        store.open(5, DIRECTORY);
        // Then
        assertThat(store.endOffset(5)).isEqualTo(60);
        assertThat(readAll()).isEqualTo(written);
    }

    @Test
    void shouldBelieveNoSegmentBehindATear() {
        // Given
        fill(80);
        store.sync();
        List<String> names = disk.list(DIRECTORY);
        assertThat(names).hasSizeGreaterThan(2);
        disk.flip(DIRECTORY + "/" + names.get(1), SegmentLayout.FILE_HEADER_BYTES + 40, 1);
        disk.kill();
        // When
        store = new SegmentStore(disk, SETTINGS);
        store.open(5, DIRECTORY);
        store.settle();
        // Then
        assertThat(store.endOffset(5)).isEqualTo(SegmentLayout.baseOffset(names.get(1)));
        assertThat(disk.list(DIRECTORY)).hasSameSizeAs(names).contains(names.get(0));
        assertThat(disk.list(DIRECTORY).stream().filter(name -> name.endsWith(".deleted")))
                .hasSize(names.size() - 1);
    }

    @Test
    void shouldStartAfterDeletionsInStepsThatGrowAsTheirNumber() {
        // When
        long few = namesListedAtAStartAfterDeleting(50);
        long many = namesListedAtAStartAfterDeleting(200);
        // Then
        assertThat(many).isLessThanOrEqualTo(4 * few + 4);
    }

    private static long namesListedAtAStartAfterDeleting(int partitions) {
        SimDisk disk = new SimDisk(1);
        SegmentStore store = new SegmentStore(disk, SETTINGS);
        List<Integer> all = new ArrayList<>();
        for (int partition = 1; partition <= partitions; partition++) {
            store.open(partition, "topics/uuid-" + partition + "/0");
            store.append(List.of(Runs.run(partition, 0, 1, new byte[10], 1)));
            all.add(partition);
        }
        ByteWriter state = new ByteWriter(64);
        store.writeState(state);
        store.dropAll(all, 100);
        disk.kill();
        long before = disk.listedCount();
        SegmentStore next = new SegmentStore(disk, SETTINGS);
        next.readState(new ByteReader(state.toByteArray()));
        next.dropAll(all, 100);
        assertThat(next.partitions()).isEmpty();
        return disk.listedCount() - before;
    }

    @Test
    void shouldReportAMissingSegmentToItsReadersOnly() {
        // Given
        fill(100);
        store.open(6, "topics/uuid/1");
        byte[] state = state();
        disk.delete(DIRECTORY + "/" + disk.list(DIRECTORY).get(1));
        // When
        store = new SegmentStore(disk, SETTINGS);
        store.readState(new ByteReader(state));
        // Then
        assertThatThrownBy(() -> store.read(5, 0, 100))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining("partition=5")
                .hasMessageContaining("missing");
        assertThat(store.read(6, 0, 100)).isEmpty();
        store.append(List.of(Runs.run(5, 200, 1, new byte[10], 2000)));
        store.sync();
    }

    @Test
    void shouldReportAFlippedBitAnywhere() {
        // Given
        fill(20);
        String path = DIRECTORY + "/" + disk.list(DIRECTORY).get(0);
        int size = disk.content(path).length;
        // Then
        for (int at = 0; at < size; at++) {
            disk.flip(path, at, at % 8);
            store = reopened();
            assertThatThrownBy(this::readAll).as("byte %s", at).isInstanceOfSatisfying(DamagedException.class, e -> {
                assertThat(e.partition()).isEqualTo(5);
                assertThat(e.file()).isEqualTo(path);
            });
            disk.flip(path, at, at % 8);
        }
        assertThat(readAll()).isEqualTo(written);
    }

    @Test
    void shouldRefuseEverythingAfterAFailedSync() {
        // Given
        fill(1);
        disk.failAfter(1);
        assertThatThrownBy(store::sync).isInstanceOf(StorageException.class);
        // Then
        assertThatThrownBy(store::sync).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> store.append(List.of(Runs.run(5, 9, 1, new byte[1], 1))))
                .isInstanceOf(StorageException.class);
    }

    @Test
    void shouldStoreTheSameRunOnceTheDiskHasSpaceAgain() {
        // Given
        fill(3);
        disk.capacity(disk.usedBytes() + 50);
        StoredRun run = Runs.run(5, 6, 2, new byte[100], 2000);
        assertThatThrownBy(() -> store.append(List.of(run)))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(StorageException.Kind.FULL));
        // When
        disk.capacity(Long.MAX_VALUE);
        store.append(List.of(run));
        written.add(Runs.text(run));
        // Then
        assertThat(readAll()).isEqualTo(written);
    }

    @Test
    void shouldGoOnBehindWhatWasStoredWhenTheDiskWasFullInTheMiddle() {
        // Given
        fill(3);
        List<StoredRun> runs = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            runs.add(Runs.run(5, 6 + 2 * i, 2, new byte[100], 2000 + i));
        }
        disk.capacity(disk.usedBytes() + 6_000);
        assertThatThrownBy(() -> store.append(runs)).isInstanceOf(StorageException.class);
        assertThat(store.endOffset(5)).isBetween(8L, 124L);
        // When
        disk.capacity(Long.MAX_VALUE);
        store.append(runs);
        written.addAll(Runs.texts(runs));
        // Then
        assertThat(readAll()).isEqualTo(written);
    }

    @Test
    void shouldSyncASegmentNowAndThen() {
        // Given
        int before = disk.syncCount();
        // When
        fill(100);
        // Then
        long expected = disk.usedBytes() / SETTINGS.syncEveryBytes() / 2;
        assertThat(disk.syncCount() - before).isGreaterThan((int) expected);
    }

    @Test
    void shouldStayRightWhenTheIndexBudgetIsUsedUp() {
        // Given
        var budget = new java.util.concurrent.atomic.AtomicInteger(10);
        SparseIndex index = new SparseIndex(10, budget);
        // When
        for (int i = 0; i < 1000; i++) {
            index.seen(32 + i * 10L, 10, Runs.run(5, i, 1, new byte[0], i));
        }
        // Then
        for (int i = 0; i < 1000; i++) {
            long position = index.before(i);
            assertThat(position).isLessThanOrEqualTo(32 + i * 10L);
            assertThat(index.beforeTime(i)).isLessThanOrEqualTo(32 + i * 10L);
        }
        assertThat(index.before(999)).isGreaterThan(4000);
        index.clear();
        assertThat(budget).hasValue(10);
    }

    private SegmentStore reopened() {
        ByteWriter out = new ByteWriter(64);
        store.writeState(out);
        SegmentStore next = new SegmentStore(disk, SETTINGS);
        next.readState(new ByteReader(out.toByteArray()));
        return next;
    }

    private byte[] state() {
        ByteWriter out = new ByteWriter(64);
        store.writeState(out);
        store.onStateWritten();
        return out.toByteArray();
    }

    private List<String> readAll() {
        List<String> found = new ArrayList<>();
        long from = 0;
        for (List<StoredRun> runs = store.read(5, from, 1000); !runs.isEmpty(); runs = store.read(5, from, 1000)) {
            found.addAll(Runs.texts(runs));
            from = runs.get(runs.size() - 1).endOffset();
        }
        return found;
    }
}
