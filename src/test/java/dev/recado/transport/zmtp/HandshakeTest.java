package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.broker.session.Access;
import dev.recado.core.topic.TopicName;
import dev.recado.security.Authenticator;
import dev.recado.security.Grant;
import dev.recado.security.Identity;
import dev.recado.security.Operation;
import dev.recado.security.Rights;
import dev.recado.transport.PlainAuthenticator;
import dev.recado.transport.zmtp.wire.Command;
import dev.recado.transport.zmtp.wire.FrameReader;
import dev.recado.transport.zmtp.wire.Greeting;
import dev.recado.transport.zmtp.wire.Recorded;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The transition table as data: what a peer sends, and what it hears behind our signature and version. */
class HandshakeTest {

    private static final String PUSH = "/READY \\x0bSocket-Type\\x00\\x00\\x00\\x04PUSH";
    private static final String READY_PULL = "/READY \\x0bSocket-Type\\x00\\x00\\x00\\x04PULL";
    private static final String HELLO = "/HELLO \\x05guest\\x05guest";
    private static final String INITIATE = PUSH.replace("READY", "INITIATE");

    /** Role, users or open, greeting, commands of the peer; then the state and what the peer hears. */
    private static final String TABLE =
            """
            PULL open  3.1/NULL  %1$s => DONE NULL %2$s
            PULL open  3.0/NULL  %1$s => DONE NULL %2$s
            PULL open  3.9/NULL  %1$s => DONE NULL %2$s
            PULL open  4.0/NULL  %1$s => DONE NULL %2$s
            PULL open  3.1/NULL  /READY \\x0bSOCKET-type\\x00\\x00\\x00\\x04push => DONE NULL %2$s
            PULL open  3.1/NULL   => READY NULL
            PULL open  3.1/NULL  /READY => FAILED NULL /ERROR *has no Socket-Type
            PULL open  3.1/NULL  /READY \\x04name\\x00\\x00 => FAILED NULL /ERROR *malformed metadata
            PULL open  3.1/NULL  %3$s => FAILED NULL /ERROR *READY expected
            PULL open  3.1/NULL  /PING \\x00\\x00 => FAILED NULL /ERROR *READY expected
            PULL open  3.1/NULL  /ERROR \\x02no => FAILED NULL
            PULL open  3.1/PLAIN %3$s %4$s => DONE PLAIN /WELCOME %2$s
            PULL users 3.1/PLAIN %3$s %4$s => DONE PLAIN /WELCOME %2$s
            PULL users 3.0/PLAIN %3$s %4$s => DONE PLAIN /WELCOME %2$s
            PULL users 3.1/NULL   => FAILED NULL /ERROR *mechanism PLAIN
            PULL users 3.1/PLAIN /HELLO \\x05guest\\x05wrong => FAILED PLAIN /ERROR *wrong user or password
            PULL users 3.1/PLAIN /HELLO \\x00\\x00 => FAILED PLAIN /ERROR *wrong user or password
            PULL users 3.1/PLAIN /HELLO \\x05guest\\x05gues => FAILED PLAIN /ERROR *HELLO with a user
            PULL users 3.1/PLAIN /HELLO \\x05guest\\x05guestX => FAILED PLAIN /ERROR *HELLO with a user
            PULL users 3.1/PLAIN /HELLO \\x05guest => FAILED PLAIN /ERROR *HELLO with a user
            PULL users 3.1/PLAIN /HELLO \\xff => FAILED PLAIN /ERROR *HELLO with a user
            PULL users 3.1/PLAIN /HELLO => FAILED PLAIN /ERROR *HELLO with a user
            PULL users 3.1/PLAIN %1$s => FAILED PLAIN /ERROR *HELLO with a user
            PULL users 3.1/PLAIN %3$s %1$s => FAILED PLAIN /WELCOME /ERROR *INITIATE expected
            PULL users 3.1/PLAIN %3$s /ERROR => FAILED PLAIN /WELCOME
            PULL users 3.1/PLAIN /HELLO \\x06reader\\x06reader %4$s => FAILED PLAIN /WELCOME /ERROR *may not publish
            PUSH users 3.1/PLAIN /HELLO \\x06reader\\x06reader %5$s => DONE PLAIN /WELCOME %1$s
            PUSH users 3.1/PLAIN /HELLO \\x06writer\\x06writer %5$s => FAILED PLAIN /WELCOME /ERROR *may not consume
            PULL open  3.1/GSSAPI  => FAILED NULL /ERROR *known are NULL, PLAIN
            PULL open  3.1/null    => FAILED NULL /ERROR *known are NULL, PLAIN
            PULL open  3.1/CURVE   => FAILED CURVE /ERROR *no CURVE
            """.formatted(PUSH, READY_PULL, HELLO, INITIATE, INITIATE.replace("PUSH", "PULL"));

    /** Everybody, or guest, reader and writer with their names as passwords. */
    private static Authenticator authenticator(boolean open) {
        return new PlainAuthenticator() {
            @Override
            public @Nullable Identity anonymous(String listener) {
                return open ? new Identity("anonymous", Rights.ALL) : null;
            }

            @Override
            public Future<@Nullable Identity> authenticate(String address, String user, byte[] password) {
                boolean known = List.of("guest", "reader", "writer").contains(user)
                        && user.equals(new String(password, StandardCharsets.UTF_8));
                boolean guest = user.equals("guest");
                Set<Operation> operations = guest
                        ? Set.of(Operation.PUBLISH, Operation.CONSUME)
                        : Set.of(user.equals("writer") ? Operation.PUBLISH : Operation.CONSUME);
                Rights rights = Rights.of(new Grant("/", "topic", operations));
                return Future.succeededFuture(known ? new Identity(user, rights) : null);
            }
        };
    }

    private static byte[] greeting(String version, String mechanism) {
        byte[] greeting = Arrays.copyOf(Recorded.PUSH, Greeting.BYTES);
        greeting[Greeting.MAJOR_AT] = (byte) (version.charAt(0) - '0');
        greeting[Greeting.MAJOR_AT + 1] = (byte) (version.charAt(2) - '0');
        Arrays.fill(greeting, Greeting.MECHANISM_AT, Greeting.MECHANISM_AT + 20, (byte) 0);
        System.arraycopy(Frame.ascii(mechanism), 0, greeting, Greeting.MECHANISM_AT, mechanism.length());
        return greeting;
    }

    private static Handshake handshake(Role role, boolean open) {
        TopicName topic = TopicName.of("topic");
        return new Handshake(
                new Handshake.Terms(
                        role,
                        authenticator(open),
                        who -> role.publishes() ? new Access(who).mayPublish(topic) : new Access(who).mayConsume(topic),
                        null,
                        "",
                        true),
                "127.0.0.1:50000");
    }

    /** Hands over a command, and who the peer is where that is asked. */
    private static void onCommand(Handshake handshake, Command command, ByteWriter out) {
        handshake.onCommand(command, out);
        if (handshake.isWaiting()) {
            handshake.onLogin(handshake.login().result(), out);
        }
    }

    /** Lets a machine take what the peer sends, in pieces; answers the machine. */
    private static Handshake run(Role role, boolean open, byte[] sent, int piece, ByteWriter out) {
        Handshake handshake = handshake(role, open);
        handshake.begin(out);
        int taken = 0;
        for (int at = 0; at < sent.length && handshake.isGreeting(); at += piece) {
            int length = Math.min(piece, sent.length - at);
            taken = at + handshake.onGreeting(sent, at, length, out);
        }
        FrameReader reader = new FrameReader();
        Command command = new Command();
        while (handshake.state() != Handshake.State.DONE
                && handshake.state() != Handshake.State.FAILED
                && reader.read(sent, taken, sent.length, 8_192) == FrameReader.Outcome.FRAME) {
            assertThat(command.read(sent, reader.bodyStart(), reader.bodyLength()))
                    .isTrue();
            onCommand(handshake, command, out);
            taken = reader.end();
        }
        return handshake;
    }

    private static byte[] sent(String greeting, String commands) {
        ByteWriter sent = new ByteWriter(128);
        sent.put(greeting(greeting.substring(0, 3), greeting.substring(4)));
        for (String command : commands.isEmpty() ? new String[0] : commands.split(" (?=/)")) {
            sent.put(Frame.wire(command));
        }
        return sent.toByteArray();
    }

    @Test
    void shouldGoThroughItsTable() {
        for (String line : TABLE.lines().toList()) {
            for (int piece : new int[] {1 << 16, 1, 13}) {
                // Given
                String[] sides = line.split(" => ");
                String[] row = sides[0].trim().split(" +", 4);
                ByteWriter out = new ByteWriter(128);

                // When
                byte[] sent = sent(row[2], row.length > 3 ? row[3] : "");
                Handshake handshake = run(Role.valueOf(row[0]), row[1].equals("open"), sent, piece, out);

                // Then
                String[] expected = sides[1].trim().split(" ", 3);
                assertThat(handshake.state().name()).as(line).isEqualTo(expected[0]);
                assertHeard(line, out.toByteArray(), expected[1], expected.length > 2 ? expected[2] : "");
            }
        }
    }

    private static void assertHeard(String line, byte[] heard, String mechanism, String commands) {
        assertThat(Greeting.mechanism(heard)).as(line).isEqualTo(mechanism);
        assertThat(heard[32]).as(line).isEqualTo((byte) (mechanism.equals("NULL") ? 0 : 1));
        FrameReader reader = new FrameReader();
        int at = Greeting.BYTES;
        for (String expected : commands.isEmpty() ? new String[0] : commands.split(" (?=/)")) {
            assertThat(reader.read(heard, at, heard.length, 1_024)).as(line).isEqualTo(FrameReader.Outcome.FRAME);
            String body = Frame.text(heard, reader.bodyStart() + 1, reader.bodyLength() - 1);
            if (expected.contains("*")) {
                assertThat(body).as(line).startsWith("ERROR").contains(expected.substring(expected.indexOf('*') + 1));
            } else {
                assertThat(body).as(line).isEqualTo(expected.substring(1).replaceFirst(" ", ""));
            }
            at = reader.end();
        }
        assertThat(at).as(line).isEqualTo(heard.length);
    }

    @Test
    void shouldKnowItsPeer() {
        ByteWriter out = new ByteWriter(128);
        Handshake handshake = run(Role.ROUTER, true, Recorded.REQ, 64, out);

        assertThat(handshake.peer().socketType()).isEqualTo("REQ");
        assertThat(handshake.peer().identity()).isEqualTo(Frame.ascii("alice"));
        assertThat(handshake.peer().knowsCommands()).isTrue();
        assertThat(handshake.identity().user()).isEqualTo("anonymous");
        byte[] ready = Arrays.copyOfRange(out.toByteArray(), Greeting.BYTES, out.size());
        assertThat(ready).isEqualTo(Recorded.ROUTER_READY);
        ByteWriter old = new ByteWriter(128);
        Handshake of30 = run(Role.PULL, true, sent("3.0/NULL", PUSH), 64, old);
        assertThat(of30.peer().knowsCommands()).isFalse();
    }

    @Test
    void shouldServeWhoLogsInAsLibzmqDoes() {
        Handshake handshake = run(Role.PULL, false, Recorded.PLAIN, 64, new ByteWriter(64));
        assertThat(handshake.state()).isEqualTo(Handshake.State.DONE);
        assertThat(handshake.identity().user()).isEqualTo("guest");
    }

    @Test
    void shouldNameTheListenerThatServesASocket() {
        List<String> types =
                List.of("REQ", "REP", "DEALER", "ROUTER", "PUB", "SUB", "XPUB", "XSUB", "PUSH", "PULL", "PAIR");
        for (Role role : Role.values()) {
            int served = 0;
            for (String type : types) {
                Handshake handshake = run(role, true, sent("3.1/NULL", ready(type)), 64, new ByteWriter(64));
                if (handshake.state() == Handshake.State.DONE) {
                    served++;
                    continue;
                }
                assertThat(handshake.state()).isEqualTo(Handshake.State.FAILED);
                assertThat(handshake.failure())
                        .startsWith("this is " + role.listener())
                        .contains("not " + type);
                List<Role> right = Arrays.stream(Role.values())
                        .filter(each -> each.takes(type))
                        .toList();
                right.forEach(
                        each -> assertThat(handshake.failure()).contains(type + " connects to " + each.listener()));
            }
            assertThat(served).as(role.name()).isBetween(1, 3);
        }
    }

    private static String ready(String type) {
        return "/READY \\x0bSocket-Type\\x00\\x00\\x00" + String.format("\\x%02x", type.length()) + type;
    }

    @Test
    void shouldShowOnlyTextOfAnUnknownSocketType() {
        Handshake handshake = run(
                Role.PULL,
                true,
                sent("3.1/NULL", "/READY \\x0bSocket-Type\\x00\\x00\\x04\\x00" + "x\\x0a\\x1b\\xff".repeat(256)),
                64,
                new ByteWriter(64));
        assertThat(handshake.failure()).matches("[ -~]*").hasSizeLessThan(255);
    }

    @Test
    void shouldRefuseALongIdentity() {
        String identity = "\\x08Identity\\x00\\x00\\x01";
        Handshake fits = run(
                Role.PULL,
                true,
                sent("3.1/NULL", PUSH + "\\x08Identity\\x00\\x00\\x00\\xff" + "i".repeat(255)),
                64,
                new ByteWriter(64));
        Handshake tooLong = run(
                Role.PULL, true, sent("3.1/NULL", PUSH + identity + "\\x00" + "i".repeat(256)), 64, new ByteWriter(64));
        assertThat(fits.state()).isEqualTo(Handshake.State.DONE);
        assertThat(tooLong.failure()).isEqualTo("malformed metadata");
    }

    @Test
    void shouldServePeersOfVersion2() {
        for (int idLength : new int[] {0, 1, 255}) {
            for (int piece : new int[] {1, 5, 400}) {
                // Given
                ByteWriter sent = new ByteWriter(300).put(Recorded.hex("ff00000000000000017f" + "01" + "03" + "00"));
                byte[] identity = new byte[idLength];
                Arrays.fill(identity, (byte) 'i');
                sent.put(idLength).put(identity);
                ByteWriter out = new ByteWriter(64);

                // When
                Handshake handshake = run(Role.ROUTER, true, sent.toByteArray(), piece, out);

                // Then
                assertThat(handshake.state()).isEqualTo(Handshake.State.DONE);
                assertThat(handshake.peer().socketType()).isEqualTo("REQ");
                assertThat(handshake.peer().identity()).isEqualTo(identity);
                assertThat(handshake.peer().major()).isEqualTo(2);
                assertThat(Frame.text(out.array(), 11, out.size() - 11)).isEqualTo("\\x06\\x00\\x00");
            }
        }
    }

    @Test
    void shouldSayNothingToWhoWouldNotUnderstandIt() {
        for (String sent : List.of(
                "474554202f20485454502f312e310d0a", // HTTP
                "01007465737400000000", // ZMTP 1.0
                "ff00000000000000017e03", // no signature
                "ff00000000000000017f00", // version 0
                "ff00000000000000017fff", // version -1
                "ff00000000000000017f01" + "0b0000", // no such socket type
                "ff00000000000000017f01" + "ff0000",
                "ff00000000000000017f01" + "030100", // an identity of several frames
                "ff00000000000000017f01" + "080000")) { // PUSH does not connect to ROUTER
            ByteWriter out = new ByteWriter(64);
            Handshake handshake = run(Role.ROUTER, true, Recorded.hex(sent), 1, out);
            assertThat(handshake.state()).as(sent).isEqualTo(Handshake.State.FAILED);
            assertThat(out.size()).as(sent).isBetween(11, 14);
        }
        Handshake users = run(Role.ROUTER, false, Recorded.hex("ff00000000000000017f01030000"), 9, new ByteWriter(16));
        assertThat(users.state()).isEqualTo(Handshake.State.FAILED);
    }

    @Test
    void shouldNeverThrowForRubbish() {
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] sent = seed % 2 == 0 ? Recorded.PLAIN.clone() : Recorded.REQ.clone();
            for (int n = random.nextInt(5); n >= 0; n--) {
                sent[random.nextInt(random.nextBoolean() ? 64 : sent.length)] = (byte) random.nextInt(256);
            }
            Handshake handshake = handshake(Role.PULL, true);
            ByteWriter out = new ByteWriter(64);
            int taken = handshake.onGreeting(sent, 0, sent.length, out);
            Command command = new Command();
            FrameReader reader = new FrameReader();
            while (!handshake.isGreeting()
                    && handshake.state() != Handshake.State.DONE
                    && handshake.state() != Handshake.State.FAILED
                    && reader.read(sent, taken, sent.length, 1_024) == FrameReader.Outcome.FRAME) {
                if (command.read(sent, reader.bodyStart(), reader.bodyLength())) {
                    onCommand(handshake, command, out);
                }
                taken = reader.end();
            }
            assertThat(out.size()).as("seed %d", seed).isLessThan(1_024);
        }
    }
}
