package dev.recado.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.message.StoredRun;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of segments and partitions that are deleted. */
class SegmentTrashTest {

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
    void shouldRemoveDeletedFilesOnlyWhenTwoStatesNoLongerNameThem() {
        // Given
        fill(100);
        state();
        store.deleteBelow(5, 200);
        int files = disk.list(DIRECTORY).size();
        // When
        store.emptyTrash(0, false);
        state();
        store.emptyTrash(0, false);
        // Then
        assertThat(disk.list(DIRECTORY)).hasSize(files);
        state();
        store.emptyTrash(0, false);
        assertThat(disk.list(DIRECTORY)).isEmpty();
    }

    @Test
    void shouldGiveBackTheBytesOfWhatIsDeletedAtOnceWhereSpaceIsShort() {
        // Given
        fill(100);
        byte[] state = state();
        store.deleteBelow(5, 200);
        long used = disk.usedBytes();
        // When
        store.emptyTrash(0, true);
        // Then
        assertThat(disk.usedBytes()).isLessThan(used / 10);
        SegmentStore next = new SegmentStore(disk, SETTINGS);
        next.readState(new ByteReader(state));
        assertThat(next.segments(5)).isEmpty();
    }

    @Test
    void shouldNotKeepADroppedPartitionForItsTimeWhereSpaceIsShort() {
        // Given
        fill(100);
        byte[] state = state();
        store.dropAll(List.of(5), 100);
        long used = disk.usedBytes();
        // When
        store.emptyTrash(100, true);
        // Then
        assertThat(disk.usedBytes()).isLessThan(used / 10);
        new SegmentStore(disk, SETTINGS).readState(new ByteReader(state));
        state();
        state();
        store.emptyTrash(100, true);
        assertThat(disk.list(DataDirectory.TRASH)).isEmpty();
    }

    @Test
    void shouldLeaveNoDirectoryOfATopicWhosePartitionsAreGone() {
        // Given
        fill(100);
        store.open(6, Disk.parent(DIRECTORY) + "/1");
        store.append(List.of(Runs.run(6, 0, 1, new byte[10], 1)));
        // When
        store.dropAll(List.of(5), 100);
        boolean withOne = disk.exists(Disk.parent(DIRECTORY));
        store.dropAll(List.of(6), 100);
        // Then
        assertThat(withOne).isTrue();
        assertThat(disk.exists(Disk.parent(DIRECTORY))).isFalse();
        state();
    }

    @Test
    void shouldGoOnCountingStatesAfterAStart() {
        // Given
        fill(100);
        byte[] naming = state();
        store.deleteBelow(5, 200);
        byte[] newer = state();
        // When
        SegmentStore next = new SegmentStore(disk, SETTINGS);
        next.readState(new ByteReader(newer));
        next.open(5, DIRECTORY);
        next.onStatesKnown(List.of(newer, naming));
        // Then
        next.emptyTrash(0, false);
        assertThat(disk.list(DIRECTORY)).isNotEmpty();
        assertThat(next.trashWaits()).isTrue();
        next.onStateWritten();
        next.emptyTrash(0, false);
        assertThat(disk.list(DIRECTORY)).isEmpty();
        assertThat(next.trashWaits()).isFalse();
    }

    @Test
    void shouldRemoveAtAStartWhatNoStateNames() {
        // Given
        fill(100);
        store.deleteBelow(5, 200);
        byte[] older = state();
        byte[] newer = state();
        // When
        SegmentStore next = new SegmentStore(disk, SETTINGS);
        next.readState(new ByteReader(newer));
        next.onStatesKnown(List.of(newer, older));
        next.emptyTrash(0, false);
        // Then
        assertThat(disk.list(DIRECTORY)).isEmpty();
    }

    @Test
    void shouldLeaveWhatOthersPutIntoTheTrash() {
        // Given
        fill(10);
        store.dropAll(List.of(5), 100);
        String folder = "trash/" + disk.list("trash").get(0);
        disk.createDirectories("trash/old/sub");
        disk.createDirectories(folder + "/mine");
        disk.open("trash/note.txt", true).close();

        // When
        for (int states = 0; states < 3; states++) {
            state();
        }
        store.emptyTrash(1_000_000, true);
        store.emptyTrash(1_000_000, false);

        // Then
        assertThat(disk.list("trash")).contains("note.txt", "old");
        assertThat(disk.list("trash/old")).containsExactly("sub");
        assertThat(disk.list(folder)).containsExactly("mine");
    }

    @Test
    void shouldCountADroppedPartitionsTimeAcrossStarts() {
        // Given
        fill(10);
        store.dropAll(List.of(5), 100);
        byte[] state = state();
        // When
        SegmentStore next = new SegmentStore(disk, SETTINGS);
        next.readState(new ByteReader(state));
        next.onStatesKnown(List.of(state, state));
        // Then
        next.emptyTrash(109, false);
        assertThat(disk.list(DataDirectory.TRASH)).hasSize(1);
        next.emptyTrash(110, false);
        assertThat(disk.list(DataDirectory.TRASH)).isEmpty();
    }

    @Test
    void shouldKeepWhatAnotherClockBuriedForItsTime() {
        // Given
        fill(10);
        store.dropAll(List.of(5), 1_000_000);
        byte[] state = state();
        SegmentStore next = new SegmentStore(disk, SETTINGS);
        next.readState(new ByteReader(state));
        next.onStatesKnown(List.of(state, state));
        // When
        next.emptyTrash(100, false);
        next.emptyTrash(109, false);
        // Then
        assertThat(disk.list(DataDirectory.TRASH)).hasSize(1);
        next.emptyTrash(110, false);
        assertThat(disk.list(DataDirectory.TRASH)).isEmpty();
    }

    @Test
    void shouldNotStoreWhatIsDeletedAlready() {
        // Given
        fill(10);
        long end = store.endOffset(5);
        store.deleteBelow(5, end + 2);
        long used = disk.usedBytes();
        // When
        store.append(List.of(Runs.run(5, end, 2, new byte[100], 1)));
        // Then
        assertThat(disk.usedBytes()).isEqualTo(used);
        assertThat(store.endOffset(5)).isEqualTo(end + 2);
        store.append(List.of(Runs.run(5, end + 2, 1, new byte[100], 1)));
        assertThat(store.read(5, 0, 1000)).hasSize(1);
    }

    @Test
    void shouldMoveADroppedPartitionIntoTheTrash() {
        // Given
        fill(10);
        // When
        store.dropAll(List.of(5), 100);
        // Then
        assertThat(disk.list("topics/uuid")).isEmpty();
        assertThat(disk.list(DataDirectory.TRASH)).containsExactly("p5-100");
        store.emptyTrash(100, false);
        state();
        state();
        store.emptyTrash(109, false);
        assertThat(disk.list(DataDirectory.TRASH)).hasSize(1);
        store.emptyTrash(110, false);
        assertThat(disk.list(DataDirectory.TRASH)).isEmpty();
    }

    private byte[] state() {
        ByteWriter out = new ByteWriter(64);
        store.writeState(out);
        store.onStateWritten();
        return out.toByteArray();
    }
}
