package dev.recado.apps.coffee.state;

import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeRow.Sale;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.session.SessionTracker;
import dev.recado.apps.coffee.session.SessionTracker.Verdict;
import dev.recado.apps.coffee.wire.Batch;
import dev.recado.apps.coffee.wire.BatchCodec;
import dev.recado.base.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All that a node has taken of one session, in a directory of its own: a {@link ChunkLog} for each table with the
 * batches as they came, which becomes a {@link CatalogFile} where a table of names is whole. Tracker and sink follow
 * the files: after a start they are told everything again. Not thread-safe: one owner.
 */
public final class SessionState<S extends BatchSink> implements AutoCloseable {

    private final Path directory;
    private final UUID session;
    private final S sink;
    private final SessionTracker tracker;
    private final Map<CoffeeTable, ChunkLog> logs = new EnumMap<>(CoffeeTable.class);
    private long touchedMs;

    private SessionState(Path directory, UUID session, Collection<CoffeeTable> tables, S sink) {
        this.directory = directory;
        this.session = session;
        this.sink = sink;
        tracker = new SessionTracker(tables);
    }

    /** Makes it where there is none, else tells {@code sink} what was committed. */
    static <S extends BatchSink> SessionState<S> open(
            Path directory, UUID session, Collection<CoffeeTable> tables, S sink, long nowMs) throws IOException {
        Files.createDirectories(directory);
        SessionState<S> state = new SessionState<>(directory, session, tables, sink);
        state.touchedMs = nowMs;
        try {
            for (CoffeeTable table : tables) {
                state.recover(table);
            }
            return state;
        } catch (Throwable failure) {
            state.close();
            throw failure;
        }
    }

    private void recover(CoffeeTable table) throws IOException {
        CatalogFile catalog = CatalogFile.read(directory, session, table);
        if (catalog != null) {
            tracker.onWhole(table, catalog.batches(), catalog.isComplete());
            sink.onBatch(Batch.ofRows(session, table, 0, catalog.rows()));
            if (ChunkLog.exists(directory, table.text())) {
                ChunkLog.open(directory, table.text(), chunk -> {}).remove();
            }
        } else if (ChunkLog.exists(directory, table.text())) {
            logs.put(table, ChunkLog.open(directory, table.text(), chunk -> onChunk(table, chunk)));
        }
    }

    private void onChunk(CoffeeTable table, byte[] chunk) throws IOException {
        Batch batch = BatchCodec.decode(chunk);
        if (batch == null || batch.table() != table || !batch.session().equals(session)) {
            throw new DamagedStateException(directory.resolve(table.text() + ".data"), "holds a malformed batch");
        }
        if (track(batch) == Verdict.NEW && !batch.isEos()) {
            sink.onBatch(batch);
        }
    }

    private Verdict track(Batch batch) {
        return batch.isEos()
                ? tracker.onEos(batch.table(), batch.number(), batch.isComplete())
                : tracker.onBatch(batch.table(), batch.number(), batch.isComplete());
    }

    /**
     * Takes a batch or an end; what is new counts after {@link #commit}.
     *
     * @param body the same as bytes, as it came
     */
    Verdict take(Batch batch, byte[] body, long nowMs) throws IOException {
        Check.that(batch.session().equals(session), "batch of another session", batch.session());
        touchedMs = nowMs;
        Verdict verdict = track(batch);
        if (verdict == Verdict.NEW) {
            log(batch.table()).append(body);
            if (!batch.isEos()) {
                sink.onBatch(batch);
            }
        }
        return verdict;
    }

    private ChunkLog log(CoffeeTable table) throws IOException {
        ChunkLog log = logs.get(table);
        if (log == null) {
            log = ChunkLog.open(directory, table.text(), chunk -> {});
            logs.put(table, log);
        }
        return log;
    }

    /** Durable on return. */
    void commit() throws IOException {
        for (CoffeeTable table : tracker.tables()) {
            ChunkLog log = logs.get(table);
            if (log != null) {
                log.commit();
                if (table.isCatalog() && tracker.isWhole(table)) {
                    replace(table, log);
                }
            }
        }
    }

    /** One file for the log, which then is not needed any more; a crash in between leaves both, which say the same. */
    private void replace(CoffeeTable table, ChunkLog log) throws IOException {
        List<CoffeeRow> rows = new ArrayList<>();
        boolean[] isComplete = {true};
        log.read(chunk -> {
            Batch batch = BatchCodec.decode(chunk);
            if (batch != null) {
                rows.addAll(batch.rows());
                isComplete[0] &= batch.isComplete();
            }
        });
        new CatalogFile(tracker.batches(table), isComplete[0], rows).write(directory, session, table);
        logs.remove(table);
        log.remove();
    }

    /** The batches of a table as far as they are committed, for any thread; null where there are none. */
    public @Nullable CommittedBatches committed(CoffeeTable table) {
        ChunkLog log = logs.get(table);
        return log == null ? null : new CommittedBatches(log.committed());
    }

    /**
     * The committed sales of a table in that order, whatever their number: they are sorted in files of this session,
     * which go with it, and what is left of them is written over. One at a time.
     */
    public SortedSales sales(CoffeeTable table, Comparator<Sale> order) throws IOException {
        CommittedBatches batches = committed(table);
        return SortedSales.sort(directory, table, batches == null ? sink -> {} : batches::readAsTheyCame, order);
    }

    public UUID session() {
        return session;
    }

    public S sink() {
        return sink;
    }

    public SessionTracker tracker() {
        return tracker;
    }

    /** When something of it came last, in milliseconds of its owner's clock. */
    long touchedMs() {
        return touchedMs;
    }

    @Override
    public void close() throws IOException {
        for (ChunkLog log : logs.values()) {
            log.close();
        }
    }
}
