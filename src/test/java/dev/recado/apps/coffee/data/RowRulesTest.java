package dev.recado.apps.coffee.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.coffee.data.CoffeeRow.Answer;
import dev.recado.apps.coffee.data.CoffeeRow.GroupSum;
import dev.recado.apps.coffee.data.CoffeeRow.Naming;
import dev.recado.apps.coffee.data.CoffeeRow.Sale;
import dev.recado.apps.coffee.data.CoffeeRow.SaleItem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What nodes take from a queue; what clients send is in {@link RowTextTest}. */
class RowRulesTest {

    private static final CoffeeTable SALES = CoffeeTable.TRANSACTIONS;
    private static final Sale SALE = new Sale("t", 1, 0, 0, 20240101_000000L);
    private static final SaleItem ITEM = new SaleItem("t", 1, 1, 0, 20240101_000000L);

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 0,",
        "999999999999, 999999999999, 100000000000, 999999999900000,",
        "0, 1, 1, 0, group",
        "1000000000000, 1, 1, 0, group",
        "1, 0, 1, 0, member",
        "1, -1, 1, 0, member",
        "1, 1, 0, 0, count",
        "1, 1, 100000000001, 0, count",
        "1, 1, -9223372036854775808, 0, count",
        "1, 1, 1, -1, cents",
        "1, 1, 1, 999999999900001, cents",
        "1, 1, 1, 9223372036854775807, cents",
    })
    void shouldTakeSumsThatRowsOfABatchCanHave(long group, long member, long count, long cents, String wrong) {
        String told = RowRules.wrongSum(SALES, new GroupSum(group, member, count, cents));
        assertThat(told == null ? null : told.split(" ", -1)[0]).isEqualTo(wrong);
    }

    @Test
    void shouldTakeRowsOfTheRightKindOnly() {
        assertThat(RowRules.wrongSum(SALES, SALE)).isEqualTo("not a row of transactions");
        assertThat(RowRules.wrongSum(CoffeeTable.STORES, new GroupSum(1, 1, 1, 1)))
                .isEqualTo("not a row of stores");
        assertThat(RowRules.wrongKind(SALES, SALE)).isNull();
        assertThat(RowRules.wrongKind(CoffeeTable.TRANSACTION_ITEMS, ITEM)).isNull();
        assertThat(RowRules.wrongKind(SALES, ITEM)).isNotNull();
        assertThat(RowRules.wrongKind(SALES, new Naming(1, "a"))).isNotNull();
        assertThat(RowRules.wrongAnswer(CoffeeTable.Q1, new Answer(List.of("t", "1.00"))))
                .isNull();
        assertThat(RowRules.wrongAnswer(CoffeeTable.Q1, new Answer(List.of("t"))))
                .isNotNull();
        assertThat(RowRules.wrongAnswer(SALES, new Answer(List.of("t", "1", "2", "3", "4"))))
                .isNotNull();
        assertThat(RowRules.wrongAnswer(CoffeeTable.Q1, SALE)).isNotNull();
    }
}
