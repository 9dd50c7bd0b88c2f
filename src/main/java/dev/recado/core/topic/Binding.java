package dev.recado.core.topic;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.ErrorCode;
import dev.recado.base.Names;
import dev.recado.base.Refusal;
import dev.recado.core.message.HeaderValue;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What leads from an exchange to a topic or to another exchange. Immutable.
 *
 * @param target the number of the topic, or below 0 that of the exchange
 * @param key compared by direct exchanges, a pattern for topic exchanges, unused by the others
 * @param headers compared by headers exchanges, by name; {@link #MATCH} says how many must match
 */
public record Binding(int target, String key, Map<String, HeaderValue> headers) implements Comparable<Binding> {

    public static final int KEY_BYTES_MAX = 255;
    public static final int HEADERS_MAX = 64;
    /** Characters of all names and values of a binding's headers together. */
    public static final int HEADERS_CHARS_MAX = 4_096;
    /**
     * The header of a binding that says which headers must match; the values are below, {@code all} where it is absent.
     */
    public static final String MATCH = "x-match";

    public static final String MATCH_ALL = "all";
    public static final String MATCH_ANY = "any";
    /** As {@code all}, and headers that begin with {@code x-} count too. */
    public static final String MATCH_ALL_WITH_X = "all-with-x";
    /** As {@code any}, and headers that begin with {@code x-} count too. */
    public static final String MATCH_ANY_WITH_X = "any-with-x";

    private static final String MATCHES =
            MATCH_ALL + ", " + MATCH_ANY + ", " + MATCH_ALL_WITH_X + ", " + MATCH_ANY_WITH_X;

    public Binding {
        headers = Collections.unmodifiableMap(new TreeMap<>(headers));
    }

    /** The target that an exchange of that number is. */
    public static int toExchange(int exchangeId) {
        return -exchangeId;
    }

    public boolean leadsToExchange() {
        return target < 0;
    }

    /** The number of the topic that it leads to; 0, which no topic has, where that is an exchange. */
    public int topicId() {
        return Math.max(0, target);
    }

    /** The number of the exchange that it leads to; 0, which no exchange has, where that is a topic. */
    public int exchangeId() {
        return Math.max(0, -target);
    }

    /** How many headers must match: one of the words above. */
    public String match() {
        return headers.get(MATCH) instanceof HeaderValue.Text text ? text.text() : MATCH_ALL;
    }

    /** Says what is wrong with a binding's key and headers, or null. */
    static @Nullable Refusal problem(String key, Map<String, HeaderValue> headers) {
        if (Names.isLongerThan(key, KEY_BYTES_MAX) || !Names.isWellFormed(key)) {
            return refusal("key longer than " + KEY_BYTES_MAX + " bytes or not well-formed, key=" + Names.shown(key));
        }
        if (headers.size() > HEADERS_MAX) {
            return refusal("too many headers, headers=" + headers.size() + " allowed=" + HEADERS_MAX);
        }
        int chars = 0;
        for (Map.Entry<String, HeaderValue> header : headers.entrySet()) {
            String value = words(header.getValue());
            chars += header.getKey().length() + value.length();
            if (chars > HEADERS_CHARS_MAX) {
                return refusal("headers too long, allowed=" + HEADERS_CHARS_MAX + " characters");
            }
            if (!Names.isWellFormed(header.getKey()) || !Names.isWellFormed(value)) {
                return refusal("header not well-formed, header=" + Names.shown(header.getKey()));
            }
        }
        String match = words(headers.getOrDefault(MATCH, new HeaderValue.Text(MATCH_ALL)));
        return Arrays.asList(MATCHES.split(", ")).contains(match)
                ? null
                : refusal("key=" + MATCH + " value=" + Names.shown(match) + " allowed=" + MATCHES);
    }

    private static String words(HeaderValue value) {
        return value instanceof HeaderValue.Text text ? text.text() : value.literal();
    }

    private static Refusal refusal(String detail) {
        return Refusal.of(ErrorCode.INVALID_ARGUMENT, detail);
    }

    /** The canonical order of the disk format: topics, then exchanges, key, then the bytes of the headers. */
    @Override
    public int compareTo(Binding other) {
        int order = Boolean.compare(leadsToExchange(), other.leadsToExchange());
        if (order == 0) {
            order = Integer.compare(Math.abs(target), Math.abs(other.target));
        }
        if (order == 0) {
            order = key.compareTo(other.key);
        }
        if (order == 0 && !headers.equals(other.headers)) {
            order = Arrays.compareUnsigned(encoded(), other.encoded());
        }
        return order;
    }

    private byte[] encoded() {
        ByteWriter out = new ByteWriter(64);
        encode(out);
        return out.toByteArray();
    }

    void encode(ByteWriter out) {
        out.put(leadsToExchange() ? 1 : 0).putVarLong(Math.abs(target)).putString(key);
        Decoding.putHeaders(out, headers);
    }

    static Binding decode(ByteReader in) {
        boolean toExchange = Decoding.readFlag(in);
        int number = in.readVarInt(Integer.MAX_VALUE);
        return new Binding(toExchange ? -number : number, in.readString(), Decoding.readHeaders(in, HEADERS_MAX));
    }

    /** Reads what version 1 of the catalog's format has: a topic, and headers that are texts. */
    static Binding decodeVersion1(ByteReader in) {
        return new Binding(in.readVarInt(Integer.MAX_VALUE), in.readString(), Decoding.readTexts(in, HEADERS_MAX));
    }
}
