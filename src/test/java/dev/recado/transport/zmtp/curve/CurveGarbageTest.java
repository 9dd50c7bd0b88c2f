package dev.recado.transport.zmtp.curve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Commands that were changed on the way, cut, stretched or made up: each is refused, none throws, nothing is sent. */
class CurveGarbageTest {

    private static final int ROUNDS = 120;
    private static final byte[] METADATA = {1, 'A', 0, 0, 0, 0};

    private final CurveKeys keys = CurveKeys.ofSecret(new byte[32]);
    private final ByteWriter out = new ByteWriter(256);

    @RepeatedTest(4)
    void shouldRefuseEveryMutationOfEveryCommand(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        for (int round = 0; round < ROUNDS; round++) {
            for (int turn = 0; turn < 3; turn++) {
                // Given
                CurveServer server = new CurveServer(keys, ClientKeys.ANY, random::nextBytes);
                byte[] good = command(server, random, turn);
                byte[] bad = mutated(good, random);

                // When
                CurveStep step = server.onCommand(bad.clone(), 0, bad.length, out);

                // Then
                if (turn == 0) {
                    ignoreTopBitOfThePoint(good, bad);
                }
                if (!Arrays.equals(good, bad)) {
                    assertThat(step).isEqualTo(CurveStep.REFUSED);
                    assertThat(server.refusal().fatal()).isTrue();
                    assertThat(out.size()).isZero();
                }
                out.clear();
            }
        }
    }

    /** Plays up to the command of {@code turn}, which is made and not yet taken. */
    private byte[] command(CurveServer server, Random random, int turn) {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        CurveClient client = new CurveClient(secret, keys.publicKey(), random);
        byte[] hello = client.hello();
        if (turn == 0) {
            return hello;
        }
        assertThat(server.onCommand(hello, 0, hello.length, out)).isEqualTo(CurveStep.WELCOME);
        byte[] initiate = client.initiate(out.toByteArray(), METADATA);
        out.clear();
        if (turn == 1) {
            return initiate;
        }
        assertThat(server.onCommand(initiate, 0, initiate.length, out)).isEqualTo(CurveStep.INITIATED);
        server.ready(METADATA, 0, METADATA.length, out);
        client.onReady(out.toByteArray());
        out.clear();
        byte[] data = new byte[random.nextInt(100)];
        return client.message(random.nextInt(4), data);
    }

    /** X25519 ignores the highest bit of a public key (RFC 7748, section 5): HELLO means the same with and without. */
    private static void ignoreTopBitOfThePoint(byte[] good, byte[] bad) {
        int last = CurveLayout.HELLO_CLIENT_AT + CurveLayout.KEY_BYTES - 1;
        good[last] |= (byte) 0x80;
        if (bad.length > last) {
            bad[last] |= (byte) 0x80;
        }
    }

    private static byte[] mutated(byte[] good, Random random) {
        byte[] bad = good.clone();
        switch (random.nextInt(4)) {
            case 0 -> bad = Arrays.copyOf(good, random.nextInt(good.length));
            case 1 -> bad = Arrays.copyOf(good, good.length + 1 + random.nextInt(64));
            case 2 -> {
                int from = random.nextInt(good.length);
                byte[] noise = new byte[1 + random.nextInt(good.length - from)];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, bad, from, noise.length);
            }
            default -> bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bad;
    }
}
