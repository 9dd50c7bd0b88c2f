package dev.recado.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Numbers out of what the broker tells of itself, its topics and its groups. */
final class Figures {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Figures() {}

    /** The sum of a field over everything that describes the topic: one value, or one for each partition. */
    static long topic(TextConnection connection, String topic, String field) {
        try {
            long sum = 0;
            for (String line : connection.list("TOPIC:DESCRIBE:" + topic)) {
                sum += sum(JSON.readTree(line), field);
            }
            return sum;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A field of one group; fails where the topic has no such group or the line no such field. */
    static long group(TextConnection connection, String topic, String group, String field) {
        try {
            for (String line : connection.list("GROUP:LIST:" + topic)) {
                JsonNode node = JSON.readTree(line);
                boolean named = group.equals(node.path("name").asText())
                        || group.equals(node.path("group").asText());
                if (named && node.has(field)) {
                    return node.get(field).asLong();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("no field " + field + " of group " + group + " on topic " + topic);
    }

    /** A figure of the broker; fails where there is none of that name. */
    static long broker(TextConnection connection, String name) {
        try {
            for (String line : connection.list("STATS")) {
                if (line.startsWith(name + "=")) {
                    return Long.parseLong(line.substring(name.length() + 1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("no figure " + name);
    }

    private static long sum(JsonNode node, String field) {
        long sum = node.path(field).isNumber() ? node.get(field).asLong() : 0;
        for (JsonNode child : node) {
            sum += sum(child, field);
        }
        return sum;
    }
}
