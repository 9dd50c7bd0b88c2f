package dev.recado.apps.coffee.query;

import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeRow.GroupSum;
import dev.recado.apps.coffee.data.CoffeeRow.Sale;
import dev.recado.apps.coffee.data.CoffeeRow.SaleItem;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.data.Moment;
import dev.recado.apps.coffee.data.RowRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The stages between gateway and aggregators. Each makes of one batch exactly one, perhaps without rows, from that
 * batch alone: it keeps nothing, so any number of workers may share a stage, and the same batch gives the same again.
 */
public enum Stage {
    FILTER_YEAR("filter-year"),
    FILTER_HOUR("filter-hour"),
    FILTER_AMOUNT("filter-amount"),
    GROUP_MONTH_ITEM("group-month-item"),
    GROUP_SEMESTER_STORE("group-semester-store"),
    GROUP_STORE_USER("group-store-user");

    private final String text;

    Stage(String text) {
        this.text = text;
    }

    /** In commands and in names of queues. */
    public String text() {
        return text;
    }

    /**
     * What is wrong with a row that comes from {@code table}, or null. Who computes with rows looks at all of each; a
     * filter hands them on to one that does.
     */
    public @Nullable String wrong(CoffeeTable table, CoffeeRow row) {
        return switch (this) {
            case FILTER_YEAR, FILTER_HOUR, FILTER_AMOUNT -> RowRules.wrongKind(table, row);
            case GROUP_MONTH_ITEM, GROUP_SEMESTER_STORE, GROUP_STORE_USER -> RowRules.wrongToSum(table, row);
        };
    }

    /** What is left, or the sums; rows of a kind that this stage does not know are dropped. */
    public List<CoffeeRow> apply(List<CoffeeRow> rows, QueryOptions options) {
        Sums sums = new Sums();
        List<CoffeeRow> kept = new ArrayList<>();
        for (CoffeeRow row : rows) {
            if (row instanceof Sale sale) {
                onSale(sale, options, kept, sums);
            } else if (row instanceof SaleItem item) {
                onItem(item, options, kept, sums);
            }
        }
        kept.addAll(sums.rows());
        return kept;
    }

    private void onSale(Sale sale, QueryOptions options, List<CoffeeRow> kept, Sums sums) {
        switch (this) {
            case FILTER_YEAR -> keepIf(options.hasYear(sale.moment()), sale, kept);
            case FILTER_HOUR -> keepIf(options.hasTime(sale.moment()), sale, kept);
            case FILTER_AMOUNT -> keepIf(sale.amountCents() >= options.amountMinCents(), sale, kept);
            case GROUP_SEMESTER_STORE ->
                sums.add(Moment.yearSemester(sale.moment()), sale.storeId(), 1, sale.amountCents());
            case GROUP_STORE_USER -> {
                if (sale.userId() != 0) {
                    sums.add(sale.storeId(), sale.userId(), 1, 0);
                }
            }
            case GROUP_MONTH_ITEM -> {}
        }
    }

    private void onItem(SaleItem item, QueryOptions options, List<CoffeeRow> kept, Sums sums) {
        if (this == FILTER_YEAR) {
            keepIf(options.hasYear(item.moment()), item, kept);
        } else if (this == GROUP_MONTH_ITEM) {
            sums.add(Moment.yearMonth(item.moment()), item.itemId(), item.quantity(), item.subtotalCents());
        }
    }

    private static void keepIf(boolean wanted, CoffeeRow row, List<CoffeeRow> kept) {
        if (wanted) {
            kept.add(row);
        }
    }

    /** In the order in which the groups were first seen. */
    private static final class Sums {
        private record Group(long group, long member) {}

        private final Map<Group, GroupSum> byGroup = new LinkedHashMap<>();

        private void add(long group, long member, long count, long cents) {
            byGroup.merge(
                    new Group(group, member),
                    new GroupSum(group, member, count, cents),
                    (one, other) -> new GroupSum(
                            group, member, one.count() + other.count(), Math.addExact(one.cents(), other.cents())));
        }

        private List<GroupSum> rows() {
            return new ArrayList<>(byGroup.values());
        }
    }
}
