package dev.recado.apps.coffee.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeRow.GroupSum;
import dev.recado.apps.coffee.data.CoffeeRow.Naming;
import dev.recado.apps.coffee.data.CoffeeRow.Sale;
import dev.recado.apps.coffee.data.CoffeeRow.SaleItem;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.data.Moment;
import dev.recado.apps.coffee.data.Money;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StageTest {

    @ParameterizedTest
    @CsvSource({
        // moment, amount, year, hour, amount
        "2023-12-31 23:00:00, 75.00, false, true, true",
        "2024-01-01 00:00:00, 74.99, true, false, false",
        "2024-01-01 05:59:59, 75.01, true, false, true",
        "2024-01-01 06:00:00, 0.00, true, true, false",
        "2025-12-31 23:00:00, 99999999.99, true, true, true",
        "2025-12-31 23:00:01, 75, true, false, true",
        "2026-01-01 06:00:00, 74.9, false, true, false",
    })
    void shouldKeepWhatIsWithinTheBoundsAndOnThem(
            String moment, String amount, boolean year, boolean hour, boolean enough) {
        // Given
        Sale sale = new Sale("t", 1, 1, Money.parse(amount), Moment.parse(moment));

        // Then
        assertThat(keeps(Stage.FILTER_YEAR, sale)).isEqualTo(year);
        assertThat(keeps(Stage.FILTER_HOUR, sale)).isEqualTo(hour);
        assertThat(keeps(Stage.FILTER_AMOUNT, sale)).isEqualTo(enough);
        assertThat(keeps(Stage.FILTER_YEAR, new SaleItem("t", 1, 1, 1, sale.moment())))
                .isEqualTo(year);
    }

    private static boolean keeps(Stage stage, CoffeeRow row) {
        return stage.apply(List.of(row), QueryOptions.DEFAULT).equals(List.of(row));
    }

    @Test
    void shouldTakeTheHoursThatAreAskedFor() {
        // Given
        QueryOptions options = QueryOptions.DEFAULT.withTimes(80_000, 95_959);
        Sale before = new Sale("t", 1, 1, 1, 20240101_075959L);
        Sale at = new Sale("t", 1, 1, 1, 20240101_095959L);

        // Then
        assertThat(Stage.FILTER_HOUR.apply(List.of(before, at), options)).containsExactly(at);
    }

    @Test
    void shouldAddUpWhatBelongsTogether() {
        // Given
        List<CoffeeRow> sales = List.of(
                new Sale("a", 1, 7, 100, 20240630_120000L),
                new Sale("b", 1, 0, 250, 20240701_120000L),
                new Sale("c", 1, 7, 5, 20240101_120000L),
                new Sale("d", 2, 7, 1, 20240101_120000L));

        // Then
        assertThat(Stage.GROUP_SEMESTER_STORE.apply(sales, QueryOptions.DEFAULT))
                .containsExactlyInAnyOrder(
                        new GroupSum(20241, 1, 2, 105), new GroupSum(20242, 1, 1, 250), new GroupSum(20241, 2, 1, 1));
        assertThat(Stage.GROUP_STORE_USER.apply(sales, QueryOptions.DEFAULT))
                .containsExactlyInAnyOrder(new GroupSum(1, 7, 2, 0), new GroupSum(2, 7, 1, 0));
        assertThat(Stage.GROUP_MONTH_ITEM.apply(
                        List.of(
                                new SaleItem("a", 3, 2, 900, 20240630_120000L),
                                new SaleItem("b", 3, 1, 450, 20240601_120000L)),
                        QueryOptions.DEFAULT))
                .containsExactly(new GroupSum(202406, 3, 3, 1_350));
    }

    /** Sums of such rows did not fit, and the worker ended, and the next one. */
    @Test
    void shouldNotTakeWhatItCannotAddUp() {
        // Given
        Sale dear = new Sale("t", 1, 1, Long.MAX_VALUE, 20240101_120000L);
        SaleItem many = new SaleItem("t", 1, Long.MAX_VALUE, 1, 20240101_120000L);

        // Then
        assertThat(Stage.GROUP_SEMESTER_STORE.wrong(CoffeeTable.TRANSACTIONS, dear))
                .contains("final_amount");
        assertThat(Stage.GROUP_STORE_USER.wrong(CoffeeTable.TRANSACTIONS, dear)).contains("final_amount");
        assertThat(Stage.GROUP_MONTH_ITEM.wrong(CoffeeTable.TRANSACTION_ITEMS, many))
                .contains("quantity");
        assertThat(Stage.GROUP_MONTH_ITEM.wrong(
                        CoffeeTable.TRANSACTION_ITEMS, new SaleItem("t", 1, 1, 1, 20240101_120000L).withoutSale()))
                .isNull();
        for (Stage stage : Stage.values()) {
            assertThat(stage.wrong(CoffeeTable.TRANSACTIONS, many)).isEqualTo("not a row of transactions");
        }
    }

    @Test
    void shouldDropRowsThatDoNotBelongThere() {
        for (Stage stage : Stage.values()) {
            assertThat(stage.apply(List.of(new Naming(1, "a")), QueryOptions.DEFAULT))
                    .isEmpty();
        }
    }
}
