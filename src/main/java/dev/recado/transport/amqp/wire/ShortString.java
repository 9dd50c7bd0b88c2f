package dev.recado.transport.amqp.wire;

import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Text of at most {@link #BYTES_MAX} bytes of UTF-8 behind a byte with its length, encoded once. Immutable: a consumer
 * keeps its tag like this and writes it with each delivery.
 */
public final class ShortString {

    public static final int BYTES_MAX = 255;

    private final byte[] encoded;

    private ShortString(byte[] encoded) {
        this.encoded = encoded;
    }

    /** {@code text} has at most {@link #BYTES_MAX} bytes as UTF-8. */
    public static ShortString of(String text) {
        ByteWriter out = new ByteWriter(1 + text.length());
        put(out, text);
        return new ShortString(out.toByteArray());
    }

    /** Its length and its bytes. */
    public void put(ByteWriter out) {
        out.put(encoded);
    }

    /** Writes text that has at most {@link #BYTES_MAX} bytes as UTF-8. */
    public static void put(ByteWriter out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        Check.that(utf8.length <= BYTES_MAX, "a short string is too long", utf8.length);
        out.put(utf8.length).put(utf8);
    }

    /** Writes as much of {@code text} as a short string holds, whole characters only. */
    static void putCut(ByteWriter out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(utf8.length, BYTES_MAX);
        while (length < utf8.length && length > 0 && (utf8[length] & 0xC0) == 0x80) {
            length--;
        }
        out.put(length).put(utf8, 0, length);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ShortString that && Arrays.equals(encoded, that.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    @Override
    public String toString() {
        return new String(encoded, 1, encoded.length - 1, StandardCharsets.UTF_8);
    }
}
