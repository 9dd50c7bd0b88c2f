package dev.recado.apps.coffee.wire;

import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeTable;
import java.util.List;
import java.util.UUID;

/**
 * Some rows of one table of one session, or the end of that table.
 *
 * @param session whose they are
 * @param table where they come from, whatever was made of them since
 * @param number of a batch of rows: from 0, the next one for each; of an end: how many batches there were
 * @param isEos whether this is the end of the table, without rows
 * @param isComplete false in an end that the gateway had to write, in a batch whose rows somebody could not read, and
 *     in what follows from them
 * @param rows at most {@link BatchCodec#ROWS_MAX}, all of one kind
 */
public record Batch(
        UUID session, CoffeeTable table, long number, boolean isEos, boolean isComplete, List<CoffeeRow> rows) {

    public static Batch ofRows(UUID session, CoffeeTable table, long number, List<CoffeeRow> rows) {
        return new Batch(session, table, number, false, true, rows);
    }

    public static Batch eos(UUID session, CoffeeTable table, long count, boolean isComplete) {
        return new Batch(session, table, count, true, isComplete, List.of());
    }

    /** The same batch or end where its rows cannot be read. */
    public Batch withoutRows() {
        return new Batch(session, table, number, isEos, false, List.of());
    }

    /** The same batch with other rows: number and end go on with it, so that they can be counted behind any stage. */
    public Batch withRows(List<CoffeeRow> others) {
        return new Batch(session, table, number, isEos, isComplete, others);
    }
}
