package dev.recado.config;

import dev.recado.base.Outcome;
import dev.recado.base.Setting;
import dev.recado.base.SettingKey;
import dev.recado.base.SettingSet;
import dev.recado.base.SettingValues;
import dev.recado.core.topic.HandOver;
import dev.recado.core.topic.Spilling;
import dev.recado.core.topic.TopicSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of the configuration that say how topics and groups are made: one for each setting of these, under a prefix.
 * What is said of one topic or group at a time, a name, a position or whose it is, has none; nor has what can be one
 * thing only.
 */
final class DefaultRows {

    private DefaultRows() {}

    static List<Setting> of(String prefix, List<SettingKey<?>> keys) {
        List<Setting> rows = new ArrayList<>();
        for (SettingKey<?> key : keys) {
            if (hasRow(key)) {
                rows.add(key.setting().named(prefix + key.name()));
            }
        }
        return rows;
    }

    /** {@code standard} with what the configuration says; its values are checked. */
    static SettingSet read(SettingValues values, String prefix, SettingSet standard) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (SettingKey<?> key : standard.keys()) {
            if (hasRow(key)) {
                texts.put(key.name(), values.text(prefix + key.name()));
            }
        }
        if (standard.parsed(texts) instanceof Outcome.Granted<SettingSet> granted) {
            return granted.value();
        }
        throw new AssertionError("a row allows what its setting does not " + texts);
    }

    private static boolean hasRow(SettingKey<?> key) {
        Setting setting = key.setting();
        return switch (setting.kind()) {
            case TEXT -> false;
            case INTEGER, BYTES, DURATION -> setting.min() < setting.max() && key != TopicSettings.PRIORITIES;
            case BOOLEAN -> key != TopicSettings.EXCLUSIVE && key != HandOver.KEY && key != Spilling.KEY;
            case CHOICE -> true;
        };
    }
}
