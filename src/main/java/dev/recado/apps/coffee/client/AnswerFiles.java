package dev.recado.apps.coffee.client;

import com.fasterxml.jackson.core.JsonFactory;
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
import java.util.List;

/** Turns the gateway's JSON into the files of the answers, without holding it in memory. */
final class AnswerFiles {

    private AnswerFiles() {}

    /** Answers whether the answer is of all that the client had; {@code json} is as the gateway sent it. */
    static boolean write(Path json, Path directory) throws IOException {
        boolean isComplete = false;
        try (JsonParser from = new JsonFactory().createParser(json.toFile())) {
            require(from.nextToken() == JsonToken.START_OBJECT);
            while (from.nextToken() == JsonToken.FIELD_NAME) {
                String field = from.currentName();
                JsonToken value = from.nextToken();
                if (field.equals("complete")) {
                    isComplete = value == JsonToken.VALUE_TRUE;
                } else if (field.equals("tables")) {
                    tables(from, directory);
                } else {
                    from.skipChildren();
                }
            }
        }
        return isComplete;
    }

    private static void tables(JsonParser from, Path directory) throws IOException {
        while (from.nextToken() == JsonToken.FIELD_NAME) {
            String name = from.currentName();
            require(from.nextToken() == JsonToken.START_ARRAY);
            CoffeeTable table = CoffeeTable.results().stream()
                    .filter(result -> result.text().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IOException("the answer has a table that nobody asked for: " + name));
            WholeFiles.write(directory.resolve(table.fileName()), out -> rows(from, table, out));
        }
    }

    private static void rows(JsonParser from, CoffeeTable table, OutputStream out) throws IOException {
        Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text);
        csv.writeRecord(table.columns());
        while (from.nextToken() == JsonToken.START_ARRAY) {
            List<String> fields = new ArrayList<>();
            while (from.nextToken() == JsonToken.VALUE_STRING) {
                fields.add(from.getText());
            }
            csv.writeRecord(fields);
        }
        csv.flush();
        text.flush();
    }

    private static void require(boolean expected) throws IOException {
        if (!expected) {
            throw new IOException("the answer is not the JSON that a gateway writes");
        }
    }
}
