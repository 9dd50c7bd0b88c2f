package dev.recado.config;

import dev.recado.base.SettingValues;

/**
 * Producers that number their messages.
 *
 * @param expireAfterMs silence after which a producer's numbers are forgotten
 */
public record ProducersConfig(long expireAfterMs) {

    static ProducersConfig of(SettingValues values) {
        return new ProducersConfig(values.number("producers.expire-after"));
    }
}
