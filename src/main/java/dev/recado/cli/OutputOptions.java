package dev.recado.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How a command prints what it found; mixed into commands that list something. */
public final class OutputOptions {

    /** For people or for scripts. */
    enum Format {
        table,
        json;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Takes {@code text} for {@code table} too, as {@code recado config} called it once. */
    static final class FormatConverter implements ITypeConverter<Format> {
        @Override
        public Format convert(String value) {
            return switch (value) {
                case "table", "text" -> Format.table;
                case "json" -> Format.json;
                default -> throw new TypeConversionException("expected table or json but was '" + value + "'");
            };
        }
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            converter = FormatConverter.class,
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}); json is one object a line.")
    Format format = Format.table;

    /** Whether a script reads it. */
    public boolean isJson() {
        return format == Format.json;
    }

    /** Prints objects, given as one JSON object a line. */
    void print(Terminal terminal, List<String> jsonLines) {
        if (isJson()) {
            jsonLines.forEach(terminal::println);
        } else {
            new Table(jsonLines).lines().forEach(terminal::println);
        }
    }

    /** As {@link #print(Terminal, List)}; people are shown these columns. */
    void print(Terminal terminal, List<String> jsonLines, Table.Column... columns) {
        if (isJson()) {
            jsonLines.forEach(terminal::println);
        } else {
            new Table(jsonLines, columns).lines().forEach(terminal::println);
        }
    }

    /** Prints one object with everything that is known of it. */
    void printOne(Terminal terminal, List<String> jsonLines) {
        if (isJson()) {
            jsonLines.forEach(terminal::println);
        } else {
            Table.describe(jsonLines).forEach(terminal::println);
        }
    }

    /** What stands in the object that a script is told. */
    public interface Fields {
        void write(BiConsumer<String, Object> field);
    }

    /** The same for commands outside of this room; values are texts or numbers. */
    public void done(PrintWriter out, String text, Fields fields) {
        Map<String, Object> values = new LinkedHashMap<>();
        fields.write(values::put);
        out.println(
                isJson()
                        ? Json.object(json -> {
                            for (Map.Entry<String, Object> value : values.entrySet()) {
                                json.writeObjectField(value.getKey(), value.getValue());
                            }
                        })
                        : text);
    }

    /** Tells that something is done: people by a line, scripts by one object. */
    void done(Terminal terminal, String text, Json.Fields fields) {
        terminal.println(isJson() ? Json.object(fields) : text);
    }
}
