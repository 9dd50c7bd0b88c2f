package dev.recado.apps.coffee.data;

import dev.recado.apps.coffee.data.CoffeeRow.Naming;
import dev.recado.apps.coffee.data.CoffeeRow.Sale;
import dev.recado.apps.coffee.data.CoffeeRow.SaleItem;
import java.util.List;

/** Rows of the five input tables as the fields of their files, and back. */
public final class RowText {

    private static final long INVALID = -1;
    private static final int DIGITS_MAX = 12;

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
                                number(table, fields, 1),
                                user(table, fields, 2),
                                Money.parse(fields.get(3)),
                                Moment.parse(fields.get(4)));
                    case TRANSACTION_ITEMS ->
                        new SaleItem(
                                fields.get(0),
                                number(table, fields, 1),
                                number(table, fields, 2),
                                Money.parse(fields.get(3)),
                                Moment.parse(fields.get(4)));
                    case MENU_ITEMS, STORES, USERS -> new Naming(number(table, fields, 0), fields.get(1));
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
    private static long user(CoffeeTable table, List<String> fields, int column) throws BadRowException {
        if (fields.get(column).isEmpty()) {
            return 0;
        }
        long id = number(table, fields, column);
        if (id == 0) {
            throw new BadRowException(table.columns().get(column) + " is 0: leave it empty where nobody is known");
        }
        return id;
    }

    /** {@link #INVALID} where it has more digits than any may have. */
    private static long number(CoffeeTable table, List<String> fields, int column) throws BadRowException {
        String text = fields.get(column);
        boolean isNumber = !text.isEmpty();
        for (int i = 0; i < text.length(); i++) {
            isNumber &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        if (!isNumber) {
            throw new BadRowException(table.columns().get(column) + " is no whole number such as 17, digits only");
        }
        return text.length() > DIGITS_MAX ? INVALID : Long.parseLong(text);
    }
}
