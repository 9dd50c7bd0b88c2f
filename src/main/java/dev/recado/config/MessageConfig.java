package dev.recado.config;

import dev.recado.base.SettingValues;

/**
 * What holds for every message.
 *
 * @param bytesMax largest message of any topic, checked on its declared and on its accumulated size
 */
public record MessageConfig(int bytesMax) {

    static MessageConfig of(SettingValues values) {
        return new MessageConfig(values.integer("message.bytes-max"));
    }
}
