package dev.recado.base;

import java.util.List;

/**
 * One row of a table of settings: what a setting is called, what it may be, what it is if nobody says, and what it
 * does.
 *
 * <p>One grammar holds for all values, wherever they are written. A duration is a number and a unit or plain
 * milliseconds, a size a number and a unit or plain bytes, see {@link Quantities}. A quantity that may be {@code none}
 * may also be written {@code -1}, and {@code 0} where that is below its least value.
 *
 * @param key dotted lower-case name, as in {@code disk.free-min}
 * @param defaultText the default as a person would write it
 * @param choices what a {@link Kind#CHOICE} may be; empty otherwise
 * @param description one line for the settings table, without a full stop
 */
public record Setting(
        String key, Kind kind, String defaultText, Bounds bounds, List<String> choices, String description) {

    /** What the names of environment variables begin with. */
    public static final String VARIABLE_PREFIX = "RECADO_";

    /** The answer of {@link #value} for what is not allowed. */
    public static final long REFUSED = Long.MIN_VALUE;

    private static final String NONE = "none";
    private static final String ALSO_NONE = "-1";

    /**
     * What a value may be.
     *
     * @param min smallest; bytes for sizes, milliseconds for durations, characters for texts
     * @param max largest, in the same unit
     * @param none the value of {@code none}, {@link #REFUSED} where there is no such word
     */
    public record Bounds(long min, long max, long none) {

        static Bounds of(long min, long max) {
            return new Bounds(min, max, REFUSED);
        }

        boolean hasNone() {
            return none != REFUSED;
        }

        /** What {@code value} means: 0 is none where it is below the least. */
        private long read(long value) {
            if (value == 0 && min > 0 && hasNone()) {
                return none;
            }
            return value >= min && value <= max ? value : REFUSED;
        }
    }

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
        return new Setting(key, Kind.INTEGER, Long.toString(value), Bounds.of(min, max), List.of(), description);
    }

    public static Setting bytes(String key, long value, long min, long max, String description) {
        return new Setting(key, Kind.BYTES, Quantities.formatBytes(value), Bounds.of(min, max), List.of(), description);
    }

    public static Setting duration(String key, long valueMs, long minMs, long maxMs, String description) {
        return new Setting(
                key,
                Kind.DURATION,
                Quantities.formatDuration(valueMs),
                Bounds.of(minMs, maxMs),
                List.of(),
                description);
    }

    public static Setting flag(String key, boolean value, String description) {
        return new Setting(key, Kind.BOOLEAN, Boolean.toString(value), Bounds.of(0, 1), List.of(), description);
    }

    public static Setting choice(String key, String value, List<String> choices, String description) {
        return new Setting(key, Kind.CHOICE, value, Bounds.of(0, 0), choices, description);
    }

    public static Setting text(String key, String value, long minChars, long maxChars, String description) {
        return new Setting(key, Kind.TEXT, value, Bounds.of(minChars, maxChars), List.of(), description);
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

    /** The same under another key. */
    public Setting named(String newKey) {
        return new Setting(newKey, kind, defaultText, bounds, choices, description);
    }

    /** The same with another description. */
    public Setting described(String newDescription) {
        return new Setting(key, kind, defaultText, bounds, choices, newDescription);
    }

    /** The same where {@code none} may be written for the value {@code none}. */
    public Setting orNone(long none) {
        return new Setting(key, kind, defaultText, new Bounds(min(), max(), none), choices, description);
    }

    /** The same with another default. */
    public Setting withDefault(String text) {
        return new Setting(key, kind, text, bounds, choices, description);
    }

    /** Smallest value beside none. */
    public long min() {
        return bounds.min();
    }

    /** Largest value beside none. */
    public long max() {
        return bounds.max();
    }

    /** What a value may be, as an error and the settings table say it. */
    public String allowed() {
        return switch (kind) {
            case INTEGER -> "an integer from " + min() + " to " + max() + orNone();
            case BYTES ->
                "a size from " + Quantities.formatBytes(min()) + " to " + Quantities.formatBytes(max()) + orNone();
            case DURATION ->
                "a duration from " + Quantities.formatDuration(min()) + " to " + Quantities.formatDuration(max())
                        + orNone();
            case BOOLEAN -> "true or false";
            case CHOICE -> "one of " + String.join(", ", choices);
            case TEXT ->
                min() == 0
                        ? "a text of at most " + max() + " characters"
                        : "a text of " + min() + " to " + max() + " characters";
        };
    }

    private String orNone() {
        return !bounds.hasNone() ? "" : min() > 0 ? ", 0 or none" : ", or none";
    }

    /** Whether {@code text} is a value that this setting may have. */
    public boolean allows(String text) {
        return switch (kind) {
            case INTEGER, BYTES, DURATION -> value(text) != REFUSED;
            case BOOLEAN -> text.equals("true") || text.equals("false");
            case CHOICE -> choices.contains(text);
            case TEXT -> text.length() >= min() && text.length() <= max() && text.indexOf('\n') < 0;
        };
    }

    /** The quantity in bytes, milliseconds or as it stands; {@link #REFUSED} for what is not allowed. */
    public long value(String text) {
        if (bounds.hasNone() && (text.equals(NONE) || text.equals(ALSO_NONE))) {
            return bounds.none();
        }
        long value =
                switch (kind) {
                    case BYTES -> Quantities.sizeBytes(text);
                    case DURATION -> Quantities.durationMs(text);
                    default -> Quantities.number(text);
                };
        return value == Quantities.INVALID ? REFUSED : bounds.read(value);
    }

    /** A quantity as {@link #value} reads it. */
    public String text(long value) {
        if (value == bounds.none()) {
            return NONE;
        }
        return switch (kind) {
            case BYTES -> Quantities.formatBytes(value);
            case DURATION -> Quantities.formatDuration(value);
            default -> Long.toString(value);
        };
    }

    /** A quantity as a plain number that {@link #value} reads: none is 0, or -1 where 0 is a value of its own. */
    public long plain(long value) {
        return value == -1 && min() > 0 ? 0 : value;
    }
}
