package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.journal.DataDirectory;
import dev.recado.journal.NioDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalRepairerTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path directory;

    /** Who reads that more would go than he can miss must still be able to stop it. */
    @Test
    void shouldTellWhatItFoundBeforeItChangesAnything() throws IOException {
        // Given
        DataDirectory.open(new NioDisk(directory), null, null, UUID::randomUUID).close();
        Path identity = directory.resolve(DataDirectory.IDENTITY);
        byte[] damaged = Files.readAllBytes(identity);
        damaged[damaged.length / 2] ^= 1;
        Files.write(identity, damaged);
        List<String> told = new ArrayList<>();

        // When
        assertThatThrownBy(() -> new JournalRepairer().repair(directory, true, finding -> {
                    told.add(finding);
                    throw new IllegalStateException("enough");
                }))
                .hasMessage("enough");

        // Then
        assertThat(told).singleElement().asString().contains("file=identity", "wrong checksum");
        assertThat(identity).hasBinaryContent(damaged);
    }
}
