package dev.recado.apps.messaging.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedLinesTest {

    @TempDir
    Path folder;

    @Test
    void shouldCutWhatACrashLeftWhereverItTore() throws IOException {
        // Given
        Path whole = folder.resolve("whole");
        try (SealedLines lines = SealedLines.open(whole, line -> {})) {
            lines.append(List.of("first", "zweite é"));
            lines.append(List.of("third"));
        }
        byte[] bytes = Files.readAllBytes(whole);
        assertThat(Files.readString(whole)).matches("(?s)[0-9a-f]{8} first\n[0-9a-f]{8} zweite é\n.*");

        for (int length = 0; length <= bytes.length; length++) {
            // When
            Path torn = folder.resolve("torn");
            Files.write(torn, Arrays.copyOf(bytes, length));
            List<String> found = new ArrayList<>();
            try (SealedLines lines = SealedLines.open(torn, found::add)) {
                lines.append(List.of("next"));
            }

            // Then
            assertThat(found).isEqualTo(List.of("first", "zweite é", "third").subList(0, found.size()));
            List<String> foundAgain = new ArrayList<>();
            try (SealedLines again = SealedLines.open(torn, foundAgain::add)) {
                assertThat(again.cutBytes()).isZero();
                assertThat(foundAgain).hasSize(found.size() + 1).endsWith("next");
            }
        }
    }

    @Test
    void shouldReadLinesAcrossChunksAndCutOneWithoutAnEnd() throws IOException {
        // Given: lines that end anywhere in a chunk, and behind them more than any line has
        Path file = folder.resolve("long");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            texts.add("é".repeat(997 * i));
        }
        try (SealedLines lines = SealedLines.open(file, line -> {})) {
            lines.append(texts);
        }
        Files.write(file, new byte[3 << 20], StandardOpenOption.APPEND);

        // When
        List<String> found = new ArrayList<>();
        try (SealedLines lines = SealedLines.open(file, found::add)) {
            // Then
            assertThat(lines.cutBytes()).isEqualTo(3 << 20);
        }
        assertThat(found).isEqualTo(texts);
    }

    @Test
    void shouldGoOnAboveEveryClockOfEarlierRuns() throws IOException {
        // Given
        Path file = folder.resolve("clock.json");
        KeptLamport first = KeptLamport.open(file);
        long last = 0;
        for (int i = 0; i < 5_000; i++) {
            last = first.clock().tick();
            first.keep();
        }

        // When
        KeptLamport second = KeptLamport.open(file);

        // Then
        assertThat(second.clock().tick()).isGreaterThan(last);
    }
}
