package dev.recado.app;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.recado.app.classic.ClassicWriter;
import dev.recado.base.PercentCodec;
import dev.recado.cli.Progress;
import dev.recado.client.RecadoClient;
import dev.recado.file.WholeFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Browses a topic page by page and writes it as classic files. What the topic held and where its groups stood when this
 * was made is exported; what arrives later is not.
 */
final class ClassicExport {

    /** Base64 of the largest message that a broker can be told to take, and its fields. */
    static final int LINE_BYTES_MAX = 400 << 20;

    private static final int PAGE = 1_000;
    /** Before the name of a header among the fields of a message. */
    private static final String HEADER = "headers.";

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(LINE_BYTES_MAX)
                    .build())
            .build();

    private final RecadoClient client;
    private final String topic;
    private final Progress progress;
    /** Offset behind the last message to export. */
    private long end;

    private final Map<String, Long> positions = new LinkedHashMap<>();

    /** Asks the broker what there is; fails where the topic has several partitions. */
    ClassicExport(RecadoClient client, String topic, Progress progress) throws IOException {
        this.client = client;
        this.topic = topic;
        this.progress = progress;
        List<String> description = client.admin().describeTopic(topic).join();
        try (JsonParser in = JSON.createParser(description.get(0))) {
            in.nextToken();
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String field = in.currentName();
                in.nextToken();
                readDescription(in, field);
            }
        }
    }

    private void readDescription(JsonParser in, String field) throws IOException {
        if (field.equals("partitions") && in.getIntValue() != 1) {
            throw new IOException("topic " + topic + " has " + in.getIntValue()
                    + " partitions, a classic file has one sequence of ids");
        }
        if (field.equals("partition-figures")) {
            while (in.nextToken() == JsonToken.START_OBJECT) {
                end = Long.parseLong(fields(in).getOrDefault("end", "0"));
            }
        } else if (field.equals("groups")) {
            while (in.nextToken() == JsonToken.START_OBJECT) {
                Map<String, String> group = fields(in);
                positions.put(group.getOrDefault("name", ""), Long.parseLong(group.getOrDefault("floor", "0")));
            }
        } else {
            in.skipChildren();
        }
    }

    /** The name in one line of a list; empty where it has none. */
    static String nameIn(String json) {
        try (JsonParser in = JSON.createParser(json)) {
            in.nextToken();
            return fields(in).getOrDefault("name", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The fields of the object that begins here, each value as text; of nested ones only the headers. */
    static Map<String, String> fields(JsonParser in) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String name = in.currentName();
            JsonToken value = in.nextToken();
            if (value == JsonToken.START_OBJECT && name.equals("headers")) {
                fields(in).forEach((header, text) -> fields.put(HEADER + header, text));
            } else if (value.isStructStart()) {
                in.skipChildren();
            } else {
                fields.put(name, in.getText());
            }
        }
        return fields;
    }

    /** Writes the messages, the file as a whole or not at all, and answers how many. */
    long writeMessages(Path file) throws IOException {
        long[] count = {0};
        WholeFiles.write(file, out -> count[0] = writeMessages(out));
        return count[0];
    }

    /** Writes the messages and answers how many; where that fails a part of them is written. */
    long writeMessages(OutputStream out) throws IOException {
        ClassicWriter writer = new ClassicWriter(out);
        long count = 0;
        long next = 0;
        while (next < end) {
            List<String> page =
                    client.admin().browse(topic, Long.toString(next), PAGE).join();
            if (page.isEmpty()) {
                return count;
            }
            for (String line : page) {
                next = writeMessage(writer, line) + 1;
                count++;
                if (next >= end) {
                    return count;
                }
            }
        }
        return count;
    }

    /** Writes one message and answers its offset. */
    private long writeMessage(ClassicWriter writer, String line) throws IOException {
        Map<String, String> message;
        try (JsonParser in = JSON.createParser(line)) {
            in.nextToken();
            message = fields(in);
        }
        long offset = number(message, "id");
        String encoded = message.get("payload64");
        byte[] payload = encoded != null
                ? Base64.getDecoder().decode(encoded)
                : message.getOrDefault("payload", "").getBytes(StandardCharsets.UTF_8);
        if (payload.length != number(message, "bytes")) {
            throw new IOException("the broker showed another size than bytes id=" + offset + " bytes="
                    + message.get("bytes") + " shown=" + payload.length);
        }
        long timestamp = ClassicTime.timestamp(message.get(HEADER + ClassicTime.HEADER), number(message, "time"));
        writer.message(offset, timestamp, payload, 0, payload.length);
        progress.onBytes(payload.length);
        return offset;
    }

    private static long number(Map<String, String> message, String field) throws IOException {
        try {
            return Long.parseLong(message.getOrDefault(field, ""));
        } catch (NumberFormatException e) {
            throw new IOException("the broker shows a message without " + field, e);
        }
    }

    /** Writes where the groups stand, each at the first message that it has not finished, and answers how many. */
    int writePositions(Path file) throws IOException {
        WholeFiles.write(file, out -> {
            ClassicWriter writer = new ClassicWriter(out);
            for (Map.Entry<String, Long> group : positions.entrySet()) {
                writer.consumer(PercentCodec.encode(group.getKey()), group.getValue());
            }
        });
        return positions.size();
    }
}
