package dev.recado.apps.coffee.query;

import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeRow.Answer;
import dev.recado.apps.coffee.data.CoffeeTable;
import java.util.stream.Stream;

/**
 * What one query has gathered of one session. Rows may come in any order; each once, which is for others to see to.
 * Not thread-safe: one owner.
 */
public interface Aggregation {

    /** Takes one row that comes, by whatever stages, from {@code source}. */
    void add(CoffeeTable source, CoffeeRow row);

    /** Whether no sum was too great to be told. */
    default boolean isExact() {
        return true;
    }

    /**
     * The rows of an answer's file in their order; of the rows so far. Its taker closes it.
     *
     * @param kept the sales that were added; asked for by a query that answers with them one by one
     */
    Stream<Answer> answer(CoffeeTable result, KeptSales kept);
}
