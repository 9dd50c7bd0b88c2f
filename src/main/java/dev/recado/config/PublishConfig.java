package dev.recado.config;

import dev.recado.base.SettingValues;

/**
 * Publishes that wait for room in a full topic with overflow {@code block}.
 *
 * @param blockTimeoutMs how long one waits before it is refused
 * @param parkedBytes how many bytes of them a session may have
 */
public record PublishConfig(long blockTimeoutMs, long parkedBytes) {

    static PublishConfig of(SettingValues values) {
        return new PublishConfig(values.number("publish.block-timeout"), values.number("publish.parked-bytes"));
    }
}
