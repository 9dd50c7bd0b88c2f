package dev.recado.core.topic;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

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

    static void putMap(ByteWriter out, Map<String, String> map) {
        out.putVarLong(map.size());
        map.forEach((name, value) -> out.putString(name).putString(value));
    }

    static Map<String, String> readMap(ByteReader in, int entriesMax) {
        int count = in.readVarInt(entriesMax);
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < count && !in.failed(); i++) {
            map.put(in.readString(), in.readString());
        }
        return map;
    }
}
