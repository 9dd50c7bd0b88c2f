package dev.recado.transport.zmtp.curve;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bouncycastle.crypto.engines.Salsa20Engine;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * NaCl's {@code crypto_secretbox}, XSalsa20 with Poly1305, under one key and one beginning of the nonce. Boxes are made
 * and opened in place.
 *
 * <pre>
 *   nonce   0                  16          24
 *           | for the subkey   | tail      |
 *   box     0        16
 *           | tag    | ciphertext, as long as the plaintext
 *   stream  0                  32
 *           | key of the tag   | XOR with the plaintext
 * </pre>
 *
 * <p>XSalsa20 is Salsa20 under a subkey, HSalsa20 of the key and the first 16 bytes of the nonce. In CURVE those are
 * the same for all messages of one direction, so the subkey is computed once per direction and a message costs only its
 * own blocks of Salsa20.
 *
 * <p>Not thread-safe: one owner.
 */
final class SecretBox {

    static final int TAG_BYTES = 16;
    static final int SUBKEY_NONCE_BYTES = 16;

    private static final int ROUNDS = 20;
    private static final int WORDS = 16;
    private static final int BLOCK_BYTES = 64;
    private static final int MAC_KEY_BYTES = 32;

    /** "expand 32-byte k", in words 0, 5, 10 and 15 of the state. */
    private static final int[] SIGMA = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final int[] state = new int[WORDS];
    private final int[] block = new int[WORDS];
    private final byte[] macKey = new byte[MAC_KEY_BYTES];
    private final byte[] tag = new byte[TAG_BYTES];
    private final Poly1305 mac = new Poly1305();

    private SecretBox(byte[] subkey) {
        putKey(state, subkey);
    }

    /** Under {@code key} of 32 bytes and the 16 bytes of the nonce at {@code nonceFrom}. */
    static SecretBox of(byte[] key, byte[] nonce, int nonceFrom) {
        byte[] subkey = subkey(key, nonce, nonceFrom);
        SecretBox box = new SecretBox(subkey);
        Arrays.fill(subkey, (byte) 0);
        return box;
    }

    /**
     * HSalsa20: the Salsa20 core without its last addition, of which eight words are kept. The library offers the core
     * with the addition only, so that is taken back.
     */
    static byte[] subkey(byte[] key, byte[] nonce, int nonceFrom) {
        int[] input = new int[WORDS];
        putKey(input, key);
        for (int i = 0; i < 4; i++) {
            input[6 + i] = (int) WORD.get(nonce, nonceFrom + 4 * i);
        }
        int[] output = new int[WORDS];
        Salsa20Engine.salsaCore(ROUNDS, input, output);
        byte[] subkey = new byte[Curve25519.KEY_BYTES];
        for (int i = 0; i < 4; i++) {
            WORD.set(subkey, 4 * i, output[5 * i] - input[5 * i]);
            WORD.set(subkey, 16 + 4 * i, output[6 + i] - input[6 + i]);
        }
        Arrays.fill(input, 0);
        Arrays.fill(output, 0);
        return subkey;
    }

    /**
     * Makes a box in place: at {@code from} lie 16 bytes for the tag and then {@code length} bytes of plaintext.
     *
     * @param nonceTail the last eight bytes of the nonce, big-endian; never the same again under this key
     */
    void seal(long nonceTail, byte[] bytes, int from, int length) {
        begin(nonceTail);
        crypt(bytes, from + TAG_BYTES, length);
        authenticate(bytes, from + TAG_BYTES, length);
        System.arraycopy(tag, 0, bytes, from, TAG_BYTES);
    }

    /**
     * Opens the box of {@code length} bytes at {@code from} in place; its plaintext then begins 16 bytes behind
     * {@code from}. False if it is no box under this key and nonce; then the bytes are as they were.
     */
    boolean open(long nonceTail, byte[] bytes, int from, int length) {
        if (length < TAG_BYTES) {
            return false;
        }
        begin(nonceTail);
        authenticate(bytes, from + TAG_BYTES, length - TAG_BYTES);
        int difference = 0;
        for (int i = 0; i < TAG_BYTES; i++) {
            difference |= tag[i] ^ bytes[from + i];
        }
        if (difference != 0) {
            return false;
        }
        crypt(bytes, from + TAG_BYTES, length - TAG_BYTES);
        return true;
    }

    /** Forgets the key; the box must not be used after that. */
    void wipe() {
        Arrays.fill(state, 0);
        Arrays.fill(block, 0);
        Arrays.fill(macKey, (byte) 0);
        mac.init(new KeyParameter(macKey));
    }

    private static void putKey(int[] words, byte[] key) {
        for (int i = 0; i < 4; i++) {
            words[5 * i] = SIGMA[i];
            words[1 + i] = (int) WORD.get(key, 4 * i);
            words[11 + i] = (int) WORD.get(key, 16 + 4 * i);
        }
    }

    /** Leaves block 0 of the stream in {@link #block}, of which the first half has become the key of the tag. */
    private void begin(long nonceTail) {
        state[6] = Integer.reverseBytes((int) (nonceTail >>> 32));
        state[7] = Integer.reverseBytes((int) nonceTail);
        state[8] = 0;
        state[9] = 0;
        Salsa20Engine.salsaCore(ROUNDS, state, block);
        for (int i = 0; i < MAC_KEY_BYTES / 4; i++) {
            WORD.set(macKey, 4 * i, block[i]);
        }
        mac.init(new KeyParameter(macKey));
    }

    private void authenticate(byte[] bytes, int from, int length) {
        mac.update(bytes, from, length);
        mac.doFinal(tag, 0);
    }

    /** XORs with the stream behind the key of the tag. An array has fewer blocks than the low counter word counts. */
    private void crypt(byte[] bytes, int from, int length) {
        int at = from;
        int end = from + length;
        int used = MAC_KEY_BYTES;
        while (at < end) {
            if (used == BLOCK_BYTES) {
                state[8]++;
                Salsa20Engine.salsaCore(ROUNDS, state, block);
                used = 0;
            }
            int now = Math.min(end - at, BLOCK_BYTES - used);
            crypt(bytes, at, now, used / 4);
            at += now;
            used += now;
        }
    }

    private void crypt(byte[] bytes, int from, int length, int firstWord) {
        int words = length / 4;
        for (int i = 0; i < words; i++) {
            int at = from + 4 * i;
            WORD.set(bytes, at, (int) WORD.get(bytes, at) ^ block[firstWord + i]);
        }
        for (int i = 4 * words; i < length; i++) {
            bytes[from + i] ^= (byte) (block[firstWord + i / 4] >>> 8 * (i % 4));
        }
    }
}
