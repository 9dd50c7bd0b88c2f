package dev.recado.load.text;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** Commands as they go over the wire. Every buffer belongs to the caller, who writes it to a channel. */
final class Commands {

    private static final String UNENCODED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/";

    private Commands() {}

    static ByteBuf hello(String client) {
        return line("HELLO:" + encoded(client));
    }

    static ByteBuf publish(String topic, byte[] payload) {
        ByteBuf head = line("PUB:" + encoded(topic) + ":" + payload.length);
        return Unpooled.wrappedBuffer(head, Unpooled.wrappedBuffer(payload), line(""));
    }

    /** A new group starts at the first message, so that it misses nothing that was published before it came. */
    static ByteBuf subscribe(String topic, String group, int creditCount) {
        return line("SUB:" + encoded(topic) + ":" + encoded(group) + ":" + creditCount + ":first");
    }

    static ByteBuf acknowledge(int sid, String id) {
        return line("ACK:" + sid + ":" + id);
    }

    static ByteBuf acknowledgeDurably(int sid, String id) {
        return line("ACK!:" + sid + ":" + id);
    }

    static ByteBuf refuse(int sid, String id, long delayMs) {
        return line("NACK:" + sid + ":" + id + ":" + delayMs);
    }

    static ByteBuf line(String text) {
        return Unpooled.copiedBuffer(text + "\n", StandardCharsets.UTF_8);
    }

    /** A name with everything but {@code A-Z a-z 0-9 . _ - /} percent-encoded. */
    static String encoded(String name) {
        StringBuilder text = new StringBuilder();
        for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
            if (octet > 0 && UNENCODED.indexOf(octet) >= 0) {
                text.append((char) octet);
            } else {
                text.append('%').append(String.format("%02X", octet & 0xFF));
            }
        }
        return text.toString();
    }
}
