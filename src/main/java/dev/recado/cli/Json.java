package dev.recado.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** As much JSON as the command line needs, without data binding, which would cost a tenth of a second at start. */
public final class Json {

    /** Without the library's bound on texts: a payload in base64 is longer, and the broker's answers are bounded. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private static final Set<String> TEXTS =
            Set.of("name", "topic", "group", "key", "id", "payload", "reason", "client", "user", "peer", "consumer");

    private Json() {}

    /** The fields of an object in order, each value as text; nested ones stay JSON. Empty where it is no object. */
    static Map<String, String> fields(String json) {
        Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser in = FACTORY.createParser(json)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return fields;
            }
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String name = in.currentName();
                in.nextToken();
                fields.put(name, value(in));
            }
            return fields;
        } catch (IOException e) {
            return Map.of();
        }
    }

    /** The elements of an array, each as JSON; empty where it is no array. */
    static List<String> elements(String json) {
        List<String> elements = new ArrayList<>();
        try (JsonParser in = FACTORY.createParser(json)) {
            if (in.nextToken() == JsonToken.START_ARRAY) {
                for (JsonToken token = in.nextToken();
                        token != null && token != JsonToken.END_ARRAY;
                        token = in.nextToken()) {
                    elements.add(value(in));
                }
            }
            return elements;
        } catch (IOException e) {
            return List.of();
        }
    }

    private static String value(JsonParser in) throws IOException {
        if (!in.currentToken().isStructStart()) {
            return in.currentToken() == JsonToken.VALUE_NULL ? "" : in.getText();
        }
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            out.copyCurrentStructure(in);
        }
        return text.toString();
    }

    /** One object of fields as {@link #fields} reads them: what looks like a number is one. */
    static String object(Map<String, String> fields) {
        return object(out -> writeFields(out, fields));
    }

    /** Fields of an object that is open, as {@link #object(Map)} has them. */
    static void writeFields(JsonGenerator out, Map<String, String> fields) throws IOException {
        for (Map.Entry<String, String> field : fields.entrySet()) {
            out.writeFieldName(field.getKey());
            if (isRaw(field)) {
                out.writeRawValue(field.getValue());
            } else {
                out.writeString(field.getValue());
            }
        }
    }

    /** A field whose value is JSON already. */
    static void writeRaw(JsonGenerator out, String name, String json) throws IOException {
        out.writeFieldName(name);
        out.writeRawValue(json);
    }

    /** A field whose value is an array of what is JSON already. */
    static void writeRaw(JsonGenerator out, String name, List<String> elements) throws IOException {
        out.writeArrayFieldStart(name);
        for (String element : elements) {
            out.writeRawValue(element);
        }
        out.writeEndArray();
    }

    /** Names, keys and texts may look like numbers and are none. */
    private static boolean isRaw(Map.Entry<String, String> field) {
        return !TEXTS.contains(field.getKey()) && field.getValue().matches("-?[0-9]{1,18}(\\.[0-9]+)?");
    }

    static void writeMap(JsonGenerator out, String name, Map<String, String> values) throws IOException {
        out.writeObjectFieldStart(name);
        for (Map.Entry<String, String> value : values.entrySet()) {
            out.writeStringField(value.getKey(), value.getValue());
        }
        out.writeEndObject();
    }

    /** The text where it is UTF-8, else base64 under another name, as BROWSE has them. */
    static void writePayload(JsonGenerator out, byte[] bytes) throws IOException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            out.writeStringField("payload64", Base64.getEncoder().encodeToString(bytes));
            return;
        }
        out.writeStringField("payload", text);
    }

    /** What writes the fields of one object. */
    public interface Fields {
        void write(JsonGenerator out) throws IOException;
    }

    /** One object on one line. */
    public static String object(Fields fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            out.writeStartObject();
            fields.write(out);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
