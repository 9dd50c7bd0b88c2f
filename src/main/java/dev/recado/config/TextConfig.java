package dev.recado.config;

import dev.recado.base.SettingValues;

/**
 * The listener of the text protocol.
 *
 * @param port 0 picks a free one
 * @param acceptBacklog connections that may wait to be accepted
 * @param lineBytesMax longest line in bytes, without its end
 */
public record TextConfig(String host, int port, int acceptBacklog, int lineBytesMax) {

    static TextConfig of(SettingValues values) {
        return new TextConfig(
                values.text("text.host"),
                values.integer("text.port"),
                values.integer("text.accept-backlog"),
                values.integer("text.line-bytes-max"));
    }
}
