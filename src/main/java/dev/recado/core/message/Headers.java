package dev.recado.core.message;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Neutral headers as they lie in a message: name and value as UTF-8 blocks (varint length, bytes), repeated. Names are
 * case-sensitive; where one comes twice the first wins.
 */
public final class Headers {

    /** Where an answer goes; see the inbox in the design. */
    public static final String REPLY_TO = "reply-to";
    /** The topic that a message of a pattern subscription was published to. */
    public static final String TOPIC = "topic";

    private Headers() {}

    public static void put(ByteWriter out, String name, String value) {
        out.putString(name).putString(value);
    }

    public static byte[] of(Map<String, String> headers) {
        ByteWriter out = new ByteWriter(64);
        headers.forEach((name, value) -> put(out, name, value));
        return out.toByteArray();
    }

    /** All headers in order; malformed bytes end the walk. */
    public static Map<String, String> toMap(byte[] bytes, int start, int length) {
        Map<String, String> headers = new LinkedHashMap<>();
        ByteReader in = new ByteReader(bytes, start, length);
        while (in.remaining() > 0) {
            String name = in.readString();
            String value = in.readString();
            if (in.failed()) {
                break;
            }
            headers.putIfAbsent(name, value);
        }
        return headers;
    }

    /** The value of the header {@code name}, or null. */
    public static @Nullable String find(byte[] bytes, int start, int length, String name) {
        ByteReader in = new ByteReader(bytes, start, length);
        int nameLength = name.length();
        while (in.remaining() > 0) {
            int length1 = in.readVarInt(in.remaining());
            int at = in.skip(length1);
            if (in.failed()) {
                return null;
            }
            if (length1 == nameLength && isAscii(bytes, at, name)) {
                String value = in.readString();
                return in.failed() ? null : value;
            }
            in.skip(in.readVarInt(in.remaining()));
        }
        return null;
    }

    /** Whether the first header has that name. */
    public static boolean isFirst(byte[] bytes, int start, int length, String name) {
        int nameLength = name.length();
        return length > nameLength && bytes[start] == nameLength && isAscii(bytes, start + 1, name);
    }

    /** Bytes of the first header; 0 where there is none, or none that can be read. */
    public static int firstLength(byte[] bytes, int start, int length) {
        ByteReader in = new ByteReader(bytes, start, length);
        in.skip(in.readVarInt(in.remaining()));
        in.skip(in.readVarInt(in.remaining()));
        return in.failed() ? 0 : length - in.remaining();
    }

    private static boolean isAscii(byte[] bytes, int at, String name) {
        for (int i = 0; i < name.length(); i++) {
            if (bytes[at + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
