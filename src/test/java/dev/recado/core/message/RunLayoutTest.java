package dev.recado.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Runs, and the entries that hold them. */
class RunLayoutTest {

    private static final int ROUNDS = 1_000;

    @Test
    void shouldReadTheEntryThatWasWritten() {
        for (long seed = 0; seed < ROUNDS; seed++) {
            // Given
            Random random = new Random(seed);
            List<String> written = new ArrayList<>();
            ByteWriter out = new ByteWriter(16);
            out.skip(random.nextInt(10));
            int start = write(seed, random, out, written);
            // When
            EntryHeader header = EntryLayout.read(out.array(), start, out.size() - start);
            // Then
            assertThat(header).as("seed %d", seed).isEqualTo(header(seed));
            List<StoredRun> runs = RunLayout.readAll(out.array(), start, out.size() - start, header(seed));
            assertThat(runs).as("seed %d", seed).isNotNull();
            assertThat(runs.stream().map(RunLayoutTest::describe))
                    .as("seed %d", seed)
                    .containsExactlyElementsOf(written);
            assertThat(runs)
                    .allMatch(run -> run.publishTimeMs() == 1_700_000_000_000L
                            && run.logTimeMs() == 1_700_000_000_123L
                            && run.lamport() == 99);
        }
    }

    @Test
    void shouldRefuseAnEntryOfWhichOneBitChanged() {
        for (long seed = 0; seed < ROUNDS; seed++) {
            // Given
            Random random = new Random(seed);
            ByteWriter out = new ByteWriter(16);
            write(seed, random, out, new ArrayList<>());
            byte[] bytes = out.toByteArray();
            int bit = random.nextInt(bytes.length * 8);
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            // When
            EntryHeader header = EntryLayout.read(bytes, 0, bytes.length);
            // Then
            assertThat(header).as("seed %d bit %d", seed, bit).isNull();
        }
    }

    @Test
    void shouldTellBeforeItIsWrittenWhatARecoveryCouldNotRead() {
        int torn = 0;
        for (long seed = 0; seed < ROUNDS * 4; seed++) {
            // Given
            Random random = new Random(seed);
            ByteWriter out = new ByteWriter(16);
            write(seed % 50, new Random(seed % 50), out, new ArrayList<>());
            byte[] bytes = out.toByteArray();
            for (int change = random.nextInt(3); change > 0; change--) {
                int at = EntryLayout.HEADER_BYTES
                        + random.nextInt(Math.min(60, bytes.length - EntryLayout.HEADER_BYTES));
                bytes[at] = (byte) random.nextInt(-4, 4);
            }
            int to = bytes.length
                    - (random.nextInt(4) == 0 ? random.nextInt(bytes.length - EntryLayout.HEADER_BYTES) : 0);
            // When
            boolean sound = RunLayout.holdTogether(bytes, EntryLayout.HEADER_BYTES, to);
            // Then
            assertThat(sound).as("seed %d", seed).isEqualTo(RunLayout.readAll(bytes, 0, to, header(seed)) != null);
            torn += sound ? 0 : 1;
        }
        assertThat(torn).isBetween(ROUNDS, ROUNDS * 3);
    }

    @Test
    void shouldRefuseEveryCutRunAndEntry() {
        // Given
        ByteWriter out = new ByteWriter(16);
        write(3, new Random(3), out, new ArrayList<>());
        byte[] bytes = out.toByteArray();
        int runAt = EntryLayout.HEADER_BYTES;
        StoredRun whole = RunLayout.read(bytes, runAt, bytes.length - runAt, 0, 0, 0);
        assertThat(whole).isNotNull();
        for (int cut = 0; cut < bytes.length; cut++) {
            // When
            byte[] shorter = Arrays.copyOf(bytes, cut);
            // Then
            assertThat(EntryLayout.read(shorter, 0, cut)).as("cut %d", cut).isNull();
            if (cut >= runAt && cut < whole.end()) {
                assertThat(RunLayout.read(shorter, runAt, cut - runAt, 0, 0, 0))
                        .as("cut %d", cut)
                        .isNull();
            }
        }
    }

    @Test
    void shouldNeverThrowForGarbage() {
        MessageView view = new MessageView();
        for (long seed = 0; seed < ROUNDS * 5; seed++) {
            // Given
            Random random = new Random(seed);
            ByteWriter out = new ByteWriter(16);
            write(seed, random, out, new ArrayList<>());
            byte[] bytes = out.toByteArray();
            for (int i = 0; i < 6; i++) {
                bytes[
                                EntryLayout.HEADER_BYTES
                                        + random.nextInt(Math.min(60, bytes.length - EntryLayout.HEADER_BYTES))] =
                        (byte) random.nextInt();
            }
            // When
            List<StoredRun> runs = RunLayout.readAll(bytes, 0, bytes.length, header(seed));
            // Then
            if (runs != null) {
                for (StoredRun run : runs) {
                    int at = run.messagesStart();
                    for (int i = 0; i < run.count(); i++) {
                        view.read(bytes, at);
                        at += MessageLayout.length(bytes, at);
                    }
                    assertThat(at).as("seed %d", seed).isEqualTo(run.end());
                }
            }
        }
    }

    private static EntryHeader header(long seed) {
        return new EntryHeader(
                EntryType.DATA, (int) (seed * 77) & 0xFFFF, seed + 1, 5, 4, 99, 1_700_000_000_000L, 1_700_000_000_123L);
    }

    /** Writes an entry of one to four runs and answers where it begins. */
    private static int write(long seed, Random random, ByteWriter out, List<String> written) {
        int start = EntryLayout.begin(out);
        int runs = 1 + random.nextInt(4);
        for (int i = 0; i < runs; i++) {
            ByteWriter messages = new ByteWriter(16);
            Drafts drafts = new Drafts(random);
            int count = 1 + random.nextInt(5);
            for (int m = 0; m < count; m++) {
                MessageLayout.write(messages, drafts.next());
            }
            String id = "p".repeat(1 + random.nextInt(255));
            byte[] producer = random.nextBoolean() ? null : id.getBytes(StandardCharsets.UTF_8);
            long sequence = producer == null ? 0 : random.nextLong() >>> 2;
            int stride = producer == null ? 1 : 1 + random.nextInt(100);
            int partition = random.nextInt();
            long base = random.nextLong() >>> 1;
            RunLayout.setHeader(
                    out,
                    out.skip(RunLayout.headerBytes(producer)),
                    partition,
                    base,
                    count,
                    messages.size(),
                    producer,
                    sequence,
                    stride);
            out.put(messages.array(), 0, messages.size());
            written.add(partition + " " + base + " " + count + " " + (producer == null ? null : id) + " " + sequence
                    + " " + stride + " " + Arrays.hashCode(messages.toByteArray()));
        }
        EntryLayout.finish(out, start, header(seed));
        return start;
    }

    private static String describe(StoredRun run) {
        byte[] messages = Arrays.copyOfRange(run.bytes(), run.messagesStart(), run.end());
        return run.partition() + " " + run.baseOffset() + " " + run.count() + " " + run.producer() + " "
                + run.firstSequence() + " " + run.stride() + " " + Arrays.hashCode(messages);
    }
}
