package dev.recado.transport.zmtp.wire;

import dev.recado.base.ByteWriter;
import java.nio.charset.StandardCharsets;

/**
 * The first 64 bytes of either side:
 *
 * <pre>
 *   0  signature   0xFF, 8 bytes of padding, 0x7F (only bit 0 of it counts)
 *  10  version     major, minor
 *  12  mechanism   20 bytes, filled up with 0
 *  32  as-server   0 or 1
 *  33  filler      31 bytes of 0
 * </pre>
 *
 * <p>It is sent in three steps, because a peer of an older version must be told apart before anything that it would not
 * understand: signature and major version at once, the rest once the peer's version is known.
 */
public final class Greeting {

    public static final int BYTES = 64;
    public static final int SIGNATURE_BYTES = 10;
    /** Where the major version stands. */
    public static final int MAJOR_AT = 10;

    public static final int MECHANISM_AT = 12;
    public static final int MECHANISM_BYTES = 20;

    /** Where the socket type of a ZMTP 2.0 greeting stands. */
    public static final int V2_SOCKET_TYPE_AT = 11;

    private static final int MAJOR = 3;
    private static final int MINOR = 1;
    private static final int AS_SERVER_AT = 32;

    private Greeting() {}

    /** Signature and major version: what a peer of any version may be sent. */
    public static void putStart(ByteWriter out) {
        out.put(0xFF).putLong(1).put(0x7F).put(MAJOR);
    }

    /** What follows for a peer of version 3: minor version, mechanism, as-server. */
    public static void putRest(ByteWriter out, String mechanism, boolean asServer) {
        out.put(MINOR).putAscii(mechanism);
        for (int i = mechanism.length(); i < MECHANISM_BYTES; i++) {
            out.put(0);
        }
        out.put(asServer ? 1 : 0);
        for (int i = AS_SERVER_AT + 1; i < BYTES; i++) {
            out.put(0);
        }
    }

    /** Whether a stream that begins with these {@code length} bytes may still be ZMTP 2.0 or later. */
    public static boolean isSignature(byte[] bytes, int length) {
        return (length < 1 || (bytes[0] & 0xFF) == 0xFF) && (length < SIGNATURE_BYTES || (bytes[9] & 1) == 1);
    }

    /** The mechanism of a complete greeting, as far as it can be shown. */
    public static String mechanism(byte[] greeting) {
        int length = 0;
        while (length < MECHANISM_BYTES && greeting[MECHANISM_AT + length] != 0) {
            length++;
        }
        return new String(greeting, MECHANISM_AT, length, StandardCharsets.US_ASCII);
    }
}
