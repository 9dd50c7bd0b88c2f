package dev.recado.cli;

import dev.recado.base.Setting;
import dev.recado.base.SettingKey;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.TopicSettings;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Raw numbers of the broker as people read them: durations as {@code 7d}, sizes as {@code 1GiB}, times as ISO. */
final class Shown {

    private static final long[] UNIT_MS = {86_400_000, 3_600_000, 60_000, 1_000, 1};
    private static final String[] UNITS = {"d", "h", "m", "s", "ms"};
    private static final long[] SIZES = {1L << 40, 1L << 30, 1L << 20, 1L << 10};
    private static final String[] SIZE_UNITS = {"TiB", "GiB", "MiB", "KiB"};

    /** How the fields of the broker's answers are shown that are not shown as they are. */
    private static final Map<String, UnaryOperator<String>> FIELDS = fields();

    /** A credit without a bound. */
    private static final String NO_BOUND = Integer.toString(Integer.MAX_VALUE);

    /** Settings that are texts. */
    private static final Set<String> TEXTS = Stream.concat(TopicSettings.KEYS.stream(), GroupSettings.KEYS.stream())
            .filter(key -> key.setting().kind() == Setting.Kind.TEXT)
            .map(SettingKey::name)
            .collect(Collectors.toSet());

    private Shown() {}

    private static Map<String, UnaryOperator<String>> fields() {
        Map<String, UnaryOperator<String>> fields = new HashMap<>();
        TopicSettings.KEYS.forEach(key -> fields.put(key.name(), value -> setting(key.setting(), value)));
        GroupSettings.KEYS.forEach(key -> fields.put(key.name(), value -> setting(key.setting(), value)));
        fields.put("oldest", Shown::time);
        fields.put("time", Shown::time);
        return fields;
    }

    /** As it would be written to set it; what the broker may have and nobody can set stays as it is. */
    private static String setting(Setting setting, String value) {
        return switch (setting.kind()) {
            case INTEGER, BYTES, DURATION -> {
                long number = setting.value(value);
                yield number == Setting.REFUSED ? value : setting.text(number);
            }
            default -> value;
        };
    }

    /** What a person is shown for {@code value} of a field of that name; an empty setting as quotation marks. */
    static String field(String name, String value) {
        UnaryOperator<String> shown = FIELDS.get(name);
        if (value.isEmpty()) {
            return TEXTS.contains(name) ? "\"\"" : "";
        }
        return shown == null || !value.matches("-?[0-9]{1,18}") ? value : shown.apply(value);
    }

    /** For example {@code 7d}, {@code 1h30m}, {@code 850ms}: the two largest units that are not 0. */
    static String duration(String ms) {
        return duration(Long.parseLong(ms));
    }

    static String duration(long ms) {
        StringBuilder text = new StringBuilder();
        long left = ms;
        int units = 0;
        for (int i = 0; i < UNITS.length && units < 2 && (units == 0 || i < UNITS.length - 1); i++) {
            if (left >= UNIT_MS[i]) {
                text.append(left / UNIT_MS[i]).append(UNITS[i]);
                left %= UNIT_MS[i];
                units++;
            } else if (units > 0) {
                units++;
            }
        }
        return text.isEmpty() ? "0s" : text.toString();
    }

    /** Whole units of 1024 where it is a number of them, else bytes. */
    static String size(String bytes) {
        long number = Long.parseLong(bytes);
        for (int i = 0; i < SIZES.length && number > 0; i++) {
            if (number % SIZES[i] == 0) {
                return number / SIZES[i] + SIZE_UNITS[i];
            }
        }
        return bytes;
    }

    /** ISO 8601 in UTC; {@code -} where there is none. */
    static String time(String epochMs) {
        return epochMs.startsWith("-")
                ? "-"
                : Instant.ofEpochMilli(Long.parseLong(epochMs)).toString();
    }

    /** How many messages a member may be handed. */
    static String credit(String count) {
        return count.equals(NO_BOUND) ? "any" : count;
    }

    /** How long ago, as a duration; {@code -} where there is none. */
    static String age(String epochMs, long nowMs) {
        return epochMs.isEmpty() || epochMs.startsWith("-")
                ? "-"
                : duration(Math.max(0, nowMs - Long.parseLong(epochMs)) / 1_000 * 1_000);
    }
}
