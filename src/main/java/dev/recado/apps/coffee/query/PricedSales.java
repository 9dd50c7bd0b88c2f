package dev.recado.apps.coffee.query;

import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeRow.Answer;
import dev.recado.apps.coffee.data.CoffeeRow.Sale;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.data.Money;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Query 1: the purchases that came through the filters, by id and then by amount. The answer is as long as what came,
 * so it holds none of it and leaves the sorting to who keeps the sales.
 */
final class PricedSales implements Aggregation {

    private static final Comparator<Sale> ORDER =
            Comparator.comparing(Sale::id, CodePoints.ORDER).thenComparingLong(Sale::amountCents);

    @Override
    public void add(CoffeeTable source, CoffeeRow row) {
        // Kept with its batch.
    }

    @Override
    public Stream<Answer> answer(CoffeeTable result, KeptSales kept) {
        return kept.sorted(ORDER).map(sale -> new Answer(List.of(sale.id(), Money.text(sale.amountCents()))));
    }
}
