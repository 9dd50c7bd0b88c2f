package dev.recado.config;

import dev.recado.base.Check;
import java.util.HashMap;
import java.util.Map;

/** The value of every setting, checked against {@link SettingTable}; immutable. */
public final class Values {

    private final Map<String, String> texts;

    Values(Map<String, String> texts) {
        this.texts = Map.copyOf(texts);
    }

    static Values defaults() {
        Map<String, String> texts = new HashMap<>();
        for (Setting setting : SettingTable.settings()) {
            texts.put(setting.key(), setting.defaultText());
        }
        return new Values(texts);
    }

    /** The value as its writer wrote it. */
    public String text(String key) {
        String text = texts.get(key);
        if (text == null) {
            throw new AssertionError("no such setting key=" + key);
        }
        return text;
    }

    /** A number, bytes or milliseconds. */
    long number(String key) {
        Setting setting = SettingTable.find(key);
        Long value = setting == null ? null : setting.number(text(key));
        if (value == null) {
            throw new AssertionError("not a number key=" + key);
        }
        return value;
    }

    int integer(String key) {
        long value = number(key);
        Check.that(value <= Integer.MAX_VALUE, "a setting that is read as int allows more", value);
        return (int) value;
    }

    boolean flag(String key) {
        return text(key).equals("true");
    }
}
