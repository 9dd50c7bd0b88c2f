package dev.recado.apps.coffee.query;

import dev.recado.apps.coffee.data.CoffeeRow.GroupSum;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Sums of groups, added up. Those that a {@code long} does not hold stay at its greatest value, which is told; it takes
 * more than 900 million of the dearest rows to get there, or somebody who is no worker.
 */
final class AddedSums {

    private static final class Total {
        private long count;
        private long cents;
    }

    private final Map<Long, Map<Long, Total>> groups = new HashMap<>();
    private boolean isExact = true;

    void add(GroupSum sum) {
        Total total = groups.computeIfAbsent(sum.group(), unused -> new HashMap<>())
                .computeIfAbsent(sum.member(), unused -> new Total());
        total.count = added(total.count, sum.count());
        total.cents = added(total.cents, sum.cents());
    }

    /** Of numbers from 0 on. */
    private long added(long one, long other) {
        if (one > Long.MAX_VALUE - other) {
            isExact = false;
            return Long.MAX_VALUE;
        }
        return one + other;
    }

    /** Whether no sum was too great. */
    boolean isExact() {
        return isExact;
    }

    /** The groups in the order of their numbers. */
    Stream<Long> groups() {
        return groups.keySet().stream().sorted();
    }

    /** The totals of a group, in no order. */
    Stream<GroupSum> members(long group) {
        return groups.getOrDefault(group, Map.of()).entrySet().stream()
                .map(entry -> new GroupSum(group, entry.getKey(), entry.getValue().count, entry.getValue().cents));
    }
}
