package dev.recado.transport.text;

import dev.recado.base.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Writes one JSON object a line; a value that is large is left to the caller, see {@link #open}. */
final class JsonLine {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    /** What one byte becomes at most. */
    private static final int ESCAPED_BYTES = 6;

    private final StringBuilder out = new StringBuilder(128);
    private boolean empty = true;

    JsonLine() {
        out.append('{');
    }

    JsonLine put(String name, String value) {
        name(name);
        quote(value);
        return this;
    }

    JsonLine put(String name, long value) {
        name(name);
        out.append(value);
        return this;
    }

    /** Rounded to a tenth. */
    JsonLine put(String name, double value) {
        long tenths = Math.round(value * 10);
        name(name);
        out.append(tenths / 10).append('.').append(tenths % 10);
        return this;
    }

    JsonLine put(String name, boolean value) {
        name(name);
        out.append(value);
        return this;
    }

    /** Each as a string, a number or a flag, after its class. */
    JsonLine putAll(Map<String, Object> values) {
        values.forEach((name, value) -> {
            if (value instanceof String text) {
                put(name, text);
            } else {
                name(name);
                out.append(value);
            }
        });
        return this;
    }

    JsonLine put(String name, Map<String, String> values) {
        name(name);
        JsonLine inner = new JsonLine();
        values.forEach(inner::put);
        out.append(inner.end());
        return this;
    }

    JsonLine put(String name, List<String> values) {
        name(name);
        out.append('[');
        for (int i = 0; i < values.size(); i++) {
            out.append(i == 0 ? "" : ",");
            quote(values.get(i));
        }
        out.append(']');
        return this;
    }

    /** Answers what was put so far, up to the value of {@code name}, which the caller writes and {@link #close}s. */
    String open(String name, char opening) {
        name(name);
        String before = out.append(opening).toString();
        out.setLength(0);
        return before;
    }

    /** Goes on behind a value that the caller wrote. */
    JsonLine close(char closing) {
        out.append(closing);
        return this;
    }

    String end() {
        return out.append('}').toString();
    }

    private void name(String name) {
        if (!empty) {
            out.append(',');
        }
        empty = false;
        quote(name);
        out.append(':');
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u00").append((char) HEX[c >> 4]).append((char) HEX[c & 0xF]);
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    /**
     * Writes the inside of a string that is given as bytes of UTF-8, up to {@code end}, while {@code to} holds no more
     * than {@code bytesMax}; answers the index behind what was written. Only ASCII is ever escaped, so that it does not
     * matter where a slice ends.
     */
    static int escape(ByteWriter to, byte[] utf8, int from, int end, int bytesMax) {
        int at = from;
        while (at < end && bytesMax - to.size() >= ESCAPED_BYTES) {
            int plainEnd = at;
            int plainMax = Math.min(end, at + bytesMax - to.size());
            while (plainEnd < plainMax && isPlain(utf8[plainEnd])) {
                plainEnd++;
            }
            if (plainEnd > at) {
                to.put(utf8, at, plainEnd - at);
                at = plainEnd;
                continue;
            }
            int b = utf8[at++];
            if (b < ' ') {
                to.putAscii("\\u00").put(HEX[b >> 4]).put(HEX[b & 0xF]);
            } else {
                to.put('\\').put(b);
            }
        }
        return at;
    }

    /** Bytes of characters beyond ASCII are negative. */
    private static boolean isPlain(byte b) {
        return b < 0 || b >= ' ' && b != '"' && b != '\\';
    }
}
