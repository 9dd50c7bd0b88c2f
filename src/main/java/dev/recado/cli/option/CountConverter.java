package dev.recado.cli.option;

import dev.recado.base.Quantities;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number of 1 or more, say of messages: a script's 0 would otherwise be taken for no limit. */
public final class CountConverter implements ITypeConverter<Long> {
    @Override
    public Long convert(String value) {
        long count = Quantities.number(value);
        if (count < 1) {
            throw new TypeConversionException("expected a number from 1 on but was '" + value + "'");
        }
        return count;
    }
}
