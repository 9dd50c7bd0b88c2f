package dev.recado.cli;

import dev.recado.base.Quantities;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A position as people write it, as the protocol takes it. */
final class Positions {

    static final String ALLOWED =
            "first, last, next, an offset, -1h (that long ago), 2026-11-28T15:00Z (without a zone: local time),"
                    + " or @<epoch millis>";

    /** Of 1973: what is smaller are seconds, years or days that somebody took for them. */
    private static final long EPOCH_MS_MIN = 100_000_000_000L;

    private Positions() {}

    /** Reads an option's value; {@link Positions#parse} with the clock and the zone of this machine. */
    static final class Converter implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            try {
                return parse(value, Instant.now(), ZoneId.systemDefault());
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /**
     * Answers one of the protocol's words, an offset or {@code @<epoch millis>}.
     *
     * @throws IllegalArgumentException with a text for a person
     */
    static String parse(String text, Instant now, ZoneId zone) {
        boolean plain =
                switch (text) {
                    case "first", "last", "next" -> true;
                    default -> isNumber(text.startsWith("@") ? text.substring(1) : text);
                };
        if (plain) {
            refuseYear(text);
            return text;
        }
        long ms = text.startsWith("-") ? ago(text.substring(1), now) : at(text, zone);
        if (ms < 0 && text.matches("[0-9]{1,18}-[0-9]{1,18}")) {
            String offset = text.substring(text.indexOf('-') + 1);
            throw new IllegalArgumentException("'" + text + "' is the id of one partition's message; a position holds"
                    + " for every partition: " + offset + " is that offset in each; allowed: " + ALLOWED);
        }
        if (ms < 0) {
            throw new IllegalArgumentException("'" + text + "' is no position; allowed: " + ALLOWED);
        }
        return "@" + ms;
    }

    /** Who writes {@code @2026} means no time two seconds after 1970. */
    private static void refuseYear(String text) {
        long ms = text.startsWith("@") ? Quantities.number(text.substring(1)) : 0;
        if (ms > 0 && ms < EPOCH_MS_MIN) {
            throw new IllegalArgumentException("'" + text + "' is " + Instant.ofEpochMilli(ms)
                    + ": behind the @ stand milliseconds since 1970; a day is 2026-11-28");
        }
    }

    /** Whether {@link #parse} answered a time that is not yet: the broker begins at the end then, and does not wait. */
    static boolean isFuture(String position, Instant now) {
        return position.startsWith("@") && Quantities.number(position.substring(1)) > now.toEpochMilli();
    }

    /** What a person should know of a group's position in the future, or behind the end. */
    static String nothingYet(String option) {
        return option + ": nothing is that new yet; the group begins with what comes from now on";
    }

    private static boolean isNumber(String text) {
        return Quantities.number(text) != Quantities.INVALID;
    }

    /** A bare number would be milliseconds, which nobody means. */
    private static long ago(String duration, Instant now) {
        long ms = isNumber(duration) ? Quantities.INVALID : Quantities.durationMs(duration);
        return ms == Quantities.INVALID ? Quantities.INVALID : Math.max(0, now.toEpochMilli() - ms);
    }

    private static long at(String time, ZoneId zone) {
        try {
            if (time.indexOf('T') < 0) {
                return LocalDate.parse(time).atStartOfDay(zone).toInstant().toEpochMilli();
            }
            boolean zoned = time.endsWith("Z") || time.indexOf('+') > 0 || time.lastIndexOf('-') > time.indexOf('T');
            return zoned
                    ? OffsetDateTime.parse(time).toInstant().toEpochMilli()
                    : LocalDateTime.parse(time).atZone(zone).toInstant().toEpochMilli();
        } catch (DateTimeException e) {
            return Quantities.INVALID;
        }
    }
}
