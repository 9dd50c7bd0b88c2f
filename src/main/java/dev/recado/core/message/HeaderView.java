package dev.recado.core.message;

import java.util.Map;

/** The headers of one message, for those who compare them. */
@FunctionalInterface
public interface HeaderView {

    /** Of a message without headers. */
    HeaderView NONE = (name, wanted) -> false;

    /** Whether the message has the header {@code name} with what {@code wanted} asks for. */
    boolean matches(String name, HeaderValue wanted);

    /** Of headers that are texts. */
    static HeaderView ofTexts(Map<String, String> headers) {
        return (name, wanted) -> {
            String given = headers.get(name);
            return given != null && wanted.matchesText(given);
        };
    }

    /** Of headers with kinds. */
    static HeaderView ofValues(Map<String, HeaderValue> headers) {
        return (name, wanted) -> {
            HeaderValue given = headers.get(name);
            return given != null && wanted.matches(given);
        };
    }
}
