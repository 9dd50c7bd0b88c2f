package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.recado.journal.StorageException.Kind;
import io.netty.channel.unix.Errors.NativeIoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErrnoProbeTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before each test
    Path directory;

    private final ErrnoProbe probe = new ErrnoProbe();

    @Test
    void shouldTellAFullDeviceByItsNumber() {
        // When
        NativeIoException full = catchThrowableOfType(NativeIoException.class, () -> probe.write(Path.of("/dev/full")));

        // Then
        assertThat(ErrnoProbe.kindOf(Math.abs(full.expectedErr()))).isEqualTo(Kind.FULL);
        assertThat(Files.exists(Path.of("/dev/full"))).isTrue();
    }

    @Test
    void shouldKnowTheKindsOfNumbers() {
        assertThat(ErrnoProbe.kindOf(122)).isEqualTo(Kind.FULL);
        assertThat(ErrnoProbe.kindOf(23)).isEqualTo(Kind.NO_FILES);
        assertThat(ErrnoProbe.kindOf(24)).isEqualTo(Kind.NO_FILES);
        assertThat(ErrnoProbe.kindOf(5)).isEqualTo(Kind.FAILED);
        assertThat(ErrnoProbe.kindOf(30)).isEqualTo(Kind.FAILED);
        assertThat(ErrnoProbe.kindOf(12)).isEqualTo(Kind.UNCLEAR);
    }

    @Test
    void shouldLeaveNothingBehindWhereATrialTellsNothing() throws IOException {
        // When
        Kind kind = probe.tryIn(directory.toString());

        // Then
        assertThat(kind).isEqualTo(Kind.UNCLEAR);
        assertThat(directory).isEmptyDirectory();
    }
}
