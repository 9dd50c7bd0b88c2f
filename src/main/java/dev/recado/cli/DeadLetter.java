package dev.recado.cli;

import dev.recado.client.Delivery;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A dead letter: where it came from and why it is one, and the message as it was.
 *
 * @param id its place in the dead-letter topic
 * @param timeMs when it was dead-lettered, in ms since 1970; -1 where that is not known
 * @param dead what the broker says of it, in the headers that come first: {@code dead-reason} to
 *     {@code dead-attempts}, and before them, where it came through an exchange, {@code dead-history} to
 *     {@code dead-key}
 * @param headers those that the message had
 */
record DeadLetter(
        String id, long timeMs, Map<String, String> dead, String key, Map<String, String> headers, byte[] payload) {

    private static final String PREFIX = "dead-";
    /** The broker's last. */
    private static final String ATTEMPTS = PREFIX + "attempts";

    private static final Set<String> NAMES = Set.of(
            PREFIX + "history",
            PREFIX + "exchange",
            PREFIX + "key",
            PREFIX + "reason",
            PREFIX + "topic",
            PREFIX + "group",
            PREFIX + "pattern",
            PREFIX + "partition",
            PREFIX + "offset",
            ATTEMPTS);

    static DeadLetter of(Delivery delivery) {
        Instant published = delivery.publishedAt();
        return of(
                delivery.id().toString(),
                published == null ? -1 : published.toEpochMilli(),
                delivery.key(),
                delivery.allHeaders(),
                delivery.payload());
    }

    /** As BROWSE shows it. */
    static DeadLetter of(String json) {
        Map<String, String> fields = Json.fields(json);
        String encoded = fields.get("payload64");
        byte[] payload = encoded == null
                ? fields.getOrDefault("payload", "").getBytes(StandardCharsets.UTF_8)
                : Base64.getDecoder().decode(encoded);
        return of(
                fields.getOrDefault("id", ""),
                Long.parseLong(fields.getOrDefault("time", "-1")),
                fields.getOrDefault("key", ""),
                Json.fields(fields.getOrDefault("headers", "{}")).entrySet(),
                payload);
    }

    /** What looks like the broker's and comes behind its headers is the message's own. */
    private static DeadLetter of(
            String id, long timeMs, String key, Collection<Map.Entry<String, String>> all, byte[] payload) {
        Map<String, String> dead = new LinkedHashMap<>();
        Map<String, String> headers = new LinkedHashMap<>();
        for (Map.Entry<String, String> header : all) {
            String name = header.getKey();
            boolean brokers =
                    headers.isEmpty() && NAMES.contains(name) && !dead.containsKey(name) && !dead.containsKey(ATTEMPTS);
            (brokers ? dead : headers).putIfAbsent(name, header.getValue());
        }
        return new DeadLetter(id, timeMs, dead, key, headers, payload);
    }

    String reason() {
        return dead("reason");
    }

    /** The topic that the message died in; empty where it is no dead letter. */
    String topic() {
        return dead("topic");
    }

    private String dead(String name) {
        return dead.getOrDefault(PREFIX + name, "");
    }

    String json() {
        return Json.object(out -> {
            out.writeStringField("id", id);
            out.writeNumberField("time", timeMs);
            for (String name : new String[] {"reason", "topic", "group"}) {
                out.writeStringField(name, dead(name));
            }
            if (dead.containsKey(PREFIX + "pattern")) {
                out.writeStringField("pattern", dead("pattern"));
            }
            for (String name : new String[] {"partition", "offset", "attempts"}) {
                String value = dead(name);
                if (value.matches("[0-9]{1,18}")) {
                    out.writeNumberField(name, Long.parseLong(value));
                }
            }
            if (dead.containsKey(PREFIX + "history")) {
                out.writeStringField("history", dead("history"));
            }
            out.writeStringField("key", key);
            Json.writeMap(out, "headers", headers);
            Json.writePayload(out, payload);
        });
    }
}
