package dev.recado.apps.coffee.csv;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.recado.apps.coffee.data.BadRowException;
import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.data.RowText;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The rows of one file, one after another, never more of it in memory than a buffer. Not thread-safe: one owner. */
public final class CsvRows implements AutoCloseable {

    /** More than the longest row takes. */
    private static final int FIELD_CHARS_MAX = 1 << 14;

    private final Path file;
    private final CoffeeTable table;
    private final CloseableIterator<CsvRecord> records;
    private final Counted bytes;
    /** Of the row read last, from 1. */
    private long line;

    private CsvRows(Path file, CoffeeTable table, CloseableIterator<CsvRecord> records, Counted bytes) {
        this.file = file;
        this.table = table;
        this.records = records;
        this.bytes = bytes;
    }

    /**
     * Opens the file of {@code table} in {@code directory} and reads its header. A pipe is refused: a file is read
     * again where a session goes on.
     */
    public static CsvRows open(Path directory, CoffeeTable table) throws IOException {
        Path file = directory.resolve(table.fileName());
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new FileSystemException(file.toString(), null, "not a file with data, such as a folder or a pipe");
        }
        Counted bytes = new Counted(Files.newInputStream(file));
        CloseableIterator<CsvRecord> records = CsvReader.builder()
                .commentStrategy(CommentStrategy.NONE)
                .detectBomHeader(true)
                .skipEmptyLines(true)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .maxBufferSize(FIELD_CHARS_MAX)
                .ofCsvRecord(bytes)
                .iterator();
        CsvRows rows = new CsvRows(file, table, records, bytes);
        try {
            rows.readHeader();
            return rows;
        } catch (Throwable failure) {
            rows.close();
            throw failure;
        }
    }

    private void readHeader() throws IOException {
        CsvRecord header = record();
        String wanted = String.join(",", table.columns());
        if (header == null) {
            throw new CsvFailure(file, 1, "empty, it should begin with the header " + wanted);
        }
        if (!header.getFields().equals(table.columns())) {
            throw new CsvFailure(
                    file, line, "the header is " + String.join(",", header.getFields()) + ", not " + wanted);
        }
    }

    /** The next row, or null at the end. */
    public @Nullable CoffeeRow next() throws IOException {
        CsvRecord record = record();
        if (record == null) {
            return null;
        }
        try {
            return RowText.read(table, record.getFields());
        } catch (BadRowException e) {
            throw new CsvFailure(file, line, String.valueOf(e.getMessage()));
        }
    }

    private @Nullable CsvRecord record() throws IOException {
        try {
            if (!records.hasNext()) {
                return null;
            }
            CsvRecord record = records.next();
            line = record.getStartingLineNumber();
            return record;
        } catch (CsvParseException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CsvFailure(file, line + 1, "not CSV in this line or behind it: " + cause.getMessage());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Bytes of the file read so far, for any thread. */
    public long bytesRead() {
        return bytes.count;
    }

    private static final class Counted extends FilterInputStream {
        private volatile long count;

        private Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            add(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read = super.read(into, offset, length);
            add(Math.max(0, read));
            return read;
        }

        /** One thread reads. */
        @SuppressWarnings("NonAtomicVolatileUpdate")
        private void add(int more) {
            count += more;
        }
    }

    @Override
    public void close() throws IOException {
        records.close();
    }
}
