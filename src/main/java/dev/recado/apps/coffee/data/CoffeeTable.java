package dev.recado.apps.coffee.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tables of the coffee shop: five that a client sends, five that it gets back. Each is a CSV file and, on its way,
 * a stream of batches.
 */
public enum CoffeeTable {
    TRANSACTIONS(1, "transactions", "transaction_id", "store_id", "user_id", "final_amount", "created_at"),
    TRANSACTION_ITEMS(2, "transaction_items", "transaction_id", "item_id", "quantity", "subtotal", "created_at"),
    MENU_ITEMS(3, "menu_items", "item_id", "item_name"),
    STORES(4, "stores", "store_id", "store_name"),
    USERS(5, "users", "user_id", "birthdate"),
    Q1(11, "q1", "transaction_id", "final_amount"),
    Q2_QUANTITY(12, "q2_quantity", "year_month", "item_name", "quantity"),
    Q2_PROFIT(13, "q2_profit", "year_month", "item_name", "profit"),
    Q3(14, "q3", "year_semester", "store_name", "tpv"),
    Q4(15, "q4", "store_name", "user_id", "birthdate", "purchases");

    private static final int FIRST_RESULT = 11;

    private final int code;
    private final String text;
    /** Never changes, though its type does not say so. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<String> columns;

    CoffeeTable(int code, String text, String... columns) {
        this.code = code;
        this.text = text;
        this.columns = List.of(columns);
    }

    /** On the wire and on disk; never changes. */
    public int code() {
        return code;
    }

    /** The name of the table and, with {@code .csv} behind it, of its file. */
    public String text() {
        return text;
    }

    public String fileName() {
        return text + ".csv";
    }

    /** The header of the file. */
    public List<String> columns() {
        return columns;
    }

    /** Whether this is an answer, not data that a client sends. */
    public boolean isResult() {
        return code >= FIRST_RESULT;
    }

    /** Whether its rows are names for ids. */
    public boolean isCatalog() {
        return this == MENU_ITEMS || this == STORES || this == USERS;
    }

    /** The five that a client sends, in the order in which it does: catalogs first. */
    public static List<CoffeeTable> inputs() {
        return List.of(STORES, MENU_ITEMS, USERS, TRANSACTIONS, TRANSACTION_ITEMS);
    }

    /** The five that it gets. */
    public static List<CoffeeTable> results() {
        List<CoffeeTable> results = new ArrayList<>();
        for (CoffeeTable table : values()) {
            if (table.isResult()) {
                results.add(table);
            }
        }
        return results;
    }

    /** Null where there is none of that code. */
    public static @Nullable CoffeeTable ofCode(int code) {
        for (CoffeeTable table : values()) {
            if (table.code == code) {
                return table;
            }
        }
        return null;
    }
}
