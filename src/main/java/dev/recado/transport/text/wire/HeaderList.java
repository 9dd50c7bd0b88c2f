package dev.recado.transport.text.wire;

import dev.recado.base.ByteWriter;
import dev.recado.base.PercentCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A list of headers or settings as the text protocol has it: {@code name=value&name=value}, each part percent-encoded
 * as {@link PercentCodec} does.
 */
public final class HeaderList {

    private HeaderList() {}

    /** Appends {@code name=value&name=value}. */
    static void write(Map<String, String> pairs, ByteWriter out) {
        boolean first = true;
        for (Map.Entry<String, String> pair : pairs.entrySet()) {
            if (!first) {
                out.put('&');
            }
            first = false;
            PercentCodec.encode(out, pair.getKey());
            out.put('=');
            PercentCodec.encode(out, pair.getValue());
        }
    }

    /** The pairs in order, of a name that is there twice the first; as {@link #read}. */
    public static Map<String, String> readFirst(byte[] bytes) {
        Map<String, String> pairs = new LinkedHashMap<>();
        read(bytes).forEach(pair -> pairs.putIfAbsent(pair.getKey(), pair.getValue()));
        return pairs;
    }

    /**
     * Every pair in order, names that are there twice too; a part without {@code =} is a name with an empty value. A
     * part with a malformed {@code %}, which {@link ReplyDecoder} lets nobody say, is left out.
     */
    public static List<Map.Entry<String, String>> read(byte[] bytes) {
        List<Map.Entry<String, String>> pairs = new ArrayList<>();
        int start = 0;
        while (start < bytes.length) {
            int end = indexOf(bytes, '&', start, bytes.length);
            int equals = indexOf(bytes, '=', start, end);
            String name = text(bytes, start, equals);
            String value = equals < end ? text(bytes, equals + 1, end) : "";
            if (name != null && value != null) {
                pairs.add(Map.entry(name, value));
            }
            start = end + 1;
        }
        return pairs;
    }

    private static @Nullable String text(byte[] bytes, int from, int to) {
        return PercentCodec.decodeReplacing(bytes, from, to - from);
    }

    private static int indexOf(byte[] bytes, int wanted, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != wanted) {
            at++;
        }
        return at;
    }
}
