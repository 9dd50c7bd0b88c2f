package dev.recado.base;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The value of every setting of a table, checked against it; immutable. */
public final class SettingValues {

    private final Map<String, Setting> settings;
    private final Map<String, String> texts;
    private final Set<String> refused;

    private SettingValues(Map<String, Setting> settings, Map<String, String> texts, Set<String> refused) {
        this.settings = settings;
        this.texts = texts;
        this.refused = refused;
    }

    /** Of {@code table}, where {@code given} says nothing at their defaults; what is given has been checked. */
    public static SettingValues of(List<Setting> table, Map<String, String> given) {
        return of(table, given, Set.of());
    }

    /** The same while it is told what is wrong: what was given to the keys {@code refused} is not allowed. */
    public static SettingValues of(List<Setting> table, Map<String, String> given, Set<String> refused) {
        Map<String, Setting> settings = new HashMap<>();
        Map<String, String> texts = new HashMap<>();
        for (Setting setting : table) {
            settings.put(setting.key(), setting);
            texts.put(setting.key(), given.getOrDefault(setting.key(), setting.defaultText()));
        }
        return new SettingValues(Map.copyOf(settings), Map.copyOf(texts), Set.copyOf(refused));
    }

    /**
     * Whether none of {@code keys} was given a value that is not allowed, in whose place its default stands here. A
     * rule between settings judges only what is sound, so that one mistake is told once.
     */
    public boolean isSound(String... keys) {
        for (String key : keys) {
            if (refused.contains(key)) {
                return false;
            }
        }
        return true;
    }

    /** Whether there is a setting of that key. */
    public boolean has(String key) {
        return settings.containsKey(key);
    }

    /** The value as its writer wrote it. */
    public String text(String key) {
        String text = texts.get(key);
        if (text == null) {
            throw new AssertionError("no such setting key=" + key);
        }
        return text;
    }

    /** Whether the value is written as the default is, so that nobody has asked for another. */
    public boolean isDefault(String key) {
        Setting setting = settings.get(key);
        return setting != null && setting.defaultText().equals(text(key));
    }

    /** A number, bytes or milliseconds; what none stands for where it is none. */
    public long number(String key) {
        Setting setting = settings.get(key);
        long value = setting == null ? Setting.REFUSED : setting.value(text(key));
        Check.that(value != Setting.REFUSED, "not a number", key);
        return value;
    }

    /** A number of a setting that allows no more than an int. */
    public int integer(String key) {
        long value = number(key);
        Check.that(value <= Integer.MAX_VALUE, "a setting that is read as int allows more", value);
        return (int) value;
    }

    /** Whether it is {@code true}. */
    public boolean flag(String key) {
        return text(key).equals("true");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SettingValues values
                && texts.equals(values.texts)
                && settings.equals(values.settings)
                && refused.equals(values.refused);
    }

    @Override
    public int hashCode() {
        return texts.hashCode();
    }
}
