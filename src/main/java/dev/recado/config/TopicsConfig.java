package dev.recado.config;

import dev.recado.base.Setting;
import dev.recado.base.SettingValues;
import dev.recado.core.topic.TopicSettings;
import java.util.List;

/**
 * Topics that nobody configured.
 *
 * @param autoCreate whether publishing or subscribing creates an unknown topic
 * @param defaults the settings of a topic that is created without any
 * @param deadLetters those of a topic that the broker makes for dead letters
 */
public record TopicsConfig(boolean autoCreate, TopicSettings defaults, TopicSettings deadLetters) {

    private static final String PREFIX = "topics.default.";
    static final String MESSAGE_BYTES = PREFIX + TopicSettings.LIMIT_MESSAGE_BYTES.name();
    private static final String DEAD_LETTERS_TTL = "topics.dead-letters.ttl";

    static void addSettings(List<Setting> rows) {
        rows.add(
                Setting.flag("topics.auto-create", true, "Whether publishing or subscribing creates an unknown topic"));
        for (Setting row : DefaultRows.of(PREFIX, TopicSettings.KEYS)) {
            rows.add(row.key().equals(MESSAGE_BYTES) ? asTheBroker(row) : row);
        }
        rows.add(TopicSettings.TTL
                .setting()
                .named(DEAD_LETTERS_TTL)
                .described(
                        "The `ttl` of topics that the broker makes for dead letters, in the place of the default one"));
    }

    /** Without a limit of its own a topic has the broker's, which is set elsewhere. */
    private static Setting asTheBroker(Setting row) {
        return row.orNone(0)
                .withDefault("none")
                .described("Largest message of a topic: key, headers and payload; none: `message.bytes-max`");
    }

    static TopicsConfig of(SettingValues values) {
        TopicSettings said = TopicSettings.of(DefaultRows.read(values, PREFIX, TopicSettings.DEFAULT.values()));
        int messageBytes = Math.min(said.limitMessageBytes(), values.integer("message.bytes-max"));
        TopicSettings defaults = said.with(TopicSettings.LIMIT_MESSAGE_BYTES, messageBytes);
        return new TopicsConfig(
                values.flag("topics.auto-create"),
                defaults,
                lasting(defaults).with(TopicSettings.TTL, values.number(DEAD_LETTERS_TTL)));
    }

    /** The same of a topic that stays until it is deleted. */
    private static TopicSettings lasting(TopicSettings settings) {
        return settings.with(TopicSettings.TRANSIENT, false)
                .with(TopicSettings.AUTO_DELETE, false)
                .with(TopicSettings.EXPIRES, -1);
    }
}
