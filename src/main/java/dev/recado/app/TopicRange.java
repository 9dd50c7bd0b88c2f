package dev.recado.app;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.recado.client.MessageId;
import dev.recado.client.RecadoClient;
import dev.recado.client.RecadoException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;

/**
 * Which offsets a topic held at one moment, by partition, and whether it keeps what its groups have finished.
 *
 * @param keeps false for a queue, from which a message goes when it is finished
 * @param first offset of the first message that is there
 * @param end offset behind the last
 */
record TopicRange(boolean keeps, Map<Integer, Long> first, Map<Integer, Long> end) {

    private static final JsonFactory JSON = new JsonFactory();
    private static final String UNKNOWN_TOPIC = "Unknown topic";

    /** Asks the broker; a topic that is not there yet holds nothing. */
    static TopicRange of(RecadoClient client, String topic) {
        try {
            return parse(client.admin().describeTopic(topic).join().get(0));
        } catch (CompletionException e) {
            RecadoException why = RecadoClient.unwrap(e);
            if (why.text().startsWith(UNKNOWN_TOPIC)) {
                return new TopicRange(true, Map.of(), Map.of());
            }
            throw why;
        }
    }

    static TopicRange parse(String description) {
        boolean keeps = true;
        Map<Integer, Long> first = new HashMap<>();
        Map<Integer, Long> end = new HashMap<>();
        try (JsonParser in = JSON.createParser(description)) {
            in.nextToken();
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String field = in.currentName();
                in.nextToken();
                if (field.equals("kind")) {
                    keeps = !in.getText().equals("queue");
                } else if (field.equals("partition-figures")) {
                    while (in.nextToken() == JsonToken.START_OBJECT) {
                        Map<String, String> figures = ClassicExport.fields(in);
                        int partition = Integer.parseInt(figures.getOrDefault("partition", "0"));
                        first.put(partition, Long.parseLong(figures.getOrDefault("first", "0")));
                        end.put(partition, Long.parseLong(figures.getOrDefault("end", "0")));
                    }
                } else {
                    in.skipChildren();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new TopicRange(keeps, first, end);
    }

    /** Whether the message was stored before. */
    boolean precedes(MessageId id) {
        return id.offset() < end.getOrDefault(index(id), 0L);
    }

    /** Whether the message was stored before and is there no more. */
    boolean isGone(MessageId id) {
        return id.offset() < first.getOrDefault(index(id), 0L);
    }

    private static int index(MessageId id) {
        return Math.max(0, id.partition());
    }
}
