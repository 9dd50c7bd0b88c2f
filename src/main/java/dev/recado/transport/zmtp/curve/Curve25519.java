package dev.recado.transport.zmtp.curve;

import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.jspecify.annotations.Nullable;

/** The public-key half of NaCl's {@code crypto_box}: public keys, and the key that two pairs share. */
final class Curve25519 {

    static final int KEY_BYTES = 32;

    private static final byte[] BASE_POINT = new byte[KEY_BYTES];
    private static final byte[] ZERO_NONCE = new byte[SecretBox.SUBKEY_NONCE_BYTES];

    static {
        BASE_POINT[0] = 9;
    }

    private Curve25519() {}

    /**
     * The public key of a secret.
     *
     * <p>It uses the general multiplication: the one for the base point alone is faster, but drags in all of Ed25519
     * with its table, for one multiplication of four in a handshake.
     */
    static byte[] publicKey(byte[] secret) {
        byte[] publicKey = new byte[KEY_BYTES];
        X25519.scalarMult(secret, 0, BASE_POINT, 0, publicKey, 0);
        return publicKey;
    }

    /**
     * The key for boxes between the owner of {@code secret} and the owner of the public key at {@code theirsFrom}, as
     * {@code crypto_box_beforenm} makes it; null if that public key is one of the few points with which everybody
     * shares the same.
     */
    static byte @Nullable [] sharedKey(byte[] secret, byte[] theirs, int theirsFrom) {
        byte[] point = new byte[KEY_BYTES];
        if (!X25519.calculateAgreement(secret, 0, theirs, theirsFrom, point, 0)) {
            return null;
        }
        byte[] key = SecretBox.subkey(point, ZERO_NONCE, 0);
        Arrays.fill(point, (byte) 0);
        return key;
    }
}
