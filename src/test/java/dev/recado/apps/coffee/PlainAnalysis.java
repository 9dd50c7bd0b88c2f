package dev.recado.apps.coffee;

import dev.recado.apps.coffee.data.CoffeeTable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The four queries over whole files in memory, on one thread, from the fields of the files on: what the pipeline is
 * compared with. It shares no computation with the product.
 */
public final class PlainAnalysis {

    private static final LocalTime OPEN = LocalTime.of(6, 0, 0);
    private static final LocalTime CLOSED = LocalTime.of(23, 0, 0);
    private static final BigDecimal AMOUNT = new BigDecimal("75");

    private record Ranked(String name, long id, BigDecimal value) {}

    private final Map<CoffeeTable, List<List<String>>> files;
    private final int top;

    /** {@code files} without their headers. */
    public PlainAnalysis(Map<CoffeeTable, List<List<String>>> files, int top) {
        this.files = files;
        this.top = top;
    }

    /** The lines of each answer, without the header. */
    public Map<CoffeeTable, List<List<String>>> answers() {
        Map<CoffeeTable, List<List<String>>> answers = new EnumMap<>(CoffeeTable.class);
        answers.put(CoffeeTable.Q1, q1());
        answers.put(CoffeeTable.Q2_QUANTITY, q2(2, false));
        answers.put(CoffeeTable.Q2_PROFIT, q2(3, true));
        answers.put(CoffeeTable.Q3, q3());
        answers.put(CoffeeTable.Q4, q4());
        return answers;
    }

    private List<List<String>> rows(CoffeeTable table) {
        return files.getOrDefault(table, List.of());
    }

    private Map<String, String> names(CoffeeTable table) {
        Map<String, String> names = new HashMap<>();
        for (List<String> row : rows(table)) {
            names.merge(row.get(0), row.get(1), (a, b) -> BY_CODE_POINT.compare(a, b) < 0 ? a : b);
        }
        return names;
    }

    private static LocalDateTime time(String text) {
        return LocalDateTime.parse(text.replace(' ', 'T'));
    }

    private static boolean isInYears(String text) {
        return time(text).getYear() == 2024 || time(text).getYear() == 2025;
    }

    private static boolean isInHours(String text) {
        LocalTime at = time(text).toLocalTime();
        return !at.isBefore(OPEN) && !at.isAfter(CLOSED);
    }

    private List<List<String>> q1() {
        List<List<String>> found = new ArrayList<>();
        for (List<String> sale : rows(CoffeeTable.TRANSACTIONS)) {
            BigDecimal amount = new BigDecimal(sale.get(3));
            if (isInYears(sale.get(4)) && isInHours(sale.get(4)) && amount.compareTo(AMOUNT) >= 0) {
                found.add(List.of(sale.get(0), money(amount)));
            }
        }
        found.sort(Comparator.comparing((List<String> row) -> row.get(0), BY_CODE_POINT)
                .thenComparing(row -> new BigDecimal(row.get(1))));
        return found;
    }

    private List<List<String>> q2(int column, boolean isMoney) {
        Map<String, String> menu = names(CoffeeTable.MENU_ITEMS);
        Map<String, Map<String, BigDecimal>> months = new TreeMap<>();
        for (List<String> item : rows(CoffeeTable.TRANSACTION_ITEMS)) {
            if (isInYears(item.get(4)) && menu.containsKey(item.get(1))) {
                months.computeIfAbsent(item.get(4).substring(0, 7), month -> new HashMap<>())
                        .merge(item.get(1), new BigDecimal(item.get(column)), BigDecimal::add);
            }
        }
        List<List<String>> found = new ArrayList<>();
        months.forEach((month, items) -> {
            List<Ranked> ranking = new ArrayList<>();
            items.forEach((id, value) -> ranking.add(new Ranked(menu.get(id), Long.parseLong(id), value)));
            Comparator<Ranked> byName =
                    Comparator.comparing(Ranked::name, BY_CODE_POINT).thenComparing(Ranked::id);
            ranking.sort(Comparator.comparing(Ranked::value).reversed().thenComparing(byName));
            List<Ranked> first = new ArrayList<>(ranking.subList(0, Math.min(top, ranking.size())));
            first.sort(byName);
            first.forEach(item -> found.add(List.of(
                    month,
                    item.name(),
                    isMoney ? money(item.value()) : item.value().toPlainString())));
        });
        return found;
    }

    private List<List<String>> q3() {
        Map<String, String> stores = names(CoffeeTable.STORES);
        Map<String, Map<String, BigDecimal>> semesters = new TreeMap<>();
        for (List<String> sale : rows(CoffeeTable.TRANSACTIONS)) {
            if (isInYears(sale.get(4)) && isInHours(sale.get(4)) && stores.containsKey(sale.get(1))) {
                String half = time(sale.get(4)).getMonthValue() < 7 ? "-H1" : "-H2";
                semesters
                        .computeIfAbsent(sale.get(4).substring(0, 4) + half, semester -> new HashMap<>())
                        .merge(sale.get(1), new BigDecimal(sale.get(3)), BigDecimal::add);
            }
        }
        List<List<String>> found = new ArrayList<>();
        semesters.forEach((semester, sums) -> sums.entrySet().stream()
                .map(sum -> new Ranked(stores.get(sum.getKey()), Long.parseLong(sum.getKey()), sum.getValue()))
                .sorted(Comparator.comparing(Ranked::name, BY_CODE_POINT).thenComparing(Ranked::id))
                .forEach(sum -> found.add(List.of(semester, sum.name(), money(sum.value())))));
        return found;
    }

    private List<List<String>> q4() {
        Map<String, String> stores = names(CoffeeTable.STORES);
        Map<String, String> users = names(CoffeeTable.USERS);
        Map<String, Map<Long, Integer>> purchases = new HashMap<>();
        for (List<String> sale : rows(CoffeeTable.TRANSACTIONS)) {
            boolean known = users.containsKey(sale.get(2)) && stores.containsKey(sale.get(1));
            if (isInYears(sale.get(4)) && known) {
                purchases
                        .computeIfAbsent(sale.get(1), store -> new HashMap<>())
                        .merge(Long.parseLong(sale.get(2)), 1, Integer::sum);
            }
        }
        List<List<String>> found = new ArrayList<>();
        purchases.keySet().stream()
                .sorted(Comparator.comparing((String id) -> stores.get(id), BY_CODE_POINT)
                        .thenComparing(id -> Long.parseLong(id)))
                .forEach(store -> purchases.get(store).entrySet().stream()
                        .sorted(Map.Entry.<Long, Integer>comparingByValue()
                                .reversed()
                                .thenComparing(Map.Entry.comparingByKey()))
                        .limit(3)
                        .sorted(Map.Entry.comparingByKey())
                        .forEach(user -> found.add(List.of(
                                stores.get(store),
                                user.getKey().toString(),
                                users.get(user.getKey().toString()),
                                user.getValue().toString()))));
        return found;
    }

    private static String money(BigDecimal value) {
        return value.setScale(2, RoundingMode.UNNECESSARY).toPlainString();
    }

    private static final Comparator<String> BY_CODE_POINT = (one, other) -> {
        int[] left = one.codePoints().toArray();
        int[] right = other.codePoints().toArray();
        return java.util.Arrays.compare(left, right);
    };
}
