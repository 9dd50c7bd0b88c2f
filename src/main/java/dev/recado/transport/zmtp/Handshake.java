package dev.recado.transport.zmtp;

import dev.recado.base.ByteWriter;
import dev.recado.base.Refusal;
import dev.recado.security.Authenticator;
import dev.recado.security.Identity;
import dev.recado.transport.zmtp.curve.Z85;
import dev.recado.transport.zmtp.wire.Command;
import dev.recado.transport.zmtp.wire.Frames;
import dev.recado.transport.zmtp.wire.Greeting;
import dev.recado.transport.zmtp.wire.Metadata;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One connection from its first byte to the peer's READY, as a state machine without I/O: what goes out is appended to
 * a writer. After the greetings, which mechanism is spoken is the peer's choice; READY is answered once the peer's
 * came, because only that says what it is. One owner.
 *
 * <pre>
 *  START ─ signature and version ─┬─ 3 ─► GREETING ─┬─ NULL ──► READY ─────────────────────┬─► DONE
 *                                 │                 ├─ PLAIN ─► HELLO ─► LOGIN ─► INITIATE ┤
 *                                 │                 └─ CURVE ─► CURVE ─► LOGIN ────────────┤
 *                                 └─ 2 ─► V2_GREETING ─────────────────────────────────────┘
 * </pre>
 *
 * <p>In LOGIN it waits for the {@link Authenticator}: nothing of the peer is taken until {@link #onLogin}. A CURVE
 * client whose key is not looked at passes it by.
 *
 * <p>Sources: https://rfc.zeromq.org/spec/37/ (ZMTP 3.1), /23/ (3.0), /15/ (2.0), /24/ (PLAIN), /25/ (CURVE).
 */
final class Handshake {

    /**
     * What holds for all handshakes at a listener.
     *
     * @param admission tells why somebody may not do what the role's peers do, or null
     * @param curve null where the broker has no key for it
     * @param anonymousUser as whom those come who do not log in; empty for nobody
     * @param takesPasswords whether PLAIN is offered: its passwords are readable on the way
     */
    record Terms(
            Role role,
            Authenticator authenticator,
            Function<Identity, @Nullable Refusal> admission,
            Curve.@Nullable Keys curve,
            String anonymousUser,
            boolean takesPasswords) {}

    /** Where it stands. */
    enum State {
        START,
        GREETING,
        V2_GREETING,
        READY,
        HELLO,
        LOGIN,
        INITIATE,
        CURVE,
        DONE,
        FAILED
    }

    private static final String NULL = "NULL";
    private static final String PLAIN = "PLAIN";
    private static final String CURVE = "CURVE";
    private static final byte[] NOTHING = {};

    /** Socket types by their number in a greeting of ZMTP 2.0. */
    private static final String[] V2_TYPES = {
        "PAIR", "PUB", "SUB", "REQ", "REP", "DEALER", "ROUTER", "PULL", "PUSH", "XPUB", "XSUB"
    };

    private static final int V2_IDENTITY_HEADER_BYTES = 2;

    private final Terms terms;
    private final String address;
    private @Nullable Curve curve;
    private State state = State.START;
    private byte[] greeting = new byte[Greeting.BYTES];
    private int greeted;
    private int minor;
    private @Nullable Peer peer;
    private @Nullable Identity identity;
    private @Nullable Future<@Nullable Identity> login;
    private String failure = "";

    /** {@code address} is that at the other end. */
    Handshake(Terms terms, String address) {
        this.terms = terms;
        this.address = address;
    }

    /** Our first bytes, at once: a peer waits for them before it goes on. */
    void begin(ByteWriter out) {
        Greeting.putStart(out);
    }

    State state() {
        return state;
    }

    /** Whether bytes go to {@link #onGreeting} still, and not to the decoder of frames. */
    boolean isGreeting() {
        return state == State.START || state == State.GREETING || state == State.V2_GREETING;
    }

    /** Who it is, once {@link State#DONE}. */
    Peer peer() {
        if (peer == null) {
            throw new AssertionError("asked who a peer is before it said so state=" + state);
        }
        return peer;
    }

    /** As whom it came, once {@link State#DONE}. */
    Identity identity() {
        if (identity == null) {
            throw new AssertionError("asked for a user before the login state=" + state);
        }
        return identity;
    }

    /** Forgets what is secret; no login is waited for any more. */
    void close() {
        if (state == State.LOGIN) {
            state = State.FAILED;
        }
        if (curve != null) {
            curve.close();
        }
    }

    /** The secure channel, once {@link State#DONE}, or null where there is none. */
    @Nullable
    Curve channel() {
        return state == State.DONE && curve != null && curve.isOpen() ? curve : null;
    }

    /** Why it failed; empty where the peer would not understand the reason. */
    String failure() {
        return failure;
    }

    /** Whether it may be sent commands: once its greeting came, and if that is not of version 2. */
    boolean knowsCommands() {
        return greeting == NOTHING;
    }

    /** Takes bytes of the greeting and answers how many. */
    int onGreeting(byte[] bytes, int from, int length, ByteWriter out) {
        int taken = 0;
        while (taken < length && isGreeting()) {
            int wanted = Math.min(length - taken, greetingBytes() - greeted);
            System.arraycopy(bytes, from + taken, greeting, greeted, wanted);
            greeted += wanted;
            taken += wanted;
            step(out);
        }
        return taken;
    }

    /** How long the greeting is, as far as it can be told. */
    private int greetingBytes() {
        return switch (state) {
            case START -> Greeting.MAJOR_AT + 1;
            case GREETING -> Greeting.BYTES;
            default ->
                greeted < Greeting.V2_SOCKET_TYPE_AT + 1 + V2_IDENTITY_HEADER_BYTES
                        ? Greeting.V2_SOCKET_TYPE_AT + 1 + V2_IDENTITY_HEADER_BYTES
                        : v2GreetingBytes();
        };
    }

    private int v2GreetingBytes() {
        int headerAt = Greeting.V2_SOCKET_TYPE_AT + 1;
        return headerAt + V2_IDENTITY_HEADER_BYTES + (greeting[headerAt + 1] & 0xFF);
    }

    private void step(ByteWriter out) {
        switch (state) {
            case START -> onStart(out);
            case GREETING -> {
                if (greeted == Greeting.BYTES) {
                    onMechanism(out);
                }
            }
            case V2_GREETING -> onV2Greeting(out);
            default -> {}
        }
    }

    private void onStart(ByteWriter out) {
        if (!Greeting.isSignature(greeting, greeted)) {
            fail("");
            return;
        }
        if (greeted <= Greeting.MAJOR_AT) {
            return;
        }
        int major = greeting[Greeting.MAJOR_AT];
        if (major >= 3) {
            state = State.GREETING;
        } else if (major >= 1) {
            // Revision 1 is ZMTP 2.0. Its greeting ends with the socket's type and its identity as a frame.
            state = State.V2_GREETING;
            greeting = Arrays.copyOf(greeting, Greeting.V2_SOCKET_TYPE_AT + 1 + V2_IDENTITY_HEADER_BYTES + 255);
            out.put(v2Number(terms.role().name())).put(0).put(0);
        } else {
            fail("");
        }
    }

    private static int v2Number(String socketType) {
        return Arrays.asList(V2_TYPES).indexOf(socketType);
    }

    private @Nullable Identity anonymous() {
        return terms.authenticator().anonymous(terms.anonymousUser());
    }

    private void onV2Greeting(ByteWriter out) {
        int headerAt = Greeting.V2_SOCKET_TYPE_AT + 1;
        if (greeted < headerAt + V2_IDENTITY_HEADER_BYTES || greeted < v2GreetingBytes()) {
            return;
        }
        int number = greeting[Greeting.V2_SOCKET_TYPE_AT];
        if (number < 0 || number >= V2_TYPES.length || greeting[headerAt] != 0 || anonymous() == null) {
            fail("");
            return;
        }
        identity = anonymous();
        int from = headerAt + V2_IDENTITY_HEADER_BYTES;
        finish(new Peer(V2_TYPES[number], Arrays.copyOfRange(greeting, from, greeted), 2, 0), out);
    }

    private void onMechanism(ByteWriter out) {
        minor = greeting[Greeting.MAJOR_AT + 1];
        String mechanism = Greeting.mechanism(greeting);
        greeting = NOTHING;
        switch (mechanism) {
            case NULL -> {
                Greeting.putRest(out, NULL, false);
                state = State.READY;
                identity = anonymous();
                if (identity == null) {
                    fail(
                            terms.takesPasswords()
                                    ? "log in: mechanism PLAIN with a user and a password"
                                    : "log in: mechanism CURVE with a key that the broker knows",
                            out);
                }
            }
            case PLAIN -> {
                Greeting.putRest(out, PLAIN, true);
                state = State.HELLO;
                if (!terms.takesPasswords()) {
                    fail("no PLAIN: passwords would cross the network readable; use CURVE", out);
                }
            }
            case CURVE -> {
                Greeting.putRest(out, CURVE, true);
                state = State.CURVE;
                Curve.Keys keys = terms.curve();
                if (keys != null) {
                    curve = new Curve(keys, key -> terms.authenticator().knowsKey(Z85.encode(key)));
                } else {
                    fail("no CURVE: the broker has no zmtp.curve.key-file", out);
                }
            }
            default -> {
                Greeting.putRest(out, NULL, false);
                fail("unknown mechanism; known are NULL, PLAIN, CURVE", out);
            }
        }
    }

    /** A command came. */
    void onCommand(Command command, ByteWriter out) {
        if (command.is(Command.ERROR)) {
            fail("");
            return;
        }
        switch (state) {
            case READY -> {
                if (command.is(Command.READY)) {
                    onMetadata(command.bytes(), command.dataStart(), command.dataLength(), out);
                } else {
                    fail("READY expected", out);
                }
            }
            case HELLO -> onHello(command, out);
            case INITIATE -> {
                if (command.is(Command.INITIATE)) {
                    onMetadata(command.bytes(), command.dataStart(), command.dataLength(), out);
                } else {
                    fail("INITIATE expected", out);
                }
            }
            case CURVE -> onCurve(command, out);
            default -> fail("");
        }
    }

    /** HELLO of PLAIN: user and password, each behind a length byte. */
    private void onHello(Command command, ByteWriter out) {
        byte[] bytes = command.bytes();
        int end = command.dataStart() + command.dataLength();
        int userAt = command.dataStart() + 1;
        int userLength = command.dataLength() > 0 ? bytes[userAt - 1] & 0xFF : end;
        int passwordAt = userAt + userLength + 1;
        if (!command.is(Command.HELLO) || passwordAt > end || passwordAt + (bytes[passwordAt - 1] & 0xFF) != end) {
            fail("HELLO with a user and a password expected", out);
            return;
        }
        String user = new String(bytes, userAt, userLength, StandardCharsets.UTF_8);
        byte[] password = Arrays.copyOfRange(bytes, passwordAt, end);
        await(terms.authenticator().authenticate(address, user, password));
    }

    private void await(Future<@Nullable Identity> answer) {
        login = answer;
        state = State.LOGIN;
    }

    /** Whether nothing of the peer is taken, because it is not known yet who it is. */
    boolean isWaiting() {
        return state == State.LOGIN;
    }

    /** What is waited for in {@link State#LOGIN}; then {@link #onLogin} is to be called. */
    Future<@Nullable Identity> login() {
        if (login == null) {
            throw new AssertionError("no login state=" + state);
        }
        return login;
    }

    /** It is known who the peer is: null, nobody. Does nothing where the connection has come to its end meanwhile. */
    void onLogin(@Nullable Identity who, ByteWriter out) {
        if (state != State.LOGIN) {
            return;
        }
        identity = who;
        Metadata sealed = curve == null ? null : curve.metadata();
        if (who == null) {
            fail(curve == null ? "wrong user or password" : "the client's key is nobody's", out);
        } else if (sealed != null) {
            onMetadata(sealed, out);
        } else {
            Frames.putCommand(out, Command.WELCOME, NOTHING, 0, 0);
            state = State.INITIATE;
        }
    }

    private void onCurve(Command command, ByteWriter out) {
        if (curve == null) {
            throw new AssertionError("CURVE without a key");
        }
        String refusal = curve.onHandshake(command.bytes(), command.bodyStart(), command.bodyLength(), out);
        if (refusal != null) {
            fail(refusal);
            return;
        }
        Metadata metadata = curve.metadata();
        if (metadata == null) {
            return;
        }
        // A client that proves a key that is known needs no user beside; where any key is admitted, it proves nothing.
        String key = Z85.encode(curve.clientKey());
        Identity anonymous = anonymous();
        if (curve.hasList() || anonymous == null || terms.authenticator().knowsKey(key)) {
            await(terms.authenticator().authenticateKey(key, curve.listed()));
            return;
        }
        identity = anonymous;
        onMetadata(metadata, out);
    }

    private void onMetadata(byte[] bytes, int from, int length, ByteWriter out) {
        Metadata metadata = Metadata.read(bytes, from, length);
        if (metadata == null) {
            fail("malformed metadata", out);
        } else {
            onMetadata(metadata, out);
        }
    }

    private void onMetadata(Metadata metadata, ByteWriter out) {
        finish(new Peer(metadata.socketType(), metadata.identity(), 3, minor), out);
    }

    private void finish(Peer who, ByteWriter out) {
        if (!terms.role().takes(who.socketType())) {
            fail(terms.role().refusal(who.socketType()), out);
            return;
        }
        Refusal refusal = terms.admission().apply(identity());
        if (refusal != null) {
            fail("the user may not " + (terms.role().publishes() ? "publish, " : "consume, ") + refusal.detail(), out);
            return;
        }
        peer = who;
        if (who.major() >= 3) {
            ByteWriter metadata = new ByteWriter(64);
            Metadata.put(metadata, terms.role().name(), terms.role().hasIdentity() ? NOTHING : null);
            putReady(metadata, out);
        }
        state = State.DONE;
    }

    private void putReady(ByteWriter metadata, ByteWriter out) {
        if (curve != null) {
            curve.ready(metadata, out);
        } else {
            Frames.putCommand(out, Command.READY, metadata.array(), 0, metadata.size());
        }
    }

    /** Fails with a reason for the peer. */
    private void fail(String reason, ByteWriter out) {
        fail(reason);
        if (knowsCommands()) {
            Frames.putError(out, reason);
        }
    }

    private void fail(String reason) {
        failure = reason;
        state = State.FAILED;
    }
}
