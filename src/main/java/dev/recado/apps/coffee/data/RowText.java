package dev.recado.apps.coffee.data;

import dev.recado.apps.coffee.data.CoffeeRow.Naming;
import dev.recado.apps.coffee.data.CoffeeRow.Sale;
import dev.recado.apps.coffee.data.CoffeeRow.SaleItem;
import java.util.List;

/** Rows of the five input tables as the fields of their files, and back. */
public final class RowText {

    private static final long INVALID = -1;

    private RowText() {}

    /** As {@link #read} reads them. */
    public static List<String> fields(CoffeeRow row) {
        if (row instanceof Sale sale) {
            String user = sale.userId() == 0 ? "" : Long.toString(sale.userId());
            return List.of(
                    sale.id(),
                    Long.toString(sale.storeId()),
                    user,
                    Money.text(sale.amountCents()),
                    Moment.text(sale.moment()));
        }
        if (row instanceof SaleItem item) {
            return List.of(
                    item.saleId(),
                    Long.toString(item.itemId()),
                    Long.toString(item.quantity()),
                    Money.text(item.subtotalCents()),
                    Moment.text(item.moment()));
        }
        if (row instanceof Naming naming) {
            return List.of(Long.toString(naming.id()), naming.name());
        }
        throw new AssertionError("not a row of an input table: " + row.getClass());
    }

    /** A row, or what is wrong: a column and why. */
    public static CoffeeRow read(CoffeeTable table, List<String> fields) throws BadRowException {
        if (fields.size() != table.columns().size()) {
            throw new BadRowException("has " + fields.size() + " fields, not "
                    + table.columns().size() + ": " + String.join(",", table.columns()));
        }
        CoffeeRow row =
                switch (table) {
                    case TRANSACTIONS ->
                        new Sale(
                                fields.get(0),
                                number(fields.get(1)),
                                fields.get(2).isEmpty() ? 0 : known(number(fields.get(2))),
                                Money.parse(fields.get(3)),
                                Moment.parse(fields.get(4)));
                    case TRANSACTION_ITEMS ->
                        new SaleItem(
                                fields.get(0),
                                number(fields.get(1)),
                                number(fields.get(2)),
                                Money.parse(fields.get(3)),
                                Moment.parse(fields.get(4)));
                    case MENU_ITEMS, STORES, USERS -> new Naming(number(fields.get(0)), fields.get(1));
                    case Q1, Q2_QUANTITY, Q2_PROFIT, Q3, Q4 ->
                        throw new BadRowException(table.text() + " is an answer");
                };
        String wrong = RowRules.wrong(table, row);
        if (wrong != null) {
            throw new BadRowException(wrong);
        }
        return row;
    }

    /** An id that is written down stands for somebody: nobody is an empty field, not 0. */
    private static long known(long id) {
        return id == 0 ? INVALID : id;
    }

    /** Digits only; {@link #INVALID} for everything else. */
    private static long number(String text) {
        if (text.isEmpty() || text.length() > 12) {
            return INVALID;
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return INVALID;
            }
            number = number * 10 + (c - '0');
        }
        return number;
    }
}
