package dev.recado.transport.zmtp.curve;

import dev.recado.base.Check;
import java.util.Arrays;

/**
 * The long-term key pair of a CURVE server: its clients must know the public half before they connect.
 *
 * <p>No text of this class holds the secret, {@link #toString} included. Immutable until {@link #wipe}; may be shared
 * between threads.
 */
public final class CurveKeys {

    /** Length of a key, public or secret. */
    public static final int KEY_BYTES = Curve25519.KEY_BYTES;

    private final byte[] secret;
    private final byte[] publicKey;

    private CurveKeys(byte[] secret) {
        this.secret = secret;
        this.publicKey = Curve25519.publicKey(secret);
    }

    /** The pair of a secret of 32 bytes, which is copied. */
    public static CurveKeys ofSecret(byte[] secret) {
        Check.that(secret.length == KEY_BYTES, "secret key of a wrong length", secret.length);
        return new CurveKeys(secret.clone());
    }

    /**
     * Reads a key file: either a line that is or begins with the 40 characters of the secret key in Z85, among
     * comments, or a secret certificate ({@code *.key_secret}) as czmq and pyzmq write it.
     *
     * <p>The caller may wipe {@code text} afterwards.
     *
     * @throws IllegalArgumentException if there is no secret key in it, or more than one, or one that does not belong
     *     to the public key beside it; the message names a line and never what stands there
     */
    public static CurveKeys parse(byte[] text) {
        byte[] secret = null;
        byte[] publicKey = null;
        KeyText lines = new KeyText(text);
        for (KeyText.Kind kind = lines.next(); kind != null; kind = lines.next()) {
            switch (kind) {
                case BARE, SECRET -> {
                    if (secret != null) {
                        throw new IllegalArgumentException("a second secret key line=" + lines.line());
                    }
                    secret = lines.key();
                }
                case PUBLIC -> publicKey = lines.key();
                case MALFORMED -> throw new IllegalArgumentException("not a key in Z85 line=" + lines.line());
                default -> {}
            }
        }
        if (secret == null) {
            throw new IllegalArgumentException("no secret key in the file");
        }
        CurveKeys keys = new CurveKeys(secret);
        if (publicKey != null && !Arrays.equals(publicKey, keys.publicKey)) {
            keys.wipe();
            throw new IllegalArgumentException("the public key in the file is not that of the secret key");
        }
        return keys;
    }

    /** A copy of the public key. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /** The public key in Z85, as clients want it. */
    public String publicText() {
        return Z85.encode(publicKey);
    }

    /** Forgets the secret; servers that use this pair can greet nobody any more. */
    public void wipe() {
        Arrays.fill(secret, (byte) 0);
    }

    /** The secret itself, not a copy, for this room only. */
    byte[] secret() {
        return secret;
    }

    /** The public key itself, not a copy, for this room only. */
    byte[] publicKeyShared() {
        return publicKey;
    }

    @Override
    public String toString() {
        return "CurveKeys[public=" + publicText() + "]";
    }
}
