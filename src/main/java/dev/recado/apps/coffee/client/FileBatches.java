package dev.recado.apps.coffee.client;

import dev.recado.apps.coffee.csv.CsvRows;
import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.wire.Batch;
import dev.recado.apps.coffee.wire.BatchCodec;
import dev.recado.apps.coffee.wire.GatewayFrame.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Reads the five files and puts them as batches into the window, each table with its end; on a thread of its own. */
final class FileBatches {

    private final Path directory;
    private final UUID session;
    private final int batchRows;
    private final UploadWindow window;
    private final long bytesInAll;
    private volatile long bytesDone;

    FileBatches(Path directory, UUID session, int batchRows, UploadWindow window) throws IOException {
        this.directory = directory;
        this.session = session;
        this.batchRows = batchRows;
        this.window = window;
        long bytes = 0;
        for (CoffeeTable table : CoffeeTable.inputs()) {
            // A session is not begun for files that cannot be sent.
            CsvRows.open(directory, table).close();
            bytes += Files.size(directory.resolve(table.fileName()));
        }
        bytesInAll = Math.max(1, bytes);
    }

    /** Of 100, how much is read. */
    int percent() {
        return (int) (100 * bytesDone / bytesInAll);
    }

    /** Reads on from where the gateway is. */
    void read(List<Position> positions) throws IOException, InterruptedException {
        long before = 0;
        for (CoffeeTable table : CoffeeTable.inputs()) {
            Position from = positions.stream()
                    .filter(position -> position.table() == table)
                    .findFirst()
                    .orElse(new Position(table, 0, 0, false));
            if (!from.isEnded()) {
                read(from, before);
            }
            before += Files.size(directory.resolve(table.fileName()));
            bytesDone = before;
        }
    }

    private void read(Position from, long before) throws IOException, InterruptedException {
        CoffeeTable table = from.table();
        long number = from.batches();
        try (CsvRows rows = CsvRows.open(directory, table)) {
            for (long skipped = 0; skipped < from.rows() && rows.next() != null; skipped++) {
                bytesDone = before + rows.bytesRead();
            }
            List<CoffeeRow> some = new ArrayList<>(batchRows);
            int bytes = BatchCodec.HEAD_BYTES_MAX;
            for (CoffeeRow row = rows.next(); row != null; row = rows.next()) {
                bytes += BatchCodec.bytes(row);
                if (some.size() == batchRows || bytes > BatchCodec.BYTES_MAX) {
                    window.put(Batch.ofRows(session, table, number++, some));
                    some = new ArrayList<>(batchRows);
                    bytes = BatchCodec.HEAD_BYTES_MAX + BatchCodec.bytes(row);
                    bytesDone = before + rows.bytesRead();
                }
                some.add(row);
            }
            if (!some.isEmpty()) {
                window.put(Batch.ofRows(session, table, number++, some));
            }
            window.put(Batch.ofRows(session, table, number, List.of()));
        }
    }
}
