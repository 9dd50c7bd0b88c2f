package dev.recado.apps.messaging.wire;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message: who sent it, when by both clocks, what it asks or tells, and further fields by name. A value is a
 * {@link String}, a {@link Long}, a {@link List} of values or a {@link Map} from text to values.
 *
 * @param service what is asked, answered or told
 * @param user the name of the sender
 * @param timestampMs the sender's corrected wall clock, milliseconds since 1970
 * @param clock the sender's Lamport clock at the sending
 * @param fields everything else, by name
 */
public record Envelope(String service, String user, long timestampMs, long clock, Map<String, Object> fields) {

    /** The field of a request's id, which its reply repeats. */
    public static final String ID = "id";

    /** The field of a reply that tells what came of it: {@link #OK} or {@link #ERROR}. */
    public static final String STATUS = "status";

    public static final String OK = "ok";
    public static final String ERROR = "error";

    /** The field of an {@link #ERROR} that says why. */
    public static final String REASON = "reason";

    /** The text under that name, or null where there is none. */
    public @Nullable String text(String name) {
        return fields.get(name) instanceof String text ? text : null;
    }

    /** The text under that name, or an empty one. */
    public String textOrEmpty(String name) {
        return fields.get(name) instanceof String text ? text : "";
    }

    /** The number under that name, or {@code otherwise}. */
    public long number(String name, long otherwise) {
        return fields.get(name) instanceof Long number ? number : otherwise;
    }

    /** The list under that name, or an empty one. */
    public List<?> list(String name) {
        return fields.get(name) instanceof List<?> list ? list : List.of();
    }

    /** The numbers of the map under that name; other values of it are left out. */
    public Map<String, Long> numbers(String name) {
        Map<String, Long> numbers = new LinkedHashMap<>();
        if (fields.get(name) instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (key instanceof String text && value instanceof Long number) {
                    numbers.put(text, number);
                }
            });
        }
        return numbers;
    }

    public boolean isOk() {
        return OK.equals(fields.get(STATUS));
    }
}
