package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

    private final Path folder;

    DataDirectoryTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void shouldCreateAndLock() throws IOException {
        // Given
        Path path = folder.resolve("a/b");

        // When
        try (DataDirectory first = DataDirectory.open(path)) {
            // Then
            assertThat(first.path()).isDirectory();
            assertThatThrownBy(() -> DataDirectory.open(path))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(path + " is in use by process "
                            + ProcessHandle.current().pid());
        }
    }

    @Test
    void shouldLetTheNextOneInAfterwards() throws IOException {
        // Given
        DataDirectory.open(folder).close();

        // When / Then
        try (DataDirectory next = DataDirectory.openExisting(folder)) {
            assertThat(next.path()).isEqualTo(folder);
        }
    }

    @Test
    void shouldSayWhatIsWrongWithAPath() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("file"), "x");

        // When / Then
        assertThatThrownBy(() -> DataDirectory.open(file)).hasMessageContaining("is a file");
        assertThatThrownBy(() -> DataDirectory.openExisting(folder.resolve("absent")))
                .hasMessageContaining("does not exist");
    }
}
