package dev.recado.base;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Percent-encoding of fields of the text protocol and of the command line: bytes of UTF-8 outside {@code A-Z a-z 0-9 .
 * _ - /} become {@code %XX}. The broker and its clients have this one.
 *
 * <p>Decoding takes what stands for itself, whether it needed encoding or not. A {@code %} without two hexadecimal
 * digits is malformed, whoever says it. Bytes that are not UTF-8 are malformed in what is a text by itself, a name say;
 * what a publisher has put into a message may hold them, see {@link #decodeReplacing}.
 */
public final class PercentCodec {

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    private static final boolean[] PLAIN = plain();
    private static final int ESCAPED_BYTES = 3;

    private PercentCodec() {}

    private static boolean[] plain() {
        boolean[] plain = new boolean[256];
        for (char c : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/".toCharArray()) {
            plain[c] = true;
        }
        return plain;
    }

    public static String encode(String text) {
        if (isPlain(text)) {
            return text;
        }
        ByteWriter out = new ByteWriter(text.length() * 2);
        encode(out, text.getBytes(StandardCharsets.UTF_8));
        return new String(out.array(), 0, out.size(), StandardCharsets.US_ASCII);
    }

    /** Writes {@code text} encoded. */
    public static void encode(ByteWriter out, String text) {
        if (isPlain(text)) {
            out.putAscii(text);
        } else {
            encode(out, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Writes bytes of UTF-8 encoded. */
    public static void encode(ByteWriter out, byte[] utf8) {
        encode(out, utf8, 0, utf8.length);
    }

    /** Writes bytes of UTF-8 encoded. */
    public static void encode(ByteWriter out, byte[] utf8, int from, int length) {
        for (int i = from; i < from + length; i++) {
            int b = utf8[i] & 0xFF;
            if (PLAIN[b]) {
                out.put(b);
            } else {
                escape(out, b);
            }
        }
    }

    /** Writes a payload fit for one line of classic text: CR, LF and {@code %} become {@code %XX}, the rest stays. */
    public static void encodeLine(ByteWriter out, byte[] payload, int from, int length) {
        int end = from + length;
        int copied = from;
        for (int i = from; i < end; i++) {
            byte b = payload[i];
            if (isEscapedInLine(b)) {
                out.put(payload, copied, i - copied);
                escape(out, b);
                copied = i + 1;
            }
        }
        out.put(payload, copied, end - copied);
    }

    /**
     * As {@link #encode(ByteWriter, byte[], int, int)} for bytes up to {@code end}, while {@code out} holds no more
     * than {@code bytesMax}; answers the index behind what was encoded.
     */
    public static int encode(ByteWriter out, byte[] utf8, int from, int end, int bytesMax) {
        int at = from;
        while (at < end && bytesMax - out.size() >= ESCAPED_BYTES) {
            int b = utf8[at++] & 0xFF;
            if (PLAIN[b]) {
                out.put(b);
            } else {
                escape(out, b);
            }
        }
        return at;
    }

    /**
     * As {@link #encodeLine(ByteWriter, byte[], int, int)} for bytes up to {@code end}, while {@code out} holds no more
     * than {@code bytesMax}; answers the index behind what was encoded.
     */
    public static int encodeLine(ByteWriter out, byte[] payload, int from, int end, int bytesMax) {
        int at = from;
        while (at < end && bytesMax - out.size() >= ESCAPED_BYTES) {
            int plainEnd = at;
            int plainMax = Math.min(end, at + bytesMax - out.size());
            while (plainEnd < plainMax && !isEscapedInLine(payload[plainEnd])) {
                plainEnd++;
            }
            if (plainEnd > at) {
                out.put(payload, at, plainEnd - at);
                at = plainEnd;
            } else {
                escape(out, payload[at++]);
            }
        }
        return at;
    }

    private static boolean isEscapedInLine(byte b) {
        return b == '\r' || b == '\n' || b == '%';
    }

    /** The text that {@code encoded} stands for, or null where it is malformed. */
    public static @Nullable String decode(String encoded) {
        if (encoded.indexOf('%') < 0) {
            return Names.isWellFormed(encoded) ? encoded : null;
        }
        byte[] bytes = encoded.getBytes(StandardCharsets.UTF_8);
        return decode(bytes, 0, bytes.length);
    }

    /** The text that the bytes stand for, or null where they are malformed. */
    public static @Nullable String decode(byte[] bytes, int from, int length) {
        byte[] decoded = decodeBytes(bytes, from, length);
        if (decoded == null) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(decoded))
                    .toString();
        } catch (CharacterCodingException malformed) {
            return null;
        }
    }

    /**
     * As {@link #decode(byte[], int, int)}, but bytes that are not UTF-8 become U+FFFD: the text of a key or a header,
     * which the broker passes on as it came. Null where a {@code %} lacks its digits.
     */
    public static @Nullable String decodeReplacing(byte[] bytes, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (bytes[i] == '%') {
                byte[] decoded = decodeBytes(bytes, from, length);
                return decoded == null ? null : new String(decoded, StandardCharsets.UTF_8);
            }
        }
        return new String(bytes, from, length, StandardCharsets.UTF_8);
    }

    /** The bytes that the bytes stand for, of any kind, or null where a {@code %} lacks its digits. */
    public static byte @Nullable [] decodeBytes(byte[] bytes, int from, int length) {
        ByteWriter out = new ByteWriter(length);
        return decode(bytes, from, length, out) ? out.toByteArray() : null;
    }

    /** Writes the bytes that the bytes stand for; false where a {@code %} lacks its digits. */
    public static boolean decode(byte[] bytes, int from, int length, ByteWriter out) {
        int end = from + length;
        int copied = from;
        for (int i = nextPercent(bytes, from, end); i < end; i = nextPercent(bytes, copied, end)) {
            int escaped = escaped(bytes, i, end);
            if (escaped < 0) {
                return false;
            }
            out.put(bytes, copied, i - copied).put(escaped);
            copied = i + ESCAPED_BYTES;
        }
        out.put(bytes, copied, end - copied);
        return true;
    }

    /** Whether every {@code %} has its digits. */
    public static boolean isWellFormed(byte[] bytes, int from, int length) {
        int end = from + length;
        for (int i = nextPercent(bytes, from, end); i < end; i = nextPercent(bytes, i + ESCAPED_BYTES, end)) {
            if (escaped(bytes, i, end) < 0) {
                return false;
            }
        }
        return true;
    }

    private static int nextPercent(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end && bytes[at] != '%') {
            at++;
        }
        return at;
    }

    /** What the {@code %XX} at {@code at} stands for, or a negative number where it lacks its digits. */
    private static int escaped(byte[] bytes, int at, int end) {
        return end - at < ESCAPED_BYTES
                ? -1
                : Character.digit(bytes[at + 1], 16) << 4 | Character.digit(bytes[at + 2], 16);
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 256 || !PLAIN[c]) {
                return false;
            }
        }
        return true;
    }

    private static void escape(ByteWriter out, int b) {
        out.put('%').put(HEX[b >> 4 & 0xF]).put(HEX[b & 0xF]);
    }
}
