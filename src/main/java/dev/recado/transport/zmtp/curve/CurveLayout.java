package dev.recado.transport.zmtp.curve;

import java.nio.charset.StandardCharsets;

/**
 * The commands of CurveZMQ 1.0 (RFC 26), byte by byte, from the length of the name on; integers are big-endian.
 *
 * <p>C and S are the long-term keys of client and server, C' and S' those of one connection; a lower-case letter is the
 * secret half. {@code Box[X](A->B)} is X in a box from the owner of a to the owner of b: a tag of 16 bytes, then as
 * many bytes as X has. A short nonce is 8 bytes behind a prefix of 16, a long one 16 bytes behind a prefix of 8.
 *
 * <pre>
 *   HELLO, 200 bytes, from the client
 *   0         6       8          80     112           120
 *   | 5 HELLO | 1 | 0 | 72 zeros | C'   | short nonce | Box[64 zeros](C'->S), 80
 *
 *   WELCOME, 168 bytes, from the server
 *   0           8            24
 *   | 7 WELCOME | long nonce | Box[S', cookie](S->C'), 144
 *
 *   cookie, 96 bytes: only this server can open it
 *   0            16
 *   | long nonce | secret box[C', s'](cookie key), 80
 *
 *   INITIATE, 257 bytes and the metadata, from the client
 *   0            9        105           113
 *   | 8 INITIATE | cookie | short nonce | Box[C, vouch, metadata](C'->S'), 144 + metadata
 *
 *   vouch, 96 bytes: C says that C' is its own
 *   0            16
 *   | long nonce | Box[C', S](C->S'), 80
 *
 *   READY, 30 bytes and the metadata, from the server
 *   0         6             14
 *   | 5 READY | short nonce | Box[metadata](S'->C'), 16 + metadata
 *
 *   MESSAGE, 33 bytes and the data, from both
 *   0           8             16
 *   | 7 MESSAGE | short nonce | Box[flags, data](S'->C' or C'->S'), 17 + data
 *
 *   ERROR, 7 bytes and the reason, from the server
 *   0         6        7
 *   | 5 ERROR | length | reason
 * </pre>
 */
final class CurveLayout {

    static final byte[] HELLO = name("HELLO");
    static final byte[] WELCOME = name("WELCOME");
    static final byte[] INITIATE = name("INITIATE");
    static final byte[] READY = name("READY");
    static final byte[] MESSAGE = name("MESSAGE");
    static final byte[] ERROR = name("ERROR");

    static final byte[] HELLO_NONCE = ascii("CurveZMQHELLO---");
    static final byte[] INITIATE_NONCE = ascii("CurveZMQINITIATE");
    static final byte[] READY_NONCE = ascii("CurveZMQREADY---");
    static final byte[] MESSAGE_C_NONCE = ascii("CurveZMQMESSAGEC");
    static final byte[] MESSAGE_S_NONCE = ascii("CurveZMQMESSAGES");
    static final byte[] WELCOME_NONCE = ascii("WELCOME-");
    static final byte[] COOKIE_NONCE = ascii("COOKIE--");
    static final byte[] VOUCH_NONCE = ascii("VOUCH---");

    static final int KEY_BYTES = Curve25519.KEY_BYTES;
    static final int TAG_BYTES = SecretBox.TAG_BYTES;
    static final int LONG_NONCE_BYTES = 16;
    static final int COOKIE_BYTES = LONG_NONCE_BYTES + TAG_BYTES + 2 * KEY_BYTES;

    static final int HELLO_BYTES = 200;
    static final int HELLO_VERSION_AT = 6;
    static final int HELLO_PADDING_AT = 8;
    static final int HELLO_CLIENT_AT = 80;
    static final int HELLO_NONCE_AT = 112;
    static final int HELLO_BOX_AT = 120;

    static final int INITIATE_BYTES_MIN = 257;
    static final int INITIATE_COOKIE_AT = 9;
    static final int INITIATE_NONCE_AT = 105;
    static final int INITIATE_BOX_AT = 113;

    static final int MESSAGE_BYTES_MIN = 33;
    static final int MESSAGE_NONCE_AT = 8;
    static final int MESSAGE_BOX_AT = 16;

    private CurveLayout() {}

    /** Whether a command body begins with the name {@code name}, its length included. */
    static boolean begins(byte[] body, int from, int length, byte[] name) {
        if (length < name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (body[from + i] != name[i]) {
                return false;
            }
        }
        return true;
    }

    /** The box for a long nonce: its prefix, and the first half of the 16 bytes at {@code nonceFrom}. */
    static SecretBox longNonceBox(byte[] key, byte[] prefix, byte[] bytes, int nonceFrom) {
        byte[] nonce = new byte[SecretBox.SUBKEY_NONCE_BYTES];
        System.arraycopy(prefix, 0, nonce, 0, prefix.length);
        System.arraycopy(bytes, nonceFrom, nonce, prefix.length, nonce.length - prefix.length);
        return SecretBox.of(key, nonce, 0);
    }

    private static byte[] name(String name) {
        byte[] bytes = ascii("?" + name);
        bytes[0] = (byte) name.length();
        return bytes;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
