package dev.recado.apps.coffee.query;

import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeRow.Answer;
import dev.recado.apps.coffee.data.CoffeeRow.GroupSum;
import dev.recado.apps.coffee.data.CoffeeRow.Naming;
import dev.recado.apps.coffee.data.CoffeeTable;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Query 4: the customers who bought most often in each store. Among equals the smaller id counts. Customers that the
 * table of users does not know are left out before the first ones are taken, and so are stores without a name.
 */
final class FrequentUsers implements Aggregation {

    private record NamedStore(long id, String name) {}

    private static final Comparator<NamedStore> STORES =
            Comparator.comparing(NamedStore::name, CodePoints.ORDER).thenComparingLong(NamedStore::id);

    private static final Comparator<GroupSum> MOST =
            Comparator.comparingLong(GroupSum::count).reversed().thenComparingLong(GroupSum::member);

    private final AddedSums totals = new AddedSums();
    private final NamesById stores = new NamesById();
    private final NamesById users = new NamesById();
    private final int top;

    FrequentUsers(int top) {
        this.top = top;
    }

    @Override
    public void add(CoffeeTable source, CoffeeRow row) {
        if (row instanceof GroupSum sum) {
            totals.add(sum);
        } else if (row instanceof Naming naming) {
            (source == CoffeeTable.USERS ? users : stores).add(naming);
        }
    }

    @Override
    public boolean isExact() {
        return totals.isExact();
    }

    @Override
    public Stream<Answer> answer(CoffeeTable result, KeptSales kept) {
        return totals.groups().flatMap(this::named).sorted(STORES).flatMap(store -> totals.members(store.id())
                .sorted(MOST)
                .flatMap(sum -> answer(store.name(), sum))
                .limit(top)
                .sorted(Comparator.comparingLong(
                        user -> Long.parseLong(user.fields().get(1)))));
    }

    private Stream<NamedStore> named(long id) {
        String name = stores.name(id);
        return name == null ? Stream.empty() : Stream.of(new NamedStore(id, name));
    }

    private Stream<Answer> answer(String store, GroupSum sum) {
        String birthdate = users.name(sum.member());
        return birthdate == null
                ? Stream.empty()
                : Stream.of(
                        new Answer(List.of(store, Long.toString(sum.member()), birthdate, Long.toString(sum.count()))));
    }
}
