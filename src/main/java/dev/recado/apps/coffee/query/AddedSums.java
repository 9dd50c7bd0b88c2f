package dev.recado.apps.coffee.query;

import dev.recado.apps.coffee.data.CoffeeRow.GroupSum;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Sums of groups, added up. */
final class AddedSums {

    private static final class Total {
        private long count;
        private long cents;
    }

    private final Map<Long, Map<Long, Total>> groups = new HashMap<>();

    void add(GroupSum sum) {
        Total total = groups.computeIfAbsent(sum.group(), unused -> new HashMap<>())
                .computeIfAbsent(sum.member(), unused -> new Total());
        total.count = Math.addExact(total.count, sum.count());
        total.cents = Math.addExact(total.cents, sum.cents());
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
