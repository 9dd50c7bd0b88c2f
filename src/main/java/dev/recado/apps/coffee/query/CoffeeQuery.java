package dev.recado.apps.coffee.query;

import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.data.RowRules;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The four queries: what each needs whole, and what it answers. */
public enum CoffeeQuery {
    Q1("q1", List.of(CoffeeTable.TRANSACTIONS), List.of(CoffeeTable.Q1)),
    Q2(
            "q2",
            List.of(CoffeeTable.TRANSACTION_ITEMS, CoffeeTable.MENU_ITEMS),
            List.of(CoffeeTable.Q2_QUANTITY, CoffeeTable.Q2_PROFIT)),
    Q3("q3", List.of(CoffeeTable.TRANSACTIONS, CoffeeTable.STORES), List.of(CoffeeTable.Q3)),
    Q4("q4", List.of(CoffeeTable.TRANSACTIONS, CoffeeTable.STORES, CoffeeTable.USERS), List.of(CoffeeTable.Q4));

    private final String text;

    /** Never changes, though its type does not say so. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<CoffeeTable> inputs;

    /** Never changes, though its type does not say so. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<CoffeeTable> results;

    CoffeeQuery(String text, List<CoffeeTable> inputs, List<CoffeeTable> results) {
        this.text = text;
        this.inputs = inputs;
        this.results = results;
    }

    /** The tables whose ends the aggregator waits for. */
    public List<CoffeeTable> inputs() {
        return inputs;
    }

    public List<CoffeeTable> results() {
        return results;
    }

    /** In commands and in names of queues. */
    public String text() {
        return text;
    }

    /** What is wrong with a row that comes from {@code table}, by whatever stages; or null. */
    public @Nullable String wrong(CoffeeTable table, CoffeeRow row) {
        return this == Q1 || table.isCatalog() ? RowRules.wrong(table, row) : RowRules.wrongSum(table, row);
    }

    /** An empty state of this query, for one session. */
    public Aggregation newAggregation(QueryOptions options) {
        return switch (this) {
            case Q1 -> new PricedSales();
            case Q2 -> new MonthlyItems(options.top());
            case Q3 -> new StoreTurnover();
            case Q4 -> new FrequentUsers(options.topUsers());
        };
    }
}
