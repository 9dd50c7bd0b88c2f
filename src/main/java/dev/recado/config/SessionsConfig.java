package dev.recado.config;

import dev.recado.base.SettingValues;

/**
 * What holds for the sessions of every protocol.
 *
 * @param connectionsMax connections at once, over all listeners
 * @param connectionsAsked whether somebody asked for so many, other than by default
 * @param unconfirmedBytes unconfirmed bytes at which a session's socket is read no more
 */
public record SessionsConfig(int connectionsMax, boolean connectionsAsked, long unconfirmedBytes) {

    static SessionsConfig of(SettingValues values) {
        return new SessionsConfig(
                values.integer("sessions.connections-max"),
                !values.isDefault("sessions.connections-max"),
                values.number("sessions.unconfirmed-bytes"));
    }
}
