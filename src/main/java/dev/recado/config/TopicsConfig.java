package dev.recado.config;

import dev.recado.base.SettingValues;

/**
 * Topics that nobody configured.
 *
 * @param autoCreate whether publishing or subscribing creates an unknown topic
 * @param defaults the settings of a topic that is created without any
 */
public record TopicsConfig(boolean autoCreate, TopicDefaults defaults) {

    static TopicsConfig of(SettingValues values) {
        return new TopicsConfig(values.flag("topics.auto-create"), TopicDefaults.of(values));
    }
}
