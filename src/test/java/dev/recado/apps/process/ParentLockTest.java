package dev.recado.apps.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Within one process, where locks of another one cannot be had; across processes: {@code CoffeeUpIT}. */
class ParentLockTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path folder;

    @Test
    void shouldGiveEachRunAnotherNumber() throws IOException {
        // Given
        Path file = folder.resolve("below").resolve("up.lock");
        String first;
        try (ParentLock lock = ParentLock.take(file, 0)) {
            first = lock.option();
        }

        // When
        try (ParentLock lock = ParentLock.take(file, 0)) {
            // Then
            assertThat(lock.option()).startsWith("-Drecado.parent-lock=").endsWith("@" + file);
            assertThat(lock.option()).isNotEqualTo(first);
        }
    }

    @Test
    void shouldFindThatNoPartIsLeft() throws IOException {
        try (ParentLock lock = ParentLock.take(folder.resolve("up.lock"), 0)) {
            assertThat(lock.endParts(0)).isTrue();
            assertThat(lock.endParts(0)).isTrue();
        }
    }

    @Test
    void shouldEndAPartAtOnceWhoseParentHasEndedOrCannotBeWatched() throws IOException {
        // Given
        Path file = Files.createFile(folder.resolve("up.lock"));

        // When / Then
        FileLock share = ParentLock.awaitParentsEnd("7@" + file);
        assertThat(share).isNotNull();
        share.acquiredBy().close();
        assertThat(ParentLock.awaitParentsEnd("7@" + folder.resolve("none"))).isNull();
        assertThat(ParentLock.awaitParentsEnd("seven@" + file)).isNull();
        assertThat(ParentLock.awaitParentsEnd("-7@" + file)).isNull();
        assertThat(ParentLock.awaitParentsEnd("7")).isNull();
    }

    @Test
    void shouldRefuseASecondRun() throws IOException {
        Path file = folder.resolve("up.lock");
        try (ParentLock lock = ParentLock.take(file, 0)) {
            assertThat(lock.option()).isNotEmpty();
            // In another process it is an IOException; within one the system does not know the difference.
            assertThatThrownBy(() -> ParentLock.take(file, 0)).isInstanceOf(OverlappingFileLockException.class);
        }
    }
}
