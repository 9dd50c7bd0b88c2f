package dev.recado.transport.zmtp.curve;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import java.util.Arrays;
import java.util.Random;

/** The client's side of CURVE, for tests of the server; its chance has a seed, and tests may turn its nonce. */
public final class CurveClient {

    /** A frame that was inside a MESSAGE. */
    record Frame(int flags, byte[] data) {}

    /** The next short nonce. */
    long nextNonce = 1;

    /** What stands as S in the vouch. */
    byte[] vouchedServer;

    private final byte[] secret;
    private final byte[] server;
    private final Random random;
    private final byte[] transientSecret;
    private final byte[] transientPublic;
    private byte[] sharedTransient = {};
    private long serverNonce;

    public CurveClient(byte[] secret, byte[] server, Random random) {
        this.secret = secret;
        this.server = server;
        this.vouchedServer = server;
        this.random = random;
        transientSecret = randomBytes(32);
        transientPublic = Curve25519.publicKey(transientSecret);
    }

    public byte[] hello() {
        ByteWriter out = new ByteWriter(CurveLayout.HELLO_BYTES);
        out.put(CurveLayout.HELLO).put(1).put(0).put(new byte[72]).put(transientPublic);
        return sealed(out, Curve25519.sharedKey(transientSecret, server, 0), CurveLayout.HELLO_NONCE, new byte[64]);
    }

    /** Answers WELCOME. */
    public byte[] initiate(byte[] welcome, byte[] metadata) {
        byte[] shared = Curve25519.sharedKey(transientSecret, server, 0);
        SecretBox box = CurveLayout.longNonceBox(shared, CurveLayout.WELCOME_NONCE, welcome, 8);
        byte[] opened = welcome.clone();
        require(welcome.length == 168 && box.open(tail(welcome, 8), opened, 24, 144), "welcome");
        sharedTransient = Curve25519.sharedKey(transientSecret, opened, 40);
        byte[] cookie = Arrays.copyOfRange(opened, 72, 168);

        ByteWriter plain = new ByteWriter(256);
        plain.put(Curve25519.publicKey(secret));
        plain.put(vouch(Curve25519.sharedKey(secret, opened, 40)));
        plain.put(metadata);
        ByteWriter out = new ByteWriter(512);
        out.put(CurveLayout.INITIATE).put(cookie);
        return sealed(out, sharedTransient, CurveLayout.INITIATE_NONCE, plain.toByteArray());
    }

    /** The metadata in READY. */
    public byte[] onReady(byte[] ready) {
        byte[] opened = ready.clone();
        serverNonce = new ByteReader(ready, 6, 8).readLong();
        SecretBox box = SecretBox.of(sharedTransient, CurveLayout.READY_NONCE, 0);
        require(box.open(serverNonce, opened, 14, ready.length - 14), "ready");
        return Arrays.copyOfRange(opened, 30, ready.length);
    }

    /** The body of a MESSAGE. */
    public byte[] message(int flags, byte[] data) {
        ByteWriter plain = new ByteWriter(64).put(flags).put(data);
        ByteWriter out = new ByteWriter(64).put(CurveLayout.MESSAGE);
        return sealed(out, sharedTransient, CurveLayout.MESSAGE_C_NONCE, plain.toByteArray());
    }

    /** Opens a whole ZMTP frame as {@link CurveServer#seal} writes it. */
    Frame open(byte[] frame) {
        ByteReader in = new ByteReader(frame);
        int header = in.readByte();
        long size = header == 2 ? in.readLong() : in.readByte();
        require((header == 0 || header == 2) && size == in.remaining() && size >= 33, "frame");
        require((header == 2) == (size > 255), "size");
        byte[] body = in.readBytes((int) size);
        require(CurveLayout.begins(body, 0, body.length, CurveLayout.MESSAGE), "message");
        long nonce = new ByteReader(body, 8, 8).readLong();
        require(nonce == serverNonce + 1, "nonce");
        serverNonce = nonce;
        SecretBox box = SecretBox.of(sharedTransient, CurveLayout.MESSAGE_S_NONCE, 0);
        require(box.open(nonce, body, 16, body.length - 16), "box");
        return new Frame(body[32], Arrays.copyOfRange(body, 33, body.length));
    }

    private byte[] vouch(byte[] shared) {
        byte[] nonce = randomBytes(16);
        ByteWriter out = new ByteWriter(96).put(nonce);
        int at = out.skip(16);
        out.put(transientPublic).put(vouchedServer);
        CurveLayout.longNonceBox(shared, CurveLayout.VOUCH_NONCE, nonce, 0).seal(tail(nonce, 0), out.array(), at, 64);
        return out.toByteArray();
    }

    private byte[] sealed(ByteWriter out, byte[] shared, byte[] prefix, byte[] plain) {
        long nonce = nextNonce++;
        out.putLong(nonce);
        int at = out.skip(16);
        out.put(plain);
        SecretBox.of(shared, prefix, 0).seal(nonce, out.array(), at, plain.length);
        return out.toByteArray();
    }

    private byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static long tail(byte[] bytes, int nonceFrom) {
        return new ByteReader(bytes, nonceFrom + 8, 8).readLong();
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new IllegalStateException(what);
        }
    }
}
