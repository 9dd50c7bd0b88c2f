package dev.recado.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class DataDirectoryTest {

    private final SimDisk disk = new SimDisk(1);

    @Test
    void shouldFormatAnEmptyDirectoryOnce() {
        // Given
        DataDirectory.Identity first;
        try (DataDirectory directory = DataDirectory.open(disk, "n7", null, UUID::randomUUID)) {
            assertThat(directory.justFormatted()).isTrue();
            first = directory.identity();
        }
        disk.restart();
        // When
        try (DataDirectory directory = DataDirectory.open(disk, null, null, UUID::randomUUID)) {
            // Then
            assertThat(directory.justFormatted()).isFalse();
            assertThat(directory.identity()).isEqualTo(first);
            assertThat(first.nodeId()).isEqualTo("n7");
            assertThat(first.shards()).isEqualTo(8);
        }
    }

    @Test
    void shouldRefuseASecondHolder() {
        try (DataDirectory directory = DataDirectory.open(disk, null, null, UUID::randomUUID)) {
            assertThat(directory.identity().nodeId()).isEqualTo("n1");
            assertThatThrownBy(() -> DataDirectory.open(disk, null, null, UUID::randomUUID))
                    .isInstanceOfSatisfying(
                            StorageException.class, e -> assertThat(e.kind()).isEqualTo(StorageException.Kind.LOCKED));
        }
    }

    @Test
    void shouldRefuseAnotherNodeOrCluster() {
        // Given
        DataDirectory.open(disk, "n1", new UUID(1, 1), UUID::randomUUID).close();
        // Then
        assertThatThrownBy(() -> DataDirectory.open(disk, "n2", null, UUID::randomUUID))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining("node.id=n1");
        assertThatThrownBy(() -> DataDirectory.open(disk, "n1", new UUID(2, 2), UUID::randomUUID))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining("cluster=");
        DataDirectory.open(disk, "n1", new UUID(1, 1), UUID::randomUUID).close();
    }

    @Test
    void shouldRefuseDataWithoutIdentity() {
        // Given
        JournalWriter.create(disk, new JournalSettings(16 * 1024, 1, 1)).close();
        // Then
        assertThatThrownBy(() -> DataDirectory.open(disk, null, null, UUID::randomUUID))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining("missing beside data");
    }

    @Test
    void shouldNoticeEveryFlippedBit() {
        // Given
        DataDirectory.open(disk, null, null, UUID::randomUUID).close();
        int size = disk.content(DataDirectory.IDENTITY).length;
        // Then
        for (int at = 0; at < size; at++) {
            disk.flip(DataDirectory.IDENTITY, at, at % 8);
            assertThatThrownBy(() -> DataDirectory.readIdentity(disk)).isInstanceOf(DamagedException.class);
            disk.flip(DataDirectory.IDENTITY, at, at % 8);
        }
    }
}
