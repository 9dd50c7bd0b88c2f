package dev.recado.core.topic;

import dev.recado.base.Names;
import dev.recado.base.Setting;
import dev.recado.base.SettingKey;

/**
 * What the creator of a topic wants to be told of it again: kept and compared as any setting, and without meaning to
 * the broker. A protocol puts here what it compares and no setting says.
 */
public final class TopicNote {

    /** Empty where nothing is noted. */
    public static final SettingKey<String> KEY = SettingKey.ofString(
                    Setting.text(
                            "note",
                            "",
                            0,
                            Names.BYTES_MAX,
                            "A text of the creator's that the broker keeps, compares where the topic is created again,"
                                    + " and does nothing with"),
                    "",
                    text -> Names.isWellFormed(text) && !Names.isLongerThan(text, Names.BYTES_MAX) ? text : null)
            .allowing("a text of up to 255 bytes")
            .fixed();

    private TopicNote() {}

    public static String of(TopicSettings settings) {
        return settings.values().get(KEY);
    }
}
