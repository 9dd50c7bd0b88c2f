package dev.recado.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * JSON objects as aligned columns: one column for each field that occurs, in the order of occurrence; numbers to the
 * right.
 */
final class Table {

    private static final int CELL_MAX = 60;

    private final List<Map<String, String>> rows = new ArrayList<>();
    private final Set<String> columns = new LinkedHashSet<>();

    Table(List<String> jsonLines) {
        for (String line : jsonLines) {
            Map<String, String> row = Json.fields(line);
            rows.add(row.isEmpty() ? Map.of("", line) : row);
        }
        rows.forEach(row -> columns.addAll(row.keySet()));
    }

    List<String> lines() {
        List<StringBuilder> lines = new ArrayList<>();
        for (int i = 0; i <= rows.size(); i++) {
            lines.add(new StringBuilder());
        }
        for (String column : columns) {
            append(column, lines);
        }
        return lines.stream()
                .skip(columns.isEmpty() ? 1 : 0)
                .map(line -> line.toString().stripTrailing())
                .toList();
    }

    private void append(String column, List<StringBuilder> lines) {
        List<String> cells = new ArrayList<>();
        cells.add(column.toUpperCase(Locale.ROOT));
        rows.forEach(row -> cells.add(cell(row.getOrDefault(column, ""))));
        boolean numeric = cells.stream().skip(1).allMatch(cell -> cell.isEmpty() || cell.matches("-?[0-9.]+"));
        int width = cells.stream().mapToInt(Table::width).max().orElse(0);
        for (int i = 0; i < cells.size(); i++) {
            String padding = " ".repeat(width - width(cells.get(i)));
            StringBuilder line = lines.get(i);
            line.append(line.length() == 0 ? "" : "  ");
            line.append(numeric ? padding + cells.get(i) : cells.get(i) + padding);
        }
    }

    /** Every field on a line of its own; a list of objects becomes a table below its name. */
    static List<String> describe(List<String> jsonLines) {
        List<String> lines = new ArrayList<>();
        for (String json : jsonLines) {
            Map<String, String> fields = Json.fields(json);
            int width = fields.keySet().stream().mapToInt(Table::width).max().orElse(0);
            fields.forEach((name, value) -> {
                if (value.startsWith("[{")) {
                    lines.add(name + ":");
                    new Table(Json.elements(value)).lines().forEach(line -> lines.add("  " + line));
                } else {
                    lines.add((name + ":" + " ".repeat(width - width(name) + 1) + oneLine(value)).stripTrailing());
                }
            });
        }
        return lines;
    }

    private static String cell(String value) {
        String line = oneLine(value);
        return line.length() <= CELL_MAX ? line : line.substring(0, CELL_MAX - 1) + "…";
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
