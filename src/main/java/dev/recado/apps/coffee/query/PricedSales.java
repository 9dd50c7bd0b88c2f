package dev.recado.apps.coffee.query;

import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeRow.Answer;
import dev.recado.apps.coffee.data.CoffeeRow.Sale;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.data.Money;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Query 1: the purchases that came through the filters, by id and then by amount. */
final class PricedSales implements Aggregation {

    private record Priced(String id, long cents) {}

    private static final Comparator<Priced> ORDER =
            Comparator.comparing(Priced::id, CodePoints.ORDER).thenComparingLong(Priced::cents);

    private final List<Priced> sales = new ArrayList<>();

    @Override
    public void add(CoffeeTable source, CoffeeRow row) {
        if (row instanceof Sale sale) {
            sales.add(new Priced(sale.id(), sale.amountCents()));
        }
    }

    @Override
    public Stream<Answer> answer(CoffeeTable result) {
        return sales.stream().sorted(ORDER).map(sale -> new Answer(List.of(sale.id(), Money.text(sale.cents()))));
    }
}
