package dev.recado.base;

import java.util.Locale;

/**
 * Durations and sizes as people write them.
 *
 * <p>Durations: a number and {@code ms}, {@code s}, {@code m}, {@code h}, {@code d} or {@code w}, or plain
 * milliseconds. Sizes: a number and {@code k}, {@code M}, {@code G}, {@code T} or {@code KiB}, {@code MiB}, {@code
 * GiB}, {@code TiB} (powers of 1024), {@code kB}, {@code MB}, {@code GB}, {@code TB} (powers of 1000), {@code B}, or
 * plain bytes. Units ignore case.
 */
public final class Quantities {

    /** The answer for what is no quantity, negative or beyond a long. */
    public static final long INVALID = -1;

    private static final String[] DURATION_UNITS = {"", "ms", "s", "m", "h", "d", "w"};
    private static final long[] DURATION_FACTORS = {1, 1, 1_000, 60_000, 3_600_000, 86_400_000, 604_800_000};
    private static final String[] SIZE_UNITS = {
        "", "b", "k", "kib", "kb", "m", "mib", "mb", "g", "gib", "gb", "t", "tib", "tb"
    };
    private static final long[] SIZE_FACTORS = {
        1,
        1,
        1L << 10,
        1L << 10,
        1_000,
        1L << 20,
        1L << 20,
        1_000_000,
        1L << 30,
        1L << 30,
        1_000_000_000,
        1L << 40,
        1L << 40,
        1_000_000_000_000L
    };

    private static final String[] SHOWN_SIZES = {"KiB", "MiB", "GiB", "TiB"};
    /** Index of the largest unit of a duration that is written. */
    private static final int DAYS = 5;

    private Quantities() {}

    /** Milliseconds, or {@link #INVALID}. */
    public static long durationMs(String text) {
        return parse(text, DURATION_UNITS, DURATION_FACTORS);
    }

    /** Bytes, or {@link #INVALID}. */
    public static long sizeBytes(String text) {
        return parse(text, SIZE_UNITS, SIZE_FACTORS);
    }

    /** A plain decimal number from 0, or {@link #INVALID}. */
    public static long number(String text) {
        return digits(text) == text.length() ? value(text, text.length()) : INVALID;
    }

    /** The largest unit that divides {@code bytes}, as in {@code 64KiB}. */
    public static String formatBytes(long bytes) {
        for (int power = 40; power >= 10 && bytes > 0; power -= 10) {
            if (bytes % (1L << power) == 0) {
                return (bytes >> power) + SHOWN_SIZES[power / 10 - 1];
            }
        }
        return Long.toString(bytes);
    }

    /** The largest unit up to days that divides {@code ms}, as in {@code 7d}. */
    public static String formatDuration(long ms) {
        for (int i = DAYS; i > 0 && ms > 0; i--) {
            if (ms % DURATION_FACTORS[i] == 0) {
                return ms / DURATION_FACTORS[i] + DURATION_UNITS[i];
            }
        }
        return Long.toString(ms);
    }

    private static long parse(String text, String[] units, long[] factors) {
        int digits = digits(text);
        long number = value(text, digits);
        String unit = text.substring(digits).trim().toLowerCase(Locale.ROOT);
        for (int i = 0; i < units.length && number >= 0; i++) {
            if (units[i].equals(unit)) {
                return number > Long.MAX_VALUE / factors[i] ? INVALID : number * factors[i];
            }
        }
        return INVALID;
    }

    private static int digits(String text) {
        int at = 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    private static long value(String text, int digits) {
        if (digits == 0) {
            return INVALID;
        }
        long value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = text.charAt(i) - '0';
            if (value > (Long.MAX_VALUE - digit) / 10) {
                return INVALID;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
