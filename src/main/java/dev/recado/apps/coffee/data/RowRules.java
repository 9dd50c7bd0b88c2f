package dev.recado.apps.coffee.data;

import dev.recado.apps.coffee.data.CoffeeRow.Answer;
import dev.recado.apps.coffee.data.CoffeeRow.GroupSum;
import dev.recado.apps.coffee.data.CoffeeRow.Naming;
import dev.recado.apps.coffee.data.CoffeeRow.Sale;
import dev.recado.apps.coffee.data.CoffeeRow.SaleItem;
import org.jspecify.annotations.Nullable;

/** What every row keeps to, whether it comes from a file or from a peer: said once. */
public final class RowRules {

    public static final int ID_CHARS_MAX = 64;
    public static final int NAME_CHARS_MAX = 200;
    public static final long NUMBER_MAX = 999_999_999_999L;
    public static final long QUANTITY_MAX = 1_000_000;

    /** As many as a batch may have, so that what a sum of one may be is known. */
    public static final int BATCH_ROWS_MAX = 100_000;

    /** What decoders put where bytes are no UTF-8. */
    private static final char REPLACED = '\uFFFD';

    private RowRules() {}

    /** What is wrong with a row of {@code table}, beginning with its column, or null. */
    public static @Nullable String wrong(CoffeeTable table, CoffeeRow row) {
        if (row instanceof Sale sale) {
            return table == CoffeeTable.TRANSACTIONS ? wrong(sale) : misplaced(table);
        }
        if (row instanceof SaleItem item) {
            return table == CoffeeTable.TRANSACTION_ITEMS ? wrong(item) : misplaced(table);
        }
        if (row instanceof Naming naming) {
            return table.isCatalog() ? wrong(table, naming) : misplaced(table);
        }
        return row instanceof GroupSum || row instanceof Answer ? misplaced(table) : null;
    }

    /** Of a filter, which computes nothing: whether the row is of the kind that {@code table} has. */
    public static @Nullable String wrongKind(CoffeeTable table, CoffeeRow row) {
        boolean fits = row instanceof Sale && table == CoffeeTable.TRANSACTIONS
                || row instanceof SaleItem && table == CoffeeTable.TRANSACTION_ITEMS;
        return fits ? null : misplaced(table);
    }

    /** What is wrong with a sum of rows of {@code table}, of one batch; or null. */
    public static @Nullable String wrongSum(CoffeeTable table, CoffeeRow row) {
        boolean summed = table == CoffeeTable.TRANSACTIONS || table == CoffeeTable.TRANSACTION_ITEMS;
        if (!summed || !(row instanceof GroupSum sum)) {
            return misplaced(table);
        }
        String wrong = number("group", sum.group(), 1, NUMBER_MAX);
        wrong = wrong != null ? wrong : number("member", sum.member(), 1, NUMBER_MAX);
        wrong = wrong != null ? wrong : number("count", sum.count(), 1, BATCH_ROWS_MAX * QUANTITY_MAX);
        return wrong != null ? wrong : number("cents", sum.cents(), 0, BATCH_ROWS_MAX * Money.CENTS_MAX);
    }

    /** What is wrong with a row of an answer; or null. */
    public static @Nullable String wrongAnswer(CoffeeTable table, CoffeeRow row) {
        boolean fits = table.isResult()
                && row instanceof Answer answer
                && answer.fields().size() == table.columns().size();
        return fits ? null : misplaced(table);
    }

    private static String misplaced(CoffeeTable table) {
        return "not a row of " + table.text();
    }

    private static @Nullable String wrong(Sale sale) {
        String wrong = text("transaction_id", sale.id(), ID_CHARS_MAX);
        wrong = wrong != null ? wrong : number("store_id", sale.storeId(), 1, NUMBER_MAX);
        wrong = wrong != null ? wrong : number("user_id", sale.userId(), 0, NUMBER_MAX);
        wrong = wrong != null ? wrong : amount("final_amount", sale.amountCents());
        return wrong != null ? wrong : moment(sale.moment());
    }

    /** What is wrong with a row that is to be added up, for which nobody needs to know its purchase; or null. */
    public static @Nullable String wrongToSum(CoffeeTable table, CoffeeRow row) {
        return row instanceof SaleItem item && table == CoffeeTable.TRANSACTION_ITEMS
                ? wrongBehindGateway(item)
                : wrong(table, row);
    }

    private static @Nullable String wrong(SaleItem item) {
        String wrong = text("transaction_id", item.saleId(), ID_CHARS_MAX);
        return wrong != null ? wrong : wrongBehindGateway(item);
    }

    private static @Nullable String wrongBehindGateway(SaleItem item) {
        String wrong = number("item_id", item.itemId(), 1, NUMBER_MAX);
        wrong = wrong != null ? wrong : number("quantity", item.quantity(), 1, QUANTITY_MAX);
        wrong = wrong != null ? wrong : amount("subtotal", item.subtotalCents());
        return wrong != null ? wrong : moment(item.moment());
    }

    private static @Nullable String wrong(CoffeeTable table, Naming naming) {
        String wrong = number(table.columns().get(0), naming.id(), 1, NUMBER_MAX);
        String column = table.columns().get(1);
        wrong = wrong != null ? wrong : text(column, naming.name(), NAME_CHARS_MAX);
        boolean noDate = table == CoffeeTable.USERS && !Moment.isDateText(naming.name());
        return wrong == null && noDate ? column + " is no date: " + naming.name() : wrong;
    }

    private static @Nullable String text(String column, String text, int charsMax) {
        if (text.isEmpty() || text.length() > charsMax) {
            return column + " has " + text.length() + " characters, not 1 to " + charsMax;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == 0x7F) {
                return column + " has a control character";
            }
            if (c == REPLACED) {
                return column + " has a character that was not read as UTF-8";
            }
        }
        return null;
    }

    private static @Nullable String number(String column, long number, long min, long max) {
        return number < min || number > max ? column + " is not within " + min + " to " + max : null;
    }

    private static @Nullable String amount(String column, long cents) {
        return cents < 0 || cents > Money.CENTS_MAX ? column + " is no amount such as 75.00" : null;
    }

    private static @Nullable String moment(long moment) {
        return Moment.isValid(moment) ? null : "created_at is no moment such as 2024-01-31 23:59:59";
    }
}
