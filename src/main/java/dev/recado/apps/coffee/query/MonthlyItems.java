package dev.recado.apps.coffee.query;

import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeRow.Answer;
import dev.recado.apps.coffee.data.CoffeeRow.GroupSum;
import dev.recado.apps.coffee.data.CoffeeRow.Naming;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.data.Moment;
import dev.recado.apps.coffee.data.Money;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Query 2: the items of each month that sold best, and those that brought most. Among equals the one whose name sorts
 * first counts, then the one with the smaller id. Items that the menu does not name are left out.
 */
final class MonthlyItems implements Aggregation {

    private record Item(String name, GroupSum sum) {}

    private static final Comparator<Item> BY_NAME = Comparator.comparing(Item::name, CodePoints.ORDER)
            .thenComparingLong(item -> item.sum().member());

    private final AddedSums totals = new AddedSums();
    private final NamesById menu = new NamesById();
    private final int top;

    MonthlyItems(int top) {
        this.top = top;
    }

    @Override
    public void add(CoffeeTable source, CoffeeRow row) {
        if (row instanceof GroupSum sum) {
            totals.add(sum);
        } else if (row instanceof Naming naming) {
            menu.add(naming);
        }
    }

    @Override
    public boolean isExact() {
        return totals.isExact();
    }

    @Override
    public Stream<Answer> answer(CoffeeTable result, KeptSales kept) {
        boolean byQuantity = result == CoffeeTable.Q2_QUANTITY;
        ToLongFunction<Item> value =
                byQuantity ? item -> item.sum().count() : item -> item.sum().cents();
        return totals.groups().flatMap(month -> totals.members(month)
                .flatMap(this::named)
                .sorted(Comparator.comparingLong(value).reversed().thenComparing(BY_NAME))
                .limit(top)
                .sorted(BY_NAME)
                .map(item -> new Answer(List.of(
                        Moment.yearMonthText(month),
                        item.name(),
                        byQuantity
                                ? Long.toString(item.sum().count())
                                : Money.text(item.sum().cents())))));
    }

    private Stream<Item> named(GroupSum sum) {
        String name = menu.name(sum.member());
        return name == null ? Stream.empty() : Stream.of(new Item(name, sum));
    }
}
