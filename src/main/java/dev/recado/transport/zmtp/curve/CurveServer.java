package dev.recado.transport.zmtp.curve;

import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of CURVE for one connection, after the greeting.
 *
 * <pre>
 *   GREETED --HELLO--> WELCOMED --INITIATE--> INITIATED --ready()--> READY --MESSAGE--> READY
 *   any state --anything else, or a fault--> CLOSED
 * </pre>
 *
 * <p>A command comes with its whole body, from the length of the name on, and is opened in place: what a step hands
 * out is a slice of the caller's own array. Nothing that a peer sends makes it throw, and nothing is allocated in
 * proportion to it. Layouts stand in {@link CurveLayout}.
 *
 * <p>Between WELCOME and INITIATE the server keeps neither C' nor s', only the key of the cookie that holds both. That
 * key is made anew for each connection: so nothing is shared between event loops and nothing needs a clock to rotate; a
 * cookie of another connection does not open; and it is forgotten with the first INITIATE, good or bad, or the close.
 *
 * <p>Short nonces must increase from command to command, with gaps allowed, as libzmq has it.
 *
 * <p>Not thread-safe: owned by the connection's loop. Whoever owns it calls {@link #close} when the connection ends.
 */
public final class CurveServer {

    /** Flag of a payload: more frames of this message follow. */
    public static final int MORE = 1;

    /** Flag of a payload: a ZMTP command such as PING or SUBSCRIBE, no frame of a message. */
    public static final int COMMAND = 2;

    /** What sealing adds to a frame at most, header of the outer frame included. */
    public static final int OVERHEAD_BYTES_MAX = 9 + CurveLayout.MESSAGE_BYTES_MIN;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int FRAME_LONG = 2;
    private static final int FRAME_SHORT_BYTES_MAX = 255;

    /** What libzmq and its bindings expect of a client key that is not admitted: the status of ZAP (RFC 27). */
    private static final byte[] DENIED_REASON = {3, '4', '0', '0'};

    private static final Refusal TURN = refusal(ErrorCode.NOT_ALLOWED, "curve command out of turn");
    private static final Refusal HELLO_FORM = refusal(ErrorCode.MALFORMED, "curve hello malformed");
    private static final Refusal HELLO_VERSION = refusal(ErrorCode.MALFORMED, "curve version not supported");
    private static final Refusal HELLO_BOX = refusal(ErrorCode.NOT_AUTHENTICATED, "curve hello for another server key");
    private static final Refusal INITIATE_FORM = refusal(ErrorCode.MALFORMED, "curve initiate malformed");
    private static final Refusal COOKIE = refusal(ErrorCode.NOT_AUTHENTICATED, "curve cookie not of this connection");
    private static final Refusal INITIATE_BOX = refusal(ErrorCode.NOT_AUTHENTICATED, "curve initiate forged");
    private static final Refusal VOUCH = refusal(ErrorCode.NOT_AUTHENTICATED, "curve vouch forged");
    private static final Refusal CLIENT = refusal(ErrorCode.NOT_AUTHORIZED, "curve client key not admitted");
    private static final Refusal NONCE = refusal(ErrorCode.MALFORMED, "curve nonce does not increase");
    private static final Refusal MESSAGE_FORM = refusal(ErrorCode.MALFORMED, "curve message malformed");
    private static final Refusal MESSAGE_BOX = refusal(ErrorCode.NOT_AUTHENTICATED, "curve message forged");

    private enum State {
        GREETED,
        WELCOMED,
        INITIATED,
        READY,
        CLOSED
    }

    private final CurveKeys keys;
    private final Predicate<byte[]> clients;
    private final Consumer<byte[]> random;

    private State state = State.GREETED;
    private byte @Nullable [] cookieKey;
    private @Nullable SecretBox readyBox;
    private @Nullable SecretBox incoming;
    private @Nullable SecretBox outgoing;
    private byte @Nullable [] clientKey;

    /** The last short nonce of the client, unsigned; and the next one of ours. */
    private long clientNonce;

    private long nextNonce = 1;

    private int flags;
    private int payloadFrom;
    private int payloadLength;
    private @Nullable Refusal refusal;

    /**
     * @param keys the long-term pair of this server, shared by its connections
     * @param clients whether to admit the client of this long-term public key; asked once, with a copy, after it has
     *     proved that the key is its own; must not block
     * @param random fills the array with bytes that nobody can guess; 96 bytes for each HELLO
     */
    public CurveServer(CurveKeys keys, Predicate<byte[]> clients, Consumer<byte[]> random) {
        this.keys = keys;
        this.clients = clients;
        this.random = random;
    }

    /**
     * Takes the body of one command. MESSAGE comes from libzmq in frames without the COMMAND bit: once
     * {@link #isReady}, every frame goes through here. Whoever calls has bounded its length.
     *
     * @param body holds the body at {@code from}; overwritten with what was opened
     * @param out where the body of an answer is appended, if the step has one
     */
    public CurveStep onCommand(byte[] body, int from, int length, ByteWriter out) {
        Check.that(from >= 0 && length >= 0 && from <= body.length - length, "slice outside array", from, length);
        payloadLength = 0;
        flags = 0;
        return switch (state) {
            case GREETED -> onHello(body, from, length, out);
            case WELCOMED -> onInitiate(body, from, length, out);
            case READY -> onMessage(body, from, length);
            case INITIATED, CLOSED -> refuse(TURN);
        };
    }

    /** Whether READY was written, so that frames can be sealed and opened. */
    public boolean isReady() {
        return state == State.READY;
    }

    /** {@link #MORE} and {@link #COMMAND} of the last MESSAGE. */
    public int flags() {
        return flags;
    }

    /** Where, in the array of the last command, the metadata of INITIATE or the data of MESSAGE begin. */
    public int payloadFrom() {
        return payloadFrom;
    }

    /** Length of the metadata or data, in bytes. */
    public int payloadLength() {
        return payloadLength;
    }

    /** A copy of the client's long-term public key, proved to be its own; after {@link CurveStep#INITIATED} only. */
    public byte[] clientKey() {
        return present(clientKey, "no client key yet").clone();
    }

    /** Why the last step was {@link CurveStep#REFUSED} or {@link CurveStep#DENIED}; the same one for ever after. */
    public Refusal refusal() {
        return present(refusal, "nothing was refused");
    }

    /** Answers {@link CurveStep#INITIATED}: appends the body of READY with this metadata, to be sent as a command. */
    public void ready(byte[] metadata, int from, int length, ByteWriter out) {
        Check.that(state == State.INITIATED, "ready out of turn");
        SecretBox box = present(readyBox, "no box for ready");
        long nonce = nextNonce++;
        out.put(CurveLayout.READY).putLong(nonce);
        int at = out.skip(SecretBox.TAG_BYTES);
        out.put(metadata, from, length);
        box.seal(nonce, out.array(), at, length);
        box.wipe();
        readyBox = null;
        state = State.READY;
    }

    /**
     * Appends a frame or command, sealed as MESSAGE in a whole ZMTP frame with its header, to be sent as it is.
     *
     * <p>The outer frame has neither the MORE bit, which is inside, nor the COMMAND bit, which RFC 37 asks for: libzmq
     * sends none and takes what comes with one for a command of its own.
     *
     * @param frameFlags {@link #MORE} and {@link #COMMAND}, as the frame would have them in clear
     */
    public void seal(int frameFlags, byte[] bytes, int from, int length, ByteWriter out) {
        Check.that(state == State.READY, "sealed before ready");
        SecretBox box = present(outgoing, "no box for sealing");
        Check.that((frameFlags & ~(MORE | COMMAND)) == 0, "flags of a frame", frameFlags);
        Check.that(length <= Integer.MAX_VALUE - OVERHEAD_BYTES_MAX, "frame too long", length);
        int bodyLength = CurveLayout.MESSAGE_BYTES_MIN + length;
        if (bodyLength <= FRAME_SHORT_BYTES_MAX) {
            out.put(0).put(bodyLength);
        } else {
            out.put(FRAME_LONG).putLong(bodyLength);
        }
        long nonce = nextNonce++;
        out.put(CurveLayout.MESSAGE).putLong(nonce);
        int at = out.skip(SecretBox.TAG_BYTES);
        out.put(frameFlags).put(bytes, from, length);
        box.seal(nonce, out.array(), at, 1 + length);
    }

    /** Forgets all keys of the connection; every later command is refused. */
    public void close() {
        state = State.CLOSED;
        forgetCookieKey();
        readyBox = wiped(readyBox);
        incoming = wiped(incoming);
        outgoing = wiped(outgoing);
    }

    private CurveStep onHello(byte[] body, int from, int length, ByteWriter out) {
        if (!CurveLayout.begins(body, from, length, CurveLayout.HELLO)) {
            return refuse(TURN);
        }
        if (length != CurveLayout.HELLO_BYTES) {
            return refuse(HELLO_FORM);
        }
        if (body[from + CurveLayout.HELLO_VERSION_AT] != 1 || body[from + CurveLayout.HELLO_VERSION_AT + 1] != 0) {
            return refuse(HELLO_VERSION);
        }
        if (!isZero(body, from + CurveLayout.HELLO_PADDING_AT, from + CurveLayout.HELLO_CLIENT_AT)) {
            return refuse(HELLO_FORM);
        }
        int clientAt = from + CurveLayout.HELLO_CLIENT_AT;
        byte[] shared = Curve25519.sharedKey(keys.secret(), body, clientAt);
        if (shared == null) {
            return refuse(HELLO_BOX);
        }
        SecretBox box = SecretBox.of(shared, CurveLayout.HELLO_NONCE, 0);
        int boxAt = from + CurveLayout.HELLO_BOX_AT;
        clientNonce = (long) LONG.get(body, from + CurveLayout.HELLO_NONCE_AT);
        boolean opened = box.open(clientNonce, body, boxAt, length - CurveLayout.HELLO_BOX_AT);
        box.wipe();
        boolean good = opened && isZero(body, boxAt + SecretBox.TAG_BYTES, from + length);
        if (good) {
            welcome(shared, body, clientAt, out);
        }
        Arrays.fill(shared, (byte) 0);
        if (!good) {
            return refuse(HELLO_BOX);
        }
        state = State.WELCOMED;
        return CurveStep.WELCOME;
    }

    /** Makes s' and S', puts s' into a cookie and both S' and the cookie into a box for the client. */
    private void welcome(byte[] shared, byte[] body, int clientAt, ByteWriter out) {
        byte[] transientSecret = randomBytes(CurveLayout.KEY_BYTES);
        byte[] nonces = randomBytes(2 * CurveLayout.LONG_NONCE_BYTES);
        byte[] key = randomBytes(CurveLayout.KEY_BYTES);
        cookieKey = key;

        out.put(CurveLayout.WELCOME).put(nonces, 0, CurveLayout.LONG_NONCE_BYTES);
        int boxAt = out.skip(SecretBox.TAG_BYTES);
        out.put(Curve25519.publicKey(transientSecret));
        out.put(nonces, CurveLayout.LONG_NONCE_BYTES, CurveLayout.LONG_NONCE_BYTES);
        int cookieAt = out.skip(SecretBox.TAG_BYTES);
        out.put(body, clientAt, CurveLayout.KEY_BYTES).put(transientSecret);

        SecretBox cookie =
                CurveLayout.longNonceBox(key, CurveLayout.COOKIE_NONCE, nonces, CurveLayout.LONG_NONCE_BYTES);
        cookie.seal(nonceTail(nonces, CurveLayout.LONG_NONCE_BYTES), out.array(), cookieAt, 2 * CurveLayout.KEY_BYTES);
        cookie.wipe();
        SecretBox box = CurveLayout.longNonceBox(shared, CurveLayout.WELCOME_NONCE, nonces, 0);
        box.seal(nonceTail(nonces, 0), out.array(), boxAt, CurveLayout.KEY_BYTES + CurveLayout.COOKIE_BYTES);
        box.wipe();
        Arrays.fill(transientSecret, (byte) 0);
    }

    private CurveStep onInitiate(byte[] body, int from, int length, ByteWriter out) {
        if (!CurveLayout.begins(body, from, length, CurveLayout.INITIATE)) {
            return refuse(TURN);
        }
        if (length < CurveLayout.INITIATE_BYTES_MIN) {
            return refuse(INITIATE_FORM);
        }
        if (!advanceNonce((long) LONG.get(body, from + CurveLayout.INITIATE_NONCE_AT))) {
            return refuse(NONCE);
        }
        if (!openCookie(body, from)) {
            return refuse(COOKIE);
        }
        int transientClientAt =
                from + CurveLayout.INITIATE_COOKIE_AT + CurveLayout.LONG_NONCE_BYTES + SecretBox.TAG_BYTES;
        int transientSecretAt = transientClientAt + CurveLayout.KEY_BYTES;
        byte[] transientSecret = Arrays.copyOfRange(body, transientSecretAt, transientSecretAt + CurveLayout.KEY_BYTES);
        Arrays.fill(body, transientSecretAt, transientSecretAt + CurveLayout.KEY_BYTES, (byte) 0);
        Refusal fault = openInitiate(body, from, length, transientClientAt, transientSecret);
        Arrays.fill(transientSecret, (byte) 0);
        if (fault != null) {
            return refuse(fault);
        }
        if (!clients.test(clientKey())) {
            out.put(CurveLayout.ERROR).put(DENIED_REASON);
            refuse(CLIENT);
            return CurveStep.DENIED;
        }
        payloadFrom = from + CurveLayout.INITIATE_BYTES_MIN;
        payloadLength = length - CurveLayout.INITIATE_BYTES_MIN;
        state = State.INITIATED;
        return CurveStep.INITIATED;
    }

    private boolean openCookie(byte[] body, int from) {
        byte[] key = present(cookieKey, "no cookie key");
        int nonceAt = from + CurveLayout.INITIATE_COOKIE_AT;
        SecretBox cookie = CurveLayout.longNonceBox(key, CurveLayout.COOKIE_NONCE, body, nonceAt);
        int boxBytes = CurveLayout.COOKIE_BYTES - CurveLayout.LONG_NONCE_BYTES;
        boolean opened = cookie.open(nonceTail(body, nonceAt), body, nonceAt + CurveLayout.LONG_NONCE_BYTES, boxBytes);
        cookie.wipe();
        forgetCookieKey();
        return opened;
    }

    /** Opens box and vouch, keeps the client's key and the boxes of the connection; or tells what is wrong. */
    private @Nullable Refusal openInitiate(byte[] body, int from, int length, int clientAt, byte[] secret) {
        byte[] shared = Curve25519.sharedKey(secret, body, clientAt);
        if (shared == null) {
            return INITIATE_BOX;
        }
        SecretBox box = SecretBox.of(shared, CurveLayout.INITIATE_NONCE, 0);
        int boxAt = from + CurveLayout.INITIATE_BOX_AT;
        boolean opened = box.open(clientNonce, body, boxAt, length - CurveLayout.INITIATE_BOX_AT);
        box.wipe();
        int keyAt = boxAt + SecretBox.TAG_BYTES;
        boolean vouched = opened && vouches(body, keyAt, clientAt, secret);
        if (vouched) {
            clientKey = Arrays.copyOfRange(body, keyAt, keyAt + CurveLayout.KEY_BYTES);
            readyBox = SecretBox.of(shared, CurveLayout.READY_NONCE, 0);
            incoming = SecretBox.of(shared, CurveLayout.MESSAGE_C_NONCE, 0);
            outgoing = SecretBox.of(shared, CurveLayout.MESSAGE_S_NONCE, 0);
        }
        Arrays.fill(shared, (byte) 0);
        if (!opened) {
            return INITIATE_BOX;
        }
        return vouched ? null : VOUCH;
    }

    /** Whether the owner of the key at {@code keyAt} says, in the vouch behind it, that C' is its own, and to us. */
    private boolean vouches(byte[] body, int keyAt, int clientAt, byte[] secret) {
        byte[] shared = Curve25519.sharedKey(secret, body, keyAt);
        if (shared == null) {
            return false;
        }
        int nonceAt = keyAt + CurveLayout.KEY_BYTES;
        int boxAt = nonceAt + CurveLayout.LONG_NONCE_BYTES;
        SecretBox vouch = CurveLayout.longNonceBox(shared, CurveLayout.VOUCH_NONCE, body, nonceAt);
        int boxBytes = SecretBox.TAG_BYTES + 2 * CurveLayout.KEY_BYTES;
        boolean opened = vouch.open(nonceTail(body, nonceAt), body, boxAt, boxBytes);
        vouch.wipe();
        Arrays.fill(shared, (byte) 0);
        int vouchedAt = boxAt + SecretBox.TAG_BYTES;
        return opened
                && isSameKey(body, vouchedAt, body, clientAt)
                && isSameKey(body, vouchedAt + CurveLayout.KEY_BYTES, keys.publicKeyShared(), 0);
    }

    private CurveStep onMessage(byte[] body, int from, int length) {
        SecretBox box = present(incoming, "no box for messages");
        if (!CurveLayout.begins(body, from, length, CurveLayout.MESSAGE)) {
            return refuse(TURN);
        }
        if (length < CurveLayout.MESSAGE_BYTES_MIN) {
            return refuse(MESSAGE_FORM);
        }
        if (!advanceNonce((long) LONG.get(body, from + CurveLayout.MESSAGE_NONCE_AT))) {
            return refuse(NONCE);
        }
        int boxAt = from + CurveLayout.MESSAGE_BOX_AT;
        if (!box.open(clientNonce, body, boxAt, length - CurveLayout.MESSAGE_BOX_AT)) {
            return refuse(MESSAGE_BOX);
        }
        int flagsAt = boxAt + SecretBox.TAG_BYTES;
        if ((body[flagsAt] & ~(MORE | COMMAND)) != 0) {
            return refuse(MESSAGE_FORM);
        }
        flags = body[flagsAt];
        payloadFrom = flagsAt + 1;
        payloadLength = length - CurveLayout.MESSAGE_BYTES_MIN;
        return CurveStep.MESSAGE;
    }

    private boolean advanceNonce(long nonce) {
        if (Long.compareUnsigned(nonce, clientNonce) <= 0) {
            return false;
        }
        clientNonce = nonce;
        return true;
    }

    private CurveStep refuse(Refusal why) {
        if (refusal == null) {
            refusal = why;
        }
        close();
        return CurveStep.REFUSED;
    }

    private void forgetCookieKey() {
        if (cookieKey != null) {
            Arrays.fill(cookieKey, (byte) 0);
            cookieKey = null;
        }
    }

    private byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.accept(bytes);
        return bytes;
    }

    private static @Nullable SecretBox wiped(@Nullable SecretBox box) {
        if (box != null) {
            box.wipe();
        }
        return null;
    }

    /** The second half of a long nonce. */
    private static long nonceTail(byte[] bytes, int nonceFrom) {
        return (long) LONG.get(bytes, nonceFrom + CurveLayout.LONG_NONCE_BYTES / 2);
    }

    private static boolean isZero(byte[] bytes, int from, int to) {
        int all = 0;
        for (int i = from; i < to; i++) {
            all |= bytes[i];
        }
        return all == 0;
    }

    private static boolean isSameKey(byte[] left, int leftFrom, byte[] right, int rightFrom) {
        return Arrays.equals(
                left, leftFrom, leftFrom + CurveLayout.KEY_BYTES, right, rightFrom, rightFrom + CurveLayout.KEY_BYTES);
    }

    private static <T> T present(@Nullable T value, String message) {
        if (value == null) {
            throw new AssertionError(message);
        }
        return value;
    }

    private static Refusal refusal(ErrorCode code, String detail) {
        return Refusal.fatal(code, detail);
    }
}
