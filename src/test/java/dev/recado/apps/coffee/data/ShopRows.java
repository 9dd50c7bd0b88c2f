package dev.recado.apps.coffee.data;

import java.util.ArrayList;
import java.util.List;

/** Generated data in memory, for tests. */
public final class ShopRows {

    public record TableRow(CoffeeTable table, CoffeeRow row) {}

    private ShopRows() {}

    /** All rows of all tables. */
    public static List<TableRow> of(int scale, long seed) {
        ShopGenerator generator = new ShopGenerator(scale, seed);
        List<TableRow> rows = new ArrayList<>();
        ShopGenerator.stores().forEach(row -> rows.add(new TableRow(CoffeeTable.STORES, row)));
        ShopGenerator.menuItems().forEach(row -> rows.add(new TableRow(CoffeeTable.MENU_ITEMS, row)));
        for (int id = 1; id <= generator.userCount(); id++) {
            rows.add(new TableRow(CoffeeTable.USERS, generator.user(id)));
        }
        generator.sales(new ShopGenerator.Sink<RuntimeException>() {
            @Override
            public void sale(CoffeeRow.Sale sale) {
                rows.add(new TableRow(CoffeeTable.TRANSACTIONS, sale));
            }

            @Override
            public void item(CoffeeRow.SaleItem item) {
                rows.add(new TableRow(CoffeeTable.TRANSACTION_ITEMS, item));
            }
        });
        return rows;
    }
}
