package dev.recado.apps.coffee.state;

import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.wire.Batch;
import dev.recado.apps.coffee.wire.BatchCodec;
import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.file.WholeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A table of names that has come whole, as one file that is there as a whole or not at all.
 *
 * <pre>
 *  0        4          12           13
 * +--------+----------+------------+-----------------------------+----------+
 * | "RCK"  | batches  | complete   | length (4) · batch, each    | CRC-32C  |
 * | 1      | 8        | 0 or 1     | with up to 1,000 rows …     | of all, 4|
 * +--------+----------+------------+-----------------------------+----------+
 * </pre>
 *
 * @param batches in which the table came
 * @param isComplete as its end said
 * @param rows all of them
 */
record CatalogFile(long batches, boolean isComplete, List<CoffeeRow> rows) {

    private static final int MAGIC = 'R' << 24 | 'C' << 16 | 'K' << 8 | 1;
    private static final int ROWS_A_BATCH = 1_000;
    private static final int CRC_BYTES = 4;

    static Path path(Path directory, CoffeeTable table) {
        return directory.resolve(table.text() + ".catalog");
    }

    /** Durable on return. */
    void write(Path directory, UUID session, CoffeeTable table) throws IOException {
        ByteWriter out = new ByteWriter(1 << 12);
        out.putInt(MAGIC).putLong(batches).put(isComplete ? 1 : 0);
        for (int from = 0; from < rows.size(); from += ROWS_A_BATCH) {
            List<CoffeeRow> some = rows.subList(from, Math.min(rows.size(), from + ROWS_A_BATCH));
            byte[] batch = BatchCodec.encode(Batch.ofRows(session, table, from / ROWS_A_BATCH, some));
            out.putInt(batch.length).put(batch);
        }
        out.putInt(crc(out.array(), out.size()));
        WholeFiles.replace(path(directory, table), file -> file.write(out.array(), 0, out.size()));
    }

    /** Null where there is none. */
    static @Nullable CatalogFile read(Path directory, UUID session, CoffeeTable table) throws IOException {
        Path path = path(directory, table);
        if (!Files.exists(path)) {
            return null;
        }
        byte[] bytes = Files.readAllBytes(path);
        int length = bytes.length - CRC_BYTES;
        ByteReader end = new ByteReader(bytes, Math.max(0, length), Math.min(CRC_BYTES, bytes.length));
        if (end.readInt() != crc(bytes, Math.max(0, length)) || end.failed()) {
            throw new DamagedStateException(path, "has another checksum");
        }
        ByteReader in = new ByteReader(bytes, 0, length);
        int magic = in.readInt();
        long batches = in.readLong();
        int complete = in.readByte();
        List<CoffeeRow> rows = new ArrayList<>();
        while (in.remaining() > 0 && !in.failed()) {
            int size = in.readInt();
            Batch batch = BatchCodec.decode(bytes, in.skip(size), in.failed() ? 0 : size);
            if (batch == null || batch.table() != table || !batch.session().equals(session)) {
                throw new DamagedStateException(path, "holds a malformed batch");
            }
            rows.addAll(batch.rows());
        }
        if (in.failed() || magic != MAGIC || batches < 0 || complete > 1) {
            throw new DamagedStateException(path, "not a catalog of version 1");
        }
        return new CatalogFile(batches, complete == 1, rows);
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
