package dev.recado.base;

import java.util.List;

/**
 * One row of a table of settings: what a setting is called, what it may be, what it is if nobody says, and what it
 * does.
 *
 * @param key dotted lower-case name, as in {@code text.port}
 * @param defaultText the default as a person would write it
 * @param min smallest allowed value; bytes for sizes, milliseconds for durations, characters for texts
 * @param max largest allowed value, in the same unit
 * @param choices what a {@link Kind#CHOICE} may be; empty otherwise
 * @param description one line for the settings table, without a full stop
 */
public record Setting(
        String key, Kind kind, String defaultText, long min, long max, List<String> choices, String description) {

    /** What the names of environment variables begin with. */
    public static final String VARIABLE_PREFIX = "RECADO_";

    /** How the text of a value is read. */
    public enum Kind {
        INTEGER,
        BYTES,
        DURATION,
        BOOLEAN,
        CHOICE,
        TEXT
    }

    public static Setting integer(String key, long value, long min, long max, String description) {
        return new Setting(key, Kind.INTEGER, Long.toString(value), min, max, List.of(), description);
    }

    public static Setting bytes(String key, long value, long min, long max, String description) {
        return new Setting(key, Kind.BYTES, Quantities.formatBytes(value), min, max, List.of(), description);
    }

    public static Setting duration(String key, long valueMs, long minMs, long maxMs, String description) {
        return new Setting(
                key, Kind.DURATION, Quantities.formatDuration(valueMs), minMs, maxMs, List.of(), description);
    }

    public static Setting flag(String key, boolean value, String description) {
        return new Setting(key, Kind.BOOLEAN, Boolean.toString(value), 0, 1, List.of(), description);
    }

    public static Setting choice(String key, String value, List<String> choices, String description) {
        return new Setting(key, Kind.CHOICE, value, 0, 0, choices, description);
    }

    public static Setting text(String key, String value, long minChars, long maxChars, String description) {
        return new Setting(key, Kind.TEXT, value, minChars, maxChars, List.of(), description);
    }

    /** The environment variable that sets it: {@code RECADO_TEXT_PORT} for {@code text.port}. */
    public String variable() {
        StringBuilder name = new StringBuilder(VARIABLE_PREFIX);
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            name.append(c == '.' || c == '-' ? '_' : Character.toUpperCase(c));
        }
        return name.toString();
    }

    /** What a value may be, as an error and the settings table say it. */
    public String allowed() {
        return switch (kind) {
            case INTEGER -> "an integer from " + min + " to " + max;
            case BYTES -> "a size from " + Quantities.formatBytes(min) + " to " + Quantities.formatBytes(max);
            case DURATION ->
                "a duration from " + Quantities.formatDuration(min) + " to " + Quantities.formatDuration(max);
            case BOOLEAN -> "true or false";
            case CHOICE -> "one of " + String.join(", ", choices);
            case TEXT ->
                min == 0
                        ? "a text of at most " + max + " characters"
                        : "a text of " + min + " to " + max + " characters";
        };
    }

    /** Whether {@code text} is a value that this setting may have. */
    public boolean allows(String text) {
        return switch (kind) {
            case INTEGER, BYTES, DURATION -> {
                long value = number(text);
                yield value != Quantities.INVALID && value >= min && value <= max;
            }
            case BOOLEAN -> text.equals("true") || text.equals("false");
            case CHOICE -> choices.contains(text);
            case TEXT -> text.length() >= min && text.length() <= max && text.indexOf('\n') < 0;
        };
    }

    /** The value in bytes, milliseconds or as it stands; {@link Quantities#INVALID} for what is none of its kind. */
    public long number(String text) {
        return switch (kind) {
            case BYTES -> Quantities.sizeBytes(text);
            case DURATION -> Quantities.durationMs(text);
            default -> Quantities.number(text);
        };
    }
}
