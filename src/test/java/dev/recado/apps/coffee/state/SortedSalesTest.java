package dev.recado.apps.coffee.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeRow.Sale;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.state.SortedSales.Sizes;
import dev.recado.apps.coffee.wire.Batch;
import dev.recado.apps.coffee.wire.BatchCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SortedSalesTest {

    private static final CoffeeTable SALES = CoffeeTable.TRANSACTIONS;
    private static final UUID SESSION = new UUID(3, 4);
    private static final Comparator<Sale> ORDER = Comparator.comparing(Sale::id).thenComparingLong(Sale::amountCents);

    @TempDir
    Path directory;

    @Test
    void shouldSortAnyNumberInAnySizes() throws IOException {
        for (long seed = 0; seed < 300; seed++) {
            // Given
            Random random = new Random(seed);
            List<Sale> sales = sales(random, random.nextInt(200));
            Sizes sizes = new Sizes(1 + random.nextInt(9), 2 + random.nextInt(4), 1 + random.nextInt(5));

            // When
            try (SortedSales sorted = SortedSales.sort(directory, SALES, source(sales), ORDER, sizes)) {
                // Then
                assertThat(sorted.stream())
                        .as("seed %s, %s", seed, sizes)
                        .containsExactlyElementsOf(sales.stream().sorted(ORDER).toList());
                assertThat(files()).hasSizeLessThan(sizes.runsMerged());
            }
            assertThat(files()).as("left over of seed %s", seed).isEmpty();
        }
    }

    /** As after a kill while an answer was being given: runs of then are there, and their names are taken. */
    @Test
    void shouldSortOverWhatACrashLeft() throws IOException {
        // Given
        Sizes sizes = new Sizes(4, 3, 2);
        Random random = new Random(1);
        List<Sale> sales = sales(random, 100);
        Files.write(directory.resolve("transactions-run-0.data"), new byte[50]);
        Files.write(directory.resolve("transactions-run-1.data"), new byte[1]);

        // When
        try (SortedSales sorted = SortedSales.sort(directory, SALES, source(sales), ORDER, sizes)) {
            // Then
            assertThat(sorted.stream())
                    .containsExactlyElementsOf(sales.stream().sorted(ORDER).toList());
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void shouldNotAnswerWithWhatTheDiskHasChanged() throws IOException {
        // Given
        List<Sale> sales = sales(new Random(1), 100);
        try (SortedSales sorted = SortedSales.sort(directory, SALES, source(sales), ORDER, new Sizes(60, 3, 10))) {
            Path run = files().get(0);
            byte[] bytes = Files.readAllBytes(run);
            bytes[bytes.length - 2] ^= 1;
            Files.write(run, bytes);

            // When
            assertThatThrownBy(() -> sorted.stream().toList())
                    // Then
                    .isInstanceOf(UncheckedIOException.class)
                    .hasRootCauseInstanceOf(DamagedStateException.class)
                    .hasMessageContaining("has another checksum");
        }
    }

    @Test
    void shouldLeaveNothingWhereItsSourceFails() {
        // When
        assertThatThrownBy(() -> SortedSales.sort(
                        directory,
                        SALES,
                        sink -> {
                            source(sales(new Random(1), 100)).read(sink);
                            throw new IOException("unreadable");
                        },
                        ORDER,
                        new Sizes(4, 3, 2)))
                // Then
                .hasMessage("unreadable");
        assertThat(directory).isEmptyDirectory();
    }

    /** What a session has committed, in batches out of order and beside its end. */
    @Test
    void shouldSortWhatASessionHasCommitted() throws IOException {
        // Given
        List<Sale> sales = sales(new Random(2), 60);
        try (SessionStates<BatchSink> states =
                SessionStates.open(directory, List.of(SALES), 1_000, session -> batch -> {}, 0)) {
            for (int number : new int[] {2, 0, 1}) {
                List<CoffeeRow> rows = List.copyOf(sales.subList(20 * number, 20 * number + 20));
                take(states, Batch.ofRows(SESSION, SALES, number, rows));
            }
            take(states, Batch.eos(SESSION, SALES, 3, true));
            states.commit();

            // When
            SessionState<BatchSink> state = states.whole().get(0);
            try (SortedSales sorted = state.sales(SALES, ORDER)) {
                // Then
                assertThat(sorted.stream())
                        .containsExactlyElementsOf(sales.stream().sorted(ORDER).toList());
            }
        }
    }

    @Test
    void shouldSortNothingOfASessionWithoutSales() throws IOException {
        try (SessionStates<BatchSink> states =
                SessionStates.open(directory, List.of(SALES), 1_000, session -> batch -> {}, 0)) {
            // Given
            SessionState<BatchSink> state = states.begin(SESSION, 0);

            // When
            try (SortedSales sorted = state.sales(SALES, ORDER)) {
                // Then
                assertThat(sorted.stream()).isEmpty();
            }
        }
    }

    private static void take(SessionStates<BatchSink> states, Batch batch) throws IOException {
        states.take(batch, BatchCodec.encode(batch), 0);
    }

    /** Few ids and amounts, so that much is equal. */
    private static List<Sale> sales(Random random, int count) {
        List<Sale> sales = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sales.add(new Sale("s" + random.nextInt(20), 1, 0, random.nextInt(3), 20240101000000L));
        }
        return sales;
    }

    private static SortedSales.Source source(List<Sale> sales) {
        return sink -> {
            for (int from = 0; from < sales.size(); from += 7) {
                List<CoffeeRow> rows = List.copyOf(sales.subList(from, Math.min(sales.size(), from + 7)));
                sink.onBatch(Batch.ofRows(SESSION, SALES, from / 7, rows));
            }
        };
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> listed = Files.list(directory)) {
            return listed.sorted().toList();
        }
    }
}
