package dev.recado.transport.text.wire;

import dev.recado.base.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Percent-encoding of the text protocol: every byte outside {@code A–Z a–z 0–9 . _ - /} is written as {@code %XX}, so
 * that a field never holds what separates fields. Decoding is lenient: a {@code %} without two hexadecimal digits
 * stands for itself.
 */
public final class Percent {

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    private static final boolean[] PLAIN = plain();

    private Percent() {}

    private static boolean[] plain() {
        boolean[] plain = new boolean[128];
        for (char c = 0; c < 128; c++) {
            plain[c] = c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "._-/".indexOf(c) >= 0;
        }
        return plain;
    }

    /** Appends {@code value} encoded; costs no allocation where it is plain. */
    public static void encode(String value, ByteWriter out) {
        if (isPlain(value)) {
            out.putAscii(value);
            return;
        }
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            if (b >= 0 && PLAIN[b]) {
                out.put(b);
            } else {
                out.put('%').put(HEX[b >> 4 & 0xF]).put(HEX[b & 0xF]);
            }
        }
    }

    /** Appends {@code name=value&name=value}, each part encoded. */
    public static void encodePairs(Map<String, String> pairs, ByteWriter out) {
        boolean first = true;
        for (Map.Entry<String, String> pair : pairs.entrySet()) {
            if (!first) {
                out.put('&');
            }
            first = false;
            encode(pair.getKey(), out);
            out.put('=');
            encode(pair.getValue(), out);
        }
    }

    /** The bytes that the slice stands for. */
    public static byte[] decodeBytes(byte[] bytes, int from, int to) {
        ByteWriter out = new ByteWriter(to - from);
        for (int i = from; i < to; i++) {
            int high = bytes[i] == '%' && to - i > 2 ? Character.digit(bytes[i + 1], 16) : -1;
            int low = high >= 0 ? Character.digit(bytes[i + 2], 16) : -1;
            if (low >= 0) {
                out.put(high << 4 | low);
                i += 2;
            } else {
                out.put(bytes[i]);
            }
        }
        return out.toByteArray();
    }

    /** The text that the slice stands for. */
    public static String decode(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '%') {
                return new String(decodeBytes(bytes, from, to), StandardCharsets.UTF_8);
            }
        }
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    /** The pairs of {@code name=value&name=value} in order; of a name that is there twice the first. */
    public static Map<String, String> decodePairs(byte[] bytes, int from, int to) {
        Map<String, String> pairs = new LinkedHashMap<>();
        decodeAll(bytes, from, to).forEach(pair -> pairs.putIfAbsent(pair.getKey(), pair.getValue()));
        return pairs;
    }

    /** Every pair in order, names that are there twice too; a part without {@code =} is a name with an empty value. */
    public static List<Map.Entry<String, String>> decodeAll(byte[] bytes, int from, int to) {
        List<Map.Entry<String, String>> pairs = new ArrayList<>();
        int start = from;
        while (start < to) {
            int end = indexOf(bytes, '&', start, to);
            int equals = indexOf(bytes, '=', start, end);
            String value = equals < end ? decode(bytes, equals + 1, end) : "";
            pairs.add(Map.entry(decode(bytes, start, equals), value));
            start = end + 1;
        }
        return pairs;
    }

    private static int indexOf(byte[] bytes, int wanted, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != wanted) {
            at++;
        }
        return at;
    }

    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c >= 128 || !PLAIN[c]) {
                return false;
            }
        }
        return true;
    }
}
