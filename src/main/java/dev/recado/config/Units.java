package dev.recado.config;

import org.jspecify.annotations.Nullable;

/** Sizes and durations as people write them: {@code 16MiB}, {@code 30s}; a bare number is bytes or milliseconds. */
public final class Units {

    private static final String[] BYTE_NAMES = {"TiB", "GiB", "MiB", "KiB", "B"};
    private static final long[] BYTE_SIZES = {1L << 40, 1L << 30, 1L << 20, 1L << 10, 1};
    // "ms" before "s" and "m": the first name that ends the text wins.
    private static final String[] TIME_NAMES = {"ms", "d", "h", "m", "s"};
    private static final long[] TIME_SIZES = {1, 86_400_000, 3_600_000, 60_000, 1_000};

    private Units() {}

    /** Bytes, or null where {@code text} is no size. */
    public static @Nullable Long parseBytes(String text) {
        return parse(text, BYTE_NAMES, BYTE_SIZES);
    }

    /** Milliseconds, or null where {@code text} is no duration. */
    public static @Nullable Long parseDuration(String text) {
        return parse(text, TIME_NAMES, TIME_SIZES);
    }

    /** The largest unit that divides {@code bytes}, as in {@code 64KiB}. */
    public static String formatBytes(long bytes) {
        for (int i = 0; i < BYTE_SIZES.length - 1; i++) {
            if (bytes >= BYTE_SIZES[i] && bytes % BYTE_SIZES[i] == 0) {
                return bytes / BYTE_SIZES[i] + BYTE_NAMES[i];
            }
        }
        return Long.toString(bytes);
    }

    /** The largest unit that divides {@code ms}, as in {@code 7d}. */
    public static String formatDuration(long ms) {
        for (int i = 1; i < TIME_SIZES.length; i++) {
            if (ms >= TIME_SIZES[i] && ms % TIME_SIZES[i] == 0) {
                return ms / TIME_SIZES[i] + TIME_NAMES[i];
            }
        }
        return ms == 0 ? "0" : ms + "ms";
    }

    static @Nullable Long parseInteger(String text) {
        if (text.isEmpty() || text.length() > 18) {
            return null;
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return null;
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }

    private static @Nullable Long parse(String text, String[] names, long[] sizes) {
        for (int i = 0; i < names.length; i++) {
            if (text.endsWith(names[i])) {
                String digits =
                        text.substring(0, text.length() - names[i].length()).trim();
                Long count = parseInteger(digits);
                return count == null || count > Long.MAX_VALUE / sizes[i] ? null : Long.valueOf(count * sizes[i]);
            }
        }
        return parseInteger(text);
    }
}
