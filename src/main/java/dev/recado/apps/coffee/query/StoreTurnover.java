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
import java.util.stream.Stream;

/** Query 3: what each store took in each semester. Stores that nobody named are left out. */
final class StoreTurnover implements Aggregation {

    private record Store(String name, GroupSum sum) {}

    private static final Comparator<Store> ORDER = Comparator.comparing(Store::name, CodePoints.ORDER)
            .thenComparingLong(store -> store.sum().member());

    private final AddedSums totals = new AddedSums();
    private final NamesById stores = new NamesById();

    @Override
    public void add(CoffeeTable source, CoffeeRow row) {
        if (row instanceof GroupSum sum) {
            totals.add(sum);
        } else if (row instanceof Naming naming) {
            stores.add(naming);
        }
    }

    @Override
    public boolean isExact() {
        return totals.isExact();
    }

    @Override
    public Stream<Answer> answer(CoffeeTable result, KeptSales kept) {
        return totals.groups().flatMap(semester -> totals.members(semester)
                .flatMap(this::named)
                .sorted(ORDER)
                .map(store -> new Answer(List.of(
                        Moment.yearSemesterText(semester),
                        store.name(),
                        Money.text(store.sum().cents())))));
    }

    private Stream<Store> named(GroupSum sum) {
        String name = stores.name(sum.member());
        return name == null ? Stream.empty() : Stream.of(new Store(name, sum));
    }
}
