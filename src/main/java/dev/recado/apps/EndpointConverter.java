package dev.recado.apps;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Takes {@code tcp://HOST:PORT}, and {@code none} for an end that is left out. */
public final class EndpointConverter implements ITypeConverter<String> {

    /** What stands for no endpoint. */
    public static final String NONE = "none";

    private static final int PORT_MAX = 65_535;
    private static final Pattern TCP = Pattern.compile("tcp://(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):(\\d{1,5})");

    @Override
    public String convert(String value) {
        Matcher matcher = TCP.matcher(value);
        boolean isEndpoint = matcher.matches() && Integer.parseInt(matcher.group(1)) <= PORT_MAX;
        if (!isEndpoint && !value.equals(NONE)) {
            throw new TypeConversionException("not an endpoint like tcp://127.0.0.1:5557: " + value);
        }
        return value;
    }
}
