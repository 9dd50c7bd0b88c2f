package dev.recado.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The bytes of a transaction's entry, as they were first released. */
class TransactionLayoutTest {

    private static final Path GOLDEN = Path.of("src", "test", "resources", "format", "transaction-1.hex");
    private static final EntryHeader HEADER =
            new EntryHeader(EntryType.TRANSACTION, 3, 17, 2, 1, 4_711, 1_700_000_000_000L, 1_699_999_999_000L);
    private static final byte[] PROGRESS = {2, 0, 0, 0, 7, 0, 0, 0, 5, 1, 0};

    private static byte[] entry() {
        ByteWriter message = new ByteWriter(64);
        MessageLayout.write(message, Drafts.plain("k", Map.of("color", "rojo"), "hola"));
        ByteWriter out = new ByteWriter(256);
        int start = EntryLayout.begin(out);
        TransactionLayout.putProgress(out, PROGRESS);
        for (int partition = 9; partition < 11; partition++) {
            int at = out.skip(RunLayout.headerBytes(null));
            RunLayout.setHeader(out, at, partition, 40, 1, message.size(), null, 0, 1);
            out.put(message.toByteArray());
        }
        EntryLayout.finish(out, start, HEADER);
        return out.toByteArray();
    }

    @Test
    void shouldReadAndWriteTheGoldenBytes() throws IOException {
        // Given
        byte[] golden = HexFormat.of().parseHex(Files.readString(GOLDEN).replaceAll("\\s", ""));

        // When
        TransactionLayout.Parts parts = TransactionLayout.read(golden, 0, golden.length, HEADER);

        // Then
        assertThat(entry()).isEqualTo(golden);
        assertThat(EntryLayout.read(golden, 0, golden.length)).isEqualTo(HEADER);
        assertThat(Objects.requireNonNull(parts).progress().readBytes(PROGRESS.length))
                .isEqualTo(PROGRESS);
        assertThat(parts.runs()).extracting(StoredRun::partition).containsExactly(9, 10);
        assertThat(parts.runs()).extracting(StoredRun::endOffset).containsOnly(41L);
    }

    @Test
    void shouldNotReadAnotherVersionOrABodyThatIsCut() {
        byte[] entry = entry();
        for (int length = EntryLayout.HEADER_BYTES; length < entry.length; length++) {
            assertThat(read(Arrays.copyOf(entry, length)))
                    .as("length %d", length)
                    .isEqualTo(wholeAt(entry, length));
        }
        entry[EntryLayout.HEADER_BYTES] = 2;
        assertThat(TransactionLayout.read(entry, 0, entry.length, HEADER)).isNull();
    }

    private static boolean read(byte[] entry) {
        return TransactionLayout.read(entry, 0, entry.length, HEADER) != null;
    }

    /** Behind its first run it is one of a single run. */
    private static boolean wholeAt(byte[] entry, int length) {
        int runs = EntryLayout.HEADER_BYTES + TransactionLayout.HEADER_BYTES + PROGRESS.length;
        return length == runs + (entry.length - runs) / 2;
    }

    @Test
    void shouldNeverThrowForRubbish() {
        // Given
        Random random = new Random(65);
        byte[] entry = entry();

        // When
        for (int i = 0; i < 20_000; i++) {
            byte[] mutated = entry.clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                int at = EntryLayout.HEADER_BYTES + random.nextInt(entry.length - EntryLayout.HEADER_BYTES);
                mutated[at] = (byte) random.nextInt();
            }
            TransactionLayout.Parts parts = TransactionLayout.read(mutated, 0, mutated.length, HEADER);

            // Then
            assertThat(parts == null || !parts.runs().isEmpty()).isTrue();
        }
    }
}
