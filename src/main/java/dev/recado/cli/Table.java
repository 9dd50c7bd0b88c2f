package dev.recado.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * JSON objects as aligned columns, numbers and durations to the right, that fit {@link #WIDTH_MAX} characters: the
 * widest texts are cut where they do not, unless that is not enough. Numbers, times and addresses are never cut, nor
 * are names, which the next command takes: a long one makes its table wider.
 */
final class Table {

    private static final int WIDTH_MAX = 100;
    /** Of the terminals that people have who have not asked for another. */
    private static final int TERMINAL_WIDTH = 80;

    private static final int CELL_MIN = 8;
    /** What a client calls itself is told apart by its end as often as by its beginning. */
    private static final int CLIENT_MIN = 24;
    /** As much of a name's width as others give room for. */
    private static final int NAME_ROOM = 30;

    private static final Set<String> NAMES = Set.of("name", "topic", "group", "exchange");
    private static final String GAP = "  ";
    private static final String INDENT = "  ";

    private final List<Map<String, String>> rows = new ArrayList<>();
    private final List<Column> columns = new ArrayList<>();

    /** A field of the objects, what stands above it, and how its values are shown. */
    record Column(String field, String title, UnaryOperator<String> shown) {
        Column(String field) {
            this(field, field.toUpperCase(Locale.ROOT), value -> Shown.field(field, value));
        }
    }

    /** A column for each field that occurs, in the order of occurrence. */
    Table(List<String> jsonLines) {
        read(jsonLines);
        Set<String> fields = new LinkedHashSet<>();
        rows.forEach(row -> fields.addAll(row.keySet()));
        fields.forEach(field -> columns.add(new Column(field)));
    }

    /** These columns, where there are rows. */
    Table(List<String> jsonLines, Column... columns) {
        read(jsonLines);
        this.columns.addAll(rows.isEmpty() ? List.of() : List.of(columns));
    }

    private void read(List<String> jsonLines) {
        for (String line : jsonLines) {
            Map<String, String> row = Json.fields(line);
            rows.add(row.isEmpty() ? Map.of("", line) : row);
        }
    }

    List<String> lines() {
        List<List<String>> cells = columns.stream().map(this::cells).toList();
        int[] widths = cells.stream()
                .mapToInt(column -> column.stream().mapToInt(Table::width).max().orElse(0))
                .toArray();
        widths = shrunk(cells, widths);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i <= rows.size() && !columns.isEmpty(); i++) {
            StringBuilder line = new StringBuilder();
            for (int at = 0; at < widths.length; at++) {
                String cell = cut(cells.get(at).get(i), widths[at]);
                String padding = " ".repeat(widths[at] - width(cell));
                line.append(at == 0 ? "" : GAP);
                line.append(isNumeric(cells.get(at)) ? padding + cell : cell + padding);
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private List<String> cells(Column column) {
        List<String> cells = new ArrayList<>();
        cells.add(column.title());
        for (Map<String, String> row : rows) {
            String value = row.get(column.field());
            cells.add(value == null ? "" : oneLine(column.shown().apply(value)));
        }
        return cells;
    }

    /** Takes from the widest texts until the line fits; {@code whole} where it cannot. */
    private int[] shrunk(List<List<String>> cells, int[] whole) {
        int[] widths = whole.clone();
        int over = GAP.length() * (widths.length - 1) - WIDTH_MAX;
        for (int at = 0; at < widths.length; at++) {
            over += isName(at) ? Math.min(widths[at], NAME_ROOM) : widths[at];
        }
        for (; over > 0; over--) {
            int widest = -1;
            for (int at = 0; at < widths.length; at++) {
                boolean wider = widest < 0 || widths[at] > widths[widest];
                if (wider && widths[at] > widthMin(at) && !isNumeric(cells.get(at)) && !isWhole(cells.get(at))) {
                    widest = at;
                }
            }
            if (widest < 0) {
                return whole;
            }
            widths[widest]--;
        }
        return widths;
    }

    private boolean isName(int column) {
        return NAMES.contains(columns.get(column).field());
    }

    private int widthMin(int column) {
        if (isName(column)) {
            return Integer.MAX_VALUE;
        }
        return columns.get(column).field().equals("client") ? CLIENT_MIN : CELL_MIN;
    }

    private static boolean isNumeric(List<String> cells) {
        return areAll(cells, "-|-?[0-9.]+|([0-9]+(ms|[dhms]))+");
    }

    /** Times, and addresses, which are told apart by the port at their end. */
    private static boolean isWhole(List<String> cells) {
        return areAll(cells, "-|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z")
                || areAll(cells, "-|([0-9.]+|\\[[0-9a-f:%.]+]):[0-9]{1,5}");
    }

    private static boolean areAll(List<String> cells, String form) {
        return cells.stream().skip(1).allMatch(cell -> cell.isEmpty() || cell.matches(form));
    }

    private static String cut(String cell, int width) {
        return width(cell) <= width ? cell : cell.substring(0, cell.offsetByCodePoints(0, width - 1)) + "…";
    }

    /**
     * Every field on a line of its own; a list of objects becomes a table below its name, or, where that is wider than
     * a terminal, one described object below the other.
     */
    static List<String> describe(List<String> jsonLines) {
        List<String> lines = new ArrayList<>();
        for (String json : jsonLines) {
            Map<String, String> fields = Json.fields(json);
            int width = fields.keySet().stream().mapToInt(Table::width).max().orElse(0);
            fields.forEach((name, value) -> {
                if (value.startsWith("[{")) {
                    lines.add(name + ":");
                    parts(Json.elements(value)).forEach(line -> lines.add((INDENT + line).stripTrailing()));
                } else {
                    lines.add((name + ":" + " ".repeat(width - width(name) + 1) + oneLine(Shown.field(name, value)))
                            .stripTrailing());
                }
            });
        }
        return lines;
    }

    private static List<String> parts(List<String> elements) {
        List<String> rows = new Table(elements).lines();
        if (rows.stream().allMatch(row -> INDENT.length() + width(row) <= TERMINAL_WIDTH)) {
            return rows;
        }
        List<String> lines = new ArrayList<>();
        for (String element : elements) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            lines.addAll(describe(List.of(element)));
        }
        return lines;
    }

    /** Control characters could end the line, or move a terminal's cursor. */
    private static String oneLine(String value) {
        return value.codePoints()
                .map(c -> Character.isISOControl(c) ? '·' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
