package dev.recado.apps.coffee.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChunkLogTest {

    @TempDir
    Path directory;

    @Test
    void shouldKeepWhatWasCommittedAndNothingElse() throws IOException {
        // Given
        try (ChunkLog log = ChunkLog.open(directory, "t", chunk -> {})) {
            log.append(bytes("one"));
            log.append(bytes(""));
            log.commit();
            log.append(bytes("two"));
            log.commit();
            log.append(bytes("three"));
        }

        // Then
        assertThat(chunks()).containsExactly("one", "", "two");
        assertThat(chunks()).containsExactly("one", "", "two");
    }

    /** A full disk says no more than that it is full. */
    @Test
    void shouldNameTheFileThatCannotBeWritten() throws IOException {
        // Given
        Path data = Files.createSymbolicLink(directory.resolve("t.data"), Path.of("/dev/full"));
        try (ChunkLog log = ChunkLog.open(directory, "t", chunk -> {})) {
            // When / Then
            assertThatThrownBy(() -> log.append(bytes("one"))).hasMessageStartingWith(data + ": ");
        }
    }

    /**
     * A process may die at any byte of an append and at any step of a commit. What is on the disk then is the committed
     * part of the data, any part of what came behind it, any part of the new commit record beside the old one, or the
     * new one in its place.
     */
    @Test
    void shouldSurviveADeathAtEveryByte() throws IOException {
        // Given
        byte[] before;
        byte[] after;
        byte[] oldCommit;
        byte[] newCommit;
        try (ChunkLog log = ChunkLog.open(directory, "t", chunk -> {})) {
            log.append(bytes("first"));
            log.append(bytes("second"));
            log.commit();
            before = Files.readAllBytes(data());
            oldCommit = Files.readAllBytes(commit());
            log.append(bytes("third"));
            log.append(bytes("fourth"));
            log.commit();
            after = Files.readAllBytes(data());
            newCommit = Files.readAllBytes(commit());
        }

        for (int length = before.length; length <= after.length; length++) {
            for (int torn = 0; torn <= newCommit.length; torn++) {
                // When
                Files.write(data(), Arrays.copyOf(after, length));
                Files.write(commit(), oldCommit);
                Files.write(directory.resolve("t.commit.partial"), Arrays.copyOf(newCommit, torn));

                // Then
                assertThat(chunks()).as("cut at %s, %s", length, torn).containsExactly("first", "second");
                appendTo("third");
                assertThat(chunks()).containsExactly("first", "second", "third");
            }
        }
        Files.write(data(), after);
        Files.write(commit(), newCommit);
        assertThat(chunks()).containsExactly("first", "second", "third", "fourth");
    }

    /** Before the first commit there is nothing, whatever was written: garbage after a crash of the machine. */
    @Test
    void shouldBeginAnewWhereNothingWasCommitted() throws IOException {
        // Given
        byte[] garbage = new byte[100];
        new Random(1).nextBytes(garbage);
        Files.write(data(), garbage);

        // Then
        assertThat(chunks()).isEmpty();
        appendTo("one");
        assertThat(chunks()).containsExactly("one");
    }

    @Test
    void shouldRefuseWhatNoCrashExplains() throws IOException {
        // Given
        appendTo("some chunk");
        byte[] data = Files.readAllBytes(data());
        byte[] commit = Files.readAllBytes(commit());

        for (int i = 0; i < data.length; i++) {
            // When
            byte[] changed = data.clone();
            changed[i] ^= 1;
            Files.write(data(), changed);

            // Then
            assertThatThrownBy(this::chunks)
                    .isInstanceOf(DamagedStateException.class)
                    .hasMessageContaining("t.data: ");
        }
        for (int i = 0; i < commit.length; i++) {
            // When
            byte[] changed = commit.clone();
            changed[i] ^= 1;
            Files.write(data(), data);
            Files.write(commit(), changed);

            // Then
            assertThatThrownBy(this::chunks)
                    .isInstanceOf(DamagedStateException.class)
                    .hasMessageContaining("t.commit: ");
        }
        for (int length = 0; length < data.length; length++) {
            // When
            Files.write(data(), Arrays.copyOf(data, length));
            Files.write(commit(), commit);

            // Then
            assertThatThrownBy(this::chunks)
                    .isInstanceOf(DamagedStateException.class)
                    .hasMessageContaining("bytes, of which");
        }
    }

    @Test
    void shouldHandOutItsChunksAgainAndGoOn() throws IOException {
        // Given
        try (ChunkLog log = ChunkLog.open(directory, "t", chunk -> {})) {
            log.append(bytes("one"));
            log.commit();
            log.append(bytes("two"));
            List<String> again = new ArrayList<>();

            // When
            log.read(chunk -> again.add(new String(chunk, StandardCharsets.UTF_8)));
            log.append(bytes("three"));
            log.commit();

            // Then
            assertThat(again).containsExactly("one");
        }
        assertThat(chunks()).containsExactly("one", "two", "three");
    }

    @Test
    void shouldLeaveNothingBehind() throws IOException {
        // Given
        appendTo("one");

        // When
        ChunkLog.open(directory, "t", chunk -> {}).remove();

        // Then
        assertThat(directory).isEmptyDirectory();
        assertThat(ChunkLog.exists(directory, "t")).isFalse();
    }

    private void appendTo(String chunk) throws IOException {
        try (ChunkLog log = ChunkLog.open(directory, "t", unused -> {})) {
            log.append(bytes(chunk));
            log.commit();
        }
    }

    private List<String> chunks() throws IOException {
        List<String> chunks = new ArrayList<>();
        ChunkLog.open(directory, "t", chunk -> chunks.add(new String(chunk, StandardCharsets.UTF_8)))
                .close();
        return chunks;
    }

    private Path data() {
        return directory.resolve("t.data");
    }

    private Path commit() {
        return directory.resolve("t.commit");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
