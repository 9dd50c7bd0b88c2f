package dev.recado.apps.coffee.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.coffee.PlainAnalysis;
import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeRow.Answer;
import dev.recado.apps.coffee.data.CoffeeRow.GroupSum;
import dev.recado.apps.coffee.data.CoffeeRow.Naming;
import dev.recado.apps.coffee.data.CoffeeRow.Sale;
import dev.recado.apps.coffee.data.CoffeeRow.SaleItem;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.data.RowText;
import dev.recado.apps.coffee.data.ShopRows;
import dev.recado.apps.coffee.data.ShopRows.TableRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pure pipeline against a plain computation: whatever the batches, their order and their repeats were. */
class AggregationTest {

    /** What a query's aggregator is sent, by the stages behind which it stands. */
    private static final Map<CoffeeQuery, List<Stage>> STAGES = Map.of(
            CoffeeQuery.Q1, List.of(Stage.FILTER_YEAR, Stage.FILTER_HOUR, Stage.FILTER_AMOUNT),
            CoffeeQuery.Q2, List.of(Stage.FILTER_YEAR, Stage.GROUP_MONTH_ITEM),
            CoffeeQuery.Q3, List.of(Stage.FILTER_YEAR, Stage.FILTER_HOUR, Stage.GROUP_SEMESTER_STORE),
            CoffeeQuery.Q4, List.of(Stage.FILTER_YEAR, Stage.GROUP_STORE_USER));

    private record Piece(CoffeeTable table, List<CoffeeRow> rows) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldEqualAPlainComputationOfGeneratedData(long seed) {
        List<TableRow> rows = ShopRows.of(1 + (int) (seed % 3), seed);
        assertEqualToPlain(rows, QueryOptions.DEFAULT.top(), seed);
        assertEqualToPlain(rows, 3, seed);
        assertEqualToPlain(rows, QueryOptions.ALL, seed);
    }

    /** Few ids, amounts and names, so that ties, equal names, unknown ids and several names of one id are frequent. */
    @Test
    void shouldEqualAPlainComputationWhereMuchIsEqual() {
        for (long seed = 0; seed < 200; seed++) {
            assertEqualToPlain(crowdedRows(new Random(seed)), 1 + (int) (seed % 4), seed);
        }
    }

    /** Nobody but a worker that is none publishes such sums; the aggregator would begin with them again and again. */
    @ParameterizedTest
    @EnumSource(value = CoffeeQuery.class, names = "Q1", mode = EnumSource.Mode.EXCLUDE)
    void shouldTellWhereASumIsTooGreat(CoffeeQuery query) {
        // Given
        Aggregation aggregation = query.newAggregation(QueryOptions.DEFAULT);
        GroupSum half = new GroupSum(202401, 1, Long.MAX_VALUE / 2 + 1, Long.MAX_VALUE / 2 + 1);
        aggregation.add(CoffeeTable.TRANSACTIONS, half);
        assertThat(aggregation.isExact()).isTrue();

        // When
        aggregation.add(CoffeeTable.TRANSACTIONS, half);

        // Then
        assertThat(aggregation.isExact()).isFalse();
        for (CoffeeTable result : query.results()) {
            assertThat(aggregation.answer(result, order -> Stream.empty())).isEmpty();
        }
    }

    private static List<TableRow> crowdedRows(Random random) {
        List<TableRow> rows = new ArrayList<>();
        String[] names = {"a", "b", "B", "\uFFFC", "\uD83C\uDF30"};
        for (int i = random.nextInt(6); i > 0; i--) {
            rows.add(new TableRow(CoffeeTable.STORES, new Naming(1 + random.nextInt(4), names[random.nextInt(5)])));
            rows.add(new TableRow(CoffeeTable.MENU_ITEMS, new Naming(1 + random.nextInt(4), names[random.nextInt(5)])));
            rows.add(new TableRow(CoffeeTable.USERS, new Naming(1 + random.nextInt(9), "199" + i + "-01-01")));
        }
        long[] moments = {20231231_230000L, 20240101_060000L, 20240131_230001L, 20240701_120000L, 20251231_230000L};
        for (int i = random.nextInt(80); i > 0; i--) {
            long moment = moments[random.nextInt(moments.length)];
            String id = names[random.nextInt(5)] + random.nextInt(30);
            rows.add(new TableRow(
                    CoffeeTable.TRANSACTIONS,
                    new Sale(id, 1 + random.nextInt(4), random.nextInt(10), 7_499 + random.nextInt(3), moment)));
            rows.add(new TableRow(
                    CoffeeTable.TRANSACTION_ITEMS,
                    new SaleItem(id, 1 + random.nextInt(5), 1 + random.nextInt(2), 100L * random.nextInt(3), moment)));
        }
        return rows;
    }

    private static void assertEqualToPlain(List<TableRow> rows, int top, long seed) {
        // Given
        Map<CoffeeTable, List<List<String>>> plain = new PlainAnalysis(files(rows), top).answers();
        QueryOptions options = QueryOptions.DEFAULT.withTop(top);
        Random random = new Random(seed);

        for (CoffeeQuery query : CoffeeQuery.values()) {
            // When
            Aggregation aggregation = query.newAggregation(options);
            List<Sale> kept = new ArrayList<>();
            List<Piece> pieces = pieces(rows, random);
            Collections.shuffle(pieces, random);
            for (Piece piece : pieces) {
                if (query.inputs().contains(piece.table())) {
                    for (CoffeeRow row : behindStages(query, piece, options)) {
                        aggregation.add(piece.table(), row);
                        if (row instanceof Sale sale) {
                            kept.add(sale);
                        }
                    }
                }
            }

            // Then
            for (CoffeeTable result : query.results()) {
                assertThat(aggregation
                                .answer(result, order -> kept.stream().sorted(order))
                                .map(Answer::fields))
                        .as("seed %s, %s", seed, result)
                        .containsExactlyElementsOf(plain.get(result));
            }
        }
    }

    private static List<CoffeeRow> behindStages(CoffeeQuery query, Piece piece, QueryOptions options) {
        List<CoffeeRow> rows = piece.rows();
        if (!piece.table().isCatalog()) {
            for (Stage stage : STAGES.get(query)) {
                rows = stage.apply(rows, options);
            }
        }
        return rows;
    }

    private static List<Piece> pieces(List<TableRow> rows, Random random) {
        List<Piece> pieces = new ArrayList<>();
        for (CoffeeTable table : CoffeeTable.inputs()) {
            List<CoffeeRow> left = rows.stream()
                    .filter(row -> row.table() == table)
                    .map(TableRow::row)
                    .toList();
            for (int from = 0; from < left.size(); ) {
                int to = Math.min(left.size(), from + 1 + random.nextInt(400));
                pieces.add(new Piece(table, left.subList(from, to)));
                from = to;
            }
        }
        return pieces;
    }

    private static Map<CoffeeTable, List<List<String>>> files(List<TableRow> rows) {
        Map<CoffeeTable, List<List<String>>> files = new EnumMap<>(CoffeeTable.class);
        for (TableRow row : rows) {
            files.computeIfAbsent(row.table(), table -> new ArrayList<>()).add(RowText.fields(row.row()));
        }
        return files;
    }

    @Test
    void shouldDropWhatItDoesNotKnow() {
        for (CoffeeQuery query : CoffeeQuery.values()) {
            Aggregation aggregation = query.newAggregation(QueryOptions.DEFAULT);
            aggregation.add(CoffeeTable.TRANSACTIONS, new Answer(List.of("a")));
            aggregation.add(CoffeeTable.TRANSACTIONS, new GroupSum(1, 1, 1, 1));
            assertThat(aggregation.answer(query.results().get(0), order -> Stream.empty()))
                    .isEmpty();
        }
    }
}
