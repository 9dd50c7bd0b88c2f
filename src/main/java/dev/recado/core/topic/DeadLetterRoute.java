package dev.recado.core.topic;

import dev.recado.base.Names;
import dev.recado.base.Setting;
import dev.recado.base.SettingKey;
import dev.recado.base.SettingSet;
import org.jspecify.annotations.Nullable;

/**
 * How what dies on a topic is published again: a setting of the topic.
 *
 * @param exchange of the topic's namespace; empty is the default one
 * @param key by which it goes, empty or not; null for the message's own
 */
public record DeadLetterRoute(String exchange, @Nullable String key) {

    /** The value of {@link #EXCHANGE} without which dead letters go where their group says. */
    public static final String NO_EXCHANGE = "<none>";

    /** The value of {@link #KEY} with which each goes by the key that it came by. */
    public static final String OWN_KEY = "<own>";

    public static final SettingKey<String> EXCHANGE = SettingKey.ofString(
                    Setting.text(
                            "dead-letter.exchange",
                            NO_EXCHANGE,
                            0,
                            Names.BYTES_MAX,
                            "The exchange through which messages are published again that are rejected, expire, are"
                                    + " dropped by a limit or were delivered too often, unless their group names a"
                                    + " place; empty: the default one, which leads to the topic that the key names"),
                    NO_EXCHANGE,
                    text -> isExchange(text) ? text : null)
            .allowing("the name of an exchange (1 to 255 bytes, no $ in front), " + NO_EXCHANGE + " or empty");

    public static final SettingKey<String> KEY = SettingKey.ofString(
                    Setting.text(
                            "dead-letter.key",
                            OWN_KEY,
                            0,
                            Names.BYTES_MAX,
                            "The key by which they go through that exchange; an empty one is a key as well"),
                    OWN_KEY,
                    text -> Names.isWellFormed(text) && !Names.isLongerThan(text, Names.BYTES_MAX) ? text : null)
            .allowing("a key of up to 255 bytes, or " + OWN_KEY + " for that by which each was published");

    /** What the settings of a topic say; null where they name no exchange. */
    static @Nullable DeadLetterRoute of(SettingSet settings) {
        String exchange = settings.get(EXCHANGE);
        String key = settings.get(KEY);
        return exchange.equals(NO_EXCHANGE) ? null : new DeadLetterRoute(exchange, key.equals(OWN_KEY) ? null : key);
    }

    private static boolean isExchange(String text) {
        return text.isEmpty() || text.equals(NO_EXCHANGE) || Names.problem("exchange", text) == null;
    }
}
