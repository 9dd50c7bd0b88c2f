package dev.recado.transport.zmtp.curve;

import dev.recado.base.Check;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The text form of binary keys in ZeroMQ (RFC 32): four bytes, taken as a big-endian number, are five digits to the
 * base 85.
 *
 * <p>Decoding works on bytes, so that a secret need not pass through a string, which nobody can wipe.
 */
public final class Z85 {

    private static final String DIGITS =
            "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

    private static final int BASE = 85;
    private static final int GROUP_BYTES = 4;
    private static final int GROUP_CHARS = 5;
    private static final byte NO_DIGIT = -1;

    /** The value of each ASCII character. */
    private static final byte[] VALUES = new byte[128];

    static {
        Arrays.fill(VALUES, NO_DIGIT);
        for (int i = 0; i < BASE; i++) {
            VALUES[DIGITS.charAt(i)] = (byte) i;
        }
    }

    private Z85() {}

    /** Text of {@code bytes}, whose length must be a multiple of four. */
    public static String encode(byte[] bytes) {
        Check.that(bytes.length % GROUP_BYTES == 0, "not a multiple of four", bytes.length);
        byte[] chars = new byte[bytes.length / GROUP_BYTES * GROUP_CHARS];
        for (int group = 0; group * GROUP_BYTES < bytes.length; group++) {
            long value = 0;
            for (int i = 0; i < GROUP_BYTES; i++) {
                value = value << 8 | bytes[group * GROUP_BYTES + i] & 0xFF;
            }
            for (int i = GROUP_CHARS - 1; i >= 0; i--) {
                chars[group * GROUP_CHARS + i] = (byte) DIGITS.charAt((int) (value % BASE));
                value /= BASE;
            }
        }
        return new String(chars, StandardCharsets.US_ASCII);
    }

    /**
     * The bytes behind {@code length} characters of {@code text}, or null if that is no Z85: a length that is no
     * multiple of five, a character that is no digit, a group beyond 32 bits.
     */
    public static byte @Nullable [] decode(byte[] text, int from, int length) {
        if (length % GROUP_CHARS != 0) {
            return null;
        }
        byte[] bytes = new byte[length / GROUP_CHARS * GROUP_BYTES];
        for (int group = 0; group * GROUP_CHARS < length; group++) {
            long value = 0;
            for (int i = 0; i < GROUP_CHARS; i++) {
                byte character = text[from + group * GROUP_CHARS + i];
                byte digit = character < 0 ? NO_DIGIT : VALUES[character];
                if (digit == NO_DIGIT) {
                    return null;
                }
                value = value * BASE + digit;
            }
            if (value > 0xFFFF_FFFFL) {
                return null;
            }
            for (int i = GROUP_BYTES - 1; i >= 0; i--) {
                bytes[group * GROUP_BYTES + i] = (byte) value;
                value >>>= 8;
            }
        }
        return bytes;
    }

    /** As {@link #decode(byte[], int, int)}, for what is no secret. */
    public static byte @Nullable [] decode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return decode(bytes, 0, bytes.length);
    }
}
