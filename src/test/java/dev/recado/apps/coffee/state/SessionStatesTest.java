package dev.recado.apps.coffee.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeRow.GroupSum;
import dev.recado.apps.coffee.data.CoffeeRow.Naming;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.session.SessionTracker.Verdict;
import dev.recado.apps.coffee.wire.Batch;
import dev.recado.apps.coffee.wire.BatchCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionStatesTest {

    private static final CoffeeTable SALES = CoffeeTable.TRANSACTIONS;
    private static final CoffeeTable STORES = CoffeeTable.STORES;
    private static final long KEEP_MS = 1_000;
    private static final UUID SESSION = new UUID(1, 2);

    /** Keeps the rows that it is told. */
    private static final class Rows implements BatchSink {
        private final List<CoffeeRow> rows = new ArrayList<>();

        @Override
        public void onBatch(Batch batch) {
            rows.addAll(batch.rows());
        }
    }

    @TempDir
    Path directory;

    @Test
    void shouldRememberOverAStart() throws IOException {
        // Given
        try (SessionStates<Rows> states = open(0)) {
            assertThat(take(states, sums(0))).isEqualTo(Verdict.NEW);
            assertThat(take(states, names(0))).isEqualTo(Verdict.NEW);
            assertThat(take(states, Batch.eos(SESSION, STORES, 1, true))).isEqualTo(Verdict.NEW);
            states.commit();
            take(states, sums(1));
        }

        // When
        try (SessionStates<Rows> states = open(0)) {
            // Then
            assertThat(states.state(SESSION).sink().rows)
                    .containsExactlyInAnyOrder(new GroupSum(0, 0, 1, 1), new Naming(1, "store 0"));
            assertThat(take(states, sums(0))).isEqualTo(Verdict.REPEATED);
            assertThat(take(states, names(0))).isEqualTo(Verdict.REPEATED);
            assertThat(take(states, sums(1))).isEqualTo(Verdict.NEW);
            assertThat(states.whole()).isEmpty();
            assertThat(take(states, Batch.eos(SESSION, SALES, 2, false))).isEqualTo(Verdict.NEW);
            states.commit();
            assertThat(states.whole()).hasSize(1);
            assertThat(states.whole().get(0).tracker().isComplete()).isFalse();
        }
    }

    @Test
    void shouldRememberThatRowsWereLost() throws IOException {
        // Given
        try (SessionStates<Rows> states = open(0)) {
            take(states, names(0).withoutRows());
            take(states, Batch.eos(SESSION, STORES, 1, true));
            states.commit();
        }

        // When
        try (SessionStates<Rows> states = open(0)) {
            take(states, Batch.eos(SESSION, SALES, 0, true));

            // Then
            assertThat(states.state(SESSION).tracker().isWhole()).isTrue();
            assertThat(states.state(SESSION).tracker().isComplete()).isFalse();
        }
    }

    @Test
    void shouldReplaceATableOfNamesThatIsWholeByOneFile() throws IOException {
        // Given
        try (SessionStates<Rows> states = open(0)) {
            take(states, names(0));
            states.commit();
            assertThat(files()).contains("stores.data", "stores.commit");
            take(states, names(1));
            take(states, Batch.eos(SESSION, STORES, 2, true));

            // When
            states.commit();

            // Then
            assertThat(files()).contains("stores.catalog").doesNotContain("stores.data", "stores.commit");
        }
        try (SessionStates<Rows> states = open(0)) {
            assertThat(states.state(SESSION).sink().rows)
                    .containsExactly(new Naming(1, "store 0"), new Naming(1, "store 1"));
            assertThat(states.state(SESSION).tracker().isWhole(STORES)).isTrue();
        }
    }

    /** Between the file and the removal of what it replaces: both are there and say the same. */
    @Test
    void shouldTakeTheFileWhereWhatItReplacesIsStillThere() throws IOException {
        // Given
        Path session = directory.resolve(SESSION.toString());
        byte[] data;
        byte[] commit;
        try (SessionStates<Rows> states = open(0)) {
            take(states, names(0));
            states.commit();
            data = Files.readAllBytes(session.resolve("stores.data"));
            commit = Files.readAllBytes(session.resolve("stores.commit"));
            take(states, Batch.eos(SESSION, STORES, 1, true));
            states.commit();
        }

        for (boolean committed : new boolean[] {true, false}) {
            // When
            Files.write(session.resolve("stores.data"), data);
            if (committed) {
                Files.write(session.resolve("stores.commit"), commit);
            }

            // Then
            try (SessionStates<Rows> states = open(0)) {
                assertThat(states.state(SESSION).sink().rows).containsExactly(new Naming(1, "store 0"));
                assertThat(files()).containsExactlyInAnyOrder("stores.catalog");
            }
        }
    }

    @Test
    void shouldLeaveALineOfASessionThatIsOver() throws IOException {
        // Given
        try (SessionStates<Rows> states = open(0)) {
            take(states, sums(0));
            states.commit();

            // When
            states.finish(SESSION, 0);

            // Then
            assertThat(take(states, sums(1))).isEqualTo(Verdict.REPEATED);
            assertThat(entries()).containsExactlyInAnyOrder("lock", "finished");
        }
        try (SessionStates<Rows> states = open(0)) {
            assertThat(take(states, sums(1))).isEqualTo(Verdict.REPEATED);
            states.finish(new UUID(5, 6), KEEP_MS + 1);
            assertThat(states.isFinished(SESSION)).isFalse();
            assertThat(states.isFinished(new UUID(5, 6))).isTrue();
        }
    }

    @Test
    void shouldTellSessionsOfWhichNothingComes() throws IOException {
        // Given
        try (SessionStates<Rows> states = open(0)) {
            take(states, sums(0));
            states.commit();

            // When
            List<UUID> before = states.idle(10, 9);
            List<UUID> at = states.idle(10, 10);

            // Then
            assertThat(before).isEmpty();
            assertThat(at).containsExactly(SESSION);
        }
    }

    /** Each death at that moment would have left one more file, for good. */
    @Test
    void shouldLeaveNothingOfAFileThatADeathLeftHalfWritten() throws IOException {
        // Given
        Files.writeString(directory.resolve("finished.partial"), "half");
        try (SessionStates<Rows> states = open(0)) {
            // When
            states.finish(SESSION, 0);
        }

        // Then
        assertThat(entries()).containsExactlyInAnyOrder("lock", "finished");
    }

    @Test
    void shouldFinishARemovalThatACrashBegan() throws IOException {
        // Given
        Files.createDirectories(directory.resolve(SESSION + ".gone"));
        Files.writeString(directory.resolve(SESSION + ".gone/stores.data"), "half");
        Files.createDirectories(directory.resolve(new UUID(3, 4).toString()));
        Files.writeString(directory.resolve("finished"), new UUID(3, 4) + " 5\n");

        // When
        open(0).close();

        // Then
        assertThat(entries()).containsExactlyInAnyOrder("lock", "finished");
    }

    @Test
    void shouldBelongToOneProcessAtATime() throws IOException {
        try (SessionStates<Rows> states = open(0)) {
            assertThat(states.sessions()).isEmpty();
            assertThatThrownBy(() -> open(0)).hasMessageContaining("another process uses this state");
        }
        open(0).close();
    }

    @Test
    void shouldRefuseADamagedCatalog() throws IOException {
        // Given
        try (SessionStates<Rows> states = open(0)) {
            take(states, names(0));
            take(states, Batch.eos(SESSION, STORES, 1, true));
            states.commit();
        }
        Path catalog = directory.resolve(SESSION.toString()).resolve("stores.catalog");
        byte[] whole = Files.readAllBytes(catalog);

        for (int i = 0; i < whole.length; i++) {
            // When
            byte[] changed = whole.clone();
            changed[i] ^= 1;
            Files.write(catalog, changed);

            // Then
            assertThatThrownBy(() -> open(0)).isInstanceOf(DamagedStateException.class);
        }
    }

    /** Deaths at chance's moments: what was committed is there once, what was not comes again. */
    @Test
    void shouldRefuseACatalogOfAnotherSession() throws IOException {
        // Given
        UUID other = new UUID(3, 4);
        try (SessionStates<Rows> states = open(0)) {
            take(states, names(0));
            take(states, Batch.eos(SESSION, STORES, 1, true));
            take(states, Batch.ofRows(other, SALES, 0, List.of(new GroupSum(1, 1, 1, 1))));
            states.commit();
        }

        // When
        Files.copy(
                directory.resolve(SESSION.toString()).resolve("stores.catalog"),
                directory.resolve(other.toString()).resolve("stores.catalog"));

        // Then
        assertThatThrownBy(() -> open(0))
                .isInstanceOf(DamagedStateException.class)
                .hasMessageContaining("stores.catalog");
    }

    @Test
    void shouldCountEachBatchOnceOverDeaths() throws IOException {
        for (int seed = 0; seed < 60; seed++) {
            // Given
            Random random = new Random(seed);
            Path root = directory.resolve("seed-" + seed);
            UUID session = new UUID(7, seed);
            int batches = 1 + random.nextInt(30);
            Set<Long> acknowledged = new HashSet<>();

            // When
            while (acknowledged.size() < batches) {
                try (SessionStates<Rows> states =
                        SessionStates.open(root, List.of(SALES), KEEP_MS, id -> new Rows(), 0)) {
                    play(states, session, batches, acknowledged, random);
                }
            }

            // Then
            try (SessionStates<Rows> states = SessionStates.open(root, List.of(SALES), KEEP_MS, id -> new Rows(), 0)) {
                Batch end = Batch.eos(session, SALES, batches, true);
                states.take(end, BatchCodec.encode(end), 0);
                assertThat(states.state(session).tracker().isWhole())
                        .as("seed %s", seed)
                        .isTrue();
                assertThat(states.state(session).sink().rows).hasSize(batches);
                assertThat(new HashSet<>(states.state(session).sink().rows)).hasSize(batches);
            }
        }
    }

    private static void play(
            SessionStates<Rows> states, UUID session, int batches, Set<Long> acknowledged, Random random)
            throws IOException {
        Set<Long> taken = new HashSet<>();
        for (int step = random.nextInt(20); step >= 0; step--) {
            long number = random.nextInt(batches);
            Batch batch = Batch.ofRows(session, SALES, number, List.of(new GroupSum(number, 0, 1, 1)));
            Verdict verdict = states.take(batch, BatchCodec.encode(batch), 0);
            if (acknowledged.contains(number) || taken.contains(number)) {
                assertThat(verdict).isEqualTo(Verdict.REPEATED);
            }
            taken.add(number);
            if (random.nextInt(4) == 0) {
                states.commit();
                acknowledged.addAll(taken);
            }
        }
    }

    private SessionStates<Rows> open(long nowMs) throws IOException {
        return SessionStates.open(directory, List.of(SALES, STORES), KEEP_MS, session -> new Rows(), nowMs);
    }

    private static Verdict take(SessionStates<Rows> states, Batch batch) throws IOException {
        return states.take(batch, BatchCodec.encode(batch), 0);
    }

    private static Batch sums(long number) {
        return Batch.ofRows(SESSION, SALES, number, List.of(new GroupSum(number, 0, 1, 1)));
    }

    private static Batch names(long number) {
        return Batch.ofRows(SESSION, STORES, number, List.of(new Naming(1, "store " + number)));
    }

    private List<String> files() throws IOException {
        return names(directory.resolve(SESSION.toString()));
    }

    private List<String> entries() throws IOException {
        return names(directory);
    }

    private static List<String> names(Path of) throws IOException {
        try (Stream<Path> listed = Files.list(of)) {
            return listed.map(path -> path.getFileName().toString()).toList();
        }
    }
}
