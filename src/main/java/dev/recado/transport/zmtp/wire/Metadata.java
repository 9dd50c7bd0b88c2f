package dev.recado.transport.zmtp.wire;

import dev.recado.base.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The properties in READY and INITIATE:
 *
 * <pre>
 *  byte  name length    then the name: letters, digits and {@code - _ . +}; case does not matter
 *  int   value length   then the value
 *  …                    repeated
 * </pre>
 *
 * <p>Unknown properties are passed over.
 */
public final class Metadata {

    public static final String SOCKET_TYPE = "Socket-Type";
    public static final String IDENTITY = "Identity";
    /** Longest identity. */
    public static final int IDENTITY_BYTES_MAX = 255;

    private static final int VALUE_LENGTH_BYTES = 4;
    private static final byte[] NOTHING = {};

    private final String socketType;
    private final byte[] identity;

    private Metadata(String socketType, byte[] identity) {
        this.socketType = socketType;
        this.identity = identity;
    }

    /** What the peer's socket is, in capitals; empty where it does not say. */
    public String socketType() {
        return socketType;
    }

    /** What the peer calls itself; empty where it does not. */
    public byte[] identity() {
        return identity.clone();
    }

    /** Reads {@code bytes[from, from + length)}; null where it is malformed. */
    public static @Nullable Metadata read(byte[] bytes, int from, int length) {
        int at = from;
        int end = from + length;
        String socketType = "";
        byte[] identity = NOTHING;
        while (at < end) {
            int nameLength = bytes[at] & 0xFF;
            int valueAt = at + 1 + nameLength + VALUE_LENGTH_BYTES;
            if (nameLength == 0 || valueAt > end) {
                return null;
            }
            String name = new String(bytes, at + 1, nameLength, StandardCharsets.ISO_8859_1);
            int valueLength = intAt(bytes, valueAt - VALUE_LENGTH_BYTES);
            if (valueLength < 0 || valueLength > end - valueAt) {
                return null;
            }
            if (name.equalsIgnoreCase(SOCKET_TYPE)) {
                socketType =
                        new String(bytes, valueAt, valueLength, StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
            } else if (name.equalsIgnoreCase(IDENTITY)) {
                if (valueLength > IDENTITY_BYTES_MAX) {
                    return null;
                }
                identity = Arrays.copyOfRange(bytes, valueAt, valueAt + valueLength);
            }
            at = valueAt + valueLength;
        }
        return new Metadata(socketType, identity);
    }

    private static int intAt(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 24
                | (bytes[at + 1] & 0xFF) << 16
                | (bytes[at + 2] & 0xFF) << 8
                | bytes[at + 3] & 0xFF;
    }

    /** Writes what sockets tell each other; {@code identity} is null where the type of socket has none. */
    public static void put(ByteWriter out, String socketType, byte @Nullable [] identity) {
        putProperty(out, SOCKET_TYPE, socketType.getBytes(StandardCharsets.US_ASCII));
        if (identity != null) {
            putProperty(out, IDENTITY, identity);
        }
    }

    private static void putProperty(ByteWriter out, String name, byte[] value) {
        out.put(name.length()).putAscii(name).putInt(value.length).put(value);
    }
}
