package dev.recado.apps.coffee.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.coffee.data.CoffeeRow.Sale;
import dev.recado.apps.coffee.data.CoffeeRow.SaleItem;
import dev.recado.apps.coffee.data.ShopRows.TableRow;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class ShopGeneratorTest {

    private static final int SCALE = 3;
    private static final List<TableRow> ROWS = ShopRows.of(SCALE, 5);

    /** Whoever changes this number changes the data that others have made with the same seed. */
    @Test
    void shouldMakeTheSameDataForEver() {
        // Given
        CRC32C crc = new CRC32C();

        // When
        for (TableRow row : ROWS) {
            String line = row.table().text() + String.join("|", RowText.fields(row.row())) + "\n";
            crc.update(line.getBytes(StandardCharsets.UTF_8));
        }

        // Then
        assertThat(crc.getValue()).isEqualTo(1_414_194_024L);
        assertThat(ShopRows.of(SCALE, 6)).isNotEqualTo(ROWS);
    }

    @Test
    void shouldMakeRowsThatKeepTheRules() {
        assertThat(ROWS).allSatisfy(row -> assertThat(RowRules.wrong(row.table(), row.row()))
                .isNull());
    }

    @Test
    void shouldStandAtTheBoundaries() {
        // Given
        List<Sale> sales = rows(Sale.class);

        // Then
        for (long moment : new long[] {
            20231231_235959L,
            20240101_000000L,
            20240101_055959L,
            20240101_060000L,
            20240229_230000L,
            20240229_230001L,
            20251231_235959L,
            20260101_000000L,
            20240701_060000L
        }) {
            assertThat(sales.stream().filter(sale -> sale.moment() == moment).map(Sale::amountCents))
                    .contains(7_499L, 7_500L, 7_501L, 0L);
            assertThat(sales.stream().filter(sale -> sale.moment() == moment).map(Sale::userId))
                    .contains(0L);
        }
    }

    @Test
    void shouldSellSeasonalItemsInTheirMonthsOnly() {
        // Given
        Set<String> boundaries =
                rows(Sale.class).stream().limit(56).map(Sale::id).collect(Collectors.toSet());

        // When
        Set<Long> months = rows(SaleItem.class).stream()
                .filter(item -> item.itemId() == 9 && !boundaries.contains(item.saleId()))
                .map(item -> Moment.yearMonth(item.moment()) % 100)
                .collect(Collectors.toSet());

        // Then
        assertThat(months).containsExactlyInAnyOrder(9L, 10L, 11L);
    }

    @Test
    void shouldMakeAsManyPurchasesAsTheScaleSays() {
        // Given
        List<Sale> sales = rows(Sale.class);

        // Then
        assertThat(sales).hasSize(56 + SCALE * 1_000);
        assertThat(new HashSet<>(sales.stream().map(Sale::id).toList())).hasSameSizeAs(sales);
        assertThat(sales.stream()
                        .skip(56)
                        .map(sale -> Moment.year(sale.moment()))
                        .distinct())
                .containsExactly(2023, 2024, 2025);
    }

    private static <T extends CoffeeRow> List<T> rows(Class<T> kind) {
        return ROWS.stream()
                .map(TableRow::row)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }
}
