package dev.recado.transport.zmtp.curve;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.junit.jupiter.api.Test;

/** The vectors of "Cryptography in NaCl" (D. J. Bernstein, 2009), by the names that they have there. */
class SecretBoxTest {

    private static final byte[] ALICESK = hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    private static final byte[] ALICEPK = hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    private static final byte[] BOBSK = hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    private static final byte[] BOBPK = hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    private static final byte[] SHARED = hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    private static final byte[] FIRSTKEY = hex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");
    private static final byte[] SECONDKEY = hex("dc908dda0b9344a953629b733820778880f3ceb421bb61b91cbd4c3e66256ce4");
    private static final byte[] NONCE = hex("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37");
    private static final long NONCE_TAIL = 0x8219e0036b7a0b37L;

    /** The message of 163 bytes without its 32 zeros. */
    private static final byte[] MESSAGE = hex("be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffc"
            + "e5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb31"
            + "0e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde"
            + "048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f93776384864"
            + "5e0705");

    private static final byte[] BOX = hex("f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce"
            + "48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c972"
            + "71d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae"
            + "90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b3"
            + "7973f622a43d14a6599b1f654cb45a74e355a5");

    @Test
    void shouldDeriveThePublicKeys() {
        assertThat(Curve25519.publicKey(ALICESK)).isEqualTo(ALICEPK);
        assertThat(Curve25519.publicKey(BOBSK)).isEqualTo(BOBPK);
    }

    @Test
    void shouldShareTheFirstKey() {
        assertThat(Curve25519.sharedKey(ALICESK, BOBPK, 0)).isEqualTo(FIRSTKEY);
        assertThat(Curve25519.sharedKey(BOBSK, ALICEPK, 0)).isEqualTo(FIRSTKEY);
        assertThat(SecretBox.subkey(SHARED, new byte[16], 0)).isEqualTo(FIRSTKEY);
    }

    @Test
    void shouldDeriveTheSecondKey() {
        assertThat(SecretBox.subkey(FIRSTKEY, NONCE, 0)).isEqualTo(SECONDKEY);
    }

    @Test
    void shouldMakeThePublishedBox() {
        // Given
        byte[] bytes = withRoomForTheTag(MESSAGE, 0);

        // When
        SecretBox.of(FIRSTKEY, NONCE, 0).seal(NONCE_TAIL, bytes, 0, MESSAGE.length);

        // Then
        assertThat(bytes).isEqualTo(BOX);
    }

    @Test
    void shouldOpenThePublishedBox() {
        // Given
        byte[] bytes = BOX.clone();

        // When
        boolean opened = SecretBox.of(FIRSTKEY, NONCE, 0).open(NONCE_TAIL, bytes, 0, bytes.length);

        // Then
        assertThat(opened).isTrue();
        assertThat(Arrays.copyOfRange(bytes, 16, bytes.length)).isEqualTo(MESSAGE);
    }

    @Test
    void shouldLeaveTheBytesOfAForgedBoxAsTheyAre() {
        SecretBox box = SecretBox.of(FIRSTKEY, NONCE, 0);
        for (int bit = 0; bit < BOX.length * 8; bit++) {
            // Given
            byte[] forged = BOX.clone();
            forged[bit / 8] ^= (byte) (1 << bit % 8);
            byte[] before = forged.clone();

            // When
            boolean opened = box.open(NONCE_TAIL, forged, 0, forged.length);

            // Then
            assertThat(opened).isFalse();
            assertThat(forged).isEqualTo(before);
        }
    }

    @Test
    void shouldRefuseAShortBoxAndAnotherNonce() {
        SecretBox box = SecretBox.of(FIRSTKEY, NONCE, 0);
        for (int length = 0; length < BOX.length; length++) {
            assertThat(box.open(NONCE_TAIL, BOX.clone(), 0, length)).isFalse();
        }
        assertThat(box.open(NONCE_TAIL + 1, BOX.clone(), 0, BOX.length)).isFalse();
    }

    /** Lengths around the borders of blocks, at odd places, against the library's own XSalsa20. */
    @Test
    void shouldAgreeWithTheStreamCipherOfTheLibrary() {
        Random random = new Random(3);
        for (int length = 0; length < 400; length++) {
            // Given
            byte[] key = bytes(random, 32);
            byte[] nonce = bytes(random, 24);
            byte[] message = bytes(random, length);
            int from = random.nextInt(9);
            byte[] bytes = withRoomForTheTag(message, from);
            long tail = ByteBuffer.wrap(nonce).getLong(16);

            // When
            SecretBox.of(key, nonce, 0).seal(tail, bytes, from, length);

            // Then
            assertThat(Arrays.copyOfRange(bytes, from + 16, from + 16 + length))
                    .isEqualTo(xsalsa20(key, nonce, message));
            assertThat(SecretBox.of(key, nonce, 0).open(tail, bytes, from, 16 + length))
                    .isTrue();
            assertThat(Arrays.copyOfRange(bytes, from + 16, from + 16 + length)).isEqualTo(message);
        }
    }

    /** The points of small order (RFC 7748, section 6.1), with which every secret shares the same key. */
    @Test
    void shouldShareNoKeyWithAPointOfSmallOrder() {
        assertThat(Curve25519.sharedKey(ALICESK, new byte[32], 0)).isNull();
        byte[] one = new byte[32];
        one[0] = 1;
        assertThat(Curve25519.sharedKey(ALICESK, one, 0)).isNull();
        assertThat(Curve25519.sharedKey(
                        ALICESK, hex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"), 0))
                .isNull();
    }

    @Test
    void shouldForgetItsKey() {
        // Given
        SecretBox box = SecretBox.of(FIRSTKEY, NONCE, 0);

        // When
        box.wipe();

        // Then
        assertThat(box.open(NONCE_TAIL, BOX.clone(), 0, BOX.length)).isFalse();
    }

    private static byte[] xsalsa20(byte[] key, byte[] nonce, byte[] message) {
        XSalsa20Engine engine = new XSalsa20Engine();
        engine.init(true, new ParametersWithIV(new KeyParameter(key), nonce));
        byte[] stream = new byte[32 + message.length];
        System.arraycopy(message, 0, stream, 32, message.length);
        engine.processBytes(stream, 0, stream.length, stream, 0);
        return Arrays.copyOfRange(stream, 32, stream.length);
    }

    private static byte[] withRoomForTheTag(byte[] message, int from) {
        byte[] bytes = new byte[from + 16 + message.length + from];
        System.arraycopy(message, 0, bytes, from + 16, message.length);
        return bytes;
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
