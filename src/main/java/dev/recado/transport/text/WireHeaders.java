package dev.recado.transport.text;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.PercentCodec;
import dev.recado.broker.Link;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Headers and keys between the wire ({@code name=value&name=value}, percent-encoded) and the neutral form of
 * {@link dev.recado.core.message.Headers}, without garbage.
 */
final class WireHeaders {

    private WireHeaders() {}

    /** Writes wire headers in the neutral form; false where an encoding is malformed or a name is empty. */
    static boolean toNeutral(byte[] bytes, int from, int to, ByteWriter out) {
        int start = from;
        while (start < to) {
            int end = indexOf(bytes, '&', start, to);
            int equals = indexOf(bytes, '=', start, end);
            if (equals == start || !putBlock(bytes, start, equals, out)) {
                return false;
            }
            if (!putBlock(bytes, Math.min(equals + 1, end), end, out)) {
                return false;
            }
            start = end + 1;
        }
        return true;
    }

    private static boolean putBlock(byte[] bytes, int from, int to, ByteWriter out) {
        out.putVarLong((long) to - from - 2L * percents(bytes, from, to));
        return PercentCodec.decode(bytes, from, to - from, out);
    }

    private static int percents(byte[] bytes, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            if (bytes[i] == '%') {
                count++;
            }
        }
        return count;
    }

    /** {@code first} and the keys of a field, joined by {@code &}; null where one is malformed. */
    static @Nullable List<String> keys(String first, String field) {
        List<String> keys = new ArrayList<>();
        keys.add(first);
        for (String encoded : field.split("&", Link.KEYS_MAX + 1)) {
            String key = PercentCodec.decode(encoded);
            if (key == null) {
                return null;
            }
            keys.add(key);
        }
        return keys;
    }

    /** Whether the slice stands for itself. */
    static boolean isPlain(byte[] bytes, int from, int to) {
        return indexOf(bytes, '%', from, to) == to;
    }

    /** Writes neutral headers as the wire has them; {@code in} is scratch. */
    static void toWire(byte[] bytes, int start, int length, ByteWriter out, ByteReader in) {
        in.wrap(bytes, start, length);
        for (boolean first = true; in.remaining() > 0; first = false) {
            if (!first) {
                out.put('&');
            }
            int mark = out.size();
            putEncoded(in, out);
            out.put('=');
            putEncoded(in, out);
            if (in.failed()) {
                out.truncate(first ? mark : mark - 1);
                return;
            }
        }
    }

    private static void putEncoded(ByteReader in, ByteWriter out) {
        int length = in.readVarInt(in.remaining());
        int at = in.skip(length);
        if (!in.failed()) {
            PercentCodec.encode(out, in.array(), at, length);
        }
    }

    private static int indexOf(byte[] bytes, int wanted, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != wanted) {
            at++;
        }
        return at;
    }
}
