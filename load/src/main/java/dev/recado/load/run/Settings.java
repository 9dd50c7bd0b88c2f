package dev.recado.load.run;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a run is told by system properties. A value that is not allowed is an error that names the property. */
public final class Settings {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(s|m|h)?");
    private static final Pattern ADDRESS = Pattern.compile("([A-Za-z0-9._-]+):(\\d{1,5})");
    private static final Duration DURATION_MAX = Duration.ofHours(24);
    private static final int PORT_MAX = 65_535;

    private final UnaryOperator<@Nullable String> source;

    Settings(UnaryOperator<@Nullable String> source) {
        this.source = source;
    }

    /** The properties of this Java virtual machine. */
    public static Settings ofSystem() {
        return new Settings(System::getProperty);
    }

    /** A number from 1 to {@code max}. */
    public int count(String key, int byDefault, int max) {
        return count(key, byDefault, 1, max);
    }

    /** A number from {@code min} to {@code max}. */
    public int count(String key, int byDefault, int min, int max) {
        String text = text(key, String.valueOf(byDefault));
        int value = text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
        if (value < min || value > max) {
            throw refused(key, text, "an integer from " + min + " to " + max);
        }
        return value;
    }

    /** A time from 1 s to 24 h: {@code 30s}, {@code 10m}, {@code 2h}; a bare number is seconds. */
    public Duration duration(String key, Duration byDefault) {
        String text = text(key, byDefault.toSeconds() + "s");
        Matcher matcher = DURATION.matcher(text);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            String unit = matcher.group(2);
            long seconds = "h".equals(unit) ? number * 3600 : "m".equals(unit) ? number * 60 : number;
            if (seconds >= 1 && seconds <= DURATION_MAX.toSeconds()) {
                return Duration.ofSeconds(seconds);
            }
        }
        throw refused(key, text, "a time from 1s to 24h");
    }

    /** An address as {@code host:port}. */
    public InetSocketAddress address(String key, String byDefault) {
        String text = text(key, byDefault);
        Matcher matcher = ADDRESS.matcher(text);
        int port = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
        if (port < 1 || port > PORT_MAX) {
            throw refused(key, text, "host:port");
        }
        return new InetSocketAddress(matcher.group(1), port);
    }

    /** A file, where the property is set and not empty. */
    public Optional<Path> file(String key) {
        return Optional.of(text(key, "")).filter(text -> !text.isBlank()).map(Path::of);
    }

    /** A text, as it stands. */
    public String text(String key, String byDefault) {
        String value = source.apply(key);
        return value == null ? byDefault : value.strip();
    }

    private static IllegalArgumentException refused(String key, String value, String allowed) {
        return new IllegalArgumentException("-D" + key + "=" + value + " is not allowed: " + allowed);
    }
}
