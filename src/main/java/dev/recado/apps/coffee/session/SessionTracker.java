package dev.recado.apps.coffee.session;

import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.base.Check;
import dev.recado.base.RangeSet;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * The batches of one session that somebody at the end of a pipeline has taken. A batch keeps its number behind every
 * stage, and each stage makes exactly one of one, so the numbers of a table are those from 0 to the count that its end
 * tells, whatever their order and however many workers they went through. Repeats are told; a table is whole once all
 * numbers below its count were there, and the session is whole once all its tables are.
 *
 * <p>It holds ranges, so a session without gaps takes a few bytes a table. Not thread-safe: one owner.
 */
public final class SessionTracker {

    /** What a batch is to be taken for. */
    public enum Verdict {
        /** It counts; what is in it should be kept. */
        NEW,
        /** It was here before: dropped. */
        REPEATED,
        /** Nobody waits for its table, or it contradicts the end that was told: dropped and logged. */
        STRANGE
    }

    private static final class Table {
        private static final long UNKNOWN = -1;

        private final RangeSet numbers = new RangeSet();
        private long count = UNKNOWN;
        private boolean isComplete;
        /** Whether rows of a batch were lost. */
        private boolean hasLost;

        private boolean isWhole() {
            return count == numbers.count();
        }
    }

    private final Map<CoffeeTable, Table> tables = new EnumMap<>(CoffeeTable.class);
    private int tablesWhole;

    /** Of a session of which these tables are waited for. */
    public SessionTracker(Collection<CoffeeTable> waitedFor) {
        waitedFor.forEach(table -> tables.put(table, new Table()));
    }

    /**
     * A batch with rows, or without: it has a number from 0 on; {@code isComplete} is false where somebody before could
     * not read its rows.
     */
    public Verdict onBatch(CoffeeTable of, long number, boolean isComplete) {
        Verdict verdict = judge(of, number);
        Table table = tables.get(of);
        if (verdict != Verdict.NEW || table == null) {
            return verdict;
        }
        table.numbers.add(number);
        table.hasLost |= !isComplete;
        tablesWhole += table.isWhole() ? 1 : 0;
        return Verdict.NEW;
    }

    private Verdict judge(CoffeeTable of, long number) {
        Table table = tables.get(of);
        if (table == null || number < 0) {
            return Verdict.STRANGE;
        }
        if (table.numbers.contains(number)) {
            return Verdict.REPEATED;
        }
        return table.count != Table.UNKNOWN && number >= table.count ? Verdict.STRANGE : Verdict.NEW;
    }

    /** The end of a table, which had {@code count} batches; {@code isComplete} is false where its client vanished. */
    public Verdict onEos(CoffeeTable of, long count, boolean isComplete) {
        Table table = tables.get(of);
        if (table == null || count < 0) {
            return Verdict.STRANGE;
        }
        if (table.count != Table.UNKNOWN) {
            return table.count == count && table.isComplete == isComplete ? Verdict.REPEATED : Verdict.STRANGE;
        }
        if (!table.numbers.isEmpty() && table.numbers.end() > count) {
            return Verdict.STRANGE;
        }
        table.count = count;
        table.isComplete = isComplete;
        tablesWhole += table.isWhole() ? 1 : 0;
        return Verdict.NEW;
    }

    /** As if all that was told of a table had come: its end and every batch; for a table that is kept as one file. */
    public void onWhole(CoffeeTable of, long count, boolean isComplete) {
        Table table = tables.get(of);
        Check.that(table != null && table.numbers.isEmpty() && count >= 0, "table begun before", of);
        if (table != null) {
            table.numbers.addRange(0, count);
        }
        onEos(of, count, isComplete);
    }

    public boolean isWhole(CoffeeTable of) {
        Table table = tables.get(of);
        return table != null && table.isWhole();
    }

    /** How many tables are whole. */
    public int tablesWhole() {
        return tablesWhole;
    }

    /** Whether nothing is waited for any more. */
    public boolean isWhole() {
        return tablesWhole == tables.size();
    }

    /** Whether no table ended as not complete and no rows were lost; the last word once the session is whole. */
    public boolean isComplete() {
        return tables.values().stream()
                .allMatch(table -> !table.hasLost && (table.count == Table.UNKNOWN || table.isComplete));
    }

    /** Batches of a table so far. */
    public long batches(CoffeeTable of) {
        Table table = tables.get(of);
        return table == null ? 0 : table.numbers.count();
    }

    /** Whether the end of the table was told. */
    public boolean isEnded(CoffeeTable of) {
        Table table = tables.get(of);
        return table != null && table.count != Table.UNKNOWN;
    }

    /** The tables that are waited for. */
    public Set<CoffeeTable> tables() {
        return tables.keySet();
    }
}
