package dev.recado.cli.option;

import dev.recado.base.Quantities;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Milliseconds of a duration such as 10s. A bare number is milliseconds; of a small one that is refused, since whoever
 * writes it means seconds.
 */
public final class DurationConverter implements ITypeConverter<Long> {

    /** Fewer milliseconds without a unit are meant for seconds. */
    private static final long BARE_MS_MIN = 100;

    @Override
    public Long convert(String value) {
        long ms = Quantities.durationMs(value);
        if (ms == Quantities.INVALID) {
            throw new TypeConversionException("'" + value + "' is not a duration such as 500ms, 10s or 5m");
        }
        if (ms > 0 && ms < BARE_MS_MIN && ms == Quantities.number(value)) {
            throw new TypeConversionException(
                    "'" + value + "' is " + value + " ms: write " + value + "s, or " + value + "ms if that is meant");
        }
        return ms;
    }
}
