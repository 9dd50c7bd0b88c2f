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
import java.io.IOException;
import java.io.UncheckedIOException;
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
    /** Of the row read last, from 1. */
    private long line;

    private CsvRows(Path file, CoffeeTable table, CloseableIterator<CsvRecord> records) {
        this.file = file;
        this.table = table;
        this.records = records;
    }

    /** Opens the file of {@code table} in {@code directory} and reads its header. */
    public static CsvRows open(Path directory, CoffeeTable table) throws IOException {
        Path file = directory.resolve(table.fileName());
        CloseableIterator<CsvRecord> records = CsvReader.builder()
                .commentStrategy(CommentStrategy.NONE)
                .detectBomHeader(true)
                .skipEmptyLines(true)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .maxBufferSize(FIELD_CHARS_MAX)
                .ofCsvRecord(Files.newInputStream(file))
                .iterator();
        CsvRows rows = new CsvRows(file, table, records);
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
            throw new CsvFailure(file, line, e.getMessage());
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
            String why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            throw new CsvFailure(file, line + 1, "not CSV in this line or behind it: " + why);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public void close() throws IOException {
        records.close();
    }
}
