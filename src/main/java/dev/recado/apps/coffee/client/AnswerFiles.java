package dev.recado.apps.coffee.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.file.WholeFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Turns the gateway's JSON into the files of the answers, without holding it in memory. */
final class AnswerFiles {

    /** What a script looks at: {@code {"session": …, "complete": …, "rows": {"q1.csv": …, …}}}. */
    static final String REPORT = "report.json";

    private AnswerFiles() {}

    /**
     * Writes a file for each table, and behind them {@link #REPORT}. Answers whether the answer is of all that the
     * client had.
     *
     * @param json as the gateway sent it
     */
    static boolean write(UUID session, Path json, Path directory) throws IOException {
        boolean isComplete = false;
        Map<String, Long> rows = new LinkedHashMap<>();
        try (JsonParser from = new JsonFactory().createParser(json.toFile())) {
            require(from.nextToken() == JsonToken.START_OBJECT);
            while (from.nextToken() == JsonToken.FIELD_NAME) {
                String field = from.currentName();
                JsonToken value = from.nextToken();
                if (field.equals("complete")) {
                    isComplete = value == JsonToken.VALUE_TRUE;
                } else if (field.equals("tables")) {
                    tables(from, directory, rows);
                } else {
                    from.skipChildren();
                }
            }
        }
        report(directory.resolve(REPORT), session, isComplete, rows);
        return isComplete;
    }

    private static void report(Path file, UUID session, boolean isComplete, Map<String, Long> rows) throws IOException {
        WholeFiles.write(file, out -> {
            try (JsonGenerator to = new JsonFactory().createGenerator(out)) {
                to.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
                to.writeStartObject();
                to.writeStringField("session", session.toString());
                to.writeBooleanField("complete", isComplete);
                to.writeObjectFieldStart("rows");
                for (Map.Entry<String, Long> one : rows.entrySet()) {
                    to.writeNumberField(one.getKey(), one.getValue());
                }
                to.writeEndObject();
                to.writeEndObject();
                to.writeRaw('\n');
            }
        });
    }

    private static void tables(JsonParser from, Path directory, Map<String, Long> counts) throws IOException {
        while (from.nextToken() == JsonToken.FIELD_NAME) {
            String name = from.currentName();
            require(from.nextToken() == JsonToken.START_ARRAY);
            CoffeeTable table = CoffeeTable.results().stream()
                    .filter(result -> result.text().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IOException("the answer has a table that nobody asked for: " + name));
            WholeFiles.write(
                    directory.resolve(table.fileName()), out -> counts.put(table.fileName(), rows(from, table, out)));
        }
    }

    private static long rows(JsonParser from, CoffeeTable table, OutputStream out) throws IOException {
        long count = 0;
        Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text);
        csv.writeRecord(table.columns());
        while (from.nextToken() == JsonToken.START_ARRAY) {
            List<String> fields = new ArrayList<>();
            while (from.nextToken() == JsonToken.VALUE_STRING) {
                fields.add(from.getText());
            }
            csv.writeRecord(fields);
            count++;
        }
        csv.flush();
        text.flush();
        return count;
    }

    private static void require(boolean expected) throws IOException {
        if (!expected) {
            throw new IOException("the answer is not the JSON that a gateway writes");
        }
    }
}
