package dev.recado.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.journal.StorageException.Kind;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NioFailureProbeTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before each test
    Path directory;

    @Test
    void shouldCallUnclearWhatATrialDoesNotMeet() {
        // When
        Kind kind = new NioFailureProbe().tryIn(directory.toString());

        // Then
        assertThat(kind).isEqualTo(Kind.UNCLEAR);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldNotBelieveTheTextOfAFailure() {
        // Given
        NioDisk disk = new NioDisk(directory, where -> Kind.FULL);

        // Then: German for a device without space, and English for what the trial contradicts.
        for (String text : new String[] {"Auf dem Gerät ist kein Speicherplatz mehr verfügbar", "Input/output error"}) {
            StorageException failure = disk.failure("write", "journal/1", new IOException(text));
            assertThat(failure.kind()).isEqualTo(Kind.FULL);
            assertThat(failure).hasMessageContaining(text);
        }
        NioDisk broken = new NioDisk(directory, where -> Kind.FAILED);
        assertThat(broken.failure("open", "a", new FileSystemException("a", null, "No space left on device"))
                        .kind())
                .isEqualTo(Kind.FAILED);
    }

    @Test
    void shouldTryInTheNearestDirectoryThatExists() {
        // Given
        String[] tried = {""};
        NioDisk disk = new NioDisk(directory, where -> {
            tried[0] = where;
            return Kind.UNCLEAR;
        });

        // When
        StorageException failure = disk.failure("create directory", "topics/u/0", new IOException("x"));

        // Then
        assertThat(tried[0]).isEqualTo(directory.toString());
        assertThat(failure.passes()).isTrue();
    }

    @Test
    void shouldCallAFullDeviceFullThroughTheDisk() throws IOException {
        // Given
        NioDisk disk = new NioDisk(Path.of("/dev"), where -> Kind.FULL);

        // When
        try (FileOutputStream full = new FileOutputStream("/dev/full")) {
            full.write(1);
        } catch (IOException e) {
            // Then
            assertThat(disk.failure("write", "full", e).kind()).isEqualTo(Kind.FULL);
            return;
        }
        throw new AssertionError("/dev/full took a byte");
    }
}
