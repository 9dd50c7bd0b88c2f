package dev.recado.transport.zmtp.curve;

import static dev.recado.transport.zmtp.curve.CurveStep.DENIED;
import static dev.recado.transport.zmtp.curve.CurveStep.INITIATED;
import static dev.recado.transport.zmtp.curve.CurveStep.MESSAGE;
import static dev.recado.transport.zmtp.curve.CurveStep.REFUSED;
import static dev.recado.transport.zmtp.curve.CurveStep.WELCOME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.base.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class CurveServerTest {

    private static final byte[] METADATA = "\u000bSocket-Type\0\0\0\u0006DEALER".getBytes(StandardCharsets.US_ASCII);

    private final Random random = new Random(5);
    private final CurveKeys keys = CurveKeys.ofSecret(bytes(32));
    private final byte[] clientSecret = bytes(32);
    private final byte[] clientPublic = Curve25519.publicKey(clientSecret);
    private final CurveClient client = new CurveClient(clientSecret, keys.publicKey(), random);
    private final ByteWriter out = new ByteWriter(64);
    private CurveServer server = server(ClientKeys.ANY);

    @Test
    void shouldShakeHandsAndExchangeMessages() {
        // When
        assertThat(take(client.hello())).isEqualTo(WELCOME);
        byte[] welcome = sent();
        byte[] initiate = client.initiate(welcome, METADATA);
        assertThat(take(initiate)).isEqualTo(INITIATED);

        // Then
        assertThat(welcome).hasSize(168);
        assertThat(payload(initiate)).isEqualTo(METADATA);
        assertThat(server.clientKey()).isEqualTo(clientPublic);

        // When
        server.ready(METADATA, 0, METADATA.length, out);
        assertThat(client.onReady(sent())).isEqualTo(METADATA);

        // Then
        for (int length : new int[] {0, 1, 30, 31, 32, 221, 222, 223, 224, 5000}) {
            byte[] data = bytes(length);
            byte[] message = client.message(length % 4, data);
            assertThat(take(message)).isEqualTo(MESSAGE);
            assertThat(server.flags()).isEqualTo(length % 4);
            assertThat(payload(message)).isEqualTo(data);

            server.seal(length % 4, data, 0, data.length, out);
            CurveClient.Frame frame = client.open(sent());
            assertThat(frame.flags()).isEqualTo(length % 4);
            assertThat(frame.data()).isEqualTo(data);
        }
    }

    @Test
    void shouldTakeABodyFromTheMiddleOfAnArray() {
        // Given
        byte[] hello = client.hello();
        byte[] array = new byte[hello.length + 20];
        System.arraycopy(hello, 0, array, 7, hello.length);
        out.put(99);

        // When
        CurveStep step = server.onCommand(array, 7, hello.length, out);

        // Then
        assertThat(step).isEqualTo(WELCOME);
        assertThat(out.size()).isEqualTo(169);
        assertThat(out.array()[0]).isEqualTo((byte) 99);
    }

    @Test
    void shouldRefuseAClientOfAnotherServer() {
        // Given
        CurveClient stranger = new CurveClient(clientSecret, Curve25519.publicKey(bytes(32)), random);

        // When
        CurveStep step = take(stranger.hello());

        // Then
        assertThat(step).isEqualTo(REFUSED);
        assertThat(server.refusal().code()).isEqualTo(ErrorCode.NOT_AUTHENTICATED);
        assertThat(server.refusal().detail()).isEqualTo("curve hello for another server key");
        assertThat(out.size()).isZero();
    }

    @Test
    void shouldAdmitListedClientsOnly() {
        // Given
        server = server(ClientKeys.of(List.of(clientPublic)));
        shakeHands();
        server = server(ClientKeys.of(List.of(bytes(32))));
        CurveClient unlisted = new CurveClient(clientSecret, keys.publicKey(), random);
        take(unlisted.hello());

        // When
        CurveStep step = take(unlisted.initiate(sent(), METADATA));

        // Then
        assertThat(step).isEqualTo(DENIED);
        assertThat(server.refusal().code()).isEqualTo(ErrorCode.NOT_AUTHORIZED);
        assertThat(sent()).isEqualTo("\u0005ERROR\u0003400".getBytes(StandardCharsets.US_ASCII));
        assertThat(server.payloadLength()).isZero();
        assertThat(take(unlisted.message(0, METADATA))).isEqualTo(REFUSED);
    }

    @Test
    void shouldAskForProvenKeysOnly() {
        // Given
        server = server(key -> {
            throw new IllegalStateException("asked");
        });
        client.vouchedServer = bytes(32);
        take(client.hello());

        // When
        CurveStep step = take(client.initiate(sent(), METADATA));

        // Then
        assertThat(step).isEqualTo(REFUSED);
        assertThat(server.refusal().detail()).isEqualTo("curve vouch forged");
    }

    @Test
    void shouldRefuseTheCookieOfAnotherConnection() {
        // Given
        CurveServer other = server(ClientKeys.ANY);
        byte[] hello = client.hello();
        other.onCommand(hello.clone(), 0, hello.length, out);
        byte[] otherWelcome = sent();
        take(hello);
        sent();

        // When
        CurveStep step = take(client.initiate(otherWelcome, METADATA));

        // Then
        assertThat(step).isEqualTo(REFUSED);
        assertThat(server.refusal().detail()).isEqualTo("curve cookie not of this connection");
    }

    @Test
    void shouldRefuseAReplayedMessage() {
        // Given
        shakeHands();
        byte[] message = client.message(0, METADATA);
        byte[] replay = message.clone();
        take(message);

        // When
        CurveStep step = take(replay);

        // Then
        assertThat(step).isEqualTo(REFUSED);
        assertThat(server.refusal().detail()).isEqualTo("curve nonce does not increase");
        assertThat(take(client.message(0, METADATA))).isEqualTo(REFUSED);
    }

    @Test
    void shouldRefuseMessagesOutOfOrder() {
        // Given
        shakeHands();
        byte[] first = client.message(0, METADATA);
        byte[] second = client.message(0, METADATA);

        // When
        CurveStep later = take(second);
        CurveStep earlier = take(first);

        // Then
        assertThat(later).isEqualTo(MESSAGE);
        assertThat(earlier).isEqualTo(REFUSED);
    }

    @Test
    void shouldCountNoncesWithoutASign() {
        // Given
        shakeHands();

        // When
        client.nextNonce = Long.MAX_VALUE;
        CurveStep last = take(client.message(0, METADATA));
        CurveStep next = take(client.message(0, METADATA));
        client.nextNonce = -1;
        CurveStep highest = take(client.message(0, METADATA));
        CurveStep wrapped = take(client.message(0, METADATA));

        // Then
        assertThat(List.of(last, next, highest)).containsOnly(MESSAGE);
        assertThat(wrapped).isEqualTo(REFUSED);
    }

    @Test
    void shouldRefuseANonceThatWasUsedInTheHandshake() {
        // Given
        take(client.hello());
        client.nextNonce = 1;

        // When
        CurveStep step = take(client.initiate(sent(), METADATA));

        // Then
        assertThat(step).isEqualTo(REFUSED);
    }

    @Test
    void shouldRefuseReservedFlags() {
        // Given
        shakeHands();

        // When
        CurveStep step = take(client.message(4, METADATA));

        // Then
        assertThat(step).isEqualTo(REFUSED);
        assertThat(server.refusal().detail()).isEqualTo("curve message malformed");
    }

    @Test
    void shouldRefuseAnotherVersionAndDirtyPadding() {
        byte[] version = client.hello();
        version[7] = 1;
        assertThat(take(version)).isEqualTo(REFUSED);
        assertThat(server.refusal().detail()).isEqualTo("curve version not supported");

        server = server(ClientKeys.ANY);
        byte[] dirty = client.hello();
        dirty[79] = 1;
        assertThat(take(dirty)).isEqualTo(REFUSED);
        assertThat(server.refusal().detail()).isEqualTo("curve hello malformed");
    }

    @Test
    void shouldRefuseEveryCommandOutOfTurn() {
        for (String name : List.of("HELLO", "WELCOME", "INITIATE", "READY", "MESSAGE", "ERROR", "PING")) {
            for (int steps = 0; steps <= 3; steps++) {
                // Given
                byte[] command = new byte[300];
                command[0] = (byte) name.length();
                System.arraycopy(name.getBytes(StandardCharsets.US_ASCII), 0, command, 1, name.length());
                CurveClient fresh = new CurveClient(clientSecret, keys.publicKey(), random);
                server = server(ClientKeys.ANY);
                advance(fresh, steps);

                // When
                CurveStep step = take(command);

                // Then
                assertThat(step).as("%s after %d", name, steps).isEqualTo(REFUSED);
                assertThat(out.size()).isZero();
            }
        }
    }

    @Test
    void shouldRefuseEverythingOnceClosed() {
        // Given
        shakeHands();
        byte[] message = client.message(0, METADATA);

        // When
        server.close();

        // Then
        assertThat(take(message)).isEqualTo(REFUSED);
        assertThat(server.isReady()).isFalse();
    }

    @Test
    void shouldAnswerTheSameWithTheSameChance() {
        // Given
        byte[] hello = client.hello();
        CurveServer left = new CurveServer(keys, ClientKeys.ANY, new Random(6)::nextBytes);
        CurveServer right = new CurveServer(keys, ClientKeys.ANY, new Random(6)::nextBytes);

        // When
        left.onCommand(hello.clone(), 0, hello.length, out);
        byte[] welcome = sent();
        right.onCommand(hello.clone(), 0, hello.length, out);

        // Then
        assertThat(sent()).isEqualTo(welcome);
    }

    private void shakeHands() {
        advance(client, 3);
    }

    private void advance(CurveClient peer, int steps) {
        if (steps >= 1) {
            assertThat(take(peer.hello())).isEqualTo(WELCOME);
        }
        if (steps >= 2) {
            assertThat(take(peer.initiate(sent(), METADATA))).isEqualTo(INITIATED);
        }
        if (steps >= 3) {
            server.ready(METADATA, 0, METADATA.length, out);
            peer.onReady(sent());
        }
        out.clear();
    }

    private CurveServer server(Predicate<byte[]> clients) {
        return new CurveServer(keys, clients, random::nextBytes);
    }

    private CurveStep take(byte[] body) {
        return server.onCommand(body, 0, body.length, out);
    }

    private byte[] payload(byte[] body) {
        return Arrays.copyOfRange(body, server.payloadFrom(), server.payloadFrom() + server.payloadLength());
    }

    private byte[] sent() {
        byte[] bytes = out.toByteArray();
        out.clear();
        return bytes;
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
