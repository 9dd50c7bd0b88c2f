package dev.recado.apps.coffee.state;

import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeRow.Sale;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.wire.Batch;
import dev.recado.apps.coffee.wire.BatchCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Sales in an order, however many they are: an external merge sort. Sorted runs of {@link #RUN_ROWS} are written to
 * files, and merged {@link #RUNS_MERGED} at a time until one merge is left, which is done while it is read. So it holds
 * one run, or a piece of {@link #PIECE_ROWS} of each run that is merged. A file is a {@link ChunkLog} of which nothing
 * is ever committed: it counts for nothing after a crash, and its checksums tell what the disk has changed.
 *
 * <p>Not thread-safe: one owner, one reader.
 */
public final class SortedSales implements AutoCloseable {

    /** So few that a heap of 64 MiB is enough. */
    static final int RUN_ROWS = 1 << 16;

    static final int RUNS_MERGED = 64;
    static final int PIECE_ROWS = 512;

    /** Where the sales come from. */
    interface Source {
        void read(BatchSink sink) throws IOException;
    }

    /** How much is done at a time; others than the usual for tests. */
    record Sizes(int runRows, int runsMerged, int pieceRows) {}

    private static final Sizes USUAL = new Sizes(RUN_ROWS, RUNS_MERGED, PIECE_ROWS);

    /** Nobody reads it: a run is of one session, whose directory it is in. */
    private static final UUID SESSION = new UUID(0, 0);

    private final Path directory;
    private final CoffeeTable table;
    private final Comparator<Sale> order;
    private final Sizes sizes;
    /** From the shortest to the longest, so that nothing is merged more often than it has to be. */
    private final Deque<ChunkLog> runs = new ArrayDeque<>();

    private final List<Sale> rows = new ArrayList<>();
    private int runsMade;

    private SortedSales(Path directory, CoffeeTable table, Comparator<Sale> order, Sizes sizes) {
        this.directory = directory;
        this.table = table;
        this.order = order;
        this.sizes = sizes;
    }

    static SortedSales sort(Path directory, CoffeeTable table, Source source, Comparator<Sale> order)
            throws IOException {
        return sort(directory, table, source, order, USUAL);
    }

    /** Of the sales of {@code source}; other rows of it are left out. What fails leaves no file open. */
    static SortedSales sort(Path directory, CoffeeTable table, Source source, Comparator<Sale> order, Sizes sizes)
            throws IOException {
        SortedSales sorted = new SortedSales(directory, table, order, sizes);
        try {
            source.read(sorted::take);
            sorted.rows.sort(order);
            sorted.mergeToOneMerge();
            return sorted;
        } catch (Throwable failure) {
            sorted.close();
            throw failure;
        }
    }

    private void take(Batch batch) throws IOException {
        for (CoffeeRow row : batch.rows()) {
            if (row instanceof Sale sale) {
                if (rows.size() == sizes.runRows()) {
                    rows.sort(order);
                    runs.add(write(rows.iterator()));
                    rows.clear();
                }
                rows.add(sale);
            }
        }
    }

    /** The rows in memory are one of those that are merged at last. */
    private void mergeToOneMerge() throws IOException {
        while (runs.size() >= sizes.runsMerged()) {
            List<ChunkLog> merged = new ArrayList<>();
            for (int i = 0; i < sizes.runsMerged(); i++) {
                merged.add(runs.remove());
            }
            try {
                runs.add(write(new Merge(cursors(merged), order)));
            } finally {
                for (ChunkLog run : merged) {
                    run.remove();
                }
            }
        }
    }

    private ChunkLog write(Iterator<Sale> sorted) throws IOException {
        ChunkLog run = ChunkLog.open(directory, table.text() + "-run-" + runsMade++, chunk -> {});
        try {
            while (sorted.hasNext()) {
                List<CoffeeRow> piece = new ArrayList<>(sizes.pieceRows());
                while (sorted.hasNext() && piece.size() < sizes.pieceRows()) {
                    piece.add(sorted.next());
                }
                run.append(BatchCodec.encode(Batch.ofRows(SESSION, table, 0, piece)));
            }
            return run;
        } catch (UncheckedIOException e) {
            run.remove();
            throw e.getCause();
        } catch (Throwable failure) {
            run.remove();
            throw failure;
        }
    }

    private static List<Iterator<Sale>> cursors(Iterable<ChunkLog> runs) {
        List<Iterator<Sale>> cursors = new ArrayList<>();
        runs.forEach(run -> cursors.add(new Cursor(run.appended())));
        return cursors;
    }

    /** All of them, once. Reading it throws UncheckedIOException. */
    public Stream<Sale> stream() {
        List<Iterator<Sale>> sorted = cursors(runs);
        sorted.add(rows.iterator());
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(new Merge(sorted, order), Spliterator.ORDERED), false);
    }

    /** Removes the files. */
    @Override
    public void close() throws IOException {
        while (!runs.isEmpty()) {
            runs.remove().remove();
        }
    }

    /** The rows of a run, of which it holds a piece. */
    private static final class Cursor implements Iterator<Sale> {
        private final Iterator<byte[]> pieces;
        private Iterator<CoffeeRow> piece = List.<CoffeeRow>of().iterator();

        private Cursor(Iterator<byte[]> pieces) {
            this.pieces = pieces;
        }

        @Override
        public boolean hasNext() {
            while (!piece.hasNext() && pieces.hasNext()) {
                Batch batch = BatchCodec.decode(pieces.next());
                piece = batch == null ? piece : batch.rows().iterator();
            }
            return piece.hasNext();
        }

        @Override
        public Sale next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return (Sale) piece.next();
        }
    }

    /** The least of what several have next. */
    private static final class Merge implements Iterator<Sale> {

        private record Head(Sale sale, Iterator<Sale> rest) {}

        private final PriorityQueue<Head> heads;

        private Merge(List<Iterator<Sale>> sorted, Comparator<Sale> order) {
            heads = new PriorityQueue<>(Math.max(1, sorted.size()), Comparator.comparing(Head::sale, order));
            sorted.forEach(this::advance);
        }

        private void advance(Iterator<Sale> rest) {
            if (rest.hasNext()) {
                heads.add(new Head(rest.next(), rest));
            }
        }

        @Override
        public boolean hasNext() {
            return !heads.isEmpty();
        }

        @Override
        public Sale next() {
            Head least = heads.remove();
            advance(least.rest());
            return least.sale();
        }
    }
}
