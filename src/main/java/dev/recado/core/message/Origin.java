package dev.recado.core.message;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where a message was published.
 *
 * @param exchange empty for the default one, which leads to the topic that the key names
 * @param key by which it went, or would go
 */
public record Origin(String exchange, String key) {

    /**
     * What wrote a native block that begins with both: one byte with a length, and so many bytes of UTF-8, for the
     * exchange and then for the key.
     */
    public static final int CODEC = 1;

    /** That of a message in the topic of that name. */
    public static Origin of(MessageView message, String topic) {
        Origin published = published(message, topic);
        return isDeadLetter(message) ? again(message, published) : published;
    }

    /** Whether it was published again, through an exchange, after it had died. */
    public static boolean isDeadLetter(MessageView message) {
        return Headers.isFirst(message.bytes, message.headersStart, message.headersLength, DeathHistory.HEADER);
    }

    private static Origin published(MessageView message, String topic) {
        if (message.nativeCodec != CODEC || message.nativeLength < 2) {
            return new Origin("", message.keyLength > 0 ? message.keyText() : topic);
        }
        int at = message.nativeStart;
        int keyAt = at + 1 + (message.bytes[at] & 0xFF);
        return new Origin(shortText(message.bytes, at), shortText(message.bytes, keyAt));
    }

    private static String shortText(byte[] bytes, int at) {
        return new String(bytes, at + 1, bytes[at] & 0xFF, StandardCharsets.UTF_8);
    }

    private static Origin again(MessageView message, Origin published) {
        String exchange = header(message, DeathHistory.EXCHANGE);
        String key = header(message, DeathHistory.KEY);
        return new Origin(exchange == null ? published.exchange : exchange, key == null ? published.key : key);
    }

    private static @Nullable String header(MessageView message, String name) {
        return Headers.find(message.bytes, message.headersStart, message.headersLength, name);
    }
}
