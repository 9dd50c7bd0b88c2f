package dev.recado.core.topic;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.message.HeaderValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** What the decoders of this package share; whatever does not hold together turns {@link ByteReader#failed()} on. */
final class Decoding {

    private Decoding() {}

    /** Fails {@code in} unless {@code condition} holds. */
    static void require(ByteReader in, boolean condition) {
        if (!condition) {
            in.skip(-1);
        }
    }

    /** A varint from 0 to the largest long. */
    static long readCount(ByteReader in) {
        long value = in.readVarLong();
        require(in, value >= 0);
        return Math.max(0, value);
    }

    static boolean readFlag(ByteReader in) {
        return in.readVarInt(1) == 1;
    }

    static void putUuid(ByteWriter out, UUID uuid) {
        out.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
    }

    static UUID readUuid(ByteReader in) {
        return new UUID(in.readLong(), in.readLong());
    }

    static void putFlag(ByteWriter out, boolean flag) {
        out.put(flag ? 1 : 0);
    }

    static void putHeaders(ByteWriter out, Map<String, HeaderValue> headers) {
        out.putVarLong(headers.size());
        headers.forEach((name, value) -> value.encode(out.putString(name)));
    }

    static Map<String, HeaderValue> readHeaders(ByteReader in, int entriesMax) {
        return readMap(in, entriesMax, HeaderValue::decode);
    }

    /** Headers of version 1: texts, of which an empty one asks for presence. */
    static Map<String, HeaderValue> readTexts(ByteReader in, int entriesMax) {
        return readMap(in, entriesMax, value -> HeaderValue.wanted(value.readString()));
    }

    private static Map<String, HeaderValue> readMap(
            ByteReader in, int entriesMax, Function<ByteReader, HeaderValue> value) {
        int count = in.readVarInt(entriesMax);
        Map<String, HeaderValue> map = new LinkedHashMap<>();
        for (int i = 0; i < count && !in.failed(); i++) {
            map.put(in.readString(), value.apply(in));
        }
        return map;
    }
}
