package dev.recado.apps.coffee.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeRow.Naming;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.data.ShopGenerator;
import dev.recado.apps.coffee.data.ShopRows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvRowsTest {

    @TempDir
    Path directory;

    @Test
    void shouldReadQuotedFieldsAndAByteOrderMark() throws IOException {
        // Given
        store("\uFEFFstore_id,store_name\r\n1,\"a, \"\"b\"\"\"\r\n\r\n2,Café 🌰\r\n");

        // When
        List<CoffeeRow> rows = rows(CoffeeTable.STORES);

        // Then
        assertThat(rows).containsExactly(new Naming(1, "a, \"b\""), new Naming(2, "Café 🌰"));
    }

    @Test
    void shouldNameFileAndLineOfABadRow() throws IOException {
        // Given
        store("store_id,store_name\n1,\"of two\nlines\"\n");

        // Then
        assertThatThrownBy(() -> rows(CoffeeTable.STORES))
                .isInstanceOf(CsvFailure.class)
                .hasMessage(directory.resolve("stores.csv") + ":2: store_name has a control character");

        // Given
        store("store_id,store_name\n1,a\n\nx,b\n");

        // Then
        assertThatThrownBy(() -> rows(CoffeeTable.STORES))
                .hasMessage(
                        directory.resolve("stores.csv") + ":4: store_id is no whole number such as 17, digits only");
    }

    @Test
    void shouldRefuseAnotherHeader() throws IOException {
        store("id,name\n1,a\n");
        assertThatThrownBy(() -> rows(CoffeeTable.STORES))
                .hasMessage(directory.resolve("stores.csv") + ":1: the header is id,name, not store_id,store_name");
        store("");
        assertThatThrownBy(() -> rows(CoffeeTable.STORES))
                .hasMessageContaining(":1: empty, it should begin with the header store_id,store_name");
        assertThatThrownBy(() -> rows(CoffeeTable.USERS)).isInstanceOf(NoSuchFileException.class);
    }

    /** A pipe would be waited for, and a folder was told without its name. */
    @Test
    void shouldRefuseWhatIsNoFile() throws IOException, InterruptedException {
        Path file = directory.resolve("stores.csv");

        // Given
        Files.createDirectory(file);

        // Then
        assertThatThrownBy(() -> rows(CoffeeTable.STORES)).hasMessageContainingAll("stores.csv", "a folder or a pipe");

        // Given
        Files.delete(file);
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                .isZero();

        // Then
        assertThatThrownBy(() -> rows(CoffeeTable.STORES)).hasMessageContainingAll("stores.csv", "a folder or a pipe");
    }

    @Test
    void shouldEndAQuoteThatNobodyCloses() throws IOException {
        // Given
        store("store_id,store_name\n1,a\n2,\"" + "b".repeat(200_000));

        // Then
        assertThatThrownBy(() -> rows(CoffeeTable.STORES))
                .isInstanceOf(CsvFailure.class)
                .hasMessageContaining("stores.csv:3: not CSV in this line or behind it");
    }

    @Test
    void shouldRefuseBytesThatAreNoUtf8() throws IOException {
        // Given
        Files.write(
                directory.resolve("stores.csv"),
                "store_id,store_name\n1,caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));

        // Then
        assertThatThrownBy(() -> rows(CoffeeTable.STORES))
                .hasMessageContaining(":2: store_name has a character that was not read as UTF-8");
    }

    @Test
    void shouldReadWhatIsGenerated() throws IOException {
        // When
        Map<CoffeeTable, Long> counts = ShopFiles.write(directory, new ShopGenerator(1, 9));

        // Then
        for (CoffeeTable table : CoffeeTable.inputs()) {
            List<CoffeeRow> made = ShopRows.of(1, 9).stream()
                    .filter(row -> row.table() == table)
                    .map(ShopRows.TableRow::row)
                    .toList();
            assertThat(rows(table)).isEqualTo(made).hasSize(counts.get(table).intValue());
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).hasSize(5);
        }
    }

    private void store(String text) throws IOException {
        Files.writeString(directory.resolve("stores.csv"), text);
    }

    private List<CoffeeRow> rows(CoffeeTable table) throws IOException {
        List<CoffeeRow> rows = new ArrayList<>();
        try (CsvRows file = CsvRows.open(directory, table)) {
            for (CoffeeRow row = file.next(); row != null; row = file.next()) {
                rows.add(row);
            }
        }
        return rows;
    }
}
