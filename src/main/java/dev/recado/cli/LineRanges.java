package dev.recado.cli;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Numbers of lines in any order: how many, and the first {@value #RANGES_MAX} ranges of them. One owner. */
final class LineRanges {

    static final int RANGES_MAX = 20;

    /** Last line by the first. */
    private final TreeMap<Long, Long> ranges = new TreeMap<>();
    /** From here on lines are only counted. */
    private long countedFrom = Long.MAX_VALUE;

    private long count;
    private long shown;

    /** A line that was not added before. */
    void add(long line) {
        count++;
        if (line >= countedFrom) {
            return;
        }
        shown++;
        Map.Entry<Long, Long> before = ranges.floorEntry(line - 1);
        long first = before != null && before.getValue() == line - 1 ? before.getKey() : line;
        Long behind = ranges.remove(line + 1);
        ranges.put(first, behind == null ? line : behind);
        if (ranges.size() > RANGES_MAX) {
            Map.Entry<Long, Long> last = ranges.pollLastEntry();
            countedFrom = last.getKey();
            shown -= last.getValue() - last.getKey() + 1;
        }
    }

    void addAll(LineRanges others) {
        others.ranges.forEach((first, last) -> {
            for (long line = first; line <= last; line++) {
                add(line);
            }
        });
        countedFrom = Math.min(countedFrom, others.countedFrom);
        count += others.count - others.shown;
    }

    long count() {
        return count;
    }

    /** For example {@code 3-7, 9 and 120 more}. */
    @Override
    public String toString() {
        String text = ranges.entrySet().stream().map(range -> range(range, "-")).collect(Collectors.joining(", "));
        return count == shown ? text : text + " and " + (count - shown) + " more behind them";
    }

    /** The same lines for {@code sed -n}. */
    String sed() {
        return ranges.entrySet().stream().map(range -> range(range, ",") + "p").collect(Collectors.joining(";"));
    }

    private static String range(Map.Entry<Long, Long> range, String between) {
        return range.getKey().equals(range.getValue())
                ? range.getKey().toString()
                : range.getKey() + between + range.getValue();
    }
}
