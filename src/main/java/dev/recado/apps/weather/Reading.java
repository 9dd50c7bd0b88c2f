package dev.recado.apps.weather;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The weather of a region at one moment. On the wire it is text, {@code <temperature> <humidity>}, for example
 * {@code 21.4 63}.
 *
 * @param temperatureC in degrees Celsius, with one decimal
 * @param humidityPercent relative, 0 to 100
 */
record Reading(double temperatureC, int humidityPercent) {

    private static final Pattern TEXT = Pattern.compile("(-?\\d{1,3}(?:\\.\\d{1,6})?) (\\d{1,3})");
    private static final int PERCENT_MAX = 100;

    /** As {@link #parse} reads it. */
    String text() {
        return String.format(Locale.ROOT, "%.1f %d", temperatureC, humidityPercent);
    }

    /** Null where the text is no reading. */
    static @Nullable Reading parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        int humidity = Integer.parseInt(matcher.group(2));
        return humidity > PERCENT_MAX ? null : new Reading(Double.parseDouble(matcher.group(1)), humidity);
    }
}
