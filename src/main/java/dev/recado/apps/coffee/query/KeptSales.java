package dev.recado.apps.coffee.query;

import dev.recado.apps.coffee.data.CoffeeRow.Sale;
import java.util.Comparator;
import java.util.stream.Stream;

/** Port to the sales of a session where somebody keeps them who has more room than memory. */
public interface KeptSales {

    /** All of them in that order, which tells any two apart that differ in the answer; its taker closes it. */
    Stream<Sale> sorted(Comparator<Sale> order);
}
