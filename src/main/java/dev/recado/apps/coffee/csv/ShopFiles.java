package dev.recado.apps.coffee.csv;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.data.RowText;
import dev.recado.apps.coffee.data.ShopGenerator;
import dev.recado.file.PartialFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumMap;
import java.util.Map;

/** Writes what {@link ShopGenerator} makes up as the five files, each there as a whole or not at all. */
public final class ShopFiles {

    private ShopFiles() {}

    /** Rows of each file, without the headers. */
    public static Map<CoffeeTable, Long> write(Path directory, ShopGenerator generator) throws IOException {
        Files.createDirectories(directory);
        Map<CoffeeTable, Long> counts = new EnumMap<>(CoffeeTable.class);
        try (Output stores = new Output(directory, CoffeeTable.STORES);
                Output menuItems = new Output(directory, CoffeeTable.MENU_ITEMS);
                Output users = new Output(directory, CoffeeTable.USERS);
                Output sales = new Output(directory, CoffeeTable.TRANSACTIONS);
                Output items = new Output(directory, CoffeeTable.TRANSACTION_ITEMS)) {
            ShopGenerator.stores().forEach(stores::add);
            ShopGenerator.menuItems().forEach(menuItems::add);
            for (int id = 1; id <= generator.userCount(); id++) {
                users.add(generator.user(id));
            }
            generator.sales(new ShopGenerator.Sink<IOException>() {
                @Override
                public void sale(CoffeeRow.Sale sale) {
                    sales.add(sale);
                }

                @Override
                public void item(CoffeeRow.SaleItem item) {
                    items.add(item);
                }
            });
            for (Output output : new Output[] {stores, menuItems, users, sales, items}) {
                counts.put(output.table, output.rows);
                output.reveal();
            }
        }
        return counts;
    }

    private static final class Output implements AutoCloseable {
        private final CoffeeTable table;
        private final Path target;
        private final PartialFile partial;
        private final CsvWriter writer;
        private long rows;
        /** The writer fails where it is closed twice. */
        private boolean isWritten;

        private Output(Path directory, CoffeeTable table) throws IOException {
            this.table = table;
            target = directory.resolve(table.fileName());
            partial = new PartialFile(target);
            writer = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(partial.path());
            writer.writeRecord(table.columns());
        }

        private void add(CoffeeRow row) {
            writer.writeRecord(RowText.fields(row));
            rows++;
        }

        /** Not synced: the same call makes the same file again. */
        private void reveal() throws IOException {
            isWritten = true;
            writer.close();
            Files.move(partial.path(), target, StandardCopyOption.ATOMIC_MOVE);
        }

        @Override
        public void close() throws IOException {
            try (partial) {
                if (!isWritten) {
                    writer.close();
                }
            }
        }
    }
}
