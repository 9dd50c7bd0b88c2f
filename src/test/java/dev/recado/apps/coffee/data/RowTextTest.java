package dev.recado.apps.coffee.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.apps.coffee.data.CoffeeRow.Naming;
import dev.recado.apps.coffee.data.CoffeeRow.Sale;
import dev.recado.apps.coffee.data.CoffeeRow.SaleItem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowTextTest {

    @Test
    void shouldReadRowsOfEachTable() throws BadRowException {
        assertThat(read(CoffeeTable.TRANSACTIONS, "t-1", "3", "17", "75.5", "2024-01-31 23:00:00"))
                .isEqualTo(new Sale("t-1", 3, 17, 7_550, 20240131_230000L));
        assertThat(read(CoffeeTable.TRANSACTIONS, "t-1", "3", "", "0", "2024-01-31 23:00:00"))
                .isEqualTo(new Sale("t-1", 3, 0, 0, 20240131_230000L));
        assertThat(read(CoffeeTable.TRANSACTION_ITEMS, "t-1", "3", "2", "9.00", "2024-01-31 23:00:00"))
                .isEqualTo(new SaleItem("t-1", 3, 2, 900, 20240131_230000L));
        assertThat(read(CoffeeTable.MENU_ITEMS, "3", "Café, large")).isEqualTo(new Naming(3, "Café, large"));
        assertThat(read(CoffeeTable.USERS, "3", "1990-02-28")).isEqualTo(new Naming(3, "1990-02-28"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "TRANSACTIONS | ;3;17;75.5;2024-01-31 23:00:00 | transaction_id has 0 characters, not 1 to 64",
                "TRANSACTIONS | t;0;17;75.5;2024-01-31 23:00:00 | store_id is not within 1 to 999999999999",
                "TRANSACTIONS | t;x;17;75.5;2024-01-31 23:00:00 | store_id is no whole number such as 17, digits only",
                "TRANSACTIONS | t;3;0;75.5;2024-01-31 23:00:00 | user_id is 0: leave it empty where nobody is known",
                "TRANSACTIONS | t;3;1.0;75.5;2024-01-31 23:00:00 | user_id is no whole number such as 17, digits only",
                "TRANSACTIONS | t;3;1;75,5;2024-01-31 23:00:00 | final_amount is no amount such as 75.00",
                "TRANSACTIONS | t;3;1;75.5;2024-01-31 | created_at is no moment such as 2024-01-31 23:59:59",
                "TRANSACTIONS | t;3;1;75.5 | has 4 fields, not 5: "
                        + "transaction_id,store_id,user_id,final_amount,created_at",
                "TRANSACTION_ITEMS | t;3;0;75.5;2024-01-31 23:00:00 | quantity is not within 1 to 1000000",
                "TRANSACTION_ITEMS | t;3;1;-1;2024-01-31 23:00:00 | subtotal is no amount such as 75.00",
                "STORES | 1; | store_name has 0 characters, not 1 to 200",
                "STORES | 1;a\tb | store_name has a control character",
                "STORES | 1;a\uFFFD | store_name has a character that was not read as UTF-8",
                "USERS | 1;1990-02-30 | birthdate is no date: 1990-02-30",
                "Q1 | t;1 | q1 is an answer",
            })
    void shouldSayWhatIsWrong(CoffeeTable table, String fields, String wrong) {
        assertThatThrownBy(() -> read(table, fields.split(";", -1)))
                .isInstanceOf(BadRowException.class)
                .hasMessage(wrong);
    }

    @Test
    void shouldReadWhatItWrites() throws BadRowException {
        // Given
        for (ShopRows.TableRow row : ShopRows.of(1, 7)) {
            // When
            List<String> fields = RowText.fields(row.row());

            // Then
            assertThat(RowText.read(row.table(), fields)).isEqualTo(row.row());
        }
    }

    private static CoffeeRow read(CoffeeTable table, String... fields) throws BadRowException {
        return RowText.read(table, List.of(fields));
    }
}
